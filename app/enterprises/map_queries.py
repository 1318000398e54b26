"""The public register as a map draws it: squares with how many lie in each, single businesses by name.

Nothing here reads where a business really is: only ``map_key``, which holds the place as finely as its owner lets it be known.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, String, and_, case, cast, func, literal, select

from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.plans import unindexed
from app.core.short_memory import short_memory
from app.core.writing import is_sqlite
from app.enterprises.grid import LEVELS, Box, Point, key_of, point_of
from app.enterprises.lists import COLUMNS_OF, SAMPLE, Conditions, Found, facet_condition
from app.enterprises.models import Enterprise
from app.enterprises.publication import public_condition
from app.enterprises.traits import bits_of
from app.enterprises.wanted import Wanted
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
        return _of_rows(wanted, found, box)
    return _of_index(wanted, box)


def _of_rows(wanted: Wanted, found: Found, box: Box) -> list[Square]:
    """Few rows, each looked at; of a search that finds more than that, the first of them."""
    points = Counter(place[0] for place in found.places) if found.in_order else _points(wanted, found)
    inner, inside = 2 * (LEVELS - box.level), {least for least, _greatest in box.ranges()}
    squares: defaultdict[int, list[int]] = defaultdict(list)
    cut = found.cut or sum(points.values()) > SAMPLE
    for key in points:
        if key is not None and (least := key >> inner << inner) in inside:
            squares[least].append(key)
    return [Square(min(held), max(held), sum(points[key] for key in held), cut) for held in squares.values()]


def _points(wanted: Wanted, found: Found) -> Counter[int | None]:
    """How many stand on each point: most share one with others, the middle of a kelurahan or kecamatan. The index of the traits
    holds the key as well; otherwise the rows are found by what narrows them first, or those of an index that holds it would all
    be read.
    """
    by_place = wanted.q or any(name in wanted.facets for name in COLUMNS_OF)
    some = found.sample(Enterprise.id if by_place else KEY)
    if by_place:
        query = select(KEY, func.count()).where(Enterprise.id.in_(some)).group_by(unindexed(KEY))
    else:
        read = some.subquery()
        query = select(read.c.map_key, func.count()).group_by(read.c.map_key)
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def _of_index(wanted: Wanted, box: Box) -> list[Square]:
    """Each square counts for itself, at most one more than can be told, from an index that holds all that is asked."""
    memory = short_memory("squares")
    many = {start for start, _end in box.ranges() if memory.get((wanted.key, box.level, start))}
    each: Any = _ranges(box, many).cte("square")
    indexed, looked_at = _narrowing(wanted)
    inside = (*indexed, KEY.between(each.c.least, each.c.greatest))
    if looked_at:
        return _of_looks(each, inside, looked_at)

    def keys(by: Any) -> Select[Any]:
        return select(KEY).where(*inside).correlate(each).order_by(by)

    counted = keys(KEY.asc()).limit(COUNT_LIMIT + 1).subquery()
    number = select(func.count()).select_from(counted).scalar_subquery()
    query = select(
        each.c.least,
        keys(KEY.asc()).limit(1).scalar_subquery(),
        keys(KEY.desc()).limit(1).scalar_subquery(),
        case((each.c.known == 1, COUNT_LIMIT + 1), else_=number),
    ).select_from(each)
    squares = []
    for start, first, last, count in db.session.execute(query):
        if count > COUNT_LIMIT:
            memory.put((wanted.key, box.level, start), True)
        if first is not None:
            squares.append(Square(first, last, count))
    return squares


def _of_looks(
    each: Any, inside: Conditions | tuple[Any, ...], facets: dict[str, tuple[str, ...]]
) -> list[Square]:
    """The same where rows are looked at one by one: read once in each square, and all that is to be known of them handed over in
    one text. Where they were not all read, the square ends with its last row, whether that fits or not.
    """
    fitting_key = case((and_(*_fits(facets)), KEY)).label("fitting_key")  # each row is judged once
    read = select(fitting_key).where(*inside).correlate(each).order_by(KEY).limit(LOOKED_AT).subquery()
    own = read.c.fitting_key
    figures = (
        func.coalesce(func.min(own), 0),
        func.coalesce(func.max(own), 0),
        func.count(own),
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


def _ranges(box: Box, many: Collection[int]) -> Select[int, int, int]:
    """The least and the greatest key of each square as rows, and 1 where it is one of ``many``: in one parameter or two, so that the
    statement is the same for every view."""
    width = (1 << 2 * (LEVELS - box.level)) - 1
    starts = [start for start, _end in box.ranges()]
    known = [int(start in many) for start in starts]
    if is_sqlite():
        pair = func.json_each(json.dumps(list(zip(starts, known, strict=True)))).table_valued("value").c.value
        places: Any = [cast(func.json_extract(pair, f"$[{place}]"), BigInteger) for place in (0, 1)]
    else:
        keys = ARRAY(BigInteger)
        pairs = func.unnest(cast(literal(starts, keys), keys), cast(literal(known, keys), keys))
        places = pairs.table_valued("first", "told").render_derived().c
    first, told = places
    return select(first.label("least"), (first + width).label("greatest"), told.label("known"))


def _narrowing(wanted: Wanted) -> tuple[Conditions, dict[str, tuple[str, ...]]]:
    """What an index of the map is narrowed by (one column that stands before the key), and the facets that are looked at."""
    leading = next((name for name in COLUMNS_OF if name in wanted.facets), "")
    narrowed: Conditions = [public_condition()]
    if leading:
        narrowed.append(facet_condition(leading, wanted.facets[leading]))
    return narrowed, {name: values for name, values in wanted.facets.items() if name != leading}


def _fits(facets: Mapping[str, tuple[str, ...]]) -> Conditions:
    """The facets as conditions on columns that the index holds, by which nothing is looked up."""
    found: Conditions = [column.in_(facets[name]) for name, column in COLUMNS_OF.items() if name in facets]
    for mask, values in bits_of(facets):
        bits = Enterprise.traits.bitwise_and(mask)
        found.append(bits.in_(values) if values else bits != 0)
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
    shown = [row for row in rows if row[0] in wanted]
    for key, name, slug in sorted(shown, key=lambda row: (row[1], row[2])):
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
