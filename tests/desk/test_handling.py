"""The operators' desk: recording what came by another way, taking, answering, extending, and handing on."""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts import services as accounts
from app.accounts.models import User
from app.accounts.signals import work_of
from app.audit.models import TrailEntry
from app.cooperatives.models import TimelineEvent
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.desk import handling
from app.desk.access import shown_code
from app.desk.forms import new_key
from app.desk.models import ServiceRequest
from app.desk.queries import standing, waiting_count
from app.desk.rules import Channel, Outcome
from app.notifications.models import OutboxMessage
from tests.desk.conftest import QUESTION
from tests.support.parallel import at_once
from tests.support.queries import count_queries

DESK = "/dinas/permintaan"
LETTER = {
    "saluran": "letter",
    "pertanyaan": QUESTION,
    "nama": "Koperasi Rekaan Jaya",
    "nomor_surat": "12/KRJ/XI/2026",
    "tanggal_surat": "2026-11-02",
    "diterima": "5 November 2026",
}


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def every():
    db.session.expire_all()
    return db.session.scalars(select(ServiceRequest).order_by(ServiceRequest.id)).all()


def act(desk, asked, deed, **values):
    return desk.post(f"{DESK}/{asked.id}", data={"tindakan": deed} | values)


def record(desk, **changes):
    return desk.post(f"{DESK}/baru", data=LETTER | {"kunci": new_key()} | changes)


def test_from_a_letter_to_a_closed_request(desk):
    """Two screens and a page: record, hand the ticket over, answer."""
    answer = record(desk)
    (asked,) = every()
    assert answer.location == f"{DESK}/{asked.id}/tanda-terima"
    assert shown_code(asked) in desk.get(answer.location).text
    assert (asked.channel, asked.received_on, asked.due_on) == (
        Channel.LETTER,
        date(2026, 11, 5),
        date(2026, 11, 12),
    )
    act(desk, asked, "tutup", hasil="done", penutup="Surat balasan sudah kami kirim.")
    (asked,) = every()
    assert (asked.outcome, asked.closed_by) == (Outcome.DONE, "Operator Satu")
    assert asked.number in desk.get(f"{DESK}?keadaan=tutup&q={asked.letter_number}").text


def test_what_is_answered_at_once_is_closed_on_the_same_screen(desk):
    record(desk, saluran="visit", jawaban="Sudah dijelaskan di loket.")
    (asked,) = every()
    assert (asked.outcome, asked.closing_message) == (Outcome.DONE, "Sudah dijelaskan di loket.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"saluran": ""}, "saluran"),
        ({"saluran": "website"}, "saluran"),
        ({"saluran": "phone"}, "telepon"),
        ({"tanggal_surat": "2026-12-24"}, "tanggal_surat"),
        ({"tanggal_surat": "2020-01-01"}, "tanggal_surat"),
        ({"diterima": "2026-11-01"}, "diterima"),
        ({"diterima": "besok"}, "diterima"),
        ({"jawaban": "ya"}, "penutup"),
        ({"jenis": "information"}, "tujuan"),
    ],
)
def test_what_a_recorded_request_lacks_is_named(desk, changes, field):
    answer = record(desk, **changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert QUESTION in answer.text
    assert every() == []


def test_a_caller_who_has_a_request_already_is_recognised(desk, make_request):
    earlier = make_request(phone="+6281234567890", email=None, answer_by="whatsapp")
    caller = {"saluran": "phone", "telepon": "0812-3456-7890", "kunci": new_key()}
    asked = record(desk, **caller)
    assert asked.status_code == 200
    assert earlier.number in asked.text
    assert len(every()) == 1
    assert record(desk, **caller, tetap="1").status_code == 303
    assert len(every()) == 2


def test_pressing_save_twice_records_one(desk):
    key = new_key()
    assert record(desk, kunci=key).location == record(desk, kunci=key).location
    assert len(every()) == 1


def test_of_two_operators_who_take_one_request_the_second_is_told(app, make_request, operator, make_user):
    asked, other = make_request(), make_user(Role.OPERATOR, name="Operator Dua")
    ids = asked.id, (operator.id, other.id)

    def take(person):
        return lambda: (
            handling.take(
                db.session.get_one(ServiceRequest, ids[0]), by=db.session.get_one(User, person)
            ).number
        )

    outcomes = at_once(app, *(take(person) for person in ids[1]))
    refused = [one for one in outcomes if isinstance(one, RuleBroken)]
    assert len(refused) == 1
    assert "sudah mengambil permohonan ini pukul" in str(refused[0])


def test_a_colleagues_request_is_taken_over_on_purpose_only(desk, make_request, make_user, client_as):
    asked, other = make_request(), make_user(Role.OPERATOR, name="Operator Dua")
    act(client_as(other), asked, "ambil")
    assert "Operator Dua sudah mengambil" in act(desk, asked, "ambil").text
    act(desk, asked, "alih")
    assert every()[0].assignee.name == "Operator Satu"
    act(desk, asked, "serahkan", petugas=str(other.id))
    assert every()[0].assignee.name == "Operator Dua"
    act(desk, asked, "lepas")
    assert every()[0].assignee is None


@pytest.mark.parametrize("to", ["", "0", "999999", "99999999999999", "x"])
def test_a_request_goes_to_an_operator_or_to_nobody(desk, make_request, to):
    assert act(desk, make_request(), "serahkan", petugas=to).status_code == 422


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "hasil"),
        ({"hasil": "partly"}, "hasil"),  # only information is given in part
        ({"hasil": "done"}, "penutup"),
        ({"hasil": "refused", "penutup": "Tidak bisa."}, "alasan"),
        ({"hasil": "referred", "penutup": "Ke sana saja."}, "instansi"),
    ],
)
def test_a_request_is_not_closed_without_saying_why(desk, make_request, values, field):
    answer = act(desk, make_request(), "tutup", **values)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_information_is_withheld_only_on_a_ground_of_the_law(desk, make_request):
    asked = make_request(information=True)
    refusal = {"hasil": "refused", "penutup": "Tidak dapat kami beri.", "alasan": "Memuat rahasia orang."}
    assert act(desk, asked, "tutup", **refusal, dasar="17z").status_code == 422
    assert act(desk, asked, "tutup", **refusal, dasar="17h").status_code == 303
    assert every()[0].ground == "17h"


