"""Days on which the office works: Monday to Friday without national holidays and without the joint leave (cuti bersama) that
the ministers' joint decree gives civil servants.

Holidays come from the ``holidays`` package, category ``public`` and ``government``; years beyond the latest decree are its
estimates. It takes a fifth of a second to load, so it loads when the first day is asked for. Days on which this office alone is
closed are a setting (``SIMPUL_CLOSED_DAYS``).
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

from flask import current_app, has_app_context

from app.core.config import days_named

ONE = timedelta(days=1)
SATURDAY = 5
FARTHEST = 10_000  # working days; some forty years


@lru_cache(maxsize=64)
def holidays_of(year: int) -> dict[date, str]:
    """The holidays and joint leave of ``year`` with their Indonesian names."""
    import holidays

    found = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return {day: name for day, name in found.items() if day.year == year}


def closed_days() -> frozenset[date]:
    """Days on which this office is closed besides the holidays; none outside of the application."""
    return days_named(current_app.config["CLOSED_DAYS"]) if has_app_context() else frozenset()


def is_working_day(day: date, *, closed: Collection[date] | None = None) -> bool:
    """Whether the office works on ``day``. ``closed`` takes the place of the setting."""
    shut = closed_days() if closed is None else closed
    return day.weekday() < SATURDAY and day not in shut and day not in holidays_of(day.year)


def add_working_days(day: date, count: int, *, closed: Collection[date] | None = None) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself is never counted (UU 14/2008 counts so: "sejak diterima").

    With 0 it is ``day``, or the first working day after it where the office is closed on ``day``. Raises ValueError for a
    negative or absurd count.
    """
    if not 0 <= count <= FARTHEST:
        raise ValueError(f"{count} working days")
    shut = closed_days() if closed is None else closed
    while count or not is_working_day(day, closed=shut):
        day += ONE
        count -= is_working_day(day, closed=shut) and count > 0
    return day


def working_days_between(start: date, end: date, *, closed: Collection[date] | None = None) -> int:
    """How many working days lie after ``start`` up to and with ``end``; negative when ``end`` is the earlier.

    So ``working_days_between(day, add_working_days(day, n)) == n`` for each n ≥ 1.
    """
    if end < start:
        return -working_days_between(end, start, closed=closed)
    shut = closed_days() if closed is None else closed
    days = (start + ONE * step for step in range(1, (end - start).days + 1))
    return sum(is_working_day(day, closed=shut) for day in days)
