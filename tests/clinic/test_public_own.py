"""One's own appointment by its secret address: shown, confirmed, moved, cancelled, on paper, in a calendar, found again."""

import re
from datetime import UTC, timedelta

import icalendar
import pytest
from sqlalchemy import select

from app.clinic import settings
from app.clinic.access import token_of
from app.clinic.models import ClinicBooking
from app.clinic.rules import State
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries


@pytest.fixture
def made(consultant, book):
    return book(key(consultant, 10), question="Bagaimana mencatat modal?")


@pytest.fixture
def address(made):
    return f"/klinik/janji/{token_of(made)}"


def again(made):
    db.session.expire_all()
    return db.session.get_one(ClinicBooking, made.id)


def test_opening_an_address_changes_nothing_whoever_opens_it(client, address, made):
    for path in ("", "/pindah", "/cetak", "/janji.ics"):
        answer = client.get(address + path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/datang", "/batal"):
        assert client.get(address + path).status_code == 405
    assert (again(made).state, again(made).version, again(made).confirmed_at) == (State.BOOKED, 2, None)


def test_from_a_reminder_it_is_one_tap_to_confirm(client, address, made, clock):
    assert (
        "Ya, saya datang" not in client.get(address).text
    )  # made less than a day ahead: nobody is asked twice
    clock.move_to(at(MONDAY, 8, 30))
    page = client.get(address)
    assert f'action="{address}/datang"' in page.text
    assert client.post(f"{address}/datang").status_code == 303
    first = again(made).confirmed_at
    client.post(f"{address}/datang")
    assert first is not None
    assert again(made).confirmed_at == first
    assert "Akan datang" in client.get(address).text


def test_from_a_reminder_it_is_one_tap_to_cancel_and_the_time_is_free_at_once(
    app, client, address, made, consultant
):
    assert client.post(f"{address}/batal").status_code == 303
    assert again(made).state is State.CANCELLED
    page = client.get(address)
    assert "Janji dibatalkan" in page.text
    assert 'href="/klinik?topik=finance"' in page.text
    assert key(consultant, 10) in app.test_client().get("/klinik?topik=finance").text


def test_a_cancellation_by_mistake_is_undone_with_one_tap(client, address, made):
    client.post(f"{address}/batal")
    page = client.get(address).text
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    again = client.post("/klinik", data=sent)
    assert again.location != address
    booked = db.session.scalars(select(ClinicBooking).order_by(ClinicBooking.id.desc()).limit(1)).one()
    same = ("starts_at", "name", "phone", "question", "channel", "topic")
    assert [getattr(booked, name) for name in same] == [getattr(made, name) for name in same]
    assert booked.state is State.BOOKED


def test_one_tap_moves_it_and_the_old_time_is_no_choice(client, address, made, consultant):
    page = client.get(f"{address}/pindah")
    offered = re.findall(r'name="waktu" value="([^"]+)"', page.text)
    assert key(consultant, 10) not in offered
    assert client.post(f"{address}/pindah", data={"waktu": key(consultant, 11)}).status_code == 303
    assert again(made).starts_at == at(MONDAY, 11)
    assert "11.00–11.45" in client.get(address).text


def test_a_time_that_somebody_was_quicker_to_take_leaves_the_appointment_as_it_was(
    client, address, made, consultant, book
):
    book(key(consultant, 11), number=2)
    answer = client.post(f"{address}/pindah", data={"waktu": key(consultant, 11)})
    assert answer.status_code == 422
    assert "baru saja diambil" in answer.text
    assert again(made).starts_at == at(MONDAY, 10)


def test_a_time_that_the_page_did_not_show_yet_is_neither_confirmed_nor_moved_nor_cancelled(
    client, address, made, consultant, operator, client_as, clock
):
    """The office moved it while the page was open: the old page decides about the old time only."""
    clock.move_to(at(MONDAY, 7))
    was = {"semula": key(consultant, 10)}
    assert f'name="semula" value="{was["semula"]}"' in client.get(address).text
    desk = client_as(operator)
    office = f"/dinas/klinik/janji/{made.id}"
    assert was["semula"] in desk.get(office).text
    desk.post(f"{office}/pindah", data={"slot": key(consultant, 11)} | was)
    for path in ("/datang", "/batal"):
        client.post(address + path, data=was)
    client.post(f"{address}/pindah", data={"waktu": key(consultant, 9)} | was)
    refused = desk.post(f"{office}/batal", data={"alasan": "Konsultan sakit jam 10"} | was)
    assert "baru saja pindah ke 09-11-2026 11.00" in refused.text
    assert "Konsultan sakit jam 10" in refused.text
    found = again(made)
    assert (found.state, found.starts_at, found.confirmed_at) == (State.BOOKED, at(MONDAY, 11), None)
    assert client.post(f"{address}/datang", data={"semula": key(consultant, 11)}).status_code == 303
    assert again(made).confirmed_at is not None


def test_after_the_cut_off_it_says_whom_to_call_and_refuses(client, address, made, consultant, clock):
    clock.move_to(at(MONDAY, 9, 1))
    page = client.get(address)
    assert "tidak bisa diubah di sini lagi" in page.text
    assert f"{address}/batal" not in page.text
    client.post(f"{address}/batal")
    assert client.post(f"{address}/pindah", data={"waktu": key(consultant, 11)}).status_code == 422
    assert (again(made).state, again(made).starts_at) == (State.BOOKED, at(MONDAY, 10))


def test_whose_consultant_fell_ill_this_morning_is_told_and_moves_it_however_near_it_is(
    client, address, made, consultant, clock
):
    clock.move_to(at(MONDAY, 9, 30))
    assert "Jadwal konsultan berubah" not in client.get(address).text
    leave = {"starts_on": MONDAY, "ends_on": MONDAY, "kind": "leave", "consultant_id": consultant.id}
    with writing():
        settings.add_closure(leave)
    page = client.get(address).text
    assert "Jadwal konsultan berubah" in page
    for other in ("tidak bisa diubah di sini lagi", "Datang 5 menit lebih awal", "Ya, saya datang"):
        assert other not in page
    later = key(consultant, 9, MONDAY + timedelta(days=7))
    assert client.post(f"{address}/pindah", data={"waktu": later}).status_code == 303
    assert again(made).starts_at == at(MONDAY + timedelta(days=7), 9)
    assert "Jadwal konsultan berubah" not in client.get(address).text


def test_an_appointment_of_yesterday_that_nobody_noted_asks_nobody_to_come_and_leads_on(
    client, address, clock
):
    clock.move_to(at(MONDAY, 9) + timedelta(days=1))
    page = client.get(address).text
    assert "Waktunya sudah lewat." in page
    assert "Datang 5 menit lebih awal" not in page
    assert "Buat janji baru" in page


def test_number_and_telephone_open_it_again(client, address, made):
    answer = client.post(
        "/klinik/janji", data={"nomor": made.reference.lower().replace("-", " "), "telepon": "0812-000-00001"}
    )
    assert (answer.status_code, answer.location) == (303, address)


@pytest.mark.parametrize(
    ("number", "phone", "field"),
    [("", "081200000001", "nomor"), (None, "", "telepon"), (None, "12", "telepon"), (None, "081200000002", "nomor"),
     ("AAAA-AA", "081200000001", "nomor")],
)  # fmt: skip
def test_who_lacks_one_of_them_learns_nothing(client, made, number, phone, field):
    answer = client.post(
        "/klinik/janji", data={"nomor": made.reference if number is None else number, "telepon": phone}
    )
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Tamu Rekaan" not in answer.text


def test_guessing_telephone_numbers_finds_an_end_from_whatever_address(client, made):
    statuses = [
        client.post(
            "/klinik/janji",
            data={"nomor": made.reference, "telepon": f"08120000{number:04}"},
            environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"},
        ).status_code
        for number in range(100, 107)
    ]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_the_calendar_file_reads_back_equal_time_zone_included(client, address, made, consultant):
    answer = client.get(f"{address}/janji.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    read = icalendar.Calendar.from_ical(answer.data)
    (zone,) = read.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Jakarta"
    assert at(MONDAY, 10).astimezone(zone.to_tz()).utcoffset() == timedelta(hours=7)
    (event,) = read.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == "Asia/Jakarta"
    assert event.decoded("dtstart").astimezone(UTC) == at(MONDAY, 10) == made.starts_at
    assert event.decoded("dtend").astimezone(UTC) == made.ends_at
    assert str(event["SUMMARY"]) == "Klinik: Keuangan dan pembiayaan"
    assert made.reference in str(event["DESCRIPTION"])
    assert str(event["LOCATION"]) == "Ruang Klinik"
    assert str(event["URL"]).endswith(address)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CONFIRMED", 2)
    alarms = [alarm.decoded("trigger") for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(days=-1), timedelta(hours=-2)]
    assert client.get(f"{address}/janji.ics").data == answer.data


def test_a_calendar_takes_a_move_and_a_cancellation_over(client, address, made, consultant):
    def event():
        (one,) = icalendar.Calendar.from_ical(client.get(f"{address}/janji.ics").data).walk("VEVENT")
        return one

    before = event()
    client.post(f"{address}/pindah", data={"waktu": key(consultant, 11)})
    moved = event()
    client.post(f"{address}/batal")
    cancelled = event()
    assert before["UID"] == moved["UID"] == cancelled["UID"]
    assert before["SEQUENCE"] < moved["SEQUENCE"] < cancelled["SEQUENCE"]
    assert moved.decoded("dtstart").astimezone(UTC) == at(MONDAY, 11)
    assert str(cancelled["STATUS"]) == "CANCELLED"
    assert not cancelled.walk("VALARM")


def test_the_paper_carries_number_time_and_the_way_back(client, address, made):
    page = client.get(f"{address}/cetak").text
    for said in (made.reference, "10.00–10.45", "<svg", "Bagaimana mencatat modal?"):
        assert said in page


def test_what_the_clinic_erased_is_gone_for_its_visitor_too(client, address, made):
    from app.core.writing import writing

    with writing() as session:
        session.get_one(ClinicBooking, made.id).erased_at = now()
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/janji.ics").status_code == 404


def test_the_number_of_queries_of_the_own_page_does_not_grow(
    client, address, book, consultant, make_consultant
):
    client.get(address)
    with count_queries() as few:
        client.get(address)
    for number, hour in ((2, 9), (3, 11)):
        book(key(consultant, hour), number=number)
    make_consultant(name="Konsultan Lain")
    with count_queries() as many:
        client.get(address)
    assert many.number == few.number
