"""The site on a clock that jumps: ``tests.faults.clock:app`` is ``wsgi:app`` in a process whose time of day is moved.

How far, in seconds, stands in the file that ``SIMPUL_FAULTS_CLOCK`` names; it is looked at all the time.
"""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

FILE = Path(os.environ["SIMPUL_FAULTS_CLOCK"])
PAUSE = threading.Event()


def wanted() -> float:
    """Seconds that the clock is to be wrong by."""
    try:
        return float(FILE.read_text())
    except (OSError, ValueError):
        return 0.0


def follow(moved: time_machine.Traveller, by: float) -> None:
    """Move the clock whenever the file says so."""
    while True:
        PAUSE.wait(0.02)
        if (now_wanted := wanted()) != by:
            moved.shift(timedelta(seconds=now_wanted - by))
            by = now_wanted


BY = wanted()
MOVED = time_machine.travel(datetime.now(UTC) + timedelta(seconds=BY), tick=True).start()
threading.Thread(target=follow, args=(MOVED, BY), daemon=True).start()

from wsgi import app  # noqa: E402 - what it reads at its start stands on the moved clock already

__all__ = ["app"]
