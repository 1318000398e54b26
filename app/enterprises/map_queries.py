"""The public register as a map draws it: squares with how many lie in each, single businesses by name.

Nothing here reads where a business really is: only ``map_key``, which holds the place as finely as its owner lets it be known.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, String, and_, cast, func, literal, select

from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.writing import is_sqlite
from app.enterprises.grid import LEVELS, Box, Point, key_of, point_of
from app.enterprises.lists import COLUMNS_OF, SAMPLE, Conditions, Found, Wanted, facet_condition, is_one_of
from app.enterprises.models import Enterprise
from app.enterprises.publication import public_condition
from app.enterprises.traits import fitting
from app.regions.centroids import centroids

MOST_SQUARES = 240  # of one view
FEW_ENOUGH = COUNT_LIMIT  # rows that are looked at one by one; of more, each square counts for itself
LOOKED_AT = 2_000  # rows of one square, where what narrows the map is looked at row by row
NAMED = 300  # businesses of one view that are told by name
ONE_POINT = 6  # businesses on one point that are told by name
KEY = Enterprise.map_key


@dataclass(frozen=True)
class Square:
    """One square of the map with anything in it. ``first`` and ``last`` are the least and the greatest key in it.

    ``at_least``: not everything was counted.
    """

    first: int
    last: int
    count: int
    at_least: bool = False

    @property
    def is_one_point(self) -> bool:
        """Whether all of it lies on one point: no nearer look would part it."""
        return self.first == self.last

    @property
    def point(self) -> Point:
        """In the middle of what lies there."""
        ends = point_of(self.first), point_of(self.last)
        return round((ends[0][0] + ends[1][0]) / 2, 6), round((ends[0][1] + ends[1][1]) / 2, 6)


def squares_of(wanted: Wanted, found: Found, box: Box) -> list[Square]:
    """What of ``found``, the search for ``wanted``, lies in the squares of ``box``; as many queries, whatever is there."""
    if wanted.q or found.count <= FEW_ENOUGH:
        return _of_rows(found, box)
    return _of_index(wanted, box)


def _of_rows(found: Found, box: Box) -> list[Square]:
    """Few rows, each looked at; of a search that finds more than that, the first of them."""
    if found.in_order:
        keys = [place[0] for place in found.places]
    else:  # first by what narrows them, which an index that also held the key would not spare
        ids = found.counted.with_only_columns(Enterprise.id).limit(SAMPLE + 1)
        keys = list(db.session.scalars(select(KEY).where(Enterprise.id.in_(ids))))
    inner, inside = 2 * (LEVELS - box.level), {least for least, _greatest in box.ranges()}
    squares: defaultdict[int, list[int]] = defaultdict(list)
    cut = found.cut or len(keys) > SAMPLE
    for key in keys:
        if key is not None and (least := key >> inner << inner) in inside:
            squares[least].append(key)
    return [Square(min(held), max(held), len(held), cut) for held in squares.values()]


def _of_index(wanted: Wanted, box: Box) -> list[Square]:
    """Each square counts for itself, at most one more than can be told, from an index that holds all that is asked."""
    each: Any = _ranges(box).cte("square")
    indexed, looked_at = _narrowing(wanted)
    inside = (*indexed, KEY.between(each.c.least, each.c.greatest))
    if looked_at:
        return _of_looks(each, inside, looked_at)

    def keys(by: Any) -> Select[Any]:
        return select(KEY).where(*inside).correlate(each).order_by(by)

    counted = keys(KEY.asc()).limit(COUNT_LIMIT + 1).subquery()
    query = select(
        keys(KEY.asc()).limit(1).scalar_subquery(),
        keys(KEY.desc()).limit(1).scalar_subquery(),
        select(func.count()).select_from(counted).scalar_subquery(),
    ).select_from(each)
    return [Square(first, last, count) for first, last, count in db.session.execute(query) if count]


def _of_looks(
    each: Any, inside: Conditions | tuple[Any, ...], facets: dict[str, tuple[str, ...]]
) -> list[Square]:
    """The same where rows are looked at one by one: read once in each square, and all that is to be known of them handed over in
    one text. Where they were not all read, the square ends with its last row, whether that fits or not.
    """
    some = select(KEY, Enterprise.activity, Enterprise.traits).where(*inside).correlate(each)
    read = some.order_by(KEY).limit(LOOKED_AT).subquery()
    fits = and_(*_fits(read.c, facets))
    figures = (
        func.coalesce(func.min(read.c.map_key).filter(fits), 0),
        func.coalesce(func.max(read.c.map_key).filter(fits), 0),
        func.count().filter(fits),
        func.count(),
    )
    told: Any = literal("")
    for figure in figures:
        told = told + cast(figure, String) + literal(" ")
    end = select(KEY).where(*inside).correlate(each).order_by(KEY.desc()).limit(1).scalar_subquery()
    query = select(select(told).select_from(read).scalar_subquery(), end).select_from(each)
    squares = []
    for line, greatest in db.session.execute(query):
        first, last, count, seen = map(int, line.split())
        if count:
            cut = seen == LOOKED_AT
            squares.append(Square(first, greatest if cut else last, count, cut and count <= COUNT_LIMIT))
    return squares


def _ranges(box: Box) -> Select[int, int]:
    """The least and the greatest key of each square as rows, in one parameter: the statement is the same for every view."""
    width = (1 << 2 * (LEVELS - box.level)) - 1
    starts = [start for start, _end in box.ranges()]
    if is_sqlite():
        start = func.json_each(json.dumps(starts)).table_valued("value").c.value
    else:
        keys = ARRAY(BigInteger)
        start = func.unnest(cast(literal(starts, keys), keys)).column_valued("value")
    first = cast(start, BigInteger)
    return select(first.label("least"), (first + width).label("greatest"))


def _narrowing(wanted: Wanted) -> tuple[Conditions, dict[str, tuple[str, ...]]]:
    """What an index of the map is narrowed by (one column that stands before the key), and the facets that are looked at."""
    leading = next((name for name in COLUMNS_OF if name in wanted.facets), "")
    narrowed: Conditions = [public_condition()]
    if leading:
        narrowed.append(facet_condition(leading, wanted.facets[leading]))
    return narrowed, {name: values for name, values in wanted.facets.items() if name != leading}


def _fits(row: Any, facets: Mapping[str, tuple[str, ...]]) -> Conditions:
    """The facets as conditions on the columns of an index."""
    found: Conditions = [
        row[column.key].in_(facets[name]) for name, column in COLUMNS_OF.items() if name in facets
    ]
    if (numbers := fitting(facets)) is not None:
        found.append(is_one_of(row.traits, numbers))
    return found


@dataclass(frozen=True)
class Named:
    """A business by name, on the point of ``key``."""

    key: int
    name: str
    slug: str


def named_in(squares: Iterable[Square], found: Found) -> dict[int, list[Named]]:
    """By key, the businesses that stand alone in a square, or few on one point; at most one query."""
    keys = [one.first for one in squares if one.is_one_point and one.count <= ONE_POINT]
    wanted = frozenset(keys[:NAMED])
    rows = found.places if found.in_order else _places_at(wanted, found)
    by_key: defaultdict[int, list[Named]] = defaultdict(list)
    for key, name, slug in sorted(rows, key=lambda row: (row[1], row[2])):
        if key in wanted:
            by_key[key].append(Named(key, name, slug))
    return by_key


def _places_at(keys: Collection[int], found: Found) -> list[Any]:
    """Key, name and slug of what stands there."""
    query = found.walked if found.ranked is None else found.counted
    columns = (KEY, Enterprise.name, Enterprise.slug)
    return list(db.session.execute(query.with_only_columns(*columns).where(KEY.in_(keys or [0]))))


@lru_cache(maxsize=1)
def middles() -> Mapping[int, str]:
    """Key → code of the place whose middle it is; of two places with one middle the wider."""
    return {key_of(point): code for code, point in sorted(centroids().items(), reverse=True)}
