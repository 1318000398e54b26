"""Somebody asks ``/readyz`` all the time, and writes down what it says: afterwards one knows whether it was true."""

import threading
import time
from dataclasses import dataclass

from tests.faults.ledger import Ledger
from tests.faults.wire import Lost, ask

EVERY = 0.05
OLD = 1.2
"""Seconds for which ``/readyz`` may go by what it saw before."""


@dataclass(frozen=True)
class Look:
    """One question and its answer; ``status`` 0: none came."""

    asked: float
    answered: float
    status: int


class Watch(threading.Thread):
    """Looks until it is stopped, past the line that may be cut."""

    def __init__(self, port: int, host: str) -> None:
        super().__init__(daemon=True, name="watch")
        self.port, self.host = port, host
        self.looks: list[Look] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        """Look."""
        while not self.stopping.wait(EVERY):
            asked = time.monotonic()
            try:
                status = ask(self.port, "GET", "/readyz", host=self.host, patience=10).status
            except Lost:
                status = 0
            self.looks.append(Look(asked, time.monotonic(), status))

    def during(self, start: float, end: float) -> list[Look]:
        """Those that were asked and answered between two moments."""
        return [look for look in list(self.looks) if start <= look.asked and look.answered <= end]

    def lies(self, start: float, end: float, ledger: Ledger, *, is_able: bool) -> int:
        """How often it was not true between two moments.

        ``is_able``: the fault leaves the site able to serve, so anything but 200 is wrong. Otherwise 200 is wrong when nobody
        could write anything after it had the time to notice.
        """
        if is_able:
            return sum(look.status not in (0, 200) for look in self.during(start, end))
        noticed = start + OLD
        if ledger.kept_between(noticed, end):
            return 0
        return sum(look.status == 200 for look in self.during(noticed, end))

    def wait_ready(self, after: float, patience: float) -> float | None:
        """Seconds from ``after`` until it said 200 to a question of later; None when it did not in time."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            found = next(
                (look for look in list(self.looks) if look.asked >= after and look.status == 200), None
            )
            if found:
                return found.answered - after
            time.sleep(0.02)
        return None
