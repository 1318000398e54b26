"""A consultant's day: who is next, one visit after the other, with as few taps as can be."""

import re
from datetime import timedelta

import pytest

from app.accounts import sessions
from app.accounts import signals as people
from app.accounts.models import User
from app.clinic import line
from app.clinic.models import ClinicBooking, ClinicFollowUp
from app.clinic.rules import Channel, FollowUpOwner, Origin, State, Topic
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import InboxMessage, OutboxMessage
from tests.clinic.conftest import MONDAY, at, key
from tests.support.queries import count_queries

DAY = "/dinas/klinik/hari"


@pytest.fixture
def desk(client_as, consultant):
    return client_as(consultant.user)


def one_path(booking):
    return f"/dinas/klinik/kunjungan/{booking.id}"


def act(desk, booking, deed, **values):
    return desk.post(one_path(booking), data={"tindakan": deed} | values)


def again(booking):
    db.session.expire_all()
    return db.session.get_one(ClinicBooking, booking.id)


def walk_in(operator, name="Tamu Loket", **values):
    with writing():
        id_ = line.take_number(**{"topic": Topic.FINANCE, "name": name, "by": operator} | values).id
    return db.session.get_one(ClinicBooking, id_)


def start_of_day(clock, hour=9):
    clock.move_to(at(MONDAY, hour))


def test_a_consultant_begins_at_the_own_day(app, make_user):
    with app.test_request_context():
        assert sessions.home_of(make_user(Role.CONSULTANT)) == DAY
        assert sessions.home_of(make_user(Role.CONSULTANT, Role.OPERATOR)) == "/dinas"


def test_a_whole_day_takes_one_tap_to_call_and_one_to_end_each_visit(
    desk, consultant, operator, book, client_as, clock
):
    """Three booked visitors, one of whom does not come, and one walk-in: call, call, call, no-show, and the ends."""
    first, second, third = (book(key(consultant, hour), hour) for hour in (9, 10, 11))
    start_of_day(clock)
    counter = client_as(operator)
    act(counter, first, "hadir", kembali="loket")
    called = desk.post("/dinas/klinik/panggil", data={"konsultan": consultant.id})
    assert called.location == one_path(first)
    assert "Dipanggil" in desk.get(called.location).text
    guest = walk_in(operator)
    clock.shift(40 * 60)
    ended = act(desk, first, "lanjut", saran="Pisahkan uang usaha.", dibaca=seen(desk, first))
    assert ended.location == one_path(guest), "the next one is called by the same tap"
    first = again(first)
    assert (first.state, first.started_at, first.finished_at) == (
        State.DONE,
        first.called_at,
        first.finished_at,
    )
    clock.move_to(at(MONDAY, 10, 20))
    assert act(desk, guest, "selesai", dibaca=seen(desk, guest)).location == DAY
    act(desk, second, "absen", kembali="hari")
    clock.move_to(at(MONDAY, 11))
    act(counter, third, "hadir")
    act(desk, third, "mulai")
    act(desk, third, "selesai", dibaca=seen(desk, third))
    states = [again(one).state for one in (first, guest, second, third)]
    assert states == [State.DONE, State.DONE, State.MISSED, State.DONE]
    page = desk.get(DAY).text
    assert "4 kunjungan, 3 selesai." in page


def seen(desk, booking):
    """What the page says stood there when it was drawn."""
    found = re.search(r'name="dibaca" value="(\w+)"', desk.get(one_path(booking)).text)
    return found[1] if found else ""


def test_what_stands_on_top_is_the_one_thing_to_do(desk, consultant, operator, book, clock):
    booked = book(key(consultant, 9), 1, channel=Channel.PHONE)
    start_of_day(clock, 8)
    assert "visit-now" not in desk.get(DAY).text, "nobody is here and no call is due"
    clock.move_to(at(MONDAY, 8, 55))
    assert "Waktunya menelepon" in desk.get(DAY).text
    guest = walk_in(operator, "Tamu Berdiri")
    page = desk.get(DAY).text
    assert "Berikutnya, 1 menunggu" in page
    assert "Tamu Berdiri" in page
    desk.post("/dinas/klinik/panggil", data={"konsultan": consultant.id})
    assert again(guest).consultant_id == consultant.id
    assert "Dipanggil" in desk.get(DAY).text
    act(desk, guest, "mulai")
    assert "Sedang berjalan" in desk.get(DAY).text
    act(desk, guest, "antre")
    assert again(guest).state is State.ARRIVED
    assert booked.origin is Origin.WEB


