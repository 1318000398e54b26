"""What a day and a visit show: bookings, who waits, earlier visits, and what was agreed."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicFollowUp
from app.clinic.rules import PROMISED, FollowUpOwner, State, Topic
from app.core.access import Role
from app.core.database import office_zone, today
from app.core.extensions import db
from app.questionnaire.models import Report
from app.questionnaire.rules import Status

NOT_A_VISIT = (State.HELD, State.EXPIRED)
EARLIER = 5
DUE_SHOWN = 20
SOON = timedelta(days=7)


def hours_of(day: date) -> tuple[datetime, datetime]:
    """The instants at which the office's ``day`` begins and ends."""
    zone = office_zone()
    following = day + timedelta(days=1)
    return (
        datetime.combine(day, time(), zone).astimezone(UTC),
        datetime.combine(following, time(), zone).astimezone(UTC),
    )


def visit_by_id(id_: int) -> ClinicBooking | None:
    """One booking that somebody made, with its consultant and who comes."""
    query = _together().where(ClinicBooking.id == id_, ClinicBooking.state.not_in(NOT_A_VISIT))
    return db.session.scalars(query).one_or_none()


def _together() -> Select[ClinicBooking]:
    return select(ClinicBooking).options(
        joinedload(ClinicBooking.consultant).joinedload(ClinicConsultant.user),
        joinedload(ClinicBooking.cooperative),
        joinedload(ClinicBooking.enterprise),
    )


def consultants() -> list[ClinicConsultant]:
    """Everybody who consults now, by name."""
    query = (
        select(ClinicConsultant)
        .join(ClinicConsultant.user)
        .where(ClinicConsultant.active, User.deactivated_at.is_(None))
        .options(joinedload(ClinicConsultant.user))
    )
    return list(db.session.scalars(query.order_by(User.name, ClinicConsultant.id)))


def visits_on(day: date, consultant_id: int | None = None) -> list[ClinicBooking]:
    """The visits of one day by their time; of everybody unless ``consultant_id`` says whose."""
    start, end = hours_of(day)
    query = _together().where(
        ClinicBooking.starts_at >= start,
        ClinicBooking.starts_at < end,
        ClinicBooking.state.not_in((*NOT_A_VISIT, State.CANCELLED)),
    )
    if consultant_id is not None:
        query = query.where(ClinicBooking.consultant_id == consultant_id)
    return list(db.session.scalars(query.order_by(ClinicBooking.starts_at, ClinicBooking.id)))


def unfinished(consultant: ClinicConsultant, person: User) -> list[ClinicBooking]:
    """Visits of earlier days of which nobody has noted what became of them, the latest first. Operators also see those whom nobody
    called, and those of a consultant who left."""
    start, _end = hours_of(today())
    theirs = [ClinicBooking.consultant_id == consultant.id]
    if person.has_role(Role.OPERATOR):
        at_work = [one.id for one in consultants()]
        theirs += [ClinicBooking.consultant_id.is_(None), ClinicBooking.consultant_id.not_in(at_work)]
    query = _together().where(
        or_(*theirs), ClinicBooking.state.in_(PROMISED), ClinicBooking.starts_at < start
    )
    return list(
        db.session.scalars(
            query.order_by(ClinicBooking.starts_at.desc(), ClinicBooking.id.desc()).limit(DUE_SHOWN)
        )
    )


def earlier_visits(booking: ClinicBooking) -> list[ClinicBooking]:
    """Visits that took place before this one: of the same cooperative or UKM, the same account or the same number."""
    same = _same_visitor(booking)
    if not same:
        return []
    query = (
        _together()
        .where(
            or_(*same),
            ClinicBooking.id != booking.id,
            ClinicBooking.state == State.DONE,
            ClinicBooking.starts_at < booking.starts_at,
        )
        .order_by(ClinicBooking.starts_at.desc(), ClinicBooking.id.desc())
    )
    return list(db.session.scalars(query.limit(EARLIER)))


def _same_visitor(booking: ClinicBooking) -> list[ColumnElement[bool]]:
    known = (
        (ClinicBooking.cooperative_id, booking.cooperative_id),
        (ClinicBooking.enterprise_id, booking.enterprise_id),
        (ClinicBooking.user_id, booking.user_id),
        (ClinicBooking.phone, booking.phone),
    )
    return [column == value for column, value in known if value]


