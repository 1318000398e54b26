"""What the people did, and what the site told them of it: the paper against which the database is checked."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Deed:
    """One write that somebody asked for. ``key`` tells it from all others, and can be found in the database.

    ``done``: when the site said that it is kept (``time.monotonic()``), None while it has not. ``told``: what it said.
    """

    kind: str
    key: str
    about: int
    value: str = ""
    sent: float = 0.0
    done: float | None = None
    told: str = ""
    times: int = 0


@dataclass
class Ledger:
    """All deeds of one run; writers of many threads share it."""

    deeds: list[Deed] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, kind: str, key: str, about: int, value: str = "") -> Deed:
        """Note what is about to be asked for."""
        deed = Deed(kind, key, about, value, sent=time.monotonic())
        with self.lock:
            self.deeds.append(deed)
        return deed

    def close(self, deed: Deed, told: str = "") -> None:
        """The site has acknowledged it."""
        with self.lock:
            deed.done, deed.told = time.monotonic(), told

    def acknowledged(self, kind: str = "") -> list[Deed]:
        """Those that the site must have kept."""
        with self.lock:
            return [deed for deed in self.deeds if deed.done is not None and kind in ("", deed.kind)]

    def of(self, kind: str) -> list[Deed]:
        """All of one kind, acknowledged or not."""
        with self.lock:
            return [deed for deed in self.deeds if deed.kind == kind]

    def kept_between(self, start: float, end: float) -> int:
        """How many were acknowledged at a moment between ``start`` and ``end``, on an answer to a request of that time."""
        with self.lock:
            return sum(
                deed.done is not None and start <= deed.sent and deed.done <= end for deed in self.deeds
            )
