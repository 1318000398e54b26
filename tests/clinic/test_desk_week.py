"""The clinic's week at the office: who comes, what is free, what is closed, and who may look."""

from datetime import date, timedelta

import pytest
from flask import current_app

from app.clinic import holding, settings
from app.clinic.desk.calendar import week_of
from app.clinic.rules import ClosureKind, Topic
from app.core.access import Role
from app.core.database import today
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries

WEEK = f"/dinas/klinik?mulai={MONDAY}"
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def entries():
    """The boxes of each consultant on Monday: kind and clock."""
    with current_app.test_request_context(WEEK):
        week = week_of(MONDAY, None, may_book=True)
    return {person.name: [(one.kind, one.clock) for one in person.entries] for person in week.days[0].people}


def test_a_week_shows_who_comes_and_leads_from_a_free_hour_to_a_booking(desk, consultant, book):
    made = book(key(consultant, 10))
    page = desk.get(WEEK).text
    assert entries() == {"Konsultan Satu": [("free", "09.00"), ("booked", "10.00"), ("free", "11.00")]}
    assert f"/dinas/klinik/janji/{made.id}" in page
    assert "Tamu Rekaan 1" in page
    assert f"/dinas/klinik/baru?slot={key(consultant, 9)}" in page


def test_a_hold_stands_in_the_week_until_it_runs_out(app, consultant, clock):
    with writing():
        holding.hold(key(consultant, 9), topic=Topic.FINANCE)
    assert ("held", "09.00") in entries()["Konsultan Satu"]
    clock.shift(timedelta(minutes=11))
    assert ("free", "09.00") in entries()["Konsultan Satu"]


def test_what_is_over_and_what_nobody_used_looks_so(app, consultant, book, clock):
    book(key(consultant, 9))
    clock.move_to(at(MONDAY, 11, 30))
    assert entries()["Konsultan Satu"] == [("booked", "09.00"), ("gone", "10.00"), ("gone", "11.00")]


def test_leave_holidays_and_closures_are_named(desk, consultant):
    christmas = date(2026, 12, 21)  # the week of Christmas; Friday is the 25th
    with writing():
        settings.add_closure(
            {
                "consultant_id": consultant.id,
                "kind": ClosureKind.LEAVE,
                "starts_on": christmas,
                "ends_on": christmas,
                "reason": "Pelatihan",
            }
        )
    page = desk.get(f"/dinas/klinik?mulai={christmas}").text
    assert "Cuti: Pelatihan" in page
    assert "Libur: " in page


def test_a_class_is_one_box_with_its_seats(desk, make_consultant, book):
    teacher = make_consultant(
        Topic.DIGITAL, hours=[{"capacity": 5, "title": "Kelas foto", "slot_minutes": 180}], name="Guru Uji"
    )
    for number in (1, 2):
        book(key(teacher, 9), number, topic=Topic.DIGITAL)
    page = desk.get(WEEK).text
    assert "kelas, 2 dari 5 kursi terisi" in page
    roster = desk.get(f"/dinas/klinik/kelas?slot={key(teacher, 9)}").text
    assert roster.count("Tamu Rekaan") == 2
    assert desk.get("/dinas/klinik/kelas?slot=rusak").status_code == 404


def test_the_week_leads_to_others_whatever_the_address_says(desk, consultant):
    page = desk.get(WEEK).text
    assert f"mulai={MONDAY - timedelta(days=7)}" in page
    assert f"mulai={MONDAY + timedelta(days=7)}" in page
    for nonsense in ("kapan-kapan", "0001-01-01", "31-02-2026", "2101-01-01"):
        assert desk.get(f"/dinas/klinik?mulai={nonsense}&konsultan=9999999999999").status_code == 200


def test_on_a_weekend_the_week_to_come_is_shown(desk, consultant):
    assert today().weekday() == 6
    assert f'<time datetime="{MONDAY}">' in desk.get("/dinas/klinik").text


def test_a_consultant_sees_the_own_column_only(client_as, consultant, make_consultant, book, make_user):
    other = make_consultant(Topic.FINANCE, name="Konsultan Dua")
    mine, theirs = book(key(consultant, 9), 1), book(key(other, 9), 2)
    desk = client_as(consultant.user)
    page = desk.get(WEEK).text
    assert "Tamu Rekaan 1" in page
    assert "Tamu Rekaan 2" not in page
    assert "Konsultan Dua" not in desk.get(f"{WEEK}&konsultan={other.id}").text
    assert "/dinas/klinik/baru" not in page
    assert desk.get(f"/dinas/klinik/janji/{mine.id}").status_code == 200
    assert desk.get(f"/dinas/klinik/janji/{theirs.id}").status_code == 404
    assert "Tamu Rekaan 2" not in desk.get("/dinas/klinik/janji").text
    nobody = client_as(make_user(Role.CONSULTANT, name="Belum di klinik"))
    assert "Tamu Rekaan" not in nobody.get(WEEK).text


def test_only_operators_change_the_clinic(client_as, consultant, make_user):
    desk = client_as(consultant.user)
    for address in ("konsultan", "batas", "baru", "dipindah", "tunggu", f"konsultan/{consultant.id}"):
        assert desk.get(f"/dinas/klinik/{address}").status_code == 403
    assert client_as(make_user(Role.EDITOR)).get(WEEK).status_code == 403


def test_the_number_of_queries_does_not_grow_with_bookings_or_consultants(
    desk, consultant, make_consultant, book
):
    book(key(consultant, 9), 1)
    with count_queries() as few:
        desk.get(WEEK)
    for place in range(3):
        book(key(make_consultant(Topic.FINANCE, name=f"Konsultan {place}"), 9), 10 + place)
    book(key(consultant, 10), 2)
    db.session.expunge_all()
    with count_queries() as many:
        desk.get(WEEK)
    assert many.number <= few.number


def test_a_consultant_without_a_calendar_is_told_whom_to_ask_and_given_no_form_that_fails(
    client_as, make_user
):
    client = client_as(make_user(Role.CONSULTANT))
    for path in (WEEK, "/dinas/klinik/libur"):
        page = client.get(path).text
        assert "Minta operator menambahkan Anda" in page
        assert 'name="dari"' not in page


def test_where_nobody_can_be_chosen_each_is_told_what_they_can_do(client_as, make_user):
    path = "/dinas/klinik/konsultan/baru"
    assert "Minta admin memberi peran" in client_as(make_user(Role.OPERATOR)).get(path).text
    both = client_as(make_user(Role.OPERATOR, Role.ADMIN)).get(path).text
    assert "Ke Pengguna" in both


def test_an_empty_clinic_says_what_to_do_first(desk):
    assert "Belum ada konsultan" in desk.get(WEEK).text
    assert "Belum ada konsultan" in desk.get("/dinas/klinik/konsultan").text
    assert "Belum ada janji di sini" in desk.get("/dinas/klinik/janji").text
    assert "Tidak ada waktu kosong" in desk.get("/dinas/klinik/baru").text
    assert "Semua janji cocok" in desk.get("/dinas/klinik/dipindah").text
