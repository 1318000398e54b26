"""What a consultant who leaves hands on: coming bookings, which somebody must move, and follow-ups of the office."""

from flask_babel import gettext
from sqlalchemy import select, update

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_deactivated, roles_taken, work_asked
from app.clinic import waitlist
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.happening import PAGE
from app.clinic.models import ClinicBooking, ClinicFollowUp
from app.clinic.rules import State
from app.clinic.settings import consultant_of, line_up
from app.core.access import STAFF, Role
from app.core.database import now
from app.core.extensions import db
from app.core.formatting import long_date, moment


@person_deactivated.connect
def hand_over(person: User, successor: User | None = None) -> None:
    """Nobody can book somebody who left. Bookings that stand have no hours any more, and so are shown as such that must be moved;
    whoever was offered a time with them waits again at their own place; follow-ups go to ``successor``, or are anybody's."""
    _close_calendar(person)
    goes_to = successor if successor is not None and successor.roles & STAFF else None
    db.session.execute(
        update(ClinicFollowUp)
        .where(ClinicFollowUp.user_id == person.id, ClinicFollowUp.done_at.is_(None))
        .values(user_id=goes_to.id if goes_to else None)
        .execution_options(synchronize_session="fetch")
    )


@roles_taken.connect
def put_back(person: User, roles: frozenset[Role]) -> None:
    """Nobody can book somebody who is no consultant any more; what they promised to do stays theirs while they are staff."""
    if not person.roles & STAFF:
        hand_over(person)
    elif Role.CONSULTANT in roles:
        _close_calendar(person)


def _close_calendar(person: User) -> None:
    own = consultant_of(person.id)
    if own is None:
        return
    line_up()
    own.active, own.feed_digest = False, None
    db.session.flush()
    waitlist.take_back()


@work_asked.connect
def bookings_left(person: User) -> Section | None:
    """The coming bookings with ``person``."""
    query = (
        select(ClinicBooking)
        .join(ClinicConsultant, ClinicConsultant.id == ClinicBooking.consultant_id)
        .where(
            ClinicConsultant.user_id == person.id,
            ClinicBooking.state == State.BOOKED,
            ClinicBooking.starts_at > now(),
        )
        .order_by(ClinicBooking.starts_at, ClinicBooking.id)
    )
    lines = tuple(
        SectionLine(f"{one.reference} {one.name}", PAGE.format(id=one.id), moment(one.starts_at))
        for one in db.session.scalars(query)
    )
    return Section(gettext("Janji klinik yang harus dipindah"), lines) if lines else None


@work_asked.connect
def follow_ups_left(person: User) -> Section | None:
    """What ``person`` promised to do for visitors of the clinic."""
    query = (
        select(ClinicFollowUp)
        .where(ClinicFollowUp.user_id == person.id, ClinicFollowUp.done_at.is_(None))
        .order_by(ClinicFollowUp.due_on, ClinicFollowUp.id)
    )
    lines = tuple(
        SectionLine(
            one.text, PAGE.format(id=one.booking_id), gettext("batas %(day)s", day=long_date(one.due_on))
        )
        for one in db.session.scalars(query)
    )
    return Section(gettext("Tindak lanjut klinik"), lines) if lines else None
