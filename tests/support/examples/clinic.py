"""Bookings, visits, hours and places on the waitlist."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from werkzeug.routing import Rule

from app.accounts.models import User
from app.clinic.access import token_of
from app.clinic.calendar_models import ClinicConsultant, ClinicHours
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import State
from app.clinic.slots import key_of
from app.core.access import Role
from app.core.database import now
from app.demo.accounts import SIGN_INS
from tests.support.examples.common import Values, first

CONSULTANT = next(one for one in SIGN_INS if one.role is Role.CONSULTANT)
FILES = ("clinic.calendar_file", "clinic.visit_feed_file")


def examples(rule: Rule, _link: str) -> Iterable[Values] | None:
    """The parameters of ``rule``; None for one that needs no choice of its own."""
    if rule.endpoint == "clinic.desk_class":
        return [{"slot": key_of(held.consultant_id or 0, held.starts_at)} for held in _classes()]
    if not rule.endpoint.startswith("clinic.") or not rule.arguments:
        return None
    if rule.endpoint in FILES:
        return []  # what is handed out is no page
    if rule.endpoint == "clinic.waiting":
        return [{"token": token_of(first(select(ClinicWaiting).order_by(ClinicWaiting.id)))}]
    if "hours_id" in rule.arguments:
        hours = first(select(ClinicHours).order_by(ClinicHours.id))
        return [{"consultant_id": hours.consultant_id, "hours_id": hours.id}]
    if "consultant_id" in rule.arguments:
        return [{"consultant_id": first(select(ClinicConsultant.id).order_by(ClinicConsultant.id))}]
    key = "token" if "token" in rule.arguments else "booking_id"
    return [{key: token_of(one) if key == "token" else one.id} for one in _bookings(rule.endpoint)]


def _classes() -> Iterator[ClinicBooking]:
    """A seat in a class, which a colleague of the consultant who signs in gives."""
    seats = select(ClinicBooking).where(ClinicBooking.title != "")
    yield first(seats.order_by(ClinicBooking.starts_at.desc(), ClinicBooking.id))


def _bookings(endpoint: str) -> Iterator[ClinicBooking]:
    """Of the consultant who signs in: one to come, one that took place, one to which nobody came; as far as a page has them."""
    own = (
        select(ClinicBooking)
        .join(ClinicBooking.consultant)
        .join(ClinicConsultant.user)
        .where(User.email == CONSULTANT.email)
    )
    done = own.where(ClinicBooking.state == State.DONE, ClinicBooking.advice != "")
    come = own.where(ClinicBooking.state == State.BOOKED, ClinicBooking.starts_at > now())
    latest = ClinicBooking.starts_at.desc(), ClinicBooking.id
    if endpoint not in ("clinic.visit_advice", "clinic.own_advice", "clinic.rating"):
        yield first(come.order_by(*latest))
    if endpoint in ("clinic.desk_move", "clinic.move", "clinic.paper"):
        return
    yield first(done.order_by(ClinicBooking.is_rated, *latest))
    if endpoint == "clinic.visit_show":
        yield first(done.where(ClinicBooking.cooperative_id.is_not(None)).order_by(*latest))
        yield first(own.where(ClinicBooking.state == State.MISSED).order_by(*latest))
