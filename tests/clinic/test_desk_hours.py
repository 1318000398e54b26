"""Consultants, their hours, days off and the limits; and bookings that a change would leave without a slot."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts import services as accounts
from app.accounts.models import User
from app.audit.models import TrailEntry
from app.clinic import settings
from app.clinic.calendar_models import ClinicClosure, ClinicConsultant, ClinicHours
from app.clinic.models import ClinicBooking
from app.clinic.plans import broken_by
from app.clinic.rules import Channel, ClosureKind, Limits, Topic
from app.clinic.timetable import first_free
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.clinic.conftest import MONDAY, at, key

DESK = "/dinas/klinik"
FORM = {
    "jenis": "mingguan",
    "hari": ["1", "3"],
    "mulai": "13.00",
    "selesai": "15.00",
    "lama": "60",
    "jeda": "0",
    "saluran": ["office"],
    "kapasitas": "1",
    "berlaku_dari": "2026-11-09",
}

WRONG_HOURS = (
    ({"hari": []}, "hari"),
    ({"mulai": ""}, "mulai"),
    ({"mulai": "jam sembilan"}, "mulai"),
    ({"selesai": "12.00"}, "selesai"),
    ({"lama": "600"}, "lama"),
    ({"lama": "180"}, "lama"),
    ({"jeda": "-5"}, "jeda"),
    ({"saluran": []}, "saluran"),
    ({"saluran": ["visit"]}, "tempat"),
    ({"kapasitas": "0"}, "kapasitas"),
    ({"kapasitas": "10"}, "judul"),
    ({"berlaku_sampai": "2026-11-01"}, "berlaku_sampai"),
    ({"jenis": "tanggal", "tanggal": "2026-11-01"}, "tanggal"),
    ({"jenis": "tanggal", "tanggal": ""}, "tanggal"),
    ({"hari": ["0"], "mulai": "11.30", "selesai": "13.00"}, "mulai"),
)
WRONG_DAYS = (
    ({"dari": ""}, "dari"),
    ({"dari": "besok"}, "dari"),
    ({"dari": "2026-11-01"}, "dari"),
    ({"sampai": "2026-11-09"}, "sampai"),
    ({"sampai": "2062-11-09"}, "sampai"),
    ({"jam_dari": "09.00"}, "jam_sampai"),
    ({"jam_dari": "09.00", "jam_sampai": "08.00"}, "jam_sampai"),
    ({"siapa": "999"}, "siapa"),
)


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def every(model):
    db.session.expire_all()
    return db.session.scalars(select(model).order_by(model.id)).all()


def actions():
    return db.session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)).all()


def hours_address(consultant, row=None):
    return f"{DESK}/konsultan/{consultant.id}/jam/{row.id if row else 'baru'}"


def test_from_a_person_with_the_role_to_free_times_in_two_forms(desk, make_user):
    person = make_user(Role.CONSULTANT, name="Konsultan Baru")
    assert "Konsultan Baru" in desk.get(f"{DESK}/konsultan/baru").text
    answer = desk.post(f"{DESK}/konsultan/baru", data={"orang": person.id, "topik": ["legal"], "aktif": "1"})
    (made,) = every(ClinicConsultant)
    assert answer.location == hours_address(made)
    answer = desk.post(answer.location, data=FORM)
    assert answer.location == f"{DESK}/konsultan/{made.id}"
    assert [(row.weekday, row.starts, row.ends) for row in every(ClinicHours)] == [
        (1, 780, 900),
        (3, 780, 900),
    ]
    free = first_free(Topic.LEGAL)
    assert free is not None
    assert free.starts_at == at(MONDAY + timedelta(days=1), 13)
    assert "Selasa, Kamis 13.00–15.00" in desk.get(f"{DESK}/konsultan").text
    assert {"clinic.consultant_added", "clinic.hours_set"} <= set(actions())


def test_nobody_else_becomes_a_consultant(desk, make_user):
    make_user(Role.CONSULTANT)
    for who in ("", "999"):
        sent = {"orang": who, "topik": ["legal"]}
        assert desk.post(f"{DESK}/konsultan/baru", data=sent).status_code == 422
    assert every(ClinicConsultant) == []


def test_a_clinic_in_a_kelurahan_is_a_day_of_its_own(desk, consultant):
    answer = desk.post(
        hours_address(consultant),
        data=FORM
        | {
            "jenis": "tanggal",
            "hari": [],
            "tanggal": "12 November 2026",
            "saluran": ["visit"],
            "tempat": "Balai Kelurahan",
            "kelurahan": "35.73.01.1001",
        },
    )
    assert answer.status_code == 303
    row = every(ClinicHours)[-1]
    assert (row.on_date, row.weekday, row.channels) == (date(2026, 11, 12), None, ["visit"])
    page = desk.get(f"{DESK}/konsultan").text
    assert "Kamis, 12 November 2026" in page
    assert "Balai Kelurahan" in page
    assert "Keliling: Balai Kelurahan" in desk.get(f"{DESK}?mulai={MONDAY}").text


def test_hours_that_cannot_be_are_named(desk, consultant):
    for changes, field in WRONG_HOURS:
        answer = desk.post(hours_address(consultant), data=FORM | changes)
        assert (answer.status_code, changes) == (422, changes)
        assert f'href="#{field}"' in answer.text, changes
    assert len(every(ClinicHours)) == 1


def test_a_change_shows_what_it_breaks_and_leads_to_moving_it(desk, consultant, book):
    """Nothing is saved before the bookings were seen; then each has a new time at hand, and one press moves them."""
    book(key(consultant, 9), 1)
    two = book(key(consultant, 11), 2)
    (row,) = every(ClinicHours)
    changed = FORM | {"hari": "0", "mulai": "08.00", "selesai": "09.45", "lama": "45", "jeda": "15"}
    asked = desk.post(hours_address(consultant, row), data=changed)
    assert "Belum ada yang disimpan" in asked.text
    assert "Tamu Rekaan 1" not in asked.text
    assert "Tamu Rekaan 2" in asked.text
    (row,) = every(ClinicHours)
    assert row.starts == 540
    agreed = ",".join(str(one.id) for one in broken_by(consultant.id, without_hours=[row.id]))
    answer = desk.post(hours_address(consultant, row), data=changed | {"tetap": agreed})
    assert answer.location == f"{DESK}/dipindah"
    assert [one.name for one in broken_by()] == ["Tamu Rekaan 2"]
    page = desk.get(f"{DESK}/dipindah").text
    assert f'<option value="{key(consultant, 8)}" selected>' in page
    done = desk.post(f"{DESK}/dipindah", data={f"janji-{two.id}": key(consultant, 8)})
    assert broken_by() == []
    said = desk.get(done.location).text
    assert "Satu janji dipindah" in said
    assert "https://wa.me/" in said
    assert db.session.get_one(ClinicBooking, two.id).starts_at == at(MONDAY, 8)


def test_a_change_of_channel_or_of_seats_breaks_what_was_promised_too(desk, make_consultant, book):
    """A visitor who is to come would find nobody there, and of three in a class only two have a chair."""
    consultant = make_consultant(name="Kelas", hours=[{"capacity": 3, "title": "Kelas Rekaan", "ends": 600}])
    book(key(consultant, 9), 1, channel=Channel.PHONE)
    book(key(consultant, 9), 2, channel=Channel.OFFICE)
    last = book(key(consultant, 9), 3, channel=Channel.PHONE)
    (row,) = every(ClinicHours)
    changed = FORM | {"hari": "0", "mulai": "09.00", "selesai": "10.00", "lama": "45", "jeda": "15"}
    changed |= {"judul": "Kelas Rekaan", "tempat": "Ruang Klinik"}
    asked = desk.post(hours_address(consultant, row), data=changed | {"saluran": ["phone"], "kapasitas": "3"})
    assert ["Tamu Rekaan 2" in asked.text, "Tamu Rekaan 3" in asked.text] == [True, False]
    asked = desk.post(
        hours_address(consultant, row), data=changed | {"saluran": ["phone", "office"], "kapasitas": "2"}
    )
    assert ["Tamu Rekaan 2" in asked.text, "Tamu Rekaan 3" in asked.text] == [False, True]
    assert "Di luar jam klinik" not in desk.get(f"{DESK}/janji/{last.id}").text


def test_when_the_place_changes_bookings_go_along_and_their_visitors_are_told(desk, consultant, book):
    made = book(key(consultant, 9), 1, email="tamu@uji.example", channel=Channel.OFFICE)
    by_phone = book(key(consultant, 10), 2, channel=Channel.PHONE)
    (row,) = every(ClinicHours)
    same = FORM | {"hari": "0", "mulai": "09.00", "selesai": "12.00", "lama": "45", "jeda": "15"}
    same |= {"saluran": ["office", "phone"], "berlaku_dari": "2026-01-01"}
    answer = desk.post(hours_address(consultant, row), data=same | {"tempat": "Balai Rekaan"})
    assert "1 janji pindah tempat" in desk.get(answer.location).text
    assert [db.session.get_one(ClinicBooking, one.id).place for one in (made, by_phone)] == [
        "Balai Rekaan"
    ] * 2
    mail = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    assert (mail.to_address, "pindah tempat" in mail.subject, "Balai Rekaan" in mail.body) == (
        "tamu@uji.example",
        True,
        True,
    )
    version = db.session.get_one(ClinicBooking, made.id).version
    desk.post(hours_address(consultant, row), data=same | {"tempat": "Balai Rekaan"})
    assert db.session.get_one(ClinicBooking, made.id).version == version, "and once"


def test_a_booking_made_after_the_list_was_shown_is_shown_as_well(desk, consultant, book):
    first = book(key(consultant, 9), 1)
    (row,) = every(ClinicHours)
    book(key(consultant, 10), 2)
    answer = desk.post(f"{hours_address(consultant, row)}/hapus", data={"tetap": str(first.id)})
    assert answer.status_code == 200
    assert "Tamu Rekaan 2" in answer.text
    assert len(every(ClinicHours)) == 1


def test_of_several_one_that_cannot_be_moved_leaves_the_others_moved(desk, consultant, make_consultant, book):
    other = make_consultant(Topic.FINANCE, name="Konsultan Dua")
    made = [book(key(consultant, hour), hour) for hour in (9, 10)]
    (row, _other) = every(ClinicHours)
    desk.post(
        f"{hours_address(consultant, row)}/hapus", data={"tetap": ",".join(str(one.id) for one in made)}
    )
    answer = desk.post(f"{DESK}/dipindah", data={f"janji-{one.id}": key(other, 11) for one in made})
    assert answer.status_code == 422
    assert "diambil orang lain" in answer.text
    assert "Satu janji dipindah" in answer.text
    assert [one.name for one in broken_by()] == [made[1].name]


def test_only_an_office_that_sends_mail_says_that_somebody_was_told_by_it(
    app, monkeypatch, desk, consultant, make_consultant, book
):
    monkeypatch.setitem(app.config, "MAIL_FROM", "klinik@dinas.example")
    other = make_consultant(Topic.FINANCE, name="Konsultan Dua")
    made = book(key(consultant, 9), email="tamu@contoh.example")
    with writing():
        settings.remove_hours(settings.hours_of(consultant.id)[0])
    moved = desk.post(f"{DESK}/dipindah", data={f"janji-{made.id}": key(other, 11)}).location
    for server, told in (("", False), ("smtps://pos.example", True)):
        monkeypatch.setitem(app.config, "SMTP_URL", server)
        page, one = desk.get(moved).text, desk.get(f"{DESK}/janji/{made.id}").text
        assert ("Semua sudah dikabari lewat surel." in page) is told
        assert ("Surel terkirim sendiri" in one) is told
        assert ("Surel kantor belum diatur. Kabari mereka:" in page) is not told
        assert ("wa.me/6281200000001" in page) is not told


def test_leave_over_bookings_is_agreed_to_first_and_taking_it_back_mends_them(desk, consultant, book):
    made = book(key(consultant, 9))
    leave = {"siapa": str(consultant.id), "jenis": "closed", "dari": str(MONDAY), "alasan": "Pelatihan"}
    assert "Pada waktu itu sudah ada janji" in desk.post(f"{DESK}/libur", data=leave).text
    assert every(ClinicClosure) == []
    desk.post(f"{DESK}/libur", data=leave | {"tetap": str(made.id)})
    (closure,) = every(ClinicClosure)
    assert closure.kind is ClosureKind.LEAVE
    assert "Cuti: Pelatihan" in desk.get(f"{DESK}/dipindah").text
    assert "Di luar jam klinik" in desk.get(f"{DESK}/janji/{made.id}").text
    assert "Satu janji tidak lagi cocok" in desk.get(DESK).text
    desk.post(f"{DESK}/libur/{closure.id}/hapus")
    assert broken_by() == []


def test_a_holiday_can_be_worked_through_and_closing_it_again_asks(desk, make_consultant, book):
    friday = date(2026, 12, 25)
    one = make_consultant(Topic.LEGAL, hours=[{"weekday": 4}])
    with writing():
        settings.set_limits(days_ahead=60)
    assert "jenis=open" in desk.get(f"{DESK}/libur").text
    desk.post(
        f"{DESK}/libur", data={"siapa": "", "jenis": "open", "dari": str(friday), "alasan": "Tetap buka"}
    )
    book(key(one, 9, friday), topic=Topic.LEGAL)
    assert "klinik buka" in desk.get(f"{DESK}/libur").text
    (closure,) = every(ClinicClosure)
    asked = desk.post(f"{DESK}/libur/{closure.id}/hapus")
    assert "Tamu Rekaan 1" in asked.text
    assert len(every(ClinicClosure)) == 1


def test_days_off_that_cannot_be_are_named(desk, consultant):
    for changes, field in WRONG_DAYS:
        sent = {"siapa": "", "jenis": "closed", "dari": "2026-11-10"} | changes
        answer = desk.post(f"{DESK}/libur", data=sent)
        assert (answer.status_code, changes) == (422, changes)
        assert f'href="#{field}"' in answer.text, changes
    assert every(ClinicClosure) == []


def test_a_consultant_notes_own_leave_and_nobody_elses(client_as, consultant, make_consultant, desk):
    other = make_consultant(Topic.LEGAL, name="Konsultan Dua")
    own = client_as(consultant.user)
    own.post(f"{DESK}/libur", data={"siapa": str(other.id), "jenis": "open", "dari": "2026-11-16"})
    (closure,) = every(ClinicClosure)
    assert (closure.consultant_id, closure.kind) == (consultant.id, ClosureKind.LEAVE)
    desk.post(f"{DESK}/libur", data={"siapa": "", "jenis": "closed", "dari": "2026-11-17"})
    whole = every(ClinicClosure)[-1]
    assert own.post(f"{DESK}/libur/{whole.id}/hapus").status_code == 404
    assert own.post(f"{DESK}/libur/{closure.id}/hapus").status_code == 303


def test_somebody_who_leaves_keeps_the_bookings_until_they_are_moved(desk, consultant, book):
    made = book(key(consultant, 9))
    left = desk.post(f"{DESK}/konsultan/{consultant.id}", data={"topik": ["finance"]})
    assert left.location == f"{DESK}/dipindah"
    assert first_free(Topic.FINANCE) is None
    page = desk.get(f"{DESK}/dipindah").text
    assert "Konsultan tidak lagi menerima janji" in page
    assert db.session.get_one(ClinicBooking, made.id).consultant_id == consultant.id
    assert desk.post(f"{DESK}/konsultan/{consultant.id}", data={"topik": []}).status_code == 422


def test_nobody_receives_people_again_before_they_are_a_consultant_again(desk, consultant):
    address, again = f"{DESK}/konsultan/{consultant.id}", {"topik": ["finance"], "aktif": "1"}
    with writing() as session:
        accounts.set_roles(session.get_one(User, consultant.user_id), [Role.OPERATOR])
    refused = desk.post(address, data=again)
    assert refused.status_code == 422
    assert "tidak lagi berperan konsultan" in refused.text
    assert first_free(Topic.FINANCE) is None
    with writing() as session:
        accounts.set_roles(session.get_one(User, consultant.user_id), [Role.OPERATOR, Role.CONSULTANT])
    assert desk.post(address, data=again).status_code == 303
    assert first_free(Topic.FINANCE) is not None


def test_limits_are_kept_and_a_figure_out_of_range_is_named(desk):
    sent = {
        "tahan": "15",
        "janji": "3",
        "akhir": "60",
        "tawaran": "30",
        "muka": "45",
        "lama": "30",
        "jeda": "5",
    }
    assert desk.post(f"{DESK}/batas", data=sent).status_code == 303
    assert settings.limits() == Limits(15, 3, 60, 30, 45, 30, 5)
    answer = desk.post(f"{DESK}/batas", data=sent | {"muka": "1000"})
    assert answer.status_code == 422
    assert 'href="#muka"' in answer.text
    assert settings.limits().days_ahead == 45