def test_nobody_sees_the_visits_of_another_consultant(client_as, consultant, make_consultant, book, clock):
    booking = book(key(consultant, 9), 1)
    start_of_day(clock)
    other = client_as(make_consultant(Topic.LEGAL, name="Konsultan Dua").user)
    assert other.get(one_path(booking)).status_code == 404
    assert act(other, booking, "mulai").status_code == 404
    assert other.get(f"{DAY}?konsultan={consultant.id}").status_code == 404
    assert again(booking).state is State.BOOKED


@pytest.mark.parametrize("role", [Role.COOPERATIVE, Role.EDITOR])
def test_visits_are_for_the_clinic_alone(client_as, make_user, consultant, book, role):
    client = client_as(make_user(role))
    booking = book(key(consultant, 9), 1)
    for path in (DAY, one_path(booking), "/dinas/klinik/angka", "/dinas/klinik/loket"):
        assert client.get(path).status_code == 403


def test_an_operator_looks_at_any_consultants_day(client_as, operator, consultant, book, clock):
    book(key(consultant, 9), 7)
    start_of_day(clock)
    page = client_as(operator).get(DAY).text
    assert "Tamu Rekaan 7" in page
    assert consultant.name in page


def test_whoever_consults_nobody_yet_is_told_what_to_do(client_as, make_user):
    page = client_as(make_user(Role.CONSULTANT)).get(DAY).text
    assert "Jam Anda belum diatur" in page


def test_a_day_asks_as_often_with_ten_visits_as_with_two(
    desk, consultant, operator, make_cooperative, book, clock
):
    for hour in (9, 10):
        book(key(consultant, hour), hour)
    start_of_day(clock)
    walk_in(operator)
    with count_queries() as few:
        desk.get(DAY)
    for number in range(7):
        walk_in(operator, f"Tamu {number}", cooperative_id=make_cooperative().id)
        with writing():
            line.call_next(consultant, by=operator)
    with count_queries() as many:
        desk.get(DAY)
    assert many.number <= few.number + 2, many.statements


def test_a_day_that_cannot_be_read_is_today(desk):
    assert "Hari ini" in desk.get(f"{DAY}?tanggal=besok-lusa").text
    assert "Senin, 9 November 2026" in desk.get(f"{DAY}?tanggal=2026-11-09").text


def test_what_the_office_promised_stands_on_the_day_until_it_is_done(desk, consultant, book, clock):
    booking = book(key(consultant, 9), 1)
    start_of_day(clock)
    act(desk, booking, "mulai")
    row = {"tindak-0": "Kirim contoh buku kas", "oleh-0": "office", "tenggat-0": "12-11-2026"}
    act(desk, booking, "selesai", dibaca=seen(desk, booking), **row)
    (agreed,) = db.session.query(ClinicFollowUp).all()
    assert (agreed.owner, agreed.due_on.isoformat()) == (FollowUpOwner.OFFICE, "2026-11-12")
    assert "Kirim contoh buku kas" in desk.get(DAY).text
    act(desk, booking, "tuntas", tindak=agreed.id, kembali="hari")
    assert "Kirim contoh buku kas" not in desk.get(DAY).text
    act(desk, booking, "buka", tindak=agreed.id)
    clock.move_to(at(MONDAY, 9).replace(day=20))
    assert "12 Nov 2026, lewat" in desk.get(DAY).text


def test_what_a_consultant_who_left_had_promised_is_seen_and_done_by_whoever_goes_on(
    desk, client_as, consultant, make_consultant, operator, book, clock
):
    booking = book(key(consultant, 9), 1)
    start_of_day(clock)
    act(desk, booking, "mulai")
    rows = {"tindak-0": "Kirim contoh buku kas", "oleh-0": "office", "tenggat-0": "12-11-2026"}
    act(desk, booking, "selesai", dibaca=seen(desk, booking), **rows)
    heir = make_consultant(Topic.LEGAL, name="Konsultan Dua").user
    theirs = client_as(heir)
    assert "Kirim contoh" not in theirs.get(DAY).text
    with writing() as session:
        gone, successor = session.get_one(User, consultant.user_id), session.get_one(User, heir.id)
        people.person_deactivated.send(gone, successor=successor)
    assert "Kirim contoh" in theirs.get(DAY).text
    (agreed,) = db.session.query(ClinicFollowUp).all()
    assert act(theirs, booking, "tuntas", tindak=agreed.id, kembali="hari").status_code == 303
    assert "Kirim contoh" not in theirs.get(DAY).text
    with writing() as session:
        left = session.get_one(ClinicFollowUp, agreed.id)
        left.user_id, left.done_at = None, None
    assert "Kirim contoh" in client_as(operator).get(DAY).text
    assert one_path(booking) not in client_as(heir).get(DAY).text


