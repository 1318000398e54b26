"""What the office's screens of the clinic share: who looks, what may be seen, and how a form is answered."""

from datetime import date, datetime

from flask import abort, request

from app.clinic.blueprint import staff
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.desk import queries
from app.clinic.desk.screens import line
from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, Topic
from app.clinic.settings import consultant_of
from app.clinic.slots import moment_of
from app.core.access import Role
from app.core.database import office_zone
from app.core.parsing import Unreadable, parse_date

ONE_BOOKING = "/dinas/klinik/janji/<int(max=2147483647):booking_id>"
ONE_CONSULTANT = "/dinas/klinik/konsultan/<int(max=2147483647):consultant_id>"
AGREED = "tetap"
"""The input in which a form names the bookings that its sender knows it breaks."""
NOBODY = 0
"""An id that no consultant has: who holds the role and consults nobody sees an empty calendar."""


def is_operator() -> bool:
    """Whether the reader may do everything with the clinic, and not only look after an own calendar."""
    return staff().has_role(Role.OPERATOR)


def own_consultant() -> int | None:
    """The only consultant whose calendar the reader sees; None for operators, who see all."""
    if is_operator():
        return None
    own = consultant_of(staff().id)
    return own.id if own else NOBODY


def booking_or_404(booking_id: int) -> ClinicBooking:
    """The booking, for those whose calendar it stands in."""
    return queries.booking_by_id(booking_id, own=own_consultant()) or abort(404)


def consultant_or_404(consultant_id: int) -> ClinicConsultant:
    """One consultant."""
    return queries.consultant_by_id(consultant_id) or abort(404)


def read_id(raw: str) -> int | None:
    """An id from outside, within what PostgreSQL's integers hold."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 and int(raw) else None


def read_topic(raw: str) -> str:
    """A topic's code; empty for none."""
    return raw if raw in {one.value for one in Topic} else ""


def read_channel(raw: str) -> str:
    """A channel's code; empty for none."""
    return raw if raw in {one.value for one in Channel} else ""


def asked_day(name: str = "mulai") -> date | None:
    """The day that the address asks for; None where it asks for none that can be read."""
    try:
        return parse_date(request.args.get(name, "")[:40])
    except Unreadable:
        return None


def beginning_of(day: date) -> datetime:
    """Midnight of ``day`` by the office's clock."""
    return moment_of(day, 0, office_zone())


def agreement(broken: list[ClinicBooking]) -> str:
    """The bookings that a change would break, as the form that shows them names them."""
    return ",".join(str(one.id) for one in broken)


def agreed_to(broken: list[ClinicBooking]) -> bool:
    """Whether the sender of the form has seen each of them."""
    seen = set(request.form.get(AGREED, "")[:4000].split(","))
    return all(str(one.id) in seen for one in broken)


class Breaks(Exception):
    """A change would leave bookings without a slot, and whoever asks for it has not seen all of them."""

    def __init__(self, broken: list[ClinicBooking]) -> None:
        self.lines = [line(one) | {"name": one.name} for one in broken]
        self.agreed = agreement(broken)
        super().__init__(self.agreed)


def check_agreed(broken: list[ClinicBooking]) -> bool:
    """Whether a change breaks bookings at all. Raises :class:`Breaks` when its sender has not seen each of them."""
    if not agreed_to(broken):
        raise Breaks(broken)
    return bool(broken)