def follow_ups_of(booking_ids: Collection[int]) -> dict[int, list[ClinicFollowUp]]:
    """What was agreed in each of these visits, what is due first first; one query."""
    found: dict[int, list[ClinicFollowUp]] = {id_: [] for id_ in booking_ids}
    query = select(ClinicFollowUp).where(ClinicFollowUp.booking_id.in_(booking_ids))
    for one in db.session.scalars(query.order_by(ClinicFollowUp.due_on, ClinicFollowUp.id)):
        found[one.booking_id].append(one)
    return found


def events_of(booking: ClinicBooking) -> list[ClinicEvent]:
    """What happened to a booking, newest first."""
    query = select(ClinicEvent).where(ClinicEvent.booking_id == booking.id)
    return list(db.session.scalars(query.order_by(ClinicEvent.id.desc()).limit(100)))


def follow_up_of(booking: ClinicBooking, id_: int) -> ClinicFollowUp | None:
    """One of the things agreed in ``booking``."""
    found = db.session.get(ClinicFollowUp, id_)
    return found if found and found.booking_id == booking.id else None


def due_follow_ups(consultant: ClinicConsultant, person: User) -> list[ClinicFollowUp]:
    """What the office promised in this consultant's visits, or handed on to them, and is due within a week, the most overdue
    first. Operators also see there what was handed on to themselves, and what a consultant who left has left to nobody."""
    theirs = [ClinicBooking.consultant_id == consultant.id, ClinicFollowUp.user_id == consultant.user_id]
    if person.has_role(Role.OPERATOR):
        at_work = [one.id for one in consultants()]
        left_behind = ClinicFollowUp.user_id.is_(None) & ClinicBooking.consultant_id.not_in(at_work)
        theirs += [ClinicFollowUp.user_id == person.id, left_behind]
    query = (
        select(ClinicFollowUp)
        .join(ClinicFollowUp.booking)
        .where(
            or_(*theirs),
            ClinicFollowUp.owner == FollowUpOwner.OFFICE,
            ClinicFollowUp.done_at.is_(None),
            ClinicFollowUp.due_on <= today() + SOON,
        )
        .options(joinedload(ClinicFollowUp.booking).joinedload(ClinicBooking.cooperative))
        .options(joinedload(ClinicFollowUp.booking).joinedload(ClinicBooking.enterprise))
        .order_by(ClinicFollowUp.due_on, ClinicFollowUp.id)
    )
    return list(db.session.scalars(query.limit(DUE_SHOWN)))


def returned_reports(cooperative_id: int) -> list[Report]:
    """The reports of a cooperative that wait for corrections, the latest year first."""
    query = (
        select(Report)
        .where(Report.cooperative_id == cooperative_id, Report.status == Status.RETURNED)
        .options(joinedload(Report.edition))
        .order_by(Report.year.desc())
    )
    return list(db.session.scalars(query))


def over_in(
    year: int, region: str
) -> Select[int, Topic, datetime, str | None, State, datetime | None, datetime | None]:
    """What the figures count of a calendar year: visits that took place, and times to which nobody came."""
    start, _end = hours_of(date(year, 1, 1))
    end, _after = hours_of(date(year + 1, 1, 1))
    columns = (
        ClinicBooking.id,
        ClinicBooking.topic,
        ClinicBooking.starts_at,
        ClinicBooking.kode_kecamatan,
        ClinicBooking.state,
        ClinicBooking.arrived_at,
        ClinicBooking.started_at,
    )
    return select(*columns).where(
        ClinicBooking.region == region,
        ClinicBooking.state.in_((State.DONE, State.MISSED)),
        and_(ClinicBooking.starts_at >= start, ClinicBooking.starts_at < end),
    )


def kept_follow_ups(booking_ids: Select[int]) -> dict[int, tuple[int, int]]:
    """Booking → how much was agreed, and how much of it is done; one query."""
    query = (
        select(
            ClinicFollowUp.booking_id,
            func.count(),
            func.count().filter(ClinicFollowUp.done_at.is_not(None)),
        )
        .where(ClinicFollowUp.booking_id.in_(booking_ids))
        .group_by(ClinicFollowUp.booking_id)
    )
    return {id_: (promised, kept) for id_, promised, kept in db.session.execute(query)}
