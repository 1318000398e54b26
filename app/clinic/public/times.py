"""Free times as a page offers them: the soonest first, then day by day as a week or as a list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from babel.dates import format_date

from app.clinic import timetable
from app.clinic.models import ClinicBooking
from app.clinic.rules import CHANNEL_NAMES, Channel, Topic
from app.clinic.said import said_day, ways_of
from app.clinic.slots import FreeSlot, Slot
from app.clinic.timetable import day_of
from app.core.database import now, today
from app.core.formatting import clock
from app.core.i18n import _, locale, say

Choice = tuple[str, str]
SOONEST = 3
WEEK = 5  # days side by side


@dataclass(frozen=True)
class TimeButton:
    """A time that can be taken: its key, when, with whom and how."""

    key: str
    when: str
    note: str


@dataclass(frozen=True)
class Cell:
    """A time in the week; without a key it is taken."""

    clock: str
    key: str = ""
    label: str = ""


@dataclass(frozen=True)
class DayHead:
    """A column of the week."""

    short: str
    date: str


@dataclass(frozen=True)
class Wanted:
    """What a visitor looks for: None is any. ``since``: the first day to show; ``as_list``: not as a week."""

    topic: Topic | None = None
    way: Channel | None = None
    consultant_id: int | None = None
    since: date | None = None
    as_list: bool = False


@dataclass(frozen=True)
class Times:
    """What can be chosen. ``lines`` are the rows of the week, ``groups`` the days of the list."""

    action: str
    first: list[TimeButton]
    heading: str
    days: list[DayHead] = field(default_factory=list)
    lines: list[list[Cell | None]] = field(default_factory=list)
    groups: list[tuple[str, list[TimeButton]]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    as_list: bool = False
    earlier_url: str = ""
    later_url: str = ""
    ways: list[Choice] = field(default_factory=list)
    way: str = ""
    consultants: list[Choice] = field(default_factory=list)
    consultant: str = ""
    is_empty: bool = False
    is_planned: bool = True  # the calendar has such times, free or not

    @property
    def is_narrowed(self) -> bool:
        """Whether a way to meet or a consultant was chosen."""
        return bool(self.way or self.consultant)


def offer(
    wanted: Wanted,
    *,
    action: str,
    address: Callable[..., str],
    instead_of: ClinicBooking | None = None,
) -> Times:
    """What is free for ``wanted``. ``address(**changes)`` is the address of the same page with other arguments; ``instead_of`` is
    the appointment that is moved: its own seat is in nobody's way, and no choice."""
    own = (instead_of.consultant_id, instead_of.starts_at) if instead_of else None
    besides = [instead_of.id] if instead_of else []
    suiting = [
        one
        for one in timetable.free_slots(topic=wanted.topic, besides=besides)
        if (one.slot.consultant_id, one.starts_at) != own
    ]
    free = [one for one in suiting if one.slot.suits(None, wanted.way, wanted.consultant_id)]
    every = _every_slot(wanted)
    busy = sorted({day_of(slot.starts_at) for slot in every})
    place = next((at for at, day in enumerate(busy) if day >= (wanted.since or today())), len(busy))
    days = busy[place : place + WEEK] or [today() + timedelta(days=step) for step in range(WEEK)]
    shown = [one for one in free if day_of(one.starts_at) in days]
    heads, lines = ([], []) if wanted.as_list else week_of(days, shown, every)
    earlier, later = busy[max(0, place - WEEK) : place], busy[place + WEEK :]
    return Times(
        action=action,
        first=[button_of(one) for one in free[:SOONEST]] if not wanted.since else [],
        heading=heading_of(days),
        days=heads,
        lines=lines,
        groups=listed(shown) if wanted.as_list else [],
        views=_views(wanted, address),
        as_list=wanted.as_list,
        earlier_url=address(mulai=earlier[0].isoformat() if place > WEEK else None) if earlier else "",
        later_url=address(mulai=later[0].isoformat()) if later else "",
        ways=way_choices(suiting),
        way=wanted.way.value if wanted.way else "",
        consultants=consultant_choices(suiting),
        consultant=str(wanted.consultant_id or ""),
        is_empty=not free,
        is_planned=bool(every),
    )


