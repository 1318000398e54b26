"""``python -m tests.faults contention``: many people save at once, all the time, on SQLite; nobody may see an error.

Beside it, the same without the queue of ADR 0002: writers that only wait for SQLite's lock, whose turn luck decides.
"""

import argparse
import secrets
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.faults.people import FIGURE
from tests.faults.town import Seat
from tests.faults.wire import Lost, ask
from tests.faults.world import World, world

QUEUED, UNQUEUED = "wsgi:app", "tests.faults.unqueued:app"
NAMES = {QUEUED: "the queue", UNQUEUED: "busy timeout alone"}


@dataclass(frozen=True)
class Crowd:
    """What so many writers met: the wait for each save in seconds, and what went wrong, by its name."""

    waits: Sequence[float]
    errors: Counter[str]
    seconds: float

    def wait(self, share: float) -> float:
        """Milliseconds within which ``share`` of the saves were answered."""
        ordered = sorted(self.waits)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


def crowd(here: World, seconds: float) -> Crowd:
    """Everybody of the town saves again and again for so many ``seconds``, each in a report of their own."""
    waits: list[float] = []
    errors: Counter[str] = Counter()
    gate = threading.Barrier(len(here.town.seats))
    threads = [
        threading.Thread(target=_save, args=(here, seat, gate, seconds, waits, errors), daemon=True)
        for seat in here.town.seats
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 120)
    return Crowd(waits, errors, seconds)


def _save(
    here: World,
    seat: Seat,
    gate: threading.Barrier,
    seconds: float,
    waits: list[float],
    errors: Counter[str],
) -> None:
    path, head = f"/laporan/{seat.slug}/{seat.year}/simpan", {"Cookie": seat.key.cookie}
    version = ask(here.port, "GET", path, host=here.host, Accept="application/json", **head).json()["version"]
    figure, head = seat.number * 1_000_000, head | {"X_CSRFToken": seat.key.token}
    gate.wait(timeout=120)
    until = time.monotonic() + seconds
    while (started := time.monotonic()) < until:
        figure += 1
        told = {"id": secrets.token_urlsafe(18), "version": version, "fields": {FIGURE: str(figure)}}
        try:
            answer = ask(here.port, "POST", path, host=here.host, told=told, patience=60, **head)
        except Lost as lost:
            errors[str(lost)] += 1
            continue
        if answer.status == 200:
            waits.append(time.monotonic() - started)
            version = int(answer.json()["version"])
        else:
            errors[str(answer.status)] += 1


def main(given: Sequence[str]) -> int:
    """Both ways, one after the other; ends with 1 when somebody met an error at the queue."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults contention", description=__doc__)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args(given)
    print(f"{chosen.writers} writers for {chosen.seconds:g} s, SQLite (WAL, synchronous=FULL), over HTTP")
    print(f"{'':<22}{'saves/s':>9}{'median ms':>11}{'99 % ms':>10}{'longest ms':>12}{'errors':>8}")
    failed = False
    for target in (QUEUED, UNQUEUED):
        with world(
            "sqlite", people=chosen.writers, real_disk=False, durable=True, scheduler=False, target=target
        ) as here:
            met = crowd(here, chosen.seconds)
        rate, longest = len(met.waits) / met.seconds, max(met.waits, default=0) * 1000
        print(
            f"{NAMES[target]:<22}{rate:>9.0f}{met.wait(0.5):>11.0f}{met.wait(0.99):>10.0f}{longest:>12.0f}"
            f"{met.errors.total():>8}  {dict(met.errors) or ''}",
            flush=True,
        )
        failed = failed or (target == QUEUED and bool(met.errors))
    return int(failed)
