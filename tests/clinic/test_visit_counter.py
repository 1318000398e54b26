"""The counter and the waiting room: numbers, honest estimates, and no names on the screen."""

import re

import pytest

from app.clinic import estimate, line, settings
from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, Origin, State, Topic
from app.clinic.visit.counter import about
from app.clinic.visit.forms import new_key
from app.clinic.visit.line_screens import line_now
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries

COUNTER, SCREEN = "/dinas/klinik/loket", "/klinik/antrean"


@pytest.fixture
def counter(client_as, operator, clock, consultant):
    clock.move_to(at(MONDAY, 9))
    return client_as(operator)


def give(counter, **values):
    sent = {"topik": "finance", "cara": "office", "nama": "Tamu Rahasia", "kunci": new_key()} | values
    return counter.post(COUNTER, data=sent)


def every():
    db.session.expire_all()
    return list(db.session.scalars(db.select(ClinicBooking).order_by(ClinicBooking.id)))


def test_a_walk_in_gets_a_number_in_one_step(counter):
    answer = give(counter)
    (made,) = every()
    assert (made.queue_number, made.state, made.origin) == (1, State.ARRIVED, Origin.WALK_IN)
    assert "Nomor antrean <b>1</b>" in counter.get(answer.location).text


def test_a_form_sent_twice_gives_one_number(counter):
    same = new_key()
    assert give(counter, kunci=same).location == give(counter, kunci=same).location
    assert len(every()) == 1