def test_visits_that_nobody_noted_stand_on_the_next_days_until_somebody_says_what_became_of_them(
    desk, client_as, consultant, operator, book, clock
):
    took_place, missed, forgotten = (book(key(consultant, hour), hour) for hour in (9, 10, 11))
    start_of_day(clock, 11)
    act(desk, forgotten, "mulai")
    guest = walk_in(operator, "Tamu Terlupa")
    clock.move_to(at(MONDAY, 9) + timedelta(days=2))
    page = desk.get(DAY).text
    assert "Senin, 9 November 2026" in page
    for one in (took_place, missed, forgotten):
        assert one_path(one) in page
    assert "Tamu Terlupa" not in page
    assert act(desk, took_place, "mulai").location == one_path(took_place)
    act(desk, took_place, "selesai", saran="Catat tiap hari.", dibaca=seen(desk, took_place))
    act(desk, forgotten, "selesai", dibaca=seen(desk, forgotten))
    act(desk, missed, "absen", kembali="hari")
    assert [again(one).state for one in (took_place, missed, forgotten)] == [
        State.DONE,
        State.MISSED,
        State.DONE,
    ]
    assert again(took_place).started_at is None, "nobody knows how long it was waited for"
    ended = again(forgotten)
    assert ended.finished_at - ended.started_at == timedelta(minutes=45), "not two days"
    assert "belum dicatat" not in desk.get(DAY).text
    counter = client_as(operator)
    assert "Tamu Terlupa" in counter.get(DAY).text
    act(counter, guest, "absen", kembali="hari")
    assert "Tamu Terlupa" not in counter.get(DAY).text


def test_a_visit_of_an_earlier_day_noted_by_mistake_is_expected_again_and_joins_no_line_of_today(
    desk, consultant, book, clock
):
    booking = book(key(consultant, 9), 1)
    clock.move_to(at(MONDAY, 9) + timedelta(days=1))
    act(desk, booking, "mulai")
    act(desk, booking, "antre")
    assert (again(booking).state, again(booking).queue_number) == (State.BOOKED, None)


def test_who_comes_late_after_all_waits_in_the_line(desk, consultant, book, clock):
    booking = book(key(consultant, 9), 1)
    start_of_day(clock, 10)
    act(desk, booking, "absen")
    act(desk, booking, "hadir", kembali="hari")
    assert again(booking).state is State.ARRIVED
    assert again(booking).queue_number == 1


def test_calling_when_nobody_waits_says_so(desk, consultant):
    answer = desk.post("/dinas/klinik/panggil", data={"konsultan": consultant.id}, follow_redirects=True)
    assert "Tidak ada yang menunggu." in answer.text


def test_a_refused_deed_says_why_on_the_list_it_was_pressed_in(desk, consultant, book, clock):
    booking = book(key(consultant, 9), 1)
    answer = desk.post(
        one_path(booking), data={"tindakan": "hadir", "kembali": "hari"}, follow_redirects=True
    )
    assert "bukan untuk hari ini" in answer.text
    assert desk.post(one_path(booking), data={"tindakan": "hapus"}).status_code == 400


def told(booking):
    """E-mails and inbox messages about the end of a visit."""
    db.session.expire_all()
    mails = [one for one in db.session.query(OutboxMessage) if "Saran" in one.subject]
    notes = [one for one in db.session.query(InboxMessage) if one.kind == "clinic.done"]
    return len(mails), len(notes)


def test_advice_is_sent_once_the_visit_is_over(desk, consultant, make_user, book, clock):
    visitor = make_user()
    booking = book(key(consultant, 9), 1)
    with writing() as session:
        held = session.get_one(ClinicBooking, booking.id)
        held.email, held.user_id = "tamu@uji.example", visitor.id
    start_of_day(clock)
    act(desk, booking, "mulai")
    act(desk, booking, "tulis", saran="Buat daftar utang.", dibaca=seen(desk, booking))
    assert told(booking) == (0, 0), "nothing is sent while they still talk"
    act(desk, booking, "selesai", saran="Buat daftar utang.", dibaca=seen(desk, booking))
    assert told(booking) == (1, 1)
    mail = db.session.query(OutboxMessage).filter(OutboxMessage.subject.contains("Saran")).one()
    assert "Buat daftar utang." in mail.body
    act(desk, booking, "selesai", saran="Buat daftar utang.", dibaca=seen(desk, booking))
    act(desk, booking, "tulis", saran="Buat daftar utang.", catatan="Kata kami", dibaca=seen(desk, booking))
    assert told(booking)[0] == 1, "a button pressed twice and a note of the clinic are no news"
    act(desk, booking, "tulis", saran="Buat daftar piutang.", catatan="Kata kami", dibaca=seen(desk, booking))
    assert told(booking)[0] == 2
