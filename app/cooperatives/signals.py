"""What the register tells the features above it when two of its rows become one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blinker import Signal

from app.core.text import Text

merging = Signal()
"""Sent with the Cooperative that goes, inside the write unit; ``into``: the one that stays. A receiver moves what is its own and
returns a :class:`Moved`, or raises RuleBroken, and nothing is merged."""

unmerging = Signal()
"""Sent with the Cooperative that comes back, inside the write unit; ``out_of``: the one that had it; ``moved``: what each
receiver of ``merging`` returned, by name. A receiver puts its own back, or raises RuleBroken when something contradicts."""

merge_asked = Signal()
"""Sent with the Cooperative that would go, when the page asks; ``into``: the one that would stay. A receiver returns a list of
:class:`Fate` and must not write."""


@dataclass(frozen=True)
class Moved:
    """What one feature moved, JSON-able, under its ``name``."""

    name: str
    what: dict[str, Any]


@dataclass(frozen=True)
class Fate:
    """One line of what both rows have: in the one that stays, in the one that goes, and what comes of it."""

    name: Text
    here: Text | str
    there: Text | str
    outcome: Text
    forbids: bool = False


def answers(sent: Iterable[tuple[object, Any]]) -> list[Any]:
    """What the receivers of a signal returned, without those that had nothing to say."""
    return [answer for _receiver, answer in sent if answer]
