"""Counting answers: failures and slow pages by address, all of them in sums. In memory first, each minute to the database."""

import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from flask import Flask, Response, current_app, g, request

from app.core.database import now, today
from app.core.extensions import db
from app.core.upsert import insert_into
from app.core.writing import writing
from app.operations.models import RequestTotal, Trouble, TroubleKind

KEY = "simpul.answers"
SLOW = 1000
"""Milliseconds from which an answer counts as slow."""
STEPS = (50, 100, 250, 500, 1000, 2500, 5000)
"""Milliseconds: upper bounds of the steps in which durations are counted."""
MOST_PAGES = 500
LONGEST_PAGE = 120


@dataclass(frozen=True)
class Bad:
    """Failures, or slow answers, of one address on one day."""

    times: int
    longest_ms: int
    last_at: datetime
    last_request: str

    def and_another(self, other: "Bad") -> "Bad":
        """Both together."""
        last = max(self, other, key=lambda one: one.last_at)
        longest = max(self.longest_ms, other.longest_ms)
        return replace(last, times=self.times + other.times, longest_ms=longest)


Where = tuple[date, TroubleKind, str]


@dataclass
class Sums:
    """What was counted since it was last written down."""

    bad: dict[Where, Bad] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)

    def add_bad(self, where: Where, more: Bad) -> None:
        """Count a failure; past a limit of addresses nothing new is counted, so that memory has a limit too."""
        if where in self.bad:
            self.bad[where] = self.bad[where].and_another(more)
        elif len(self.bad) < MOST_PAGES:
            self.bad[where] = more

    def add(self, other: "Sums") -> None:
        """Count what others have counted."""
        for where, bad in other.bad.items():
            self.add_bad(where, bad)
        self.totals.update(other.totals)


class Answers:
    """The sums of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums = Sums()

    def add(self, sums: Sums) -> None:
        """Count ``sums``."""
        with self._lock:
            self._sums.add(sums)

    def take(self) -> Sums:
        """What was counted; from now on anew."""
        with self._lock:
            taken, self._sums = self._sums, Sums()
        return taken

    def look(self) -> Counter[str]:
        """The totals that are not yet written down."""
        with self._lock:
            return Counter(self._sums.totals)


def watch(app: Flask) -> None:
    """Count the answers of ``app``. The factory calls it, before what measures each request."""
    app.extensions[KEY] = Answers()
    app.after_request(count)


def answers() -> Answers:
    """What counts the answers of this process."""
    found: Answers = current_app.extensions[KEY]
    return found


def count(response: Response) -> Response:
    """After each request: into the sums, and onto the list of what went wrong or was slow."""
    if request.endpoint == "static":
        return response
    milliseconds = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000)
    sums = Sums(
        totals=Counter({"milliseconds": milliseconds}) + Counter(named(response.status_code, milliseconds))
    )
    page = (request.url_rule.rule if request.url_rule else "?")[:LONGEST_PAGE]
    for kind in judged(response.status_code, milliseconds):
        sums.add_bad((today(), kind, page), Bad(1, milliseconds, now(), g.get("request_id", "-")))
    answers().add(sums)
    return response


def named(status: int, milliseconds: int) -> Iterable[str]:
    """The names of the sums to which one answer adds one: by what became of it, and by how long it took."""
    yield f"status_{status // 100}xx"
    yield next((f"within_{step}" for step in STEPS if milliseconds <= step), "longer")


def judged(status: int, milliseconds: int) -> Iterable[TroubleKind]:
    """What is wrong with an answer. A busy site (503) is a failure too; being slow counts only where it worked."""
    if status >= 500:
        yield TroubleKind.ERROR
    elif milliseconds >= SLOW:
        yield TroubleKind.SLOW


def flush() -> None:
    """Write down what this process has counted; what cannot be written now waits for the next time."""
    counted = answers()
    sums = counted.take()
    if not sums.totals:
        return
    try:
        with writing():
            _keep(sums)
    except BaseException:
        counted.add(sums)
        raise


def _keep(sums: Sums) -> None:
    for name, more in sorted(sums.totals.items()):
        _upsert(
            RequestTotal,
            ["name"],
            {"name": name, "total": more},
            lambda new: {"total": RequestTotal.total + new.total},
        )
    for (day, kind, page), bad in sorted(sums.bad.items()):
        row = {"day": day, "kind": kind, "page": page, "times": bad.times, "longest_ms": bad.longest_ms,
               "last_at": bad.last_at, "last_request": bad.last_request}  # fmt: skip
        _upsert(Trouble, ["day", "kind", "page"], row, _together)


def _together(new: Any) -> dict[str, Any]:
    longest = db.case((Trouble.longest_ms > new.longest_ms, Trouble.longest_ms), else_=new.longest_ms)
    return {
        "times": Trouble.times + new.times,
        "longest_ms": longest,
        "last_at": new.last_at,
        "last_request": new.last_request,
    }


def _upsert(model: Any, key: list[str], row: dict[str, Any], change: Any) -> None:
    statement = insert_into(model).values(**row)
    db.session.execute(statement.on_conflict_do_update(index_elements=key, set_=change(statement.excluded)))
