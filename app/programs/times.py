"""Days and times of a programme, as they are typed, kept and said. A whole day is kept as 00.00 (a start) or 23.59 (an end)."""

import re
from datetime import UTC, date, datetime, time

from app.core.database import office_zone
from app.core.errors import RuleBroken
from app.core.formatting import ZONES, clock, long_date, weekday_date
from app.core.i18n import _
from app.core.parsing import fold_digits
from app.core.text import N_

FIRST, LAST = time(0, 0), time(23, 59)
MORNING = time(8, 0)  # when a scheduled programme appears unless a time was chosen
CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?: ?(?:wib|wita|wit))?", re.IGNORECASE)
NO_TIME = N_("Tulis jam seperti 08.00 atau 13.30.")


def parse_clock(raw: str) -> time | None:
    """``08.00``, ``8:00`` or ``8``; None when blank. Raises RuleBroken."""
    text = fold_digits(raw)
    if not text:
        return None
    match = CLOCK.fullmatch(text)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise RuleBroken(NO_TIME)
    return time(int(match[1]), int(match[2] or 0))


def instant(day: date, at: time) -> datetime:
    """This time of the office's clock."""
    return datetime.combine(day, at, office_zone()).astimezone(UTC)


def local(when: datetime) -> datetime:
    """``when`` on the office's clock."""
    return when.astimezone(office_zone())


def is_whole_day(when: datetime) -> bool:
    """Whether ``when`` stands for its whole day: no time is shown."""
    return local(when).time().replace(second=0, microsecond=0) in (FIRST, LAST)


def days_left(when: datetime, moment: datetime) -> int:
    """Days of the calendar from ``moment`` to ``when``: 0 is today."""
    return (local(when).date() - local(moment).date()).days


def said(when: datetime) -> str:
    """``Sabtu, 14 Maret 2026``, with ``, 15.00 WIB`` unless it is the whole day."""
    day = weekday_date(local(when).date())
    return day if is_whole_day(when) else f"{day}, {clock(when)} {zone_name()}"


def said_left(when: datetime, moment: datetime) -> str:
    """``hari ini``, ``besok``, ``4 hari lagi``; empty when it is over or more than a month away."""
    left = days_left(when, moment)
    if when < moment or left > 31:
        return ""
    return (_("hari ini"), _("besok"))[left] if left < 2 else _("%(count)s hari lagi", count=left)


def said_period(starts: datetime | None, ends: datetime | None) -> str:
    """When something takes place: a day, a day with its times, or the first and the last day. Empty when not known."""
    if starts is None:
        return ""
    if ends is None:
        return said(starts)
    first, last = local(starts).date(), local(ends).date()
    if first == last:
        day = weekday_date(first)
        if is_whole_day(starts) and is_whole_day(ends):
            return day
        return f"{day}, {clock(starts)}–{clock(ends)} {zone_name()}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_date(last)}"
    return f"{long_date(first)} – {long_date(last)}"


def zone_name() -> str:
    """``WIB``."""
    zone = office_zone()
    return ZONES.get(str(zone), str(zone))
