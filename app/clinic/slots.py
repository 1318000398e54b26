"""Cutting a consultant's hours into slots, and who on the waitlist a free one belongs to. Plain Python: slots are derived each
time, never stored ahead."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

from app.clinic.rules import MINUTES_OF_DAY, Channel, ClosureKind, Limits, Topic, offer_until

Span = tuple[int, int]
"""Minutes of a day, from and until."""
KEY_FORM = "%Y%m%dT%H%M"


class HoursLike(Protocol):
    """What of a row of hours makes slots; see :class:`app.clinic.calendar_models.ClinicHours`."""

    consultant_id: int
    weekday: int | None
    on_date: date | None
    starts: int
    ends: int
    slot_minutes: int
    buffer_minutes: int
    channels: list[str]
    capacity: int
    title: str
    topics: list[str]
    place: str
    kode_kelurahan: str | None
    valid_from: date
    valid_until: date | None


class ClosureLike(Protocol):
    """What of a closure takes slots away; see :class:`app.clinic.calendar_models.ClinicClosure`."""

    consultant_id: int | None
    starts_on: date
    ends_on: date
    from_minute: int | None
    until_minute: int | None
    kind: ClosureKind


@dataclass(frozen=True)
class Slot:
    """A stretch of time with a consultant; a class has more than one seat."""

    consultant_id: int
    starts_at: datetime
    ends_at: datetime
    channels: tuple[Channel, ...]
    place: str
    capacity: int
    topics: tuple[Topic, ...]
    title: str
    kode_kelurahan: str | None

    @property
    def key(self) -> str:
        """How forms and addresses name it: ``3.20261123T0200``, in UTC."""
        return key_of(self.consultant_id, self.starts_at)

    def suits(
        self, topic: str | None = None, channel: str | None = None, consultant_id: int | None = None
    ) -> bool:
        """Whether it is for ``topic``, by ``channel``, with that consultant; None: any."""
        return (
            (topic is None or topic in self.topics)
            and (channel is None or channel in self.channels)
            and (consultant_id is None or consultant_id == self.consultant_id)
        )


@dataclass(frozen=True)
class FreeSlot:
    """A slot with ``left`` free seats (at least one), and who sits there."""

    slot: Slot
    left: int
    consultant: str

    @property
    def key(self) -> str:
        """As :attr:`Slot.key`."""
        return self.slot.key

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return self.slot.starts_at


@dataclass(frozen=True)
class Taken:
    """A seat that somebody has: of whom, from when until when, which, and by which booking."""

    consultant_id: int
    starts_at: datetime
    ends_at: datetime
    seat: int
    booking_id: int = 0


@dataclass(frozen=True)
class Wish:
    """What somebody on the waitlist would take."""

    waiting_id: int
    topic: Topic
    consultant_id: int | None = None
    channel: Channel | None = None


def key_of(consultant_id: int, starts_at: datetime) -> str:
    """The key of the slot of one consultant that begins at that moment."""
    return f"{consultant_id}.{starts_at.astimezone(UTC).strftime(KEY_FORM)}"


def read_key(key: str) -> tuple[int, datetime] | None:
    """Consultant and beginning that :func:`key_of` named; None when it is none."""
    consultant, _dot, moment = key.partition(".")
    if not (consultant.isascii() and consultant.isdigit() and len(consultant) <= 9 and len(moment) == 13):
        return None
    try:
        return int(consultant), datetime.strptime(moment, KEY_FORM).replace(tzinfo=UTC)
    except ValueError:
        return None


def moment_of(day: date, minute: int, zone: tzinfo) -> datetime:
    """The instant at which the clock in ``zone`` shows ``minute`` of ``day``, in UTC."""
    local = datetime.combine(day, time(), tzinfo=zone) + timedelta(minutes=minute)
    return local.astimezone(UTC)


def slots_of(
    hours: Iterable[HoursLike],
    closures: Iterable[ClosureLike],
    day: date,
    *,
    holiday: bool,
    topics: Sequence[str],
    zone: tzinfo,
) -> list[Slot]:
    """The slots of one consultant on ``day``, in order. ``hours`` and ``closures`` are the consultant's own and the office's;
    ``topics`` are the consultant's, for hours that name none.

    A dated session goes before weekly hours that it overlaps, and takes place on a holiday too, since somebody planned it for
    that day. Weekly hours rest on a holiday unless an ``open`` closure says otherwise. Other closures win over all.
    """
    now_valid = [row for row in hours if _applies(row, day)]
    that_day = [row for row in closures if row.starts_on <= day <= row.ends_on]
    shut = [_span(row) for row in that_day if row.kind is not ClosureKind.OPEN]
    opened = [_span(row) for row in that_day if row.kind is ClosureKind.OPEN]
    dated = [row for row in now_valid if row.on_date is not None]
    weekly = [row for row in now_valid if row.on_date is None]
    sessions = [(row.starts, row.ends) for row in dated]
    found = [
        _slot(row, span, day, topics, zone) for row in dated for span in _cut(row) if not _hits(span, shut)
    ]
    for row in weekly:
        for span in _cut(row):
            works = not holiday or any(begins <= span[0] and span[1] <= ends for begins, ends in opened)
            if works and not _hits(span, shut) and not _hits(span, sessions):
                found.append(_slot(row, span, day, topics, zone))
    return _without_overlaps(found)


def _applies(row: HoursLike, day: date) -> bool:
    if row.on_date is not None:
        return row.on_date == day
    return (
        row.weekday == day.weekday()
        and row.valid_from <= day
        and (row.valid_until is None or day <= row.valid_until)
    )


def is_shut(closures: Iterable[ClosureLike], day: date, minute: int) -> bool:
    """Whether one of ``closures`` lies over that ``minute`` of ``day``."""
    over = (
        _span(row)
        for row in closures
        if row.kind is not ClosureKind.OPEN and row.starts_on <= day <= row.ends_on
    )
    return any(begins <= minute < ends for begins, ends in over)


def _span(row: ClosureLike) -> Span:
    if row.from_minute is None or row.until_minute is None:
        return (0, MINUTES_OF_DAY)
    return (row.from_minute, row.until_minute)


def _cut(row: HoursLike) -> Iterable[Span]:
    step = row.slot_minutes + row.buffer_minutes
    return (
        (start, start + row.slot_minutes)
        for start in range(row.starts, row.ends - row.slot_minutes + 1, step)
    )


def _hits(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < ends and begins < span[1] for begins, ends in others)


def _slot(row: HoursLike, span: Span, day: date, topics: Sequence[str], zone: tzinfo) -> Slot:
    return Slot(
        consultant_id=row.consultant_id,
        starts_at=moment_of(day, span[0], zone),
        ends_at=moment_of(day, span[1], zone),
        channels=tuple(Channel(one) for one in row.channels),
        place=row.place,
        capacity=row.capacity,
        topics=tuple(Topic(one) for one in row.topics or topics),
        title=row.title,
        kode_kelurahan=row.kode_kelurahan,
    )


def _without_overlaps(slots: list[Slot]) -> list[Slot]:
    """In order of time; of two that overlap, which the settings refuse, the one that begins first."""
    kept: list[Slot] = []
    for slot in sorted(slots, key=lambda one: (one.starts_at, one.ends_at)):
        if not kept or kept[-1].ends_at <= slot.starts_at:
            kept.append(slot)
    return kept


def taken_seats(slot: Slot, taken: Iterable[Taken]) -> set[int] | None:
    """The seats of ``slot`` that are taken; None when its consultant is busy with something else at that time, such as a
    booking from before the hours were changed."""
    seats = set()
    for one in taken:
        if one.consultant_id != slot.consultant_id:
            continue
        if (one.starts_at, one.ends_at) == (slot.starts_at, slot.ends_at):
            seats.add(one.seat)
        elif one.starts_at < slot.ends_at and slot.starts_at < one.ends_at:
            return None
    return seats


def seats_left(slot: Slot, taken: Iterable[Taken]) -> int:
    """How many seats of ``slot`` are free."""
    seats = taken_seats(slot, taken)
    return 0 if seats is None else max(0, slot.capacity - len(seats))


def claims(
    wishes: Iterable[Wish], free: Sequence[FreeSlot], moment: datetime, limits: Limits
) -> list[tuple[Wish, Slot]]:
    """To whom on the waitlist the free seats belong: ``wishes`` in their order take each the earliest that suits them and
    can still be offered. Whoever stands before another and would take the same seat has one already."""
    left = {one.key: one.left for one in free if offer_until(one.starts_at, moment, limits) is not None}
    given: list[tuple[Wish, Slot]] = []
    for wish in wishes:
        suiting = (one.slot for one in free if left.get(one.key, 0) > 0)
        first = next(
            (slot for slot in suiting if slot.suits(wish.topic, wish.channel, wish.consultant_id)), None
        )
        if first is not None:
            left[first.key] -= 1
            given.append((wish, first))
    return given


def unclaimed(free: Sequence[FreeSlot], given: Collection[tuple[Wish, Slot]]) -> list[FreeSlot]:
    """What is left of ``free`` for everybody else."""
    counts: dict[str, int] = {}
    for _wish, slot in given:
        counts[slot.key] = counts.get(slot.key, 0) + 1
    rest = (replace(one, left=one.left - counts.get(one.key, 0)) for one in free)
    return [one for one in rest if one.left > 0]