def test_the_due_day_moves_once_and_with_a_reason(desk, make_request):
    asked = make_request(information=True)
    assert act(desk, asked, "perpanjang").status_code == 422
    act(desk, asked, "perpanjang", alasan_waktu="Arsipnya ada di gudang.")
    (asked,) = every()
    assert (asked.extended_from, asked.due_on) == (date(2026, 11, 23), date(2026, 12, 2))  # 7 working days
    assert act(desk, asked, "perpanjang", alasan_waktu="Sekali lagi.").status_code == 422


def test_a_closed_request_is_reopened_with_a_reason(desk, make_request):
    asked = make_request()
    act(desk, asked, "tutup", hasil="done", penutup="Selesai semua.")
    assert act(desk, asked, "tutup", hasil="done", penutup="Sekali lagi.").status_code == 422
    assert act(desk, asked, "buka").status_code == 422
    act(desk, asked, "buka", alasan_buka="Jawaban kurang lengkap.")
    assert every()[0].is_open
    assert "Jawaban kurang lengkap." in desk.get(f"{DESK}/{asked.id}").text


def test_a_message_goes_by_mail_where_there_is_an_address_and_is_offered_for_whatsapp(desk, make_request):
    by_mail, by_phone = make_request(), make_request(phone="+6281234567890", email=None, answer_by="whatsapp")
    for asked in (by_mail, by_phone):
        act(desk, asked, "pesan", pesan="Tolong bawa akta asli.")
    told = db.session.scalars(
        select(OutboxMessage.to_address).where(OutboxMessage.subject.contains("Pesan tentang"))
    )
    assert told.all() == ["sari@contoh.co.id"]
    page = desk.get(f"{DESK}/{by_phone.id}").text
    assert "https://wa.me/6281234567890?text=" in page
    assert "Tolong%20bawa%20akta%20asli" in page


def test_the_cooperative_remembers_what_it_asked_for(desk, make_request, make_cooperative):
    asked, cooperative = make_request(), make_cooperative(nama_koperasi="Koperasi Melati Rekaan")
    found = desk.get(f"{DESK}/{asked.id}?cari=melati")
    assert "Koperasi Melati Rekaan" in found.text
    act(desk, asked, "kaitkan", untuk=f"koperasi:{cooperative.slug}")
    act(desk, asked, "tutup", hasil="done", penutup="Selesai semua.")
    told = db.session.scalars(select(TimelineEvent).where(TimelineEvent.kind == "request")).all()
    assert [one.params["number"] for one in told] == [asked.number] * 2
    assert {one.link for one in told} == {f"{DESK}/{asked.id}"}
    assert act(desk, asked, "kaitkan", untuk="koperasi:tidak-ada").status_code == 404


