"""The calendar as it stands: slots that hours, closures, holidays and bookings leave. A few queries, whatever the number of days."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, or_, select

from app.accounts.models import User
from app.clinic.models import ClinicBooking, ClinicClosure, ClinicConsultant, ClinicHours, ClinicWaiting
from app.clinic.rules import PROMISED, State, WaitState
from app.clinic.settings import consultants, limits
from app.clinic.slots import (
    FreeSlot,
    Slot,
    Taken,
    Wish,
    claims,
    moment_of,
    read_key,
    seats_left,
    slots_of,
    unclaimed,
)
from app.core.database import now, office_zone
from app.core.extensions import db
from app.core.working_days import closed_days, holidays_of

ONE_DAY = timedelta(days=1)


def is_holiday(day: date) -> bool:
    """Whether weekly hours rest on ``day``: a public holiday, *cuti bersama*, or a day on which this office is closed."""
    return day in holidays_of(day.year) or day in closed_days()


def day_of(moment: datetime) -> date:
    """The office's calendar day of ``moment``."""
    return moment.astimezone(office_zone()).date()


def days_between(since: date, until: date) -> list[date]:
    """Each day from ``since`` to ``until``, both included."""
    return [since + ONE_DAY * step for step in range((until - since).days + 1)]


@dataclass(frozen=True)
class Timetable:
    """What makes the slots of some consultants in a stretch of days, read once."""

    people: dict[int, ClinicConsultant]
    hours: dict[int, list[ClinicHours]]
    closures: list[ClinicClosure]
    zone: tzinfo

    def slots(self, consultant_id: int, day: date) -> list[Slot]:
        """The slots of one consultant on ``day``, taken or not."""
        person = self.people.get(consultant_id)
        if person is None:
            return []
        own = [one for one in self.closures if one.consultant_id in (None, consultant_id)]
        return slots_of(
            self.hours.get(consultant_id, ()),
            own,
            day,
            holiday=is_holiday(day),
            topics=person.topics,
            zone=self.zone,
        )


def read_timetable(since: date, until: date, consultant_ids: Collection[int] | None = None) -> Timetable:
    """The timetable of those who receive people (of ``consultant_ids``: all of them), from ``since`` to ``until``."""
    people = {one.id: one for one in consultants() if consultant_ids is None or one.id in consultant_ids}
    hours: dict[int, list[ClinicHours]] = {}
    rows = select(ClinicHours).where(
        ClinicHours.consultant_id.in_(people),
        or_(ClinicHours.on_date.is_(None), ClinicHours.on_date.between(since, until)),
    )
    for row in db.session.scalars(rows.order_by(ClinicHours.id)):
        hours.setdefault(row.consultant_id, []).append(row)
    closures = select(ClinicClosure).where(ClinicClosure.starts_on <= until, ClinicClosure.ends_on >= since)
    return Timetable(people, hours, list(db.session.scalars(closures)), office_zone())


def live(moment: datetime) -> ColumnElement[bool]:
    """The condition of a booking that takes its seat at ``moment``."""
    held = and_(ClinicBooking.state == State.HELD, ClinicBooking.expires_at > moment)
    return or_(ClinicBooking.state.in_(PROMISED), held)


def taken_between(since: datetime, until: datetime, moment: datetime, ids: Collection[int]) -> list[Taken]:
    """The seats of these consultants that are taken in a stretch of time."""
    query = select(
        ClinicBooking.consultant_id,
        ClinicBooking.starts_at,
        ClinicBooking.ends_at,
        ClinicBooking.seat,
        ClinicBooking.id,
    ).where(
        live(moment),
        ClinicBooking.seat.is_not(None),
        ClinicBooking.consultant_id.in_(ids),
        ClinicBooking.starts_at < until,
        ClinicBooking.ends_at > since,
    )
    rows = db.session.execute(query)
    return [Taken(who or 0, starts, ends, seat or 0, id_) for who, starts, ends, seat, id_ in rows]


def open_slots(
    since: datetime,
    until: datetime,
    moment: datetime,
    *,
    consultant_ids: Collection[int] | None = None,
    besides: Collection[int] = (),
) -> list[FreeSlot]:
    """Slots with a free seat that begin at ``since`` or later and before ``until``, whoever waits for them, in order of time.
    Bookings in ``besides`` (ids) count as if they were not."""
    table = read_timetable(day_of(since), day_of(until), consultant_ids)
    taken: dict[int, list[Taken]] = {}
    for one in taken_between(since - ONE_DAY, until + ONE_DAY, moment, table.people):
        if one.booking_id not in besides:
            taken.setdefault(one.consultant_id, []).append(one)
    free = []
    for day in days_between(day_of(since), day_of(until)):
        for id_, person in table.people.items():
            for slot in table.slots(id_, day):
                if since <= slot.starts_at < until and (left := seats_left(slot, taken.get(id_, ()))):
                    free.append(FreeSlot(slot, left, person.name))
    return sorted(free, key=lambda one: (one.starts_at, one.consultant, one.slot.consultant_id))


def horizon(moment: datetime) -> datetime:
    """Until when visitors may book: the end of the last day."""
    return moment_of(day_of(moment) + ONE_DAY * (limits().days_ahead + 1), 0, office_zone())


def wishes() -> list[Wish]:
    """What those who wait, and have no offer, would take; first come, first."""
    query = (
        select(ClinicWaiting)
        .where(ClinicWaiting.state == WaitState.WAITING)
        .order_by(ClinicWaiting.joined_at, ClinicWaiting.id)
    )
    return [Wish(one.id, one.topic, one.consultant_id, one.channel) for one in db.session.scalars(query)]


def free_slots(
    *,
    topic: str | None = None,
    consultant_id: int | None = None,
    channel: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
    besides: Collection[int] = (),
) -> list[FreeSlot]:
    """What anybody may book now, the next first: without seats that belong to those on the waitlist. Within the days that
    visitors may book ahead; ``since`` and ``until`` narrow that."""
    moment = now()
    last = min(until or horizon(moment), horizon(moment))
    first = max(since or moment, moment + timedelta(microseconds=1))
    waiting = wishes()
    if waiting:
        free = open_slots(moment, horizon(moment), moment, besides=besides)
        free = unclaimed(free, claims(waiting, free, moment, limits()))
    else:
        free = open_slots(first, last, moment, besides=besides) if first < last else []
    suiting = (
        one for one in free if first <= one.starts_at < last and one.slot.suits(topic, channel, consultant_id)
    )
    return list(suiting)[:limit]


def first_free(topic: str | None = None) -> FreeSlot | None:
    """The next free slot for ``topic``."""
    return next(iter(free_slots(topic=topic, limit=1)), None)


def slot_at(key: str) -> Slot | None:
    """The slot with this key, taken or not; None when the calendar has none such."""
    named = read_key(key)
    if named is None:
        return None
    consultant_id, starts_at = named
    day = day_of(starts_at)
    table = read_timetable(day, day, [consultant_id])
    return next((one for one in table.slots(consultant_id, day) if one.starts_at == starts_at), None)


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
    return _fits(booking, table.slots(booking.consultant_id, day_of(booking.starts_at)))
