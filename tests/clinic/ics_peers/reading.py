"""What icalendar finds in a calendar file, in the form in which read.mjs tells it of ical.js."""

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Component

TEXTS = ("uid", "summary", "description", "location", "url", "status")
MOMENTS = ("dtstart", "dtend", "dtstamp", "last-modified")


def read(content: bytes) -> dict[str, Any]:
    """The calendar's own fields, its zones, and its events in their order."""
    calendar = Calendar.from_ical(content)
    zones = {str(one["tzid"]): one for one in calendar.walk("VTIMEZONE")}
    return {
        **{name: str(calendar.get(name, "")) for name in ("prodid", "version", "method", "x-wr-calname")},
        "zones": sorted(zones),
        "events": [_event(one, zones) for one in calendar.walk("VEVENT")],
    }


def _event(event: Component, zones: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: str(event.get(name, "")) for name in TEXTS},
        "sequence": int(event["sequence"]),
        **{name: _moment(event, name, zones) for name in MOMENTS},
        "alarms": [
            {
                "action": str(alarm["action"]),
                "description": str(alarm["description"]),
                "seconds": int(alarm["trigger"].dt.total_seconds()),
            }
            for alarm in event.walk("VALARM")
        ],
    }


def _moment(event: Component, name: str, zones: dict[str, Any]) -> dict[str, str] | None:
    """By the clock, the zone's name, and the instant that the file's own description of the zone makes of it."""
    found = event.get(name)
    if found is None:
        return None
    zone = str(found.params.get("tzid", "UTC"))
    clock: datetime = found.dt.replace(tzinfo=None)
    described = clock.replace(tzinfo=UTC if zone == "UTC" else zones[zone].to_tz(lookup_tzid=False))
    instant = described.astimezone(UTC)
    return {"clock": clock.isoformat(), "zone": zone, "utc": instant.strftime("%Y-%m-%dT%H:%M:%SZ")}