def test_the_trail_tells_what_was_done_and_nothing_about_who_asked(desk, make_request):
    asked = make_request(question="Rahasia saya", name="Nama Pribadi", phone="+6281234567890")
    act(desk, asked, "ambil")
    act(desk, asked, "tutup", hasil="done", penutup="Selesai semua.")
    entries = db.session.scalars(
        select(TrailEntry).where(TrailEntry.subject_kind == "service_request").order_by(TrailEntry.id)
    ).all()
    assert [entry.action for entry in entries] == ["request.received", "request.taken", "request.closed"]
    told = str([(entry.subject_name, entry.before, entry.after) for entry in entries])
    assert "Nama Pribadi" not in told
    assert "Rahasia saya" not in told


def test_who_leaves_hands_their_requests_on(desk, make_request, operator, make_user):
    asked, closed, successor = make_request(), make_request(), make_user(Role.OPERATOR)
    act(desk, asked, "ambil")
    act(desk, closed, "tutup", hasil="done", penutup="Selesai semua.")
    (part,) = work_of(operator)
    assert [line.text.split()[0] for line in part.lines] == [asked.number]
    with writing() as session:
        accounts.deactivate(
            session.get_one(User, operator.id), reason="Pindah", successor=session.get_one(User, successor.id)
        )
    assert [one.assignee_id for one in every()] == [successor.id, operator.id]  # what is closed stays theirs


def test_requests_of_one_who_is_no_operator_any_more_wait_for_anybody(desk, make_request, operator):
    act(desk, make_request(), "ambil")
    with writing() as session:
        accounts.set_roles(session.get_one(User, operator.id), [Role.CONSULTANT])
    assert [one.assignee_id for one in every()] == [None]


def test_the_queue_asks_the_database_as_often_for_many_as_for_few(desk, make_request):
    make_request(phone="+6281234567890")
    desk.get(DESK)
    with count_queries() as few:
        desk.get(DESK)
    for place in range(4):
        make_request(phone=f"+628123456789{place}", email=None)
    with count_queries() as many:
        page = desk.get(DESK)
    assert "PL-26-0005" in page.text
    assert many.number == few.number


def test_what_is_due_first_is_first_and_filters_narrow(desk, make_request):
    late = make_request(received_on=date(2026, 10, 1), name="Paling Lama")
    fresh = make_request(information=True, name="Paling Baru")
    page = desk.get(DESK).text
    assert page.index(late.number) < page.index(fresh.number)
    assert "Lewat" in page
    for query, shown, hidden in (
        ("keadaan=lewat", late, fresh),
        ("jenis=information", fresh, late),
        (f"q={late.number.lower()}", late, fresh),
        ("q=paling+baru", fresh, late),
        ("keadaan=baru&saluran=website&jenis=service", late, fresh),
    ):
        text = desk.get(f"{DESK}?{query}").text
        assert shown.number in text
        assert hidden.number not in text
    assert (standing().overdue, standing().untaken, waiting_count()) == (1, 2, 2)


@pytest.mark.parametrize(
    "query", ["petugas=99999999999", "petugas=x", "layanan=%00", "keadaan=apa", "after=x", "q=%00%27"]
)
def test_nonsense_in_the_address_shows_a_list(desk, query):
    assert desk.get(f"{DESK}?{query}").status_code == 200


@pytest.mark.parametrize("role", [Role.COOPERATIVE, Role.EDITOR, Role.ADMIN, Role.CONSULTANT])
def test_only_operators_work_at_the_desk(client_as, make_user, make_request, role):
    asked, browser = make_request(), client_as(make_user(role))
    for path in ("", "/baru", "/batas", f"/{asked.id}", f"/{asked.id}/tanda-terima"):
        assert browser.get(DESK + path).status_code == 403


@pytest.mark.parametrize("number", ["999999", "2147483648", "99999999999"])
def test_a_request_that_is_not_there_is_not_found(desk, number):
    assert desk.get(f"{DESK}/{number}").status_code == 404
    assert desk.post(f"{DESK}/{number}", data={"tindakan": "ambil"}).status_code in (404, 405)


def test_an_unknown_deed_is_no_request(desk, make_request):
    assert act(desk, make_request(), "hapus").status_code == 400
