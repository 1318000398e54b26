"""What visitors' pages read."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicFollowUp
from app.clinic.rules import State
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
