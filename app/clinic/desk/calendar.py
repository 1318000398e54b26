"""The clinic's week as the office sees it: each day, in it each consultant, in it who comes and what is free."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from babel.dates import format_date
from flask import url_for

from app.clinic.desk.screens import closure_words, place_words, span, topic_word
from app.clinic.models import ClinicBooking
from app.clinic.plans import DayPlan, PlanLine, plans
from app.clinic.rules import CHANNEL_NAMES, STATE_NAMES, Channel, State
from app.clinic.slots import Slot
from app.core.database import now, today
from app.core.formatting import clock, long_date
from app.core.i18n import _, locale, say

ONE_DAY = timedelta(days=1)
FRIDAY = 4
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
ICONS = {
    State.ARRIVED: "person",
    State.RUNNING: "chat-left-text",
    State.DONE: "check-lg",
    State.MISSED: "x-lg",
}


@dataclass(frozen=True)
class Entry:
    """One box of the week. ``kind``: free, gone (nobody came by, and it is over), booked, held, over or stray."""

    kind: str
    clock: str
    url: str = ""
    name: str = ""
    note: str = ""
    icon: str = ""

    @property
    def is_line(self) -> bool:
        """Whether it takes a line of its own; free hours flow."""
        return self.kind not in ("free", "gone")


@dataclass(frozen=True)
class PersonDay:
    """One consultant on one day; ``notes`` say why hours are missing, or where the clinic is."""

    name: str
    notes: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """One column of the week."""

    iso: str
    weekday: str
    number: int
    date: str
    is_today: bool
    people: list[PersonDay]


@dataclass(frozen=True)
class Week:
    """Monday to Friday, and Saturday and Sunday where somebody works. Addresses lead to the weeks beside it."""

    title: str
    summary: str
    start_iso: str
    previous: str
    following: str
    current: str
    is_current: bool
    people: int
    days: list[Day]


def monday_of(day: date) -> date:
    """The first day of its week, within what the calendar can show."""
    day = min(max(day, EARLIEST), LATEST)
    return day - ONE_DAY * day.weekday()


def usual_day(ids: Collection[int] | None) -> date:
    """The day whose week is shown unasked: today, but once the work of a week is done the Monday after it."""
    day = today()
    sunday = day + ONE_DAY * (6 - day.weekday())
    if day.weekday() <= FRIDAY or any(plan.lines for plan in plans(day, sunday, ids)):
        return day
    return sunday + ONE_DAY


def week_of(
    day: date | None, ids: Collection[int] | None, *, may_book: bool, asked: int | None = None
) -> Week:
    """The week of ``day`` (None: the usual one) for the consultants ``ids`` (None: all). ``may_book``: free hours lead to a
    booking; ``asked``: the consultant that the address names."""
    usual = usual_day(ids)
    first = monday_of(day or usual)
    by_day: dict[date, list[DayPlan]] = {}
    for plan in plans(first, first + ONE_DAY * 6, ids):
        by_day.setdefault(plan.day, []).append(plan)
    shown = {
        one: found
        for one, found in by_day.items()
        if one.weekday() <= FRIDAY or any(plan.lines for plan in found)
    }
    return Week(
        title=_title(first, max(shown, default=first + ONE_DAY * FRIDAY)),
        summary=_summary(by_day.get(today(), [])),
        start_iso=first.isoformat(),
        previous=_address(first - ONE_DAY * 7, asked),
        following=_address(first + ONE_DAY * 7, asked),
        current=url_for(".desk_week", konsultan=asked),
        is_current=first == monday_of(usual),
        people=min(4, max((len(found) for found in shown.values()), default=0)),
        days=[_day(one, found, may_book=may_book) for one, found in shown.items()],
    )


def _address(first: date, asked: int | None) -> str:
    return url_for(".desk_week", mulai=first.isoformat(), konsultan=asked)


def _title(first: date, last: date) -> str:
    """``23–27 November 2026``."""
    if first.month == last.month:
        return f"{first.day}–{long_date(last)}"
    return f"{long_date(first)} – {long_date(last)}"


def _summary(plans_of_today: Sequence[DayPlan]) -> str:
    bookings = [
        one
        for plan in plans_of_today
        for line in plan.lines
        for one in line.bookings
        if one.state is not State.HELD
    ]
    if not bookings:
        return _("Hari ini belum ada janji.")
    return _("Hari ini %(count)s janji.", count=len(bookings))


def _day(day: date, found: Sequence[DayPlan], *, may_book: bool) -> Day:
    return Day(
        iso=day.isoformat(),
        weekday=format_date(day, "EEE", locale=locale()),
        number=day.day,
        date=format_date(day, "d MMM", locale=locale()),
        is_today=day == today(),
        people=[_person(plan, may_book=may_book) for plan in found],
    )


def _person(plan: DayPlan, *, may_book: bool) -> PersonDay:
    """The consultant's boxes, and above them what is special about the day."""
    notes = [closure_words(one) for one in plan.closures]
    if plan.holiday and not plan.lines:
        notes = [_("Libur: %(name)s", name=plan.holiday), *notes]
    moment = now()
    return PersonDay(
        plan.consultant.name,
        notes + _places(plan),
        [one for line in plan.lines for one in _entries(line, moment, may_book=may_book)],
    )


