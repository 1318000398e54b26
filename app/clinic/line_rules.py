"""Who is next at the counter, and how long somebody will wait. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

EARLY = timedelta(minutes=5)
"""A booked visitor who has arrived goes first from so long before their time."""
STEP = 5  # minutes; a finer estimate would pretend to know
LEAST_VISITS = 3  # from so many on the past says more than the plan


@dataclass(frozen=True)
class InLine:
    """Somebody who has arrived and was not called yet. ``due`` is the booked time, None for a walk-in."""

    booking_id: int
    number: int
    due: datetime | None = None


def order(people: Sequence[InLine], moment: datetime) -> list[InLine]:
    """In the order in which they are called: those whose booked time has come, by that time; then walk-ins by number; then those
    who came early for a booked time."""

    def place(one: InLine) -> tuple[int, float, int]:
        if one.due is None:
            return (1, 0.0, one.number)
        return (0 if one.due - EARLY <= moment else 2, one.due.timestamp(), one.number)

    return sorted(people, key=place)


def usual_minutes(past: Sequence[float], planned: int) -> float:
    """How long a visit takes: the median of ``past`` ones in minutes, or ``planned`` while there are too few."""
    return median(past) if len(past) >= LEAST_VISITS else float(planned)


def wait_minutes(ahead: int, consultants: int, usual: float, until_due: float = 0.0) -> int:
    """About how many minutes somebody waits with ``ahead`` people before them and so many ``consultants`` at work; never sooner
    than their own time, which is ``until_due`` minutes away. Rounded up to five minutes."""
    line = ahead * usual / max(1, consultants)
    minutes = max(line, until_due, 0.0)
    return int(-(-minutes // STEP) * STEP)
