"""What the views of visits have in common: which visit, which consultant, and who may."""

from typing import Any

from flask import abort, url_for

from app.accounts.models import User
from app.clinic.access import works_on
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking
from app.clinic.settings import consultant_of
from app.clinic.visit.forms import read_id
from app.clinic.visit.reading import consultants, visit_by_id
from app.core.access import Role
from app.core.extensions import db

ONE = "/dinas/klinik/kunjungan/<int(max=2147483647):booking_id>"


def visit_or_404(booking_id: int, person: User) -> ClinicBooking:
    """One visit, for the clinic's operators and its own consultant; for everybody else there is none."""
    booking = visit_by_id(booking_id)
    if booking is None or not works_on(booking, person):
        abort(404)
    return booking


def wanted_consultant(raw: str, person: User) -> ClinicConsultant | None:
    """The consultant whose day is looked at: operators may look at any, consultants at their own. None: nobody consults."""
    own = consultant_of(person.id)
    if not person.has_role(Role.OPERATOR):
        if raw and (own is None or raw != str(own.id)):
            abort(404)
        return own
    wanted = read_id(raw)
    if wanted is not None:
        found: ClinicConsultant = db.session.get(ClinicConsultant, wanted) or abort(404)
        return found
    return own or next(iter(consultants()), None)


def back_to(where: str, booking: ClinicBooking, person: User, **address: Any) -> str:
    """Where a button leads on: the list that it stood in, or the visit's page."""
    if where == "loket":
        return url_for("clinic.visit_counter", **address)
    if where == "hari":
        is_own = booking.consultant is not None and booking.consultant.user_id == person.id
        return url_for("clinic.visit_day", konsultan=None if is_own else booking.consultant_id, **address)
    return url_for("clinic.visit_show", booking_id=booking.id)
