"""The count of this process between two writes to the database.

A visit costs a few microseconds: a sum in memory grows by one. :func:`services.flush` writes the sums each minute and when the
process ends in order; a crash or a power cut loses at most that minute, which is fine for a count of visits and would not be
for anything else.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from app.insights.rules import LONGEST_PAGE, MINUTE_KEYS, MINUTE_WORDS, OTHERS, Device, Source


class Visits(NamedTuple):
    """What visits are summed by."""

    day: date
    page: str
    device: Device
    source: Source
    language: str


@dataclass
class Sums:
    """What was counted since the last write."""

    visits: Counter[Visits] = field(default_factory=Counter)
    missed: Counter[tuple[date, str]] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.visits or self.missed)


class Tally:
    """Counts from many threads; never holds more than a fixed number of sums."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums = Sums()

    @property
    def waits(self) -> bool:
        """Whether anything was counted since the last write."""
        return bool(self._sums)

    def visit(self, key: Visits, times: int = 1) -> None:
        """Count a visit."""
        with self._lock:
            visits = self._sums.visits
            if len(visits) >= MINUTE_KEYS and key not in visits:
                key = key._replace(page=OTHERS)
            visits[key] += times

    def missed(self, day: date, words: str, times: int = 1) -> None:
        """Count a search that found nothing."""
        with self._lock:
            missed = self._sums.missed
            if len(missed) < MINUTE_WORDS or (day, words) in missed:
                missed[day, words] += times

    def title(self, page: str, title: str) -> None:
        """Note what a page calls itself."""
        with self._lock:
            if len(self._sums.titles) < MINUTE_WORDS:
                self._sums.titles[page[:LONGEST_PAGE]] = title

    def rename(self, page: str, to: str) -> None:
        """Count the visits of ``page`` under another address, and leave its title out."""
        with self._lock:
            visits = self._sums.visits
            for key in [key for key in visits if key.page == page]:
                visits[key._replace(page=to)] += visits.pop(key)
            self._sums.titles.pop(page, None)

    def take(self) -> Sums:
        """All sums; the next visit begins new ones."""
        with self._lock:
            taken, self._sums = self._sums, Sums()
        return taken

    def give_back(self, sums: Sums) -> None:
        """The database could not take them: they wait for the next time."""
        for key, times in sums.visits.items():
            self.visit(key, times)
        for (day, words), times in sums.missed.items():
            self.missed(day, words, times)
        for page, title in sums.titles.items():
            self.title(page, title)


def agent_of(environ: Mapping[str, Any]) -> str:
    """What a browser says of itself; empty where it only fetches ahead of a visit that may never come."""
    ahead = environ.get("HTTP_SEC_PURPOSE") or environ.get("HTTP_PURPOSE") or ""
    return "" if "prefetch" in ahead else str(environ.get("HTTP_USER_AGENT", ""))