def _places(plan: DayPlan) -> list[str]:
    """Where the clinic is, when not at the office."""
    slots = [line.slot for line in plan.lines if line.slot is not None]
    found = dict.fromkeys(
        place_words(one.place, one.kode_kelurahan) for one in slots if Channel.VISIT in one.channels
    )
    return [_("Keliling: %(place)s", place=place) for place in found]


def _entries(line: PlanLine, moment: datetime, *, may_book: bool) -> list[Entry]:
    if line.slot is not None and line.slot.capacity > 1:
        return [_class(line, line.slot, moment, may_book=may_book)]
    if line.bookings:
        return [_booking(one, moment, is_stray=line.slot is None) for one in line.bookings]
    if line.slot is None:
        return []
    if line.starts_at <= moment:
        return [Entry("gone", clock(line.starts_at))]
    url = url_for(".desk_new", slot=line.slot.key) if may_book else ""
    return [Entry("free", clock(line.starts_at), url)]


def _booking(one: ClinicBooking, moment: datetime, *, is_stray: bool) -> Entry:
    if one.state is State.HELD:
        until = clock(one.expires_at) if one.expires_at else ""
        return Entry("held", clock(one.starts_at), name=_("ditahan sampai %(time)s", time=until))
    parts = [topic_word(one.topic)]
    if one.channel in (Channel.PHONE, Channel.VIDEO):
        parts.append(say(CHANNEL_NAMES[one.channel]))
    if one.state is not State.BOOKED:
        parts.insert(0, say(STATE_NAMES[one.state]))
    elif one.ends_at <= moment:
        parts.insert(0, _("belum dicatat datang atau tidak"))
    elif is_stray:
        parts.insert(0, _("di luar jam"))
    is_over = one.state in (State.DONE, State.MISSED)
    kind = "over" if is_over else "stray" if is_stray and one.starts_at > moment else "booked"
    return Entry(
        kind,
        clock(one.starts_at),
        url_for(".desk_booking", booking_id=one.id),
        one.name,
        " · ".join(parts),
        ICONS.get(one.state, ""),
    )


def _class(line: PlanLine, slot: Slot, moment: datetime, *, may_book: bool) -> Entry:
    """A class is one box with how many come; it leads to whoever is on its list, or to the next booking."""
    count = sum(one.state is not State.HELD for one in line.bookings)
    over = line.starts_at <= moment
    note = _("kelas, %(count)s dari %(most)s kursi terisi", count=count, most=slot.capacity)
    url = url_for(".desk_class", slot=slot.key) if may_book or count else ""
    return Entry(
        "over" if over else "booked", span(line.starts_at, line.ends_at), url, slot.title, note, "people"
    )
