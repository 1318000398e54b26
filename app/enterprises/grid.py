"""Where things are published, as whole numbers: the whole numbers of one square of the map are one range. Plain Python.

The world is a square of ``2 ** LEVELS`` by ``2 ** LEVELS`` units, 360 degrees wide; a unit is 60 cm at the equator. A key mixes
the bits of x and y (a Morton code), so that every square that halving brings forth is one range of keys, and an index on the
key finds what lies in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LEVELS = 26
UNITS = 1 << LEVELS
Point = tuple[float, float]


def spread(number: int) -> int:
    """The bits of ``number`` with an empty bit between each two."""
    return int(f"{number:b}", 4)


def gathered(key: int) -> int:
    """Every second bit of ``key``: what :func:`spread` did, undone."""
    return sum(((key >> (2 * bit)) & 1) << bit for bit in range(LEVELS))


def key_of(point: Point) -> int:
    """The key of a point on earth (latitude, longitude, in degrees)."""
    latitude, longitude = point
    x = min(UNITS - 1, int((longitude + 180) / 360 * UNITS))
    y = min(UNITS - 1, int((90 - latitude) / 360 * UNITS))
    return spread(x) | spread(y) << 1


def point_of(key: int) -> Point:
    """The middle of the unit that ``key`` stands for, (latitude, longitude) in degrees to 10 cm."""
    x, y = gathered(key), gathered(key >> 1)
    return round(90 - (y + 0.5) * 360 / UNITS, 6), round((x + 0.5) * 360 / UNITS - 180, 6)


@dataclass(frozen=True)
class Box:
    """Squares of one level (0: the whole world, ``LEVELS``: single units), from column and row to column and row, inclusive."""

    level: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> int:
        """How many squares."""
        return (self.right - self.left + 1) * (self.bottom - self.top + 1)

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The least and the greatest key of each square."""
        inner = 2 * (LEVELS - self.level)
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                least = (spread(column) | spread(row) << 1) << inner
                yield least, least + (1 << inner) - 1


def read_box(raw: str, *, most: int) -> Box | None:
    """``level,left,top,right,bottom`` as an address has it; None for what is no such box, or has more squares than ``most``."""
    parts = raw.split(",")
    if len(parts) != 5 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        return None
    box = Box(*map(int, parts))
    inside = 1 <= box.level <= LEVELS and max(box.right, box.bottom) < 1 << box.level
    if not inside or box.left > box.right or box.top > box.bottom or box.size > most:
        return None
    return box
