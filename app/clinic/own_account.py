"""What an account has at the clinic: shown on its person's page, and ended when its person asks to be forgotten.

An account that the office closes takes no booking with it: a booking is its visitor's, who is reminded at the address that it
names. Whoever is forgotten has no address any more: what is still to come is given to others.
"""

from collections.abc import Sequence

from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import delete, select

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_erased, person_shown
from app.clinic import booking, retention, waitlist
from app.clinic.access import token_of
from app.clinic.happening import PAGE
from app.clinic.messages import BOOKING
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import OVER, State, WaitState
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.formatting import moment


def to_come(person: User) -> Sequence[ClinicBooking]:
    """The coming bookings that ``person`` made while signed in, the next first."""
    query = select(ClinicBooking).where(
        ClinicBooking.user_id == person.id,
        ClinicBooking.state == State.BOOKED,
        ClinicBooking.starts_at > now(),
    )
    return db.session.scalars(query.order_by(ClinicBooking.starts_at, ClinicBooking.id)).all()


@person_shown.connect
def bookings_of(person: User) -> Section | None:
    """The coming bookings of ``person``, to themselves and to operators with links. Nothing where there is none."""
    lines = tuple(
        SectionLine(one.reference, _url(one, person), moment(one.starts_at)) for one in to_come(person)
    )
    return Section(gettext("Janji klinik yang akan datang"), lines) if lines else None


def _url(one: ClinicBooking, person: User) -> str:
    if person.id == current_user.id:
        return BOOKING + token_of(one)
    return PAGE.format(id=one.id) if current_user.has_role(Role.OPERATOR) else ""


@person_erased.connect
def let_go(person: User, *, by: User) -> None:
    """Cancel what is to come, leave the waitlist, and empty what is over. A visit that goes on is emptied in its time."""
    for one in to_come(person):
        booking.cancel(one, by=by)
    waiting = select(ClinicWaiting).where(
        ClinicWaiting.user_id == person.id,
        ClinicWaiting.state.in_((WaitState.WAITING, WaitState.OFFERED)),
    )
    for place in db.session.scalars(waiting.order_by(ClinicWaiting.id)).all():
        waitlist.leave(place, by=by)
    db.session.execute(delete(ClinicWaiting).where(ClinicWaiting.user_id == person.id))
    over = select(ClinicBooking.id).where(ClinicBooking.user_id == person.id, ClinicBooking.state.in_(OVER))
    retention.erase(db.session.scalars(over).all())
