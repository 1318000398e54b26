"""Free times as the office picks them: by day and consultant, and as choices of a form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request

from app.clinic.desk.common import asked_day, beginning_of, read_channel, read_id, read_topic
from app.clinic.desk.screens import short_day, span
from app.clinic.rules import CHANNEL_NAMES, Channel
from app.clinic.slots import FreeSlot, Slot
from app.clinic.timetable import day_of, free_slots
from app.core.formatting import clock, weekday_date
from app.core.i18n import _, say

MOST_DAYS = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What times are asked for by the address; all as text, as the form shows them. ``since`` is a day."""

    topic: str = ""
    channel: str = ""
    consultant: str = ""
    since: date | None = None

    @classmethod
    def of_address(cls) -> "Asked":
        """As the address says; what makes no sense is left out."""
        args = request.args
        return cls(
            read_topic(args.get("topik", "")),
            read_channel(args.get("saluran", "")),
            str(read_id(args.get("konsultan", "")) or ""),
            asked_day(),
        )

    @property
    def address(self) -> dict[str, str]:
        """What of it stands in an address, but for the day."""
        parts = {"topik": self.topic, "saluran": self.channel, "konsultan": self.consultant}
        return {name: value for name, value in parts.items() if value}


def times(asked: Asked, besides: Sequence[int] = ()) -> list[FreeSlot]:
    """The free slots of the first days that have some, in order."""
    free = free_slots(
        topic=asked.topic or None,
        channel=asked.channel or None,
        consultant_id=read_id(asked.consultant),
        since=beginning_of(asked.since) if asked.since else None,
        besides=besides,
    )
    days = list(dict.fromkeys(day_of(one.starts_at) for one in free))[:MOST_DAYS]
    return [one for one in free if day_of(one.starts_at) in days]


def next_day(free: Sequence[FreeSlot]) -> str:
    """The day after those, in ISO; empty when there are none."""
    return (day_of(free[-1].starts_at) + ONE_DAY).isoformat() if free else ""


def by_day(free: Sequence[FreeSlot], url: Callable[[FreeSlot], str]) -> list[dict[str, Any]]:
    """For the page that picks a time: days, in each the consultants, in each the times."""
    days: dict[date, dict[tuple[str, str], list[dict[str, Any]]]] = {}
    for one in free:
        people = days.setdefault(day_of(one.starts_at), {})
        slots = people.setdefault((one.consultant, slot_note(one.slot)), [])
        left = _("sisa %(count)s", count=one.left) if one.slot.capacity > 1 else ""
        slots.append({"clock": clock(one.starts_at), "left": left, "url": url(one), "current": False})
    return [
        {
            "iso": day.isoformat(),
            "label": weekday_date(day),
            "people": [(name, note, slots) for (name, note), slots in people.items()],
        }
        for day, people in days.items()
    ]


def slot_note(slot: Slot) -> str:
    """What is special about it: a class, where it is, or that it is only by telephone."""
    parts = [slot.title] if slot.title else []
    if Channel.OFFICE not in slot.channels:
        parts.append(", ".join(say(CHANNEL_NAMES[one]) for one in slot.channels))
    if slot.place and Channel.VISIT in slot.channels:
        parts.append(slot.place)
    return " · ".join(parts)


def in_words(one: FreeSlot) -> str:
    """``Sel 24 Nov, 09.00–09.45 · Cempaka``: short enough for a select on a phone."""
    day, hours = short_day(day_of(one.starts_at)), span(one.starts_at, one.slot.ends_at)
    note = slot_note(one.slot)
    return f"{day}, {hours} · {one.consultant}" + (f" · {note}" if note else "")
