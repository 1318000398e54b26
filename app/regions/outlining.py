"""Makes the outlines that maps are drawn from, once for each office's region: kelurahan (or kecamatan) become kecamatan.

    python -m app.regions.outlining malang_kelurahan.geojson > app/regions/data/outlines/35.73.json
    python -m app.regions.outlining malang_kelurahan.geojson kelurahan > app/regions/data/outlines/35.73.kelurahan.json

The features of the GeoJSON carry their code as ``kode``. Their borders need not meet exactly (public outlines rarely do): all
are painted on one fine grid, gaps of a few cells are closed, and the lines between the painted areas are followed. So each
border is one line for both neighbours, also after it was simplified. Needs nothing but Python; takes a few seconds.
"""

import itertools
import json
import math
import sys
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

SIZE = 400  # units of the longer side of the map
FINE = 2  # cells of the grid in one unit
MARGIN = 6  # cells around everything, more than GAP
GAP = 3  # cells; a narrower gap between two areas is closed
ROUGH = 1.5  # units by which a simplified line may miss the true one
KECAMATAN = 8  # length of the code of a kecamatan
KELURAHAN, CLOSER = 13, 720  # of a kelurahan, and the size of a map on which they can be told apart

Cell = tuple[int, int]
Point = tuple[float, float]
Ring = list[Point]
Grid = list[list[str]]


def outline(geojson: Mapping[str, Any], size: int = SIZE, length: int = KECAMATAN) -> dict[str, Any]:
    """The file that :mod:`app.regions.outlines` reads, from a FeatureCollection of polygons with ``kode``; polygons whose codes
    begin with the same ``length`` characters become one."""
    rings = [
        (feature["properties"]["kode"][:length], ring)
        for feature in geojson["features"]
        for ring in _rings(feature["geometry"])
    ]
    lngs = [lng for _code, ring in rings for lng, _lat in ring]
    lats = [lat for _code, ring in rings for _lng, lat in ring]
    west, north = min(lngs), max(lats)
    shrink = math.cos(math.radians((north + min(lats)) / 2))  # a degree of longitude beside one of latitude
    scale = size / max((max(lngs) - west) * shrink, north - min(lats))
    across, down = scale * shrink, scale
    placed = [
        (code, [(MARGIN + (x - west) * across * FINE, MARGIN + (north - y) * down * FINE) for x, y in ring])
        for code, ring in rings
    ]
    width = math.ceil((max(lngs) - west) * across) + 2 * MARGIN // FINE
    height = math.ceil((north - min(lats)) * down) + 2 * MARGIN // FINE
    grid = _closed(_painted(placed, width * FINE, height * FINE))
    paths, labels = _paths(grid), _labels(grid)
    return {
        "width": width,
        "height": height,
        "west": round(west - MARGIN / FINE / across, 6),
        "north": round(north + MARGIN / FINE / down, 6),
        "per_degree": [round(across, 3), round(down, 3)],
        "areas": {code: {"path": paths[code], "label": labels[code]} for code in sorted(paths)},
    }


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return ([(x, y) for x, y, *_rest in ring] for polygon in polygons for ring in polygon)


def _painted(placed: Iterable[tuple[str, Ring]], width: int, height: int) -> Grid:
    """The grid with the code of an area in each cell whose middle lies inside it; empty outside."""
    crossings: dict[tuple[str, int], list[float]] = defaultdict(list)
    for code, ring in placed:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            low, high = sorted((y1, y2))
            for row in range(math.ceil(low - 0.5), math.ceil(high - 0.5)):
                crossings[code, row].append(x1 + (row + 0.5 - y1) * (x2 - x1) / (y2 - y1))
    grid = [[""] * width for _ in range(height)]
    for (code, row), found in crossings.items():
        found.sort()
        # borders that run double inside a kecamatan cancel out or overlap: either way the inside is painted
        for start, end in zip(found[::2], found[1::2], strict=False):
            for column in range(math.ceil(start - 0.5), math.ceil(end - 0.5)):
                grid[row][column] = code
    return grid


def _closed(grid: Grid) -> Grid:
    """The grid with narrow gaps given to the nearest area: grown by ``GAP``, and where that was outside, shrunk again."""
    grown = _distances(grid, lambda code: code != "")
    reached = {cell for cell, (steps, _code) in grown.items() if steps <= GAP}
    outside = [
        ["" if (row, column) in reached else "-" for column in range(len(grid[0]))]
        for row in range(len(grid))
    ]
    from_outside = _distances(outside, lambda mark: mark == "-")
    for row, column in reached:
        if not grid[row][column] and from_outside[row, column][0] > GAP:
            grid[row][column] = grown[row, column][1]
    return grid


def _distances(grid: Grid, is_start: Any) -> dict[Cell, tuple[int, str]]:
    """For each cell the steps to the nearest start, and what stands there."""
    found = {
        (row, column): (0, code)
        for row, line in enumerate(grid)
        for column, code in enumerate(line)
        if is_start(code)
    }
    waiting = deque(found)
    while waiting:
        row, column = waiting.popleft()
        steps, code = found[row, column]
        for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            if near not in found and 0 <= near[0] < len(grid) and 0 <= near[1] < len(grid[0]):
                found[near] = (steps + 1, code)
                waiting.append(near)
    return found


