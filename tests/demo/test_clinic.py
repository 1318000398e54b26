"""The fictional clinic keeps the rules of the real one, whatever day it is loaded on."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import User
from app.clinic import waitlist
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicRating, ClinicWaiting
from app.clinic.plans import broken_by
from app.clinic.rules import OVER, State, Step, WaitState
from app.clinic.timetable import free_slots
from app.cooperatives.queries import region
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.demo.clinic import Clinic

DAYS = (
    datetime(2026, 11, 24, 2, 20, tzinfo=UTC),  # a Tuesday, twenty past nine: both consult
    datetime(2026, 11, 22, 13, tzinfo=UTC),  # a Sunday
    datetime(2026, 12, 24, 9, tzinfo=UTC),  # cuti bersama before Christmas
)


@pytest.fixture(params=DAYS, ids=lambda day: day.strftime("%d-%m"))
def loaded(app, make_user, request):
    with time_machine.travel(request.param, tick=True):
        ids = [make_user(role, is_demo=True).id for role in (Role.OPERATOR, Role.CONSULTANT)]
        with writing() as session:
            operator, consultant = (session.get_one(User, id_) for id_ in ids)
            Clinic(region(), operator, consultant, "nobody knows").write()
        yield


def test_every_booking_stands_where_the_calendar_has_a_slot_and_says_what_happened(loaded):
    bookings = db.session.scalars(select(ClinicBooking).order_by(ClinicBooking.id)).all()
    assert broken_by() == []
    assert all(one.is_demo for one in bookings)
    assert len({one.phone for one in bookings}) == len(bookings)
    steps = {one: set[Step]() for one in (booking.id for booking in bookings)}
    for event in db.session.scalars(select(ClinicEvent)):
        steps[event.booking_id].add(event.step)
        assert event.at <= now()
    for one in bookings:
        assert Step.BOOKED in steps[one.id]
        assert (one.state is State.DONE) == (Step.FINISHED in steps[one.id])
        assert one.state in OVER or one.ends_at > now() - timedelta(minutes=1)
    states = Counter(one.state for one in bookings)
    assert {State.BOOKED, State.DONE, State.MISSED, State.CANCELLED} <= set(states)
    assert db.session.scalars(select(ClinicRating)).all()


def test_some_wait_for_what_is_full_others_go_to_the_class_and_other_times_are_free(loaded):
    waiting = db.session.scalars(select(ClinicWaiting)).all()
    assert [one.state for one in waiting] == [WaitState.WAITING] * 3
    assert not waitlist.anything_to_settle()
    assert len(free_slots()) > 5
    assert db.session.scalars(select(ClinicBooking.title).where(ClinicBooking.title != "")).all()


def test_a_day_at_work_has_somebody_at_the_desk(app, make_user):
    with time_machine.travel(DAYS[0], tick=True):
        ids = [make_user(role, is_demo=True).id for role in (Role.OPERATOR, Role.CONSULTANT)]
        with writing() as session:
            operator, consultant = (session.get_one(User, id_) for id_ in ids)
            Clinic(region(), operator, consultant, "nobody knows").write()
        today = set(
            db.session.scalars(
                select(ClinicBooking.state).where(
                    ClinicBooking.starts_at.between(now() - timedelta(hours=2), now() + timedelta(hours=3))
                )
            )
        )
        assert State.RUNNING in today