def test_who_calls_stands_in_the_same_line_and_is_called_back(counter, client, consultant, client_as):
    give(counter)
    give(counter, cara="phone", nama="Penelepon", telepon="0812 0000 1234")
    caller = every()[1]
    assert (caller.channel, caller.queue_number, caller.phone) == (Channel.PHONE, 2, "+6281200001234")
    assert ">2<" not in client.get(SCREEN).text, "nobody with this number sits in the waiting room"
    desk = client_as(consultant.user)
    first = desk.post("/dinas/klinik/panggil", data={"konsultan": consultant.id})
    desk.post(first.location, data={"tindakan": "mulai"})
    called = desk.post("/dinas/klinik/panggil", data={"konsultan": consultant.id})
    assert "tel:+6281200001234" in desk.get(called.location).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"topik": ""}, "Pilih soalnya."),
        ({"cara": "phone"}, "Tulis nomor telepon yang bisa kami hubungi."),
        ({"telepon": "12"}, "12"),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_stays(counter, sent, said):
    answer = give(counter, **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Tamu Rahasia" in answer.text
    assert not every()


def test_the_screen_names_nobody_who_waits(counter, client, book, consultant):
    give(counter)
    with writing():
        line.call_next(consultant, by=consultant.user)
    give(counter, nama="Orang Kedua")
    page = client.get(SCREEN).text
    assert "<b>1</b>" in page
    assert consultant.name in page
    assert re.search(r"<li>2<span>", page)
    assert "Tamu Rahasia" not in page
    assert "Orang Kedua" not in page


def test_the_screen_renews_itself_with_and_without_script(client):
    page = client.get(SCREEN).text
    assert 'data-refresh="15"' in page
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in page
    assert "Ambil nomor di loket" in page


def test_all_waits_together_are_those_of_each(counter, operator, consultant, make_consultant, book):
    make_consultant(Topic.FINANCE, Topic.LEGAL)
    booked = book(key(consultant, 11), 5)
    with writing():
        line.check_in(booked, by=operator)
    for topic in ("finance", "legal", "finance", "export", "finance"):
        give(counter, topik=topic)
    with writing():
        line.call_next(consultant, by=operator)
    waiting = line_now().waiting
    assert len(waiting) == 5
    assert [minutes for _one, minutes in waiting] == [estimate.waits_for(one) for one, _minutes in waiting]


def test_callers_in_the_line_push_nobody_off_the_screen(counter, client):
    for number in range(9):
        give(counter, cara="phone", telepon=f"0812 0000 10{number:02}")
    give(counter)
    screen = client.get(SCREEN).text
    assert "<li>10<" in screen
    assert "lagi</p>" not in screen


def test_nobody_is_promised_a_time_when_no_consultant_of_the_topic_works(counter):
    answer = give(counter, topik="legal")
    assert "hari ini tidak ada konsultannya" in counter.get(answer.location).text
    assert [minutes for _one, minutes in line_now().waiting] == [None]


def test_an_estimate_is_never_to_the_minute(app):
    with app.test_request_context():
        words = [about(minutes) for minutes in (0, 20, 60, 85, 110)]
    assert words == ["sebentar lagi", "sekitar 20 menit", "sekitar 1 jam", "sekitar 1,5 jam", "sekitar 2 jam"]


def test_a_booked_visitor_is_checked_in_at_the_counter(counter, book, consultant):
    booking = book(key(consultant, 10), 4)
    assert "Tamu Rekaan 4" in counter.get(COUNTER).text
    answer = counter.post(
        f"/dinas/klinik/kunjungan/{booking.id}", data={"tindakan": "hadir", "kembali": "loket"}
    )
    assert answer.location == COUNTER
    assert every()[0].queue_number == 1


def test_the_counter_calls_for_a_consultant(counter, consultant):
    give(counter)
    answer = counter.post(
        "/dinas/klinik/panggil",
        data={"konsultan": consultant.id, "kembali": "loket"},
        follow_redirects=True,
    )
    assert "Nomor 1 dipanggil." in answer.text
    assert "memanggil sejak 09.00" in answer.text


def test_a_consultant_for_whom_two_devices_call_at_once_gets_one_person(counter, consultant, client_as):
    give(counter)
    give(counter)
    desk = client_as(consultant.user)
    for presses in (counter, desk, desk):
        presses.post("/dinas/klinik/panggil", data={"konsultan": consultant.id, "kembali": "loket"})
    assert [one.called_at is not None for one in every()] == [True, False]


def test_who_was_just_noted_as_here_is_not_missed_from_a_page_drawn_before(counter, book, consultant, clock):
    booking = book(key(consultant, 10), 4)
    clock.move_to(at(MONDAY, 10, 1))
    address = f"/dinas/klinik/kunjungan/{booking.id}"
    stale = {"tindakan": "absen", "kembali": "loket", "keadaan": "booked"}
    assert f'value="{stale["keadaan"]}"' in counter.get(COUNTER).text
    counter.post(address, data={"tindakan": "hadir", "kembali": "loket", "keadaan": "booked"})
    answer = counter.post(address, data=stale, follow_redirects=True)
    assert "baru saja dicatat datang" in answer.text
    assert every()[0].state is State.ARRIVED
    counter.post(address, data=stale | {"keadaan": "arrived"})
    assert every()[0].state is State.MISSED, "and whoever has seen them here may say that they left"


def test_who_is_called_before_their_time_and_is_not_there_lets_the_next_be_called(
    counter, book, consultant, client_as
):
    booking = book(key(consultant, 10), 4)
    address, desk = f"/dinas/klinik/kunjungan/{booking.id}", client_as(consultant.user)
    counter.post(address, data={"tindakan": "hadir", "kembali": "loket"})
    call = {"konsultan": consultant.id}
    assert desk.post("/dinas/klinik/panggil", data=call).location == address
    give(counter)
    assert "Batal hadir" in desk.get("/dinas/klinik/hari").text
    desk.post(address, data={"tindakan": "belum", "kembali": "hari"})
    assert desk.post("/dinas/klinik/panggil", data=call).location != address
    assert [(one.state, one.called_at is None) for one in every()] == [
        (State.BOOKED, True),
        (State.ARRIVED, False),
    ]


def test_an_arrival_noted_by_mistake_is_undone_and_the_appointment_can_be_cancelled_again(
    counter, book, consultant
):
    booking = book(key(consultant, 10), 4)
    address = f"/dinas/klinik/kunjungan/{booking.id}"
    counter.post(address, data={"tindakan": "hadir", "kembali": "loket"})
    assert "Batal hadir" in counter.get(COUNTER).text
    assert counter.post(address, data={"tindakan": "belum", "kembali": "loket"}).location == COUNTER
    (made,) = every()
    assert (made.state, made.arrived_at) == (State.BOOKED, None)
    cancelled = counter.post(f"/dinas/klinik/janji/{booking.id}/batal", data={"alasan": "Sudah pulang"})
    assert cancelled.status_code == 303
    assert every()[0].state is State.CANCELLED


def test_counter_and_screen_ask_as_often_for_a_long_line(counter, client):
    def measured(path, who):
        with count_queries() as seen:
            who.get(path)
        return seen.number

    for topic in ("finance", "export"):
        give(counter, topik=topic)
    few = [measured(COUNTER, counter), measured(SCREEN, client)]
    for _one in range(6):
        give(counter, nama=f"Tamu {_one}")
    assert [measured(COUNTER, counter), measured(SCREEN, client)] == few


def test_who_comes_to_see_a_consultant_who_fell_ill_is_promised_nothing_and_called_by_another_of_the_topic(
    counter, client, book, consultant, make_consultant
):
    booking = book(key(consultant, 10), 4)
    counter.post(f"/dinas/klinik/kunjungan/{booking.id}", data={"tindakan": "hadir", "kembali": "loket"})
    leave = {"starts_on": MONDAY, "ends_on": MONDAY, "kind": "leave", "consultant_id": consultant.id}
    with writing():
        settings.add_closure(leave)
    assert [minutes for _one, minutes in line_now().waiting] == [None]
    page = counter.get(COUNTER).text
    assert "hari ini tidak ada konsultannya" in page
    assert "sedang tidak bertugas" in page
    other = make_consultant(Topic.FINANCE, name="Konsultan Dua")
    assert [minutes for _one, minutes in line_now().waiting] == [60], "not before the booked time"
    assert "Konsultan Dua" in counter.get(COUNTER).text
    counter.post("/dinas/klinik/panggil", data={"konsultan": other.id, "kembali": "loket"})
    (called,) = every()
    assert (called.consultant_id, called.seat) == (other.id, None)


def test_a_booked_visitor_is_called_by_nobody_else_while_their_consultant_works(
    counter, book, consultant, make_consultant
):
    booking = book(key(consultant, 10), 4)
    counter.post(f"/dinas/klinik/kunjungan/{booking.id}", data={"tindakan": "hadir", "kembali": "loket"})
    other = make_consultant(Topic.FINANCE, name="Konsultan Dua")
    assert line.line_for(other) == []
    hours_off = {"from_minute": 8 * 60, "until_minute": 9 * 60 + 30}
    leave = {"starts_on": MONDAY, "ends_on": MONDAY, "kind": "leave", "consultant_id": consultant.id}
    with writing():
        settings.add_closure(leave | hours_off)
    assert [one.id for one in line.line_for(other)] == [booking.id], "away just now"
