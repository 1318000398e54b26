"""The line at the counter, and reminders."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.clinic import booking, estimate, line, reminding
from app.clinic import clock as site_clock
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicReminder
from app.clinic.rules import ReminderKind, State, Topic
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.clinic.conftest import MONDAY, at, key
from tests.support.parallel import at_once, endings


@pytest.fixture
def act(operator, consultant):
    """``act(line.start, booking)``: the verb in a write unit of its own, by the operator, for the consultant where it asks."""
    ids = operator.id, consultant.id

    def run(verb, made, *, seen=False):
        id_ = made.id
        with writing() as session:
            by = session.get_one(User, ids[0])
            more = [session.get_one(ClinicConsultant, ids[1])] if seen else []
            verb(session.get_one(ClinicBooking, id_), *more, by=by)
        return db.session.get_one(ClinicBooking, id_)

    return run


def walk_in(topic=Topic.FINANCE, **values):
    with writing():
        id_ = line.take_number(topic=topic, **values).id
    return db.session.get_one(ClinicBooking, id_)


def test_numbers_begin_at_one_each_day_and_no_two_are_alike(app, clock):
    at_once(app, *[lambda: line.take_number(topic=Topic.FINANCE)] * 5)
    numbers = db.session.scalars(select(ClinicBooking.queue_number).order_by(ClinicBooking.queue_number))
    assert list(numbers) == [1, 2, 3, 4, 5]
    assert walk_in(form_key="k").queue_number == walk_in(form_key="k").queue_number == 6
    clock.shift(timedelta(days=1))
    assert walk_in().queue_number == 1


def test_a_visit_from_arrival_to_its_end(consultant, book, act, clock):
    mine = book(key(consultant, 9))
    with pytest.raises(RuleBroken, match="bukan untuk hari ini"):
        act(line.check_in, mine)
    clock.move_to(at(MONDAY, 8, 50))
    early = walk_in()
    assert act(line.check_in, mine).queue_number == 2
    assert [one.id for one in line.line_for(consultant)] == [early.id, mine.id]
    clock.move_to(at(MONDAY, 8, 56))
    assert [one.id for one in line.line_for(consultant)] == [mine.id, early.id]
    with pytest.raises(RuleBroken, match="belum dimulai"):
        act(line.finish, mine)
    act(line.start, mine, seen=True)
    assert act(line.start, mine, seen=True).state is State.RUNNING
    clock.shift(timedelta(minutes=20))
    done = act(line.finish, mine)
    assert (done.state, done.finished_at - done.started_at > timedelta(minutes=19)) == (State.DONE, True)
    assert [one.id for one in line.line_for(consultant)] == [early.id]


def test_two_consultants_who_call_at_once_get_two_people(app, consultant, make_consultant, operator):
    ids, by = [consultant.id, make_consultant().id], operator.id
    walk_in(), walk_in()

    def call(id_):
        return lambda: (
            line.call_next(
                db.session.get_one(ClinicConsultant, id_), by=db.session.get_one(User, by)
            ).queue_number
        )

    assert sorted(at_once(app, *map(call, ids))) == [1, 2]


def test_whoever_does_not_answer_is_missed_and_may_come_back_later(consultant, book, act, clock):
    mine = book(key(consultant, 9))
    clock.move_to(at(MONDAY, 8, 30))
    with pytest.raises(RuleBroken, match="belum tiba"):
        act(line.miss, mine)
    clock.move_to(at(MONDAY, 9, 20))
    assert act(line.miss, mine).state is State.MISSED
    assert act(line.check_in, mine).state is State.ARRIVED
    called = act(line.call, mine, seen=True)
    assert called.called_at is not None
    assert act(line.back_in_line, mine).called_at is None


def test_the_estimate_says_what_the_latest_visits_took(consultant, act, clock):
    clock.move_to(at(MONDAY, 9))
    for _ in range(3):
        one = walk_in()
        act(line.start, one, seen=True)
        clock.shift(timedelta(minutes=20))
        act(line.finish, one)
    first, second, _other = walk_in(), walk_in(), walk_in(Topic.LEGAL)
    assert [estimate.waits_for(one) for one in (first, second)] == [
        0,
        25,
    ]  # twenty and a moment, in steps of five
    assert estimate.usual_visit(Topic.LEGAL) == 45
    act(line.start, first, seen=True)
    assert estimate.waits_for(second) == 25
    assert estimate.waits_for(first) == 0


def test_reminders_go_out_a_day_and_two_hours_ahead_once_each_and_again_after_a_move(consultant, book, clock):
    clock.move_to(at(MONDAY, 8) - timedelta(days=3))
    mine = book(key(consultant, 9), email="tamu@contoh.example")
    assert site_clock.remind_all() == {ReminderKind.DAY: 0, ReminderKind.HOURS: 0}
    clock.move_to(at(MONDAY, 9, 30) - timedelta(days=1))
    assert site_clock.anything_to_do()
    assert site_clock.remind_all() == {ReminderKind.DAY: 1, ReminderKind.HOURS: 0}
    assert site_clock.remind_all() == {ReminderKind.DAY: 0, ReminderKind.HOURS: 0}
    assert not site_clock.anything_to_do()
    clock.move_to(at(MONDAY, 6, 55))
    with writing():
        booking.move(mine, key(consultant, 11))
    assert not site_clock.anything_to_do()
    clock.move_to(at(MONDAY, 9, 30))
    assert site_clock.remind_all() == {ReminderKind.DAY: 0, ReminderKind.HOURS: 1}
    rows = reminding.to_hand()
    assert [(one.reminder.kind, one.url.startswith("https://wa.me/62812")) for one in rows] == [
        (ReminderKind.HOURS, True)
    ]
    subjects = db.session.scalars(select(OutboxMessage.subject).order_by(OutboxMessage.id)).all()
    assert [one.split(":")[0] for one in subjects if ":" in one] == ["Besok", "Sebentar lagi"]


def test_reminders_that_run_at_the_same_moment_remind_once(app, consultant, book, clock):
    clock.move_to(at(MONDAY, 8) - timedelta(days=3))
    book(key(consultant, 9))
    clock.move_to(at(MONDAY, 9, 30) - timedelta(days=1))
    dues = reminding.due_reminders(at(MONDAY, 9, 30) - timedelta(days=1))
    assert endings(app, *[lambda: reminding.remind(dues)] * 4) == ["done"] * 4
    assert db.session.scalar(select(func.count(ClinicReminder.id))) == 1


def test_whoever_said_that_they_come_is_known_and_whoever_cancelled_is_not_reminded(consultant, book, clock):
    clock.move_to(at(MONDAY, 8) - timedelta(days=3))
    mine, other = book(key(consultant, 9), 1), book(key(consultant, 10), 2)
    with writing():
        booking.confirm(mine)
        booking.cancel(other)
    assert mine.confirmed_at is not None
    with pytest.raises(RuleBroken), writing():
        booking.confirm(other)
    clock.move_to(at(MONDAY, 10, 30) - timedelta(days=1))
    assert site_clock.remind_all()[ReminderKind.DAY] == 1
