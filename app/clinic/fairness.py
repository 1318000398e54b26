"""Limits against hoarding. What somebody may book is limited by person, cooperative or UKM, never by address, which a village
shares. What is held by people who have not yet said who they are is shared out by network: nobody is refused, the oldest holds
are let go (see ADR 0023)."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.clinic.models import ClinicBooking
from app.clinic.rules import LEAST_HELD, PROMISED, State, most_held
from app.clinic.settings import limits
from app.clinic.timetable import horizon, open_slots
from app.clinic.visitor import Visitor
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_space
from app.core.text import N_

TOO_MANY = N_("Sudah ada %(count)s janji yang belum selesai. Batalkan salah satu dulu, atau hubungi kantor.")
SAME_TIME = N_(
    "Nomor telepon ini sudah punya janji pada jam itu. Pilih jam lain, atau batalkan yang itu dulu."
)
"""Which one is not said: anybody may type anybody's number, and number and telephone together open an appointment."""


def _same_person(
    phone: str | None, cooperative_id: int | None, enterprise_id: int | None
) -> ColumnElement[bool]:
    ways = [ClinicBooking.phone == phone] if phone else []
    if cooperative_id is not None:
        ways.append(ClinicBooking.cooperative_id == cooperative_id)
    if enterprise_id is not None:
        ways.append(ClinicBooking.enterprise_id == enterprise_id)
    return or_(*ways)


def open_bookings(
    phone: str | None = None, cooperative_id: int | None = None, enterprise_id: int | None = None
) -> int:
    """How many bookings of a person, cooperative or UKM are still to come or going on."""
    if not (phone or cooperative_id or enterprise_id):
        return 0
    query = select(func.count(ClinicBooking.id)).where(
        ClinicBooking.state.in_(PROMISED),
        ClinicBooking.ends_at > now(),
        ClinicBooking.seat.is_not(None),
        _same_person(phone, cooperative_id, enterprise_id),
    )
    return db.session.scalar(query) or 0


def refuse_hoarding(visitor: Visitor) -> None:
    """Raise RuleBroken for a person, cooperative or UKM that has as many open bookings as anybody may have."""
    most = limits().max_open_per_person
    count = open_bookings(visitor.phone, visitor.cooperative_id, visitor.enterprise_id)
    if count >= most:
        raise RuleBroken(TOO_MANY, field="telepon", count=count)


def refuse_second(booking: ClinicBooking, visitor: Visitor, *, by_office: bool) -> None:
    """Nobody sits with two consultants at once; raises RuleBroken. The office may seat people who share a telephone in one class,
    each under their own name."""
    name = fold_space(visitor.name).casefold()
    for other in at_the_same_time(booking, booking.starts_at, booking.ends_at, visitor.phone):
        is_somebody_else = other.slot_key == booking.slot_key and other.name.casefold() != name
        if not (by_office and is_somebody_else):
            raise RuleBroken(SAME_TIME, field="slot")


def at_the_same_time(
    booking: ClinicBooking, starts_at: datetime, ends_at: datetime, phone: str | None
) -> list[ClinicBooking]:
    """Other bookings of the same person that take place meanwhile."""
    if not phone:
        return []
    query = select(ClinicBooking).where(
        ClinicBooking.phone == phone,
        ClinicBooking.id != booking.id,
        ClinicBooking.state.in_(PROMISED),
        ClinicBooking.seat.is_not(None),
        ClinicBooking.starts_at < ends_at,
        ClinicBooking.ends_at > starts_at,
    )
    return list(db.session.scalars(query.order_by(ClinicBooking.id)))


def beyond_its_share(network: str, moment: datetime) -> list[ClinicBooking]:
    """The oldest holds of people on ``network``, as many as are beyond its share of the free times; a small query while there
    are few."""
    query = select(ClinicBooking).where(
        ClinicBooking.state == State.HELD,
        ClinicBooking.expires_at > moment,
        ClinicBooking.holder.endswith(network),
    )
    held = list(db.session.scalars(query.order_by(ClinicBooking.id)))
    if len(held) <= LEAST_HELD:
        return []
    free = open_slots(moment, horizon(moment), moment, besides=[one.id for one in held])
    return held[: max(0, len(held) - most_held(len(free)))]
