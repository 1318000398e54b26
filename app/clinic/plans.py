"""Days of consultants with who comes, and bookings that a change of hours would leave without a slot."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select

from app.accounts.models import User
from app.clinic.calendar_models import ClinicClosure, ClinicConsultant, ClinicHours
from app.clinic.models import ClinicBooking
from app.clinic.rules import State
from app.clinic.slots import Slot, moment_of
from app.clinic.timetable import ONE_DAY, Timetable, day_of, days_between, read_timetable
from app.core.database import now, office_zone
from app.core.extensions import db
from app.core.working_days import holidays_of


@dataclass(frozen=True)
class PlanLine:
    """A slot with its bookings; without a slot, a booking that stands outside of the hours."""

    starts_at: datetime
    ends_at: datetime
    slot: Slot | None
    bookings: tuple[ClinicBooking, ...] = ()

    @property
    def left(self) -> int:
        """How many seats are free."""
        return max(0, self.slot.capacity - len(self.bookings)) if self.slot else 0


@dataclass(frozen=True)
class DayPlan:
    """One consultant's day: its lines in order, why it is a holiday (empty: it is none), and its closures."""

    consultant: ClinicConsultant
    day: date
    lines: tuple[PlanLine, ...] = ()
    holiday: str = ""
    closures: tuple[ClinicClosure, ...] = field(default=())


SHOWN = (State.HELD, State.BOOKED, State.ARRIVED, State.RUNNING, State.DONE, State.MISSED)


def plans(since: date, until: date, consultant_ids: Collection[int] | None = None) -> list[DayPlan]:
    """The days of these consultants (None: all who receive people) from ``since`` to ``until``, by day and name. Holds that
    have expired are not shown."""
    table, moment, zone = read_timetable(since, until, consultant_ids), now(), office_zone()
    query = (
        select(ClinicBooking)
        .where(
            ClinicBooking.consultant_id.in_(table.people),
            ClinicBooking.seat.is_not(None),
            ClinicBooking.state.in_(SHOWN),
            or_(ClinicBooking.state != State.HELD, ClinicBooking.expires_at > moment),
            ClinicBooking.starts_at >= moment_of(since, 0, zone),
            ClinicBooking.starts_at < moment_of(until + ONE_DAY, 0, zone),
        )
        .order_by(ClinicBooking.starts_at, ClinicBooking.seat, ClinicBooking.id)
    )
    theirs: dict[tuple[int | None, date], list[ClinicBooking]] = {}
    for one in db.session.scalars(query):
        theirs.setdefault((one.consultant_id, day_of(one.starts_at)), []).append(one)
    return [
        _plan(table, person, day, theirs.get((person.id, day), []))
        for day in days_between(since, until)
        for person in table.people.values()
    ]


def day_plan(consultant_id: int, day: date) -> DayPlan | None:
    """One day of one consultant; None for whoever receives nobody."""
    return next(iter(plans(day, day, [consultant_id])), None)


def _plan(
    table: Timetable, person: ClinicConsultant, day: date, bookings: Sequence[ClinicBooking]
) -> DayPlan:
    slots = table.slots(person.id, day)
    lines = [
        PlanLine(one.starts_at, one.ends_at, one, tuple(b for b in bookings if _fits(b, [one])))
        for one in slots
    ]
    lines += [PlanLine(b.starts_at, b.ends_at, None, (b,)) for b in bookings if not _fits(b, slots)]
    closures = (
        one
        for one in table.closures
        if one.consultant_id in (None, person.id) and one.starts_on <= day <= one.ends_on
    )
    return DayPlan(
        person,
        day,
        tuple(sorted(lines, key=lambda line: (line.starts_at, line.ends_at))),
        holidays_of(day.year).get(day, ""),
        tuple(closures),
    )


def _fits(booking: ClinicBooking, slots: Iterable[Slot]) -> bool:
    return any((one.starts_at, one.ends_at) == (booking.starts_at, booking.ends_at) for one in slots)


def broken_by(
    consultant_id: int | None = None,
    *,
    with_hours: Sequence[ClinicHours] = (),
    without_hours: Collection[int] = (),
    with_closures: Sequence[ClinicClosure] = (),
    without_closures: Collection[int] = (),
) -> list[ClinicBooking]:
    """Coming bookings that have a slot now and would have none after these changes, in order of time. Rows to come are given as
    such (in no session), rows to go by id. ``consultant_id`` None: of all consultants. Without any change: those that have no
    slot already."""
    moment = now()
    query = (
        select(ClinicBooking)
        .join(ClinicConsultant, ClinicConsultant.id == ClinicBooking.consultant_id)
        .join(User, User.id == ClinicConsultant.user_id)
        .where(
            ClinicBooking.state == State.BOOKED,
            ClinicBooking.seat.is_not(None),
            ClinicBooking.starts_at > moment,
        )
        .order_by(ClinicBooking.starts_at, ClinicBooking.id)
    )
    if consultant_id is not None:
        query = query.where(ClinicBooking.consultant_id == consultant_id)
    coming = list(db.session.scalars(query))
    if not coming:
        return []
    table = read_timetable(day_of(coming[0].starts_at), day_of(coming[-1].starts_at))
    changed = Timetable(
        table.people,
        {id_: _changed(table.hours.get(id_, []), id_, with_hours, without_hours) for id_ in table.people},
        [*(one for one in table.closures if one.id not in without_closures), *with_closures],
        table.zone,
    )
    is_change = bool(with_hours or without_hours or with_closures or without_closures)
    return [
        one for one in coming if not _stands_in(changed, one) and (not is_change or _stands_in(table, one))
    ]


def _changed(
    rows: Sequence[ClinicHours], id_: int, more: Sequence[ClinicHours], less: Collection[int]
) -> list[ClinicHours]:
    return [*(row for row in rows if row.id not in less), *(row for row in more if row.consultant_id == id_)]


def _stands_in(table: Timetable, booking: ClinicBooking) -> bool:
    if booking.consultant_id is None:
        return True
    return stands_in(booking, table.slots(booking.consultant_id, day_of(booking.starts_at)))


def stands_in(booking: ClinicBooking, slots: Iterable[Slot]) -> bool:
    """Whether ``booking`` can take place as it was promised: at its time, by its channel, and on a seat that is there."""
    same = (one for one in slots if _fits(booking, [one]))
    return any(booking.channel in one.channels and (booking.seat or 0) < one.capacity for one in same)