def _every_slot(wanted: Wanted) -> list[Slot]:
    """What the calendar has for ``wanted`` from now on, taken or not."""
    moment = now()
    first, last = today(), day_of(timetable.horizon(moment)) - timedelta(days=1)
    table = timetable.read_timetable(first, last)
    found = (
        slot
        for day in timetable.days_between(first, last)
        for id_ in table.people
        for slot in table.slots(id_, day)
    )
    return [
        slot for slot in found
        if slot.starts_at > moment and slot.suits(wanted.topic, wanted.way, wanted.consultant_id)
    ]  # fmt: skip


def _views(wanted: Wanted, address: Callable[..., str]) -> list[dict[str, Any]]:
    return [
        {"label": _("Minggu"), "url": address(tampil=None), "current": not wanted.as_list},
        {"label": _("Daftar"), "url": address(tampil="daftar"), "current": wanted.as_list},
    ]


def button_of(free: FreeSlot, *, with_day: bool = True) -> TimeButton:
    """A free time as a button."""
    slot = free.slot
    at = clock(slot.starts_at)
    when = f"{said_day(day_of(slot.starts_at))}, {at}" if with_day else at
    parts = [slot.title, free.consultant, ways_of(slot)]
    if slot.kode_kelurahan and slot.place:
        parts.append(slot.place)
    if slot.capacity > 1:
        parts.append(_("sisa %(left)s kursi", left=free.left))
    return TimeButton(slot.key, when, " · ".join(part for part in parts if part))


def listed(free: Iterable[FreeSlot]) -> list[tuple[str, list[TimeButton]]]:
    """Free times under their days."""
    by_day = groupby(free, key=lambda one: day_of(one.starts_at))
    return [(said_day(day), [button_of(one, with_day=False) for one in found]) for day, found in by_day]


def week_of(
    days: Sequence[date], free: Sequence[FreeSlot], every: Sequence[Slot]
) -> tuple[list[DayHead], list[list[Cell | None]]]:
    """The columns of ``days`` and a row for each time at which something begins. Of several consultants at one time the first
    free one is meant; a time is struck out when ``every`` has it and nobody is free."""
    first_free: dict[tuple[date, str], FreeSlot] = {}
    for one in free:
        first_free.setdefault((day_of(one.starts_at), clock(one.starts_at)), one)
    known = {(day_of(slot.starts_at), clock(slot.starts_at)) for slot in every} | first_free.keys()
    begins = sorted({at for day, at in known if day in days})
    rows = [[_cell(day, at, first_free, known) for day in days] for at in begins]
    heads = [
        DayHead(
            format_date(day, "EEE", locale=locale()),
            format_date(day, "d MMM", locale=locale()),
        )
        for day in days
    ]
    return heads, rows


def _cell(
    day: date, at: str, free: dict[tuple[date, str], FreeSlot], known: set[tuple[date, str]]
) -> Cell | None:
    found = free.get((day, at))
    if found is not None:
        return Cell(at, found.key, f"{said_day(day)}, {at}, {found.consultant}")
    return Cell(at) if (day, at) in known else None


def heading_of(days: Sequence[date]) -> str:
    """``10 Maret sampai 16 Maret``."""
    ends = [format_date(day, "d MMMM", locale=locale()) for day in (days[0], days[-1])]
    return ends[0] if ends[0] == ends[1] else _("%(first)s sampai %(last)s", first=ends[0], last=ends[1])


def way_choices(found: Iterable[FreeSlot]) -> list[Choice]:
    """The ways to meet that free times offer, with "any" before them."""
    known = {way for one in found for way in one.slot.channels}
    return [("", _("Semua cara")), *((way.value, say(CHANNEL_NAMES[way])) for way in Channel if way in known)]


def consultant_choices(found: Iterable[FreeSlot]) -> list[Choice]:
    """The consultants of free times by name, with "any" before them."""
    names = {one.slot.consultant_id: one.consultant for one in found}
    by_name = sorted(names.items(), key=lambda pair: (pair[1], pair[0]))
    return [("", _("Semua konsultan")), *((str(id_), name) for id_, name in by_name)]
