"""What was large a moment ago is not counted again: a small memory of figures that only say "more than can be told"."""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from flask import current_app

from app.core.kept_figures import keeps_figures

LASTS = 60.0  # seconds
MOST = 5000  # keys
KEPT = "short memory"


class ShortMemory:
    """Values by key, each for :data:`LASTS` seconds, those put in longest ago forgotten first."""

    def __init__(self, most: int | None = None) -> None:
        self.most = MOST if most is None else most
        self._held: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What was put in under ``key`` a moment ago; None when nothing was."""
        until, value = self._held.get(key, (0.0, None))
        return value if time.monotonic() < until else None

    def put(self, key: Hashable, value: Any) -> None:
        """Know ``value`` for a while."""
        with self._lock:
            self._held.pop(key, None)
            self._held[key] = (time.monotonic() + LASTS, value)
            while len(self._held) > self.most:
                self._held.popitem(last=False)


class Nothing(ShortMemory):
    """Remembers nothing, for tests."""

    def __init__(self) -> None:
        super().__init__(0)

    def put(self, key: Hashable, value: Any) -> None:
        """Forget it at once."""


def short_memory(name: str = KEPT, most: int | None = None) -> ShortMemory:
    """That of this application; one of its own for values that take more room, at ``most`` so many of them."""
    if not keeps_figures():
        return Nothing()
    found: ShortMemory = current_app.extensions.setdefault(name, ShortMemory(most))
    return found
