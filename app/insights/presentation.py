"""What the screen of visits draws: columns of a chart and shares in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.core.i18n import say

WIDTH, HEIGHT = 720, 120  # of the chart, in its own units

Kind = TypeVar("Kind", bound=str)


@dataclass(frozen=True)
class Bar:
    """One column: what it is about, and its figure."""

    name: str
    value: int


@dataclass(frozen=True)
class DrawnBar:
    """A column with its place in the chart."""

    bar: Bar
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Share:
    """One part of all visits, in words and in percent."""

    label: str
    value: int
    percent: int


def columns_of(bars: list[Bar]) -> list[DrawnBar]:
    """``bars`` from left to right, the highest as high as the chart."""
    most, step = max((bar.value for bar in bars), default=0) or 1, WIDTH / (len(bars) or 1)
    return [
        DrawnBar(
            bar,
            round(place * step, 1),
            round(HEIGHT * (1 - bar.value / most), 1),
            round(step * 0.8, 1),
            round(HEIGHT * bar.value / most, 1),
        )
        for place, bar in enumerate(bars)
    ]


def shares_of(counted: Mapping[Kind, int], labels: Mapping[Kind, str]) -> list[Share]:
    """Those of ``labels`` that occur, most first."""
    total = sum(counted.values())
    found = [
        Share(say(label), counted[kind], round(100 * counted[kind] / total))
        for kind, label in labels.items()
        if counted.get(kind)
    ]
    return sorted(found, key=lambda share: -share.value)
