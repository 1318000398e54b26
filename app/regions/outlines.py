"""Where the kecamatan of an office lie, as a map draws them. Made by ``outlining``; regions without a file have no map."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.core.templating import plain_data
from app.regions.rules import Region

FOLDER = Path(__file__).with_name("data") / "outlines"
TONES = 4  # shades of a map; 0 is none
LETTER = 5.2  # units that a letter of a label takes


@plain_data
@dataclass(frozen=True)
class Area:
    """One kecamatan (or kelurahan): its outline as an SVG path, and where its name stands. ``room`` is how far the border is from there."""

    path: str
    x: int
    y: int
    room: int


@plain_data
@dataclass(frozen=True, eq=False)
class Outlines:
    """The map of one office's region in units of its own: x to the east, y to the south, from the corner (west, north). There is
    one of each, so two are never compared by what they hold."""

    width: int
    height: int
    west: float
    north: float
    per_degree: tuple[float, float]
    areas: Mapping[str, Area]

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """The x and y of a point on earth; it may lie outside of the map."""
        across, down = self.per_degree
        return round((longitude - self.west) * across, 1), round((self.north - latitude) * down, 1)

    @property
    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The corners of the map on earth: (latitude, longitude) of the south-west one and of the north-east one."""
        across, down = self.per_degree
        south, east = self.north - self.height / down, self.west + self.width / across
        return (round(south, 5), round(self.west, 5)), (round(self.north, 5), round(east, 5))


@lru_cache(maxsize=8)
def outlines_of(region: str, *, finest: bool = False) -> Outlines | None:
    """The map of the office's region by kecamatan, or None where there is none for it; ``finest``: by kelurahan where they are
    known."""
    closer = FOLDER / f"{region}.kelurahan.json"
    file = closer if finest and closer.is_file() else FOLDER / f"{region}.json"
    if not file.is_file():
        return None
    found = json.loads(file.read_text(encoding="utf-8"))
    areas = {code: Area(one["path"], *one["label"]) for code, one in found.pop("areas").items()}
    across, down = found.pop("per_degree")
    return Outlines(**found, per_degree=(across, down), areas=areas)


@plain_data
@dataclass(frozen=True)
class Shaded:
    """One kecamatan of a map that says how many. ``area`` is None where no outline is known; ``tone`` is 0 to ``TONES``."""

    code: str
    name: str
    count: int
    url: str
    tone: int
    is_chosen: bool
    area: Area | None
    is_hidden: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the name has room inside the outline."""
        return self.area is not None and len(self.name) * LETTER / 2 <= self.area.room * 1.4


@plain_data
@dataclass(frozen=True)
class Choropleth:
    """A map of counts by kecamatan with all that its table says. ``outlines`` is None where only the table can be drawn."""

    outlines: Outlines | None
    places: tuple[Shaded, ...]

    @property
    def total(self) -> int:
        """All together."""
        return sum(place.count for place in self.places)


def choropleth(
    region: Region,
    counts: Mapping[str, int],
    urls: Mapping[str, str],
    *,
    chosen: Iterable[str] = (),
    hidden: Iterable[str] = (),
) -> Choropleth:
    """The kecamatan of ``region`` shaded by ``counts``, each with the address that shows only it.

    The darkest shade belongs to the largest count; a kecamatan with any has at least the lightest. Of those ``hidden`` no count
    is told.
    """
    outlines, most = outlines_of(region.code), max(counts.values(), default=0)
    marked, kept = set(chosen), set(hidden)
    return Choropleth(
        outlines,
        tuple(
            Shaded(
                code,
                name,
                count,
                urls[code],
                -(-count * TONES // most) if count else 0,
                code in marked,
                outlines.areas.get(code) if outlines else None,
                code in kept,
            )
            for code, name in region.kecamatan.items()
            for count in (counts.get(code, 0),)
        ),
    )
