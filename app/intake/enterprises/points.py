"""Points on the map as lists give them. A point that cannot be right is told, with what is wrong: it is never moved."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.spreadsheets import Cell
from app.core.text import N_, Text
from app.intake.cells import text_of
from app.regions.borders import Point, has_borders, kecamatan_at, kilometres
from app.regions.centroids import centroid
from app.regions.rules import Region

SOUTH, NORTH, WEST, EAST = -11.5, 6.5, 94.5, 141.5  # Indonesia
DECIMAL = re.compile(r"[-+]?\d{1,10}(?:[.,]\d+)?")
IN_TEXT = re.compile(r"-?\d{1,3}\.\d{4,}")  # a figure that can only be a coordinate
DEGREES = re.compile(
    r"([NSEWULBT]|LU|LS|BT|BB)?\s*(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′]\s*)?(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''))?"
    r"\s*(LU|LS|BT|BB|[NSEWULBT])?",
    re.IGNORECASE,
)
NEGATIVE = {"S", "LS", "W", "BB"}


@dataclass(frozen=True)
class Located:
    """A row's point where it can be believed, the kecamatan around it where borders are known, and what is wrong.

    ``is_outside``: the row says that it lies elsewhere on earth.
    """

    point: Point | None = None
    kecamatan: str | None = None
    note: Text | None = None
    is_outside: bool = False
    is_unread: bool = False


def read_degrees(cell: Cell) -> float | None:
    """One coordinate: ``-7.96662``, ``-7,96662``, ``7°57'59.8"S``; None for what is none."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    text = text_of(cell).replace("−", "-").replace("°.", "°")
    if DECIMAL.fullmatch(text):
        return float(text.replace(",", "."))
    match = DEGREES.fullmatch(text)
    if not match:
        return None
    value = sum(
        float((part or "0").replace(",", ".")) / size
        for part, size in zip(match.groups()[1:4], (1, 60, 3600), strict=True)
    )
    side = (match[1] or match[5] or "").upper()
    return -value if side in NEGATIVE else value


def read_pair(cell: Cell) -> Point | None:
    """Both coordinates of one cell: ``-7.97, 112.63``, ``7°58'S 112°38'E``, or an address of a map that names them."""
    text = text_of(cell).replace("−", "-")
    text = text.partition("@")[2] or text
    found = re.findall(r"-?\d{1,3}\.\d+", text)
    if len(found) >= 2:
        return float(found[0]), float(found[1])
    parts = [part for part in re.split(r"[;\s]+|,\s+", text) if part]
    reads = [read_degrees(part) for part in parts]
    if len(parts) == 2 and None not in reads:
        return reads[0] or 0.0, reads[1] or 0.0
    return None


def shown(point: Point) -> str:
    """``−7.966620, 112.632630``, short enough for a sentence."""
    return ", ".join(f"{degrees:.6f}".rstrip("0").rstrip(".").replace("-", "−") for degrees in point)


class Locator:
    """Judges the points of one file against the office's region."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.has_borders = has_borders(region.code)
        self.middle = centroid(region.code)

    def locate(self, latitude: Cell, longitude: Cell, pair: Cell, row: Sequence[str]) -> Located:
        """The point of a row from its cells; ``row`` is all of it, for what stands in the wrong cell."""
        if text_of(pair) and not (text_of(latitude) or text_of(longitude)):
            found = read_pair(pair)
            if found is None:
                return self._unread(text_of(pair), row)
            return self._judged(found)
        texts = text_of(latitude), text_of(longitude)
        if not any(texts):
            return Located(note=Text(N_("Titik di peta tidak diisi.")))
        north, east = read_degrees(latitude), read_degrees(longitude)
        if north is None or east is None:
            return self._unread(", ".join(text or "–" for text in texts), row)
        return self._judged((north, east))

    def _unread(self, written: str, row: Sequence[str]) -> Located:
        """What could not be read; figures elsewhere in the row still tell where it lies."""
        strays = [float(figure) for text in row for figure in IN_TEXT.findall(text)]
        pair = next(
            (
                (north, east)
                for north in strays
                for east in strays
                if SOUTH <= north <= NORTH and WEST <= east <= EAST
            ),
            None,
        )
        params: dict[str, object] = {"raw": written[:60], "region": self.region.name}
        if pair is None:
            return Located(
                note=Text(N_("Titik “%(raw)s” tidak terbaca; tidak dipakai."), params), is_unread=True
            )
        params["point"] = shown(pair)
        if self._is_here(pair):
            said = N_("Titik “%(raw)s” tidak terbaca. Angka %(point)s ada di sel lain; tidak dipakai.")
            return Located(note=Text(said, params), is_unread=True)
        said = N_(
            "Titik “%(raw)s” tidak terbaca. Angka %(point)s di sel lain ada di luar %(region)s; tidak dipakai."
        )
        return Located(note=Text(said, params), is_outside=True, is_unread=True)

    def _judged(self, point: Point) -> Located:
        north, east = point
        params: dict[str, object] = {"point": shown(point), "region": self.region.name}
        if point == (0.0, 0.0):
            return Located(note=Text(N_("Titik 0, 0 berarti tidak diisi.")))
        around = kecamatan_at(self.region.code, north, east) if self.has_borders else None
        if around or (not self.has_borders and self._is_in_country(point)):
            return Located((round(north, 6), round(east, 6)), around)
        if self._is_here((east, north)):
            said = N_(
                "Lintang dan bujur tampaknya tertukar (%(point)s); titik tidak dipakai. Tukar di berkas, lalu impor lagi."
            )
            return Located(note=Text(said, params))
        if self._is_here((-north, east)):
            said = N_("Tanda minus pada lintang tampaknya hilang (%(point)s); titik tidak dipakai.")
            return Located(note=Text(said, params))
        if not (-90 <= north <= 90 and -180 <= east <= 180):
            return self._impossible(point, params)
        if not self.middle:
            said = N_("Titiknya (%(point)s) di luar Indonesia; tidak dipakai.")
            return Located(note=Text(said, params), is_outside=True)
        params["far"] = f"{kilometres(point, self.middle):,.0f}".replace(",", ".")
        said = N_("Titiknya (%(point)s) di luar %(region)s, %(far)s km dari tengahnya; tidak dipakai.")
        return Located(note=Text(said, params), is_outside=True)

    def _impossible(self, point: Point, params: dict[str, object]) -> Located:
        north, east = point
        if self._is_in_country((east, north)):
            said = N_(
                "Lintang dan bujur tampaknya tertukar (%(point)s), dan letaknya di luar %(region)s; tidak dipakai."
            )
            return Located(note=Text(said, params), is_outside=True)
        said = N_("Titik %(point)s tidak ada di bumi: mungkin tanda desimalnya hilang. Tidak dipakai.")
        return Located(note=Text(said, params))

    def _is_here(self, point: Point) -> bool:
        """Inside the region; of a region without borders, inside the country."""
        if not self._is_in_country(point):
            return False
        return not self.has_borders or kecamatan_at(self.region.code, *point) is not None

    @staticmethod
    def _is_in_country(point: Point) -> bool:
        return SOUTH <= point[0] <= NORTH and WEST <= point[1] <= EAST