def _labels(grid: Grid) -> dict[str, list[int]]:
    """For each area the point that lies farthest from its border, where a name fits best, and how far that is."""
    edges = [
        ["-" if any(other != code for other in _around(grid, row, column)) else "" for column, code in enumerate(line)]
        for row, line in enumerate(grid)
    ]  # fmt: skip
    deepest: dict[str, tuple[int, Cell]] = {}
    for (row, column), (steps, _mark) in _distances(edges, lambda mark: mark == "-").items():
        code = grid[row][column]
        if code and steps >= deepest.get(code, (0, (0, 0)))[0]:
            deepest[code] = steps, (row, column)
    return {
        code: [round(column / FINE), round(row / FINE), steps // FINE]
        for code, (steps, (row, column)) in deepest.items()
    }


def _around(grid: Grid, row: int, column: int) -> Iterator[str]:
    for near, beside in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
        inside = 0 <= near < len(grid) and 0 <= beside < len(grid[0])
        yield grid[near][beside] if inside else ""


def _paths(grid: Grid) -> dict[str, str]:
    """The outline of each area as an SVG path; neighbours share the very same line."""
    sides: dict[tuple[Cell, Cell], str] = {}  # the area on the left of each step, clockwise around it
    for row, line in enumerate(grid):
        for column, code in enumerate(line):
            if code:
                a, b, c, d = (row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)
                for step, beside in zip(
                    ((a, b), (b, c), (c, d), (d, a)), _clockwise(grid, row, column), strict=True
                ):
                    if beside != code:
                        sides[step] = code
    meetings = _meetings(sides)
    return {code: _path(code, sides, meetings) for code in set(sides.values())}


def _clockwise(grid: Grid, row: int, column: int) -> tuple[str, str, str, str]:
    above, below, left, right = _around(grid, row, column)
    return above, right, below, left


def _meetings(sides: Mapping[tuple[Cell, Cell], str]) -> set[Cell]:
    """Corners at which more than two lines meet: there a border changes its neighbours and must stay."""
    lines: dict[Cell, set[Cell]] = defaultdict(set)
    for start, end in sides:
        lines[start].add(end)
        lines[end].add(start)
    return {corner for corner, others in lines.items() if len(others) > 2}


def _path(code: str, sides: Mapping[tuple[Cell, Cell], str], meetings: set[Cell]) -> str:
    following: dict[Cell, list[Cell]] = defaultdict(list)
    for (start, end), owner in sides.items():
        if owner == code:
            following[start].append(end)
    drawn = []
    while following:
        start = next((corner for corner in following if corner in meetings), min(following))
        ring = [start]
        while following.get(ring[-1]):
            ring.append(following[ring[-1]].pop())
        following = defaultdict(list, {corner: ends for corner, ends in following.items() if ends})
        if points := _simplified(ring, meetings):
            drawn.append(_drawn(points))
    return "".join(sorted(drawn, key=len, reverse=True))


def _simplified(ring: list[Cell], meetings: set[Cell]) -> list[Cell]:
    """The ring in whole units with what lies almost on a straight line left out; meetings and the start stay.

    A stretch between two meetings is simplified from its lesser end, so that both neighbours leave out the same.
    """
    stops = [0, *(i for i, corner in enumerate(ring[1:-1], 1) if corner in meetings), len(ring) - 1]
    if len(stops) == 2:  # an island, or one neighbour all around: halves, from the least corner
        least = ring.index(min(ring))
        ring = ring[least:] + ring[1 : least + 1]
        farthest = max(range(len(ring)), key=lambda i: math.dist(ring[i], ring[0]))
        stops = [0, farthest, len(ring) - 1]
    points: list[Cell] = []
    for start, end in itertools.pairwise(stops):
        stretch = ring[start : end + 1]
        turned = stretch[0] > stretch[-1]
        kept = _straightened(stretch[::-1] if turned else stretch)
        points += (kept[::-1] if turned else kept)[:-1]
    units = [(round(row / FINE), round(column / FINE)) for row, column in points]
    units = [unit for unit, before in zip(units, [units[-1], *units], strict=False) if unit != before]
    return units if len(units) > 2 else []


def _straightened(line: list[Cell]) -> list[Cell]:
    """Douglas and Peucker: the fewest corners so that no left out one is farther than ``ROUGH`` from the line."""
    first, last = line[0], line[-1]
    length = math.dist(first, last) or 1
    far, where = 0.0, 0
    for i, (row, column) in enumerate(line[1:-1], 1):
        miss = (
            abs((last[0] - first[0]) * (first[1] - column) - (first[0] - row) * (last[1] - first[1])) / length
        )
        if miss > far:
            far, where = miss, i
    if far <= ROUGH * FINE:
        return [first, last]
    return _straightened(line[: where + 1])[:-1] + _straightened(line[where:])


def _drawn(points: list[Cell]) -> str:
    """``M10 20l3-4 5 6z``: whole units, each step from the one before."""
    (row, column), drawn = points[0], ""
    for (r1, c1), (r2, c2) in itertools.pairwise(points):
        across, down = str(c2 - c1), str(r2 - r1)
        drawn += ("" if not drawn or across.startswith("-") else " ") + across
        drawn += ("" if down.startswith("-") else " ") + down
    return f"M{column} {row}l{drawn}z"


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    made = outline(source, CLOSER, KELURAHAN) if "kelurahan" in sys.argv[2:] else outline(source)
    print(json.dumps(made, separators=(",", ":")))
