"""Events as a calendar file (RFC 5545), in the office's own time zone, which the file describes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from app.core.database import office_zone

if TYPE_CHECKING:
    from icalendar import Alarm, Event

MIMETYPE = "text/calendar; charset=utf-8"
PRODUCER = "-//Simpul//Kalender//ID"


@dataclass(frozen=True)
class CalendarEvent:
    """One entry. ``uid`` never changes, ``sequence`` grows with each change, so that a calendar takes the newer one over.

    ``starts`` and ``ends`` are instants, or both days (``ends`` being the last day itself). ``alarms`` say how long before it a
    phone reminds its owner.
    """

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date | None = None
    text: str = ""
    place: str = ""
    url: str = ""
    changed: datetime | None = None
    sequence: int = 0
    cancelled: bool = False
    alarms: tuple[timedelta, ...] = ()


def calendar(events: Iterable[CalendarEvent], *, name: str = "") -> bytes:
    """``events`` as the bytes of an ``.ics`` file."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    if name:
        made.add("x-wr-calname", name)
    for event in events:
        made.add_component(_component(event))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _component(event: CalendarEvent) -> "Event":
    from icalendar import Event

    made = Event()
    made.add("uid", event.uid)
    made.add("summary", event.title)
    made.add("dtstart", _local(event.starts))
    if event.ends is not None:
        made.add("dtend", _end(event.ends))
    if event.changed is not None:
        made.add("dtstamp", event.changed)
        made.add("last-modified", event.changed)
    made.add("sequence", event.sequence)
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    for field, value in (("description", event.text), ("location", event.place), ("url", event.url)):
        if value:
            made.add(field, value)
    for before in event.alarms:
        made.add_component(_alarm(event.title, before))
    return made


def _alarm(title: str, before: timedelta) -> "Alarm":
    from icalendar import Alarm

    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", title)
    made.add("trigger", -before)
    return made


def _local(when: datetime | date) -> datetime | date:
    return when.astimezone(office_zone()) if isinstance(when, datetime) else when


def _end(when: datetime | date) -> datetime | date:
    """A last day is written as the day after it, which no longer belongs to the event."""
    return _local(when) if isinstance(when, datetime) else date.fromordinal(when.toordinal() + 1)
