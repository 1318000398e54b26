"""The calendar as it stands: slots that hours, closures, holidays and bookings leave. A few queries, whatever the number of days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, or_, select

from app.clinic.calendar_models import ClinicClosure, ClinicConsultant, ClinicHours
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import PROMISED, State, WaitState
from app.clinic.settings import consultants, limits
from app.clinic.slots import (
    FreeSlot,
    Slot,
    Taken,
    Wish,
    claims,
    is_shut,
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

    def is_away(self, consultant_id: int, moment: datetime) -> bool:
        """Whether a consultant sees nobody at ``moment``: no hours that day, or leave or a closure just then."""
        local = moment.astimezone(self.zone)
        own = [one for one in self.closures if one.consultant_id in (None, consultant_id)]
        is_off = is_shut(own, local.date(), local.hour * 60 + local.minute)
        return is_off or not self.slots(consultant_id, local.date())


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
    """What those who wait, and have no offer, would take; first come, first. Whoever waits for a consultant who no longer receives
    people about it would wait in vain, and so waits for anybody."""
    query = (
        select(ClinicWaiting)
        .where(ClinicWaiting.state == WaitState.WAITING)
        .order_by(ClinicWaiting.joined_at, ClinicWaiting.id)
    )
    rows = list(db.session.scalars(query))
    named = any(one.consultant_id is not None for one in rows)
    handled = {one.id: one.topics for one in consultants()} if named else {}

    def wanted(row: ClinicWaiting) -> int | None:
        return row.consultant_id if row.topic in handled.get(row.consultant_id or 0, ()) else None

    return [Wish(one.id, one.topic, wanted(one), one.channel) for one in rows]


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
