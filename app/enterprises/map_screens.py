"""What the map of UKM shows: its squares for the browser, and the table that says the same."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.core.i18n import say
from app.core.paging import COUNT_LIMIT, count_text
from app.enterprises.facet_counts import Counts
from app.enterprises.map_queries import Named, Square, middles
from app.enterprises.queries import region
from app.enterprises.screens import place_name
from app.enterprises.wanted import Wanted

MOST_KELURAHAN = 100  # in the table at once; of more, those of the kecamatan that is chosen


def drawn(square: Square, named: dict[int, list[Named]], wanted: Wanted) -> dict[str, Any]:
    """One square as the browser draws it: p point, n how many (m: or more), u businesses by name and address, t the place at
    whose middle they stand and l the list of it."""
    found: dict[str, Any] = {"p": square.point, "n": min(square.count, COUNT_LIMIT)}
    if square.at_least or square.count > COUNT_LIMIT:
        found["m"] = 1
    if not square.is_one_point:
        return found
    if square.first in named:
        found["u"] = [[one.name, url_for(".show", slug=one.slug)] for one in named[square.first]]
    code = middles().get(square.first, "")
    if name := place_name(code):
        found["t"] = name
    if code or not found.get("u"):
        found["l"] = url_for(".directory", **_within(wanted, code).arguments)
    return found


def _within(wanted: Wanted, code: str) -> Wanted:
    """The same, of one kecamatan or kelurahan."""
    if code in region().kelurahan:
        return Wanted(wanted.q, {**wanted.facets, "kelurahan": (code,)})
    if code in region().kecamatan:
        return Wanted(wanted.q, {**wanted.facets, "kecamatan": (code,)})
    return wanted


@dataclass(frozen=True)
class PlaceRow:
    """One line of the table: a kecamatan, or a kelurahan in it, with how many and the list of them."""

    name: str
    count: str
    url: str
    is_kelurahan: bool


def offered_places(wanted: Wanted) -> tuple[str, ...]:
    """The kelurahan whose numbers the table tells."""
    places = region()
    chosen = wanted.facets.get("kecamatan", ())
    if chosen or len(places.kelurahan) > MOST_KELURAHAN:
        return tuple(code for one in chosen for code in places.kelurahan_of(one))
    return tuple(places.kelurahan)


def place_rows(wanted: Wanted, counts: Counts, offered: tuple[str, ...]) -> list[PlaceRow]:
    """The table: each kecamatan in which there are any, followed by its kelurahan."""
    rows = []
    for district, name in region().kecamatan.items():
        if counts.may_be("kecamatan", district):
            rows.append(_row(wanted, counts, "kecamatan", district, name))
        rows += [
            _row(wanted, counts, "kelurahan", village, place_name(village))
            for village in region().kelurahan_of(district)
            if village in offered and counts.may_be("kelurahan", village)
        ]
    return rows


def unplaced(wanted: Wanted, counts: Counts, many: int) -> int:
    """How many of the ``many`` that were found lie in no kecamatan that is known, and so on no map; 0 where it is not sure."""
    if many > COUNT_LIMIT or not counts.whole or {"kecamatan", "kelurahan"} & set(wanted.facets):
        return 0
    return max(0, many - sum(counts.of.get(("kecamatan", code), 0) for code in region().kecamatan))


def _row(wanted: Wanted, counts: Counts, facet: str, code: str, name: str) -> PlaceRow:
    told = counts.told(facet, code)
    others = {one: values for one, values in wanted.facets.items() if one not in ("kecamatan", "kelurahan")}
    url = url_for(".directory", **Wanted(wanted.q, {facet: (code,), **others}).arguments)
    return PlaceRow(name, "" if told is None else say(count_text(told)), url, facet == "kelurahan")
