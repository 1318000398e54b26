"""One round: everybody comes at once, time passes for some of the holds, and the books are compared."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from app.clinic import settings
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import PROMISED, State
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.race import verdict
from tests.clinic.race.arena import Arena
from tests.clinic.race.people import Visitor


@dataclass
class Told:
    """What a round came to; ``wrong`` is empty when all was well."""

    seconds: float
    requests: int
    statuses: dict[int, int]
    booked: int
    moved: int
    cancelled: int
    waited: int
    offered: int
    taken: int
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = " ".join(
            f"{name} {getattr(self, name)}"
            for name in ("booked", "moved", "cancelled", "waited", "offered", "taken")
        )
        shown = "sound" if not self.wrong else f"WRONG ({len(self.wrong)}): " + "; ".join(self.wrong[:5])
        return f"{self.seconds:5.0f} s  {self.requests} requests {self.statuses}  {counts}  {shown}"


class Clock(threading.Thread):
    """Ends a hold or an offer now and then, as if its minutes had passed, and looks whether a seat has two. Its time is the answers
    that people get, so that on a slow machine they can be as quick as on another."""

    def __init__(self, place: Arena, seed: int, visitors: Sequence[Visitor]) -> None:
        super().__init__(daemon=True)
        self.visitors = visitors
        self.place, self.chance, self.stopping = place, random.Random(seed), threading.Event()
        self.wrong: list[str] = []
        self.problem: BaseException | None = None

    def run(self) -> None:
        """Until told to stop."""
        try:
            with self.place.app.app_context():
                ended = 0
                while not self.stopping.wait(0.2):
                    if sum(len(one.web.statuses) for one in self.visitors) > len(self.visitors) * (ended + 1):
                        self.end_one()
                        ended += 1
                    self.wrong += verdict.doubles()
                    db.session.remove()
        except BaseException as problem:
            self.problem = problem

    def end_one(self) -> None:
        """One of those that are held."""
        with writing() as session:
            settings.line_up()
            query = select(ClinicBooking).where(ClinicBooking.state == State.HELD).order_by(ClinicBooking.id)
            held = list(session.scalars(query.with_for_update()))
            if held:
                self.chance.choice(held).expires_at = now() - timedelta(seconds=1)


@contextmanager
def passing(place: Arena, seed: int, visitors: Sequence[Visitor]) -> Iterator[Clock]:
    """A clock that runs inside the block."""
    clock = Clock(place, seed, visitors)
    clock.start()
    try:
        yield clock
    finally:
        clock.stopping.set()
        clock.join(60)


def race(place: Arena, *, people: int, slots: int, seed: int) -> Told:
    """One round with so many people, who all want one of so many times."""
    place.open(slots)
    gate, began, since = threading.Event(), time.monotonic(), now()
    visitors = [Visitor(place.port, number, seed, gate) for number in range(people)]
    for one in visitors:
        one.start()
    with passing(place, seed, visitors) as clock:
        gate.set()
        for one in visitors:
            one.join(600)
    with place.app.app_context():
        told = books(visitors, time.monotonic() - began)
        told.wrong += clock.wrong + ([f"the clock: {clock.problem!r}"] if clock.problem else [])
        told.wrong += verdict.doubles() + verdict.lost([one.ledger for one in visitors])
        told.wrong += verdict.overtaken(since) + verdict.half_done() + verdict.unserved()
        db.session.remove()
    return told


def books(visitors: Sequence[Visitor], seconds: float) -> Told:
    """What the visitors met, and what the database holds."""
    statuses = Counter(status for one in visitors for status in one.web.statuses)
    told = Told(
        seconds=seconds,
        requests=statuses.total(),
        statuses=dict(sorted(statuses.items())),
        booked=_count(ClinicBooking.state.in_(PROMISED)),
        moved=sum(one.moves for one in visitors),
        cancelled=_count(ClinicBooking.state == State.CANCELLED),
        waited=_count(ClinicWaiting.id.is_not(None)),
        offered=_count(ClinicWaiting.offered_at.is_not(None)),
        taken=sum(state == "taken" for one in visitors for state in one.ledger.waits.values()),
    )
    told.wrong += [f"visitor {one.number}: {one.problem!r}" for one in visitors if one.problem]
    told.wrong += [f"visitor {one.number} is still there" for one in visitors if one.is_alive()]
    told.wrong += [
        f"{count} answers {status}" for status, count in statuses.items() if status >= 500 or status == 429
    ]
    return told


def _count(condition: object) -> int:
    return db.session.scalar(select(func.count()).where(condition)) or 0  # type: ignore[call-overload]
