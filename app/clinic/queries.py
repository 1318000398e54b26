"""What staff still have to pass on: reminders by WhatsApp, and offers of the waitlist."""

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicReminder, ClinicWaiting
from app.clinic.rules import State, WaitState
from app.core.database import now
from app.core.extensions import db


def waiting_number() -> Select[int]:
    """Of how many visits staff have not passed a reminder on, of visitors who have not said that they will come, and how many offers of the
    waitlist are open; to be asked with others."""
    reminders = (
        select(func.count(ClinicReminder.booking_id.distinct()))
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
