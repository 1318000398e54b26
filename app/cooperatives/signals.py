"""What the register asks of the features above it: when two of its rows become one, and for the page that everybody sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
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

figures_asked = Signal()
"""Sent with the Cooperative whose public page is drawn. A receiver returns its :class:`Figures` and must not write."""


@dataclass(frozen=True)
class Measure:
    """One figure that is reported each year; ``label`` is a message id."""

    code: str
    label: str
    is_money: bool


@dataclass(frozen=True)
class FigureYear:
    """What was reported for one book year, by code of the measure, and when the office approved it."""

    year: int
    approved_on: date
    values: Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """What a cooperative reported and everybody may see, oldest year first."""

    measures: tuple[Measure, ...]
    years: tuple[FigureYear, ...]


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
