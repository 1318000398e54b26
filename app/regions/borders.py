"""In which kecamatan a point on earth lies, by the outlines that the site ships; they are drawn to a few dozen metres."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from app.regions.outlines import outlines_of

Point = tuple[float, float]  # degrees north, degrees east
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
TOLERANCE = 0.5  # km that a point may lie outside of a drawn border: outlines are simplified
DEGREE = 111.32  # km


@dataclass(frozen=True)
class Border:
    """The outline of one kecamatan in the units of its region's map: its sides, and the box around them."""

    sides: tuple[tuple[float, float, float, float], ...]
    box: tuple[float, float, float, float]

    def is_near(self, x: float, y: float, most: float) -> bool:
        """Whether the point is in the box or at most ``most`` outside of it."""
        west, north, east, south = self.box
        return west - most <= x <= east + most and north - most <= y <= south + most

    def holds(self, x: float, y: float) -> bool:
        """Whether a ray to the east crosses the outline an odd number of times."""
        inside = False
        for ax, ay, bx, by in self.sides:
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
        return inside

    def distance(self, x: float, y: float) -> float:
        """How far the point is from the outline."""
        return min(_from_side(x, y, *side) for side in self.sides)


@lru_cache(maxsize=8)
def _borders(region: str) -> dict[str, Border]:
    outlines = outlines_of(region)
    return {code: _border(area.path) for code, area in outlines.areas.items()} if outlines else {}


def _border(path: str) -> Border:
    """The border that an SVG path of ``M``, ``l`` and ``z`` draws, as ``outlining`` writes it."""
    sides: list[tuple[float, float, float, float]] = []
    for part in filter(None, path.split("M")):
        steps = [float(number) for number in NUMBER.findall(part)]
        corners = [(steps[0], steps[1])]
        for at in range(2, len(steps) - 1, 2):
            corners.append((corners[-1][0] + steps[at], corners[-1][1] + steps[at + 1]))
        sides += [(*one, *other) for one, other in zip(corners, corners[1:] + corners[:1], strict=True)]
    across, down = [side[0] for side in sides], [side[1] for side in sides]
    return Border(tuple(sides), (min(across), min(down), max(across), max(down)))


@lru_cache(maxsize=256)
def border_of(region: str, code: str) -> Border | None:
    """The finest outline of one place of ``region``, in the units of its finest map; None where none is shipped."""
    outlines = outlines_of(region, finest=True)
    area = outlines.areas.get(code) if outlines else None
    return _border(area.path) if area else None


def has_borders(region: str) -> bool:
    """Whether the outlines of ``region`` are shipped; else :func:`kecamatan_at` knows nothing."""
    return bool(_borders(region))


def kecamatan_at(region: str, latitude: float, longitude: float) -> str | None:
    """The code of the kecamatan of ``region`` around a point, of the nearest one just outside of its border; else None."""
    outlines = outlines_of(region)
    if outlines is None:
        return None
    x, y = outlines.at(latitude, longitude)
    most = TOLERANCE / DEGREE * outlines.per_degree[1]
    near = {code: border for code, border in _borders(region).items() if border.is_near(x, y, most)}
    for code, border in near.items():
        if border.holds(x, y):
            return code
    away, code = min(((border.distance(x, y), code) for code, border in near.items()), default=(math.inf, ""))
    return code if away <= most else None


def _from_side(x: float, y: float, ax: float, ay: float, bx: float, by: float) -> float:
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0.0, min(1.0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) if length else 0.0
    return math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay))


def kilometres(one: Point, other: Point) -> float:
    """How far two points (latitude, longitude) lie from each other; near enough for a sentence."""
    north = (one[0] - other[0]) * DEGREE
    east = (one[1] - other[1]) * DEGREE * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)
