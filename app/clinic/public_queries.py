"""What visitors' pages and the list of reminders read."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.clinic.models import (
    ClinicBooking,
    ClinicConsultant,
    ClinicEvent,
    ClinicFollowUp,
    ClinicReminder,
    ClinicWaiting,
)
from app.clinic.rules import State, WaitState
from app.core.database import now
from app.core.extensions import db

OWN = 20


def bookings_of(person: User) -> list[ClinicBooking]:
    """The appointments that ``person`` made while signed in, the latest first."""
    query = select(ClinicBooking).where(
        ClinicBooking.user_id == person.id, ClinicBooking.state.not_in((State.HELD, State.EXPIRED))
    )
    together = joinedload(ClinicBooking.consultant).joinedload(ClinicConsultant.user)
    ordered = query.order_by(ClinicBooking.starts_at.desc(), ClinicBooking.id.desc())
    return list(db.session.scalars(ordered.options(together).limit(OWN)))


def changed_at(booking: ClinicBooking) -> datetime:
    """When something last happened to it; the calendar file of an unchanged appointment is the same each time."""
    last = select(func.max(ClinicEvent.at)).where(ClinicEvent.booking_id == booking.id)
    return db.session.scalar(last) or booking.created_at


def follow_ups(booking: ClinicBooking) -> list[ClinicFollowUp]:
    """What was agreed to be done, the soonest first."""
    query = select(ClinicFollowUp).where(ClinicFollowUp.booking_id == booking.id)
    return list(db.session.scalars(query.order_by(ClinicFollowUp.due_on, ClinicFollowUp.id)))


def waiting_number() -> Select[int]:
    """How many reminders staff have not passed on, of visitors who have not said that they will come, and how many offers of the
    waitlist are open; to be asked with others."""
    reminders = (
        select(func.count())
        .select_from(ClinicReminder)
        .join(ClinicBooking, ClinicBooking.id == ClinicReminder.booking_id)
        .where(
            ClinicReminder.handed_at.is_(None),
            ClinicReminder.starts_at == ClinicBooking.starts_at,
            ClinicBooking.state == State.BOOKED,
            ClinicBooking.confirmed_at.is_(None),
            ClinicBooking.starts_at > now(),
        )
    )
    offered = (
        select(func.count())
        .select_from(ClinicWaiting)
        .join(ClinicBooking, ClinicBooking.id == ClinicWaiting.booking_id)
        .where(_open_offer())
    )
    return select(reminders.scalar_subquery() + offered.scalar_subquery())


def _open_offer() -> ColumnElement[bool]:
    return and_(
        ClinicWaiting.state == WaitState.OFFERED,
        ClinicBooking.state == State.HELD,
        ClinicBooking.expires_at > now(),
    )


def offers() -> list[ClinicWaiting]:
    """Offers of the waitlist that can still be taken, what ends first first."""
    seat = joinedload(ClinicWaiting.booking)
    query = (
        select(ClinicWaiting)
        .join(ClinicBooking, ClinicBooking.id == ClinicWaiting.booking_id)
        .where(_open_offer())
        .options(seat.joinedload(ClinicBooking.consultant).joinedload(ClinicConsultant.user))
        .order_by(ClinicBooking.expires_at, ClinicWaiting.id)
    )
    return list(db.session.scalars(query))
