"""Waiting for a seat."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.clinic import access, booking, holding, settings, timetable, waitlist
from app.clinic import clock as site_clock
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import State, Topic, WaitState
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.clinic.conftest import MONDAY, at, key, visitor
from tests.support.parallel import endings


@pytest.fixture
def full(make_consultant, book):
    """A consultant of whom the one free hour within the days ahead is taken; returns it and the booking."""
    consultant = make_consultant(hours=[{"ends": 600, "valid_until": MONDAY}])
    return consultant, book(key(consultant, 9), 1)


def join(number, topic=Topic.FINANCE, **values):
    asked = {name: values.pop(name) for name in ("consultant_id", "channel", "form_key") if name in values}
    with writing():
        id_ = waitlist.join(visitor(number, **values), topic=topic, **asked).id
    return db.session.get_one(ClinicWaiting, id_)


def cancel(made):
    with writing():
        booking.cancel(made)


def states():
    db.session.expire_all()
    return list(db.session.scalars(select(ClinicWaiting.state).order_by(ClinicWaiting.id)))


def take(waiting):
    with writing():
        id_ = booking.take_offer(access.token_of(waiting)).id
    return db.session.get_one(ClinicBooking, id_)


def test_a_freed_seat_is_offered_to_the_first_and_held_for_them(full):
    consultant, made = full
    first, second = join(2, email="dua@contoh.example"), join(3)
    cancel(made)
    assert states() == [WaitState.OFFERED, WaitState.WAITING]
    assert timetable.free_slots() == []
    with pytest.raises(RuleBroken, match="baru saja diambil"), writing():
        holding.hold(key(consultant, 9), topic=Topic.FINANCE)
    assert "Ada waktu klinik" in db.session.scalars(select(OutboxMessage.subject)).one()
    taken = take(first)
    assert (taken.name, taken.phone, taken.state) == (first.name, first.phone, State.BOOKED)
    assert take(first) is taken
    with pytest.raises(RuleBroken, match="sudah lewat"):
        take(second)


def test_an_offer_that_is_not_taken_passes_on_whoever_asks_next(full, clock):
    consultant, made = full
    first, second = join(2), join(3)
    cancel(made)
    clock.shift(timedelta(minutes=121))
    assert waitlist.standing(first) is WaitState.LAPSED
    assert timetable.free_slots() == [], "nobody has looked yet, but the seat is the second one's"
    with pytest.raises(RuleBroken, match="baru saja diambil"), writing():
        holding.hold(key(consultant, 9), topic=Topic.FINANCE)
    with pytest.raises(RuleBroken, match="sudah lewat"):
        take(first)
    assert waitlist.anything_to_settle()
    site_clock.work()
    assert states() == [WaitState.LAPSED, WaitState.OFFERED]
    assert not waitlist.anything_to_settle()
    assert take(second).name == second.name


def test_an_offer_on_a_day_that_closes_is_taken_back_and_its_place_in_the_line_kept(
    full, make_consultant, client_as, operator, client
):
    """Nobody takes a time at which the office is closed, and nobody loses their turn because it closed."""
    _consultant, made = full
    first, second = join(2), join(3)
    cancel(made)
    assert states() == [WaitState.OFFERED, WaitState.WAITING]
    desk = client_as(operator)
    answer = desk.post("/dinas/klinik/libur", data={"jenis": "closed", "dari": MONDAY.isoformat()})
    assert answer.status_code == 303
    assert states() == [WaitState.WAITING, WaitState.WAITING]
    with pytest.raises(RuleBroken, match="sudah lewat"):
        take(first)
    assert "Anda di daftar tunggu" in client.get(f"/klinik/tunggu/{access.token_of(first)}").text
    new = make_consultant(hours=[{"weekday": 1, "ends": 600, "valid_until": MONDAY + timedelta(days=1)}])
    with writing():
        waitlist.begin()
    assert states() == [WaitState.OFFERED, WaitState.WAITING], "the first is first still"
    assert take(first).consultant_id == new.id
    assert second.state is WaitState.WAITING


def test_when_nobody_waits_any_more_the_seat_is_free_for_all(full, clock):
    _consultant, made = full
    waiting = join(2)
    cancel(made)
    with writing():
        waitlist.leave(waiting)
        waitlist.leave(waiting)
    assert states() == [WaitState.LEFT]
    assert [one.starts_at for one in timetable.free_slots()] == [at(MONDAY, 9)]


def test_one_waits_only_while_nothing_is_free_and_once_for_a_topic(full, consultant):
    with pytest.raises(RuleBroken, match="Masih ada waktu kosong"):
        join(2)
    busy, _made = full
    place = join(2, consultant_id=busy.id, form_key="kunci")
    assert join(2, consultant_id=busy.id, form_key="kunci") is place
    with pytest.raises(RuleBroken, match="sudah menunggu"):
        join(2, consultant_id=busy.id)
    with pytest.raises(RuleBroken, match="tidak menangani"):
        join(3, topic=Topic.LEGAL, consultant_id=busy.id)


def test_who_waits_for_a_consultant_who_no_longer_receives_people_about_it_waits_for_anybody(
    client, client_as, operator, full, make_consultant
):
    consultant, _made = full
    first = join(2, consultant_id=consultant.id)
    with writing() as session:
        settings.change_consultant(
            session.get_one(ClinicConsultant, consultant.id), topics=[Topic.LEGAL], about="", active=True
        )
    mine = client.get(f"/klinik/tunggu/{access.token_of(first)}").text
    assert "Siapa saja" in mine
    assert "tidak ada konsultan untuk topik ini" in client_as(operator).get("/dinas/klinik/tunggu").text
    make_consultant(Topic.FINANCE)
    with writing():
        waitlist.begin()
    assert states() == [WaitState.OFFERED]


def test_new_hours_go_to_those_who_wait_before_anybody_else(full, make_consultant):
    first, second = join(2), join(3)
    assert [waitlist.place_in_line(one) for one in (first, second)] == [1, 2]
    newcomer = make_consultant(hours=[{"ends": 660, "valid_until": MONDAY, "channels": ["video"]}])
    assert timetable.free_slots() == []
    site_clock.work()
    offered = [db.session.get_one(ClinicWaiting, one.id).booking for one in (first, second)]
    assert [(one.consultant_id, one.starts_at) for one in offered] == [
        (newcomer.id, at(MONDAY, 9)),
        (newcomer.id, at(MONDAY, 10)),
    ]


def test_a_seat_that_begins_within_the_hour_is_offered_to_nobody(full, clock, operator):
    _consultant, made = full
    join(2)
    clock.move_to(at(MONDAY, 8, 10))
    with writing() as session:
        booking.cancel(made, by=session.get_one(User, operator.id))
    assert states() == [WaitState.WAITING]
    assert len(timetable.free_slots()) == 1


def test_two_who_take_the_same_offer_at_the_same_moment_have_one_booking(app, full):
    _consultant, made = full
    waiting = join(2)
    cancel(made)
    token = access.token_of(waiting)
    assert endings(app, *[lambda: booking.take_offer(token)] * 4) == ["done"] * 4
    active = select(ClinicBooking.id).where(ClinicBooking.state == State.BOOKED)
    assert len(db.session.scalars(active).all()) == 1


def test_seats_freed_at_the_same_moment_go_to_different_people_in_their_order(app, make_consultant, book):
    consultant = make_consultant(hours=[{"valid_until": MONDAY}])
    ids = [book(key(consultant, hour), hour).id for hour in (9, 10, 11)]
    waiting = [join(number).id for number in range(20, 25)]

    def give_up(id_):
        return lambda: booking.cancel(db.session.get_one(ClinicBooking, id_))

    assert endings(app, *map(give_up, ids)) == ["done"] * 3
    assert states() == [WaitState.OFFERED] * 3 + [WaitState.WAITING] * 2
    seats = {db.session.get_one(ClinicWaiting, id_).booking.starts_at for id_ in waiting[:3]}
    assert len(seats) == 3
