"""Figures over a whole register, kept in memory so that no page waits for a scan, however large the register is.

A figure is worked out anew when what it is made of has changed. One that is not :data:`QUICK` may take at most :data:`SHARE` of
the time: one that takes a second is up to a minute old. Only one request at a time works it out; the others are given what is
known. See docs/adr/0012.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import current_app

from app.core.caching import pages_of

Value = TypeVar("Value")
QUICK = 0.1  # seconds; up to this it is always right
SHARE = 0.02  # of the time, at most
KEPT = "kept figures"


@dataclass
class _Figure:
    lock: threading.Lock = field(default_factory=threading.Lock)
    made_of: str = ""
    value: Any = None
    until: float = 0.0  # on the monotonic clock: not looked at again before


def keeps_figures() -> bool:
    """Whether figures are kept here; tests switch it on by ``KEEP_FIGURES``."""
    usual = current_app.config.get("KEEP_PAGES", not (current_app.testing or current_app.debug))
    return bool(current_app.config.get("KEEP_FIGURES", usual))


def kept_figure(name: str, revision: Callable[[], str], make: Callable[[], Value]) -> Value:
    """The figure ``name`` as ``make`` works it out. ``revision`` tells what it is made of: while that is equal, it stands."""
    if not keeps_figures():
        return make()
    figures: dict[str, _Figure] = current_app.extensions.setdefault(KEPT, {})
    figure = figures.setdefault(name, _Figure())
    made_of = pages_of(current_app).revision(revision).now()
    if figure.made_of and (figure.made_of == made_of or time.monotonic() < figure.until):
        value: Value = figure.value
        return value
    if not figure.lock.acquire(blocking=not figure.made_of):
        return figure.value  # type: ignore[no-any-return]  # somebody is at it
    try:
        if figure.made_of != made_of:
            started = time.monotonic()
            figure.value = make()
            ended = time.monotonic()
            took = ended - started
            figure.made_of, figure.until = made_of, ended + took / SHARE if took > QUICK else 0.0
        return figure.value  # type: ignore[no-any-return]
    finally:
        figure.lock.release()
