"""The logo as lines to draw: two strands, teal the office and amber the people, tied."""

import re
from functools import cache

Point = tuple[float, float]

WIDTH, HEIGHT, STROKE = 64.0, 32.0, 4.0
LOOSE_ENDS = (12.0, 20.0)
"""Heights at which the strands leave the knot: teal at its left edge, amber at its right edge."""

TEAL = (
    "M0 12L24 12C26.42 12 28.11 11.27 29.51 10.25M34.53 5.73C35.92 4.72 37.6 4 40 4C49 4 54 9 54 16C54 16.23 53.99 16.45 "
    "53.98 16.68M51.83 23.02C49.56 26.11 45.53 28 40 28C32 28 32 20 24 20L13.98 20M7.2 20L0 20"
)
AMBER = (
    "M64 12L56.8 12M50.02 12L40 12C32 12 32 4 24 4C18.46 4 14.44 5.89 12.17 8.98M10.02 15.32C10.01 15.55 10 15.77 10 16"
    "C10 23 15 28 24 28C26.42 28 28.11 27.27 29.51 26.25M34.53 21.73C35.92 20.72 37.6 20 40 20L64 20"
)
COMMAND = re.compile(r"([MLC])([^MLC]+)")
STEPS = 24
"""Straight pieces of one curve: no corner shows at the size of a letterhead, also enlarged."""


@cache
def strokes(path: str) -> tuple[tuple[Point, ...], ...]:
    """The pieces of an SVG path of absolute M, L and C as points to join by straight lines."""
    pieces: list[list[Point]] = []
    for command, numbers in COMMAND.findall(path):
        values = [float(value) for value in numbers.split()]
        points = list(zip(values[::2], values[1::2], strict=True))
        if command == "M":
            pieces.append(points)
        elif command == "L":
            pieces[-1] += points
        else:
            pieces[-1] += _curve(pieces[-1][-1], *points)
    return tuple(tuple(piece) for piece in pieces)


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """A cubic Bézier curve from ``a`` to ``d`` without its first point."""

    def at(t: float, axis: int) -> float:
        s = 1 - t
        return s**3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t**3 * d[axis]

    return [(at(step / STEPS, 0), at(step / STEPS, 1)) for step in range(1, STEPS + 1)]
