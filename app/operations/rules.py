"""When a job is due, and what makes a site unready. Plain Python."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEAST_FREE = 200 << 20
"""Bytes: below this a site is not ready, since the next backup or import would fill the disk."""


LOOK_BACK = timedelta(days=6)
"""Before today: what went wrong since then is shown."""


class Light(StrEnum):
    """How something stands: in order, worth a look, or broken."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


def worst(lights: Iterable[Light]) -> Light:
    """The one that counts for all."""
    return max(lights, key=list(Light).index, default=Light.GOOD)


@dataclass(frozen=True)
class Job:
    """Something that runs by the clock: ``work`` does it, outside of any write unit, and returns a short summary.

    ``wanted`` looks first, cheaply, whether there is anything to do: idle rounds leave no record. ``at_most`` is how long a
    run may take before another process may believe this one dead.
    """

    name: str
    title: str
    every: timedelta
    work: Callable[[], str]
    wanted: Callable[[], bool] = lambda: True
    at_most: timedelta = timedelta(minutes=15)


def is_due(every: timedelta, last_start: datetime | None, now: datetime) -> bool:
    """Whether a job that last began at ``last_start`` should begin now. A clock set back does not stop it for long."""
    return last_start is None or now - last_start >= every or last_start > now + every


def readable_size(size: int) -> str:
    """``1,5 GB``: powers of 1000, one decimal below ten."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            shown = f"{value:.1f}" if value < 10 and unit != "B" else f"{value:.0f}"
            return f"{shown.replace('.', ',')} {unit}"
        value /= 1000
    raise AssertionError("unreachable")
