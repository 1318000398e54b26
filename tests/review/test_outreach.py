"""Reaching those who have not filed: contacts, messages, reminders, and more time for one cooperative."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.config import days_before
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.questionnaire import services as questionnaire
from app.questionnaire.extensions import extend, extensions_of, last_day
from app.questionnaire.models import Report
from app.questionnaire.queries import edition_of
from app.review.models import Contact, Reminder
from app.review.outreach_rules import is_mobile, stage, whatsapp_address
from app.review.reminding import anybody_to_remind, remind_all
from tests.support.parallel import at_once
from tests.support.queries import count_queries

YEAR = 2025
DAYS = st.sets(st.integers(0, 60), min_size=1, max_size=5)


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


@pytest.fixture
def edition(app):
    with writing():
        questionnaire.edition_for(YEAR)
    return edition_of(YEAR)


@pytest.fixture
def melati(make_cooperative, edition):
    return make_cooperative(
        nama_koperasi="Koperasi Melati Uji",
        nama_ketua="Siti Uji",
        telepon_ketua="+6281255500001",
        telepon_kantor="+62341555001",
        kode_kecamatan="35.73.01",
    )


def page_of(cooperative):
    return f"/dinas/belum-lapor/{cooperative.slug}/{YEAR}"


@given(days=DAYS, left=st.integers(-5, 80))
def test_the_reminder_of_a_day_is_the_nearest_one_whose_day_has_come(days, left):
    due = date(2026, 4, 30)
    found = stage(date.fromordinal(due.toordinal() - left), due, days)
    come = {day for day in days if left <= day}
    assert found == (min(come) if come and left >= 0 else None)


def test_days_are_read_from_the_setting_and_nonsense_is_refused():
    assert days_before("30, 3,14") == (30, 14, 3)
    assert days_before("Tidak") == ()
    for wrong in ("-1", "400", "lusa", ""):
        with pytest.raises(ValueError, match=r"."):
            days_before(wrong)


def test_whatsapp_opens_with_the_text_at_the_right_number():
    link = urlsplit(whatsapp_address("+6281255500001", "Batas 30 April & sesudahnya?\nSalam"))
    assert (link.netloc, link.path) == ("wa.me", "/6281255500001")
    assert parse_qs(link.query)["text"] == ["Batas 30 April & sesudahnya?\nSalam"]
    assert is_mobile("+6281255500001")
    assert not is_mobile("+62341555001")
    assert not is_mobile(None)


def test_the_page_offers_every_number_once_with_a_ready_message(desk, melati, make_user, make_membership):
    make_membership(make_user(Role.COOPERATIVE, phone="+6281255500001"), melati)
    text = desk.get(page_of(melati)).text
    assert text.count('href="tel:+6281255500001"') == 1
    assert text.count('href="tel:+62341555001"') == 1
    assert text.count("https://wa.me/6281255500001?text=") == 1
    assert "https://wa.me/62341555001" not in text
    assert "batas 30 April 2026" in text


def test_a_contact_stands_on_the_list_the_card_and_the_trail(desk, melati):
    sent = {"lewat": "telepon", "hasil": "akan", "catatan": "Setelah RAT 20 April."}
    assert desk.post(f"{page_of(melati)}/kontak", data=sent).status_code == 303
    assert "Setelah RAT 20 April." in desk.get(page_of(melati)).text
    assert "Akan melapor" in desk.get(f"/dinas/belum-lapor?tahun={YEAR}").text
    assert "akan melapor" in desk.get(f"/dinas/koperasi/{melati.slug}").text
    assert db.session.scalar(select(TrailEntry.after).where(TrailEntry.action == "cooperative.contacted"))
    for wanted, shown in (
        ("belum", False),
        ("sudah", True),
        ("akan", True),
        ("diam", False),
        ("ngawur", True),
    ):
        text = desk.get(f"/dinas/belum-lapor?tahun={YEAR}&kontak={wanted}").text
        assert (melati.nama_koperasi in text) is shown, wanted
    file = desk.get(f"/dinas/belum-lapor?tahun={YEAR}&format=csv").text
    assert "Akan melapor" in file


def test_only_the_latest_contact_decides_the_filter(desk, melati):
    for result in ("akan", "salah"):
        desk.post(f"{page_of(melati)}/kontak", data={"lewat": "wa", "hasil": result})
    desk.get(page_of(melati))  # where the messages are read
    assert melati.nama_koperasi not in desk.get(f"/dinas/belum-lapor?tahun={YEAR}&kontak=akan").text
    assert melati.nama_koperasi in desk.get(f"/dinas/belum-lapor?tahun={YEAR}&kontak=salah").text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"hasil": "akan", "catatan": "yang diketik"}, "Pilih lewat apa"),
        ({"lewat": "telepon", "hasil": "entah", "catatan": "yang diketik"}, "Pilih hasilnya"),
    ],
)
def test_an_incomplete_contact_is_refused_and_kept_on_the_page(desk, melati, sent, message):
    page = desk.post(f"{page_of(melati)}/kontak", data=sent)
    assert page.status_code == 422
    assert message in page.text
    assert "yang diketik" in page.text
    assert db.session.scalar(select(func.count(Contact.id))) == 0


def test_an_email_goes_to_every_member_and_counts_as_a_contact(desk, melati, make_user, make_membership):
    for number in (1, 2):
        make_membership(make_user(Role.COOPERATIVE, email=f"m{number}@uji.example"), melati)
    assert desk.post(f"{page_of(melati)}/surel").status_code == 303
    waiting = db.session.scalars(select(OutboxMessage)).all()
    assert sorted(message.to_address for message in waiting) == ["m1@uji.example", "m2@uji.example"]
    assert "Batasnya 30 April 2026" in waiting[0].body
    assert db.session.scalars(select(Contact.channel)).all() == ["surel"]


def test_without_an_address_nothing_is_queued_and_the_person_is_told(desk, melati):
    desk.post(f"{page_of(melati)}/surel")
    assert "belum punya alamat surel" in desk.get(page_of(melati)).text
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_more_time_opens_the_form_again_for_this_cooperative_alone(
    operator, melati, client_as, make_cooperative, make_user, make_membership
):
    other, people = make_cooperative(), [make_user(Role.COOPERATIVE), make_user(Role.COOPERATIVE)]
    make_membership(people[0], melati)
    make_membership(people[1], other)
    slugs = melati.slug, other.slug
    with time_machine.travel(datetime(2027, 1, 10, 2, tzinfo=UTC), tick=True):
        mine, theirs, desk = client_as(people[0]), client_as(people[1]), client_as(operator)
        form = f"/laporan/{{}}/{YEAR}?bagian=4"
        assert 'name="aset"' not in mine.get(form.format(slugs[0])).text
        sent = {"sampai": "2027-02-01", "alasan": "Kantor koperasi kebanjiran."}
        assert (
            client_as(people[0])
            .post(f"/dinas/belum-lapor/{slugs[0]}/{YEAR}/perpanjang", data=sent)
            .status_code
            == 403
        )
        assert desk.post(f"/dinas/belum-lapor/{slugs[0]}/{YEAR}/perpanjang", data=sent).status_code == 303
        assert 'name="aset"' in mine.get(form.format(slugs[0])).text
        assert 'name="aset"' not in theirs.get(form.format(slugs[1])).text
        saved = mine.post(
            f"/laporan/{slugs[0]}/{YEAR}", data={"aset": "5.000.000", "versi": "0", "ke": "simpan"}
        )
        assert saved.status_code == 303
        refused = theirs.post(
            f"/laporan/{slugs[1]}/{YEAR}", data={"aset": "5.000.000", "versi": "0", "ke": "simpan"}
        )
        assert refused.status_code == 409
    with time_machine.travel(datetime(2027, 2, 2, 2, tzinfo=UTC), tick=True):
        assert 'name="aset"' not in client_as(people[0]).get(form.format(slugs[0])).text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"sampai": "", "alasan": "sebab"}, "Isi tanggal batas"),
        ({"sampai": "2026-04-09", "alasan": "sebab"}, "sudah lewat"),
        ({"sampai": "2026-04-30", "alasan": "sebab"}, "tidak lebih lama"),
        ({"sampai": "2036-04-30", "alasan": "sebab"}, "lebih dari setahun"),
        ({"sampai": "lusa", "alasan": "sebab"}, "lusa"),
        ({"sampai": "2026-05-30", "alasan": " "}, "Tulis alasan perpanjangan"),
    ],
)
def test_more_time_that_makes_no_sense_is_refused_with_what_to_do(desk, melati, sent, message):
    page = desk.post(f"{page_of(melati)}/perpanjang", data=sent)
    assert page.status_code == 422
    assert message in page.text
    assert not extensions_of([melati.id], YEAR)


def test_the_cooperative_sees_its_own_deadline(
    melati, edition, client_as, make_user, make_membership, operator
):
    member = make_user(Role.COOPERATIVE)
    make_membership(member, melati)
    with writing():
        extend(melati, edition, until=date(2026, 6, 15), reason="RAT ditunda.", by=operator)
    assert "15 Juni 2026" in client_as(member).get("/laporan").text
    assert last_day(edition, melati.id, today()) == edition.closes


def test_the_latest_extension_counts_also_when_it_is_shorter(melati, edition, operator):
    for until in (date(2026, 8, 1), date(2026, 6, 1)):
        with writing():
            extend(melati, edition, until=until, reason="Diubah.", by=operator)
    assert extensions_of([melati.id], YEAR)[melati.id].until == date(2026, 6, 1)


@pytest.mark.parametrize("day", [datetime(2026, 4, 1, 2, tzinfo=UTC), datetime(2026, 4, 17, 2, tzinfo=UTC)])
def test_everybody_who_has_not_filed_is_reminded_once(
    day, melati, edition, make_user, make_membership, make_report, command
):
    make_membership(make_user(Role.COOPERATIVE, email="pengurus@uji.example"), melati)
    make_report()
    with time_machine.travel(day, tick=True):
        assert anybody_to_remind()
        assert "1 koperasi diingatkan, 1 pesan" in command("remind").output
        assert "0 koperasi diingatkan, 0 pesan" in command("remind").output
        assert not anybody_to_remind()
    message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reminder")).one()
    assert message.to_address == "pengurus@uji.example"
    assert "belum kami terima" in message.subject


def test_each_stage_reminds_anew_and_missed_stages_are_not_made_up(melati, edition):
    sent = []
    for day in (20, 1, 17, 18, 28):
        month = 3 if day == 20 and not sent else 4
        with time_machine.travel(datetime(2026, month, day, 2, tzinfo=UTC), tick=True):
            remind_all()
            sent = sorted(db.session.scalars(select(Reminder.days_before)))
    assert sent == [3, 14, 30]


def test_a_cooperative_with_more_time_is_reminded_before_its_own_day(melati, edition, operator):
    with writing():
        extend(melati, edition, until=date(2026, 6, 15), reason="RAT ditunda.", by=operator)
    with time_machine.travel(datetime(2026, 4, 28, 2, tzinfo=UTC), tick=True):
        assert remind_all() == (0, 0)
    with time_machine.travel(datetime(2026, 6, 13, 2, tzinfo=UTC), tick=True):
        assert remind_all() == (1, 0)
    assert db.session.scalars(select(Reminder.due)).one() == date(2026, 6, 15)


def test_two_who_remind_at_once_send_one_message(app, melati, edition, make_user, make_membership):
    from app.review import outreach

    make_membership(make_user(Role.COOPERATIVE, email="pengurus@uji.example"), melati)
    batch = [(melati.id, edition.deadline, 30)]

    def deed():
        return outreach.remind(edition_of(YEAR), batch)

    assert sorted(at_once(app, deed, deed, deed)) == [0, 0, 1]
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_who_has_filed_meanwhile_is_left_in_peace(make_report, edition):
    from app.review import outreach

    report = make_report()
    with writing():
        assert outreach.remind(edition, [(report.cooperative_id, edition.deadline, 30)]) == 0
    assert db.session.scalar(select(func.count(Reminder.id))) == 0


def test_the_list_asks_as_little_for_many_as_for_few(desk, make_cooperative, melati):
    def cost():
        with count_queries() as counted:
            desk.get(f"/dinas/belum-lapor?tahun={YEAR}")
        return counted.number

    few = cost()
    for _ in range(12):
        make_cooperative()
    assert cost() == few


def test_only_operators_reach_it_and_strange_addresses_lead_nowhere(
    client, client_as, make_user, melati, desk
):
    for role in set(Role) - {Role.OPERATOR}:
        assert client_as(make_user(role)).get(page_of(melati)).status_code == 403
    assert client.get(page_of(melati)).status_code == 302
    for path in (
        f"/dinas/belum-lapor/tidak-ada/{YEAR}",
        f"/dinas/belum-lapor/{melati.slug}/1999",
        f"/dinas/belum-lapor/{melati.slug}/99999999999999",
    ):
        assert desk.get(path).status_code == 404


def test_extending_asks_for_a_reason_in_the_service_too(melati, edition, operator):
    with pytest.raises(RuleBroken), writing():
        extend(melati, edition, until=date(2026, 6, 15), reason="", by=operator)
    assert db.session.scalar(select(func.count(Report.id))) == 0
