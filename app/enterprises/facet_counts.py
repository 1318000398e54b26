"""How many each value of each facet would leave: exact up to a thousand, whatever the size of the register.

Each count ends at the limit and is answered by an index that holds what narrows it, so that it costs what it counts and no
more. Under a search the rows found are counted once, by what they are.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Values,
    column,
    func,
    literal,
    literal_column,
    select,
    union_all,
    values,
)

from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.short_memory import short_memory
from app.enterprises.lists import COLUMNS_OF, Found, conditions, is_in_list, search
from app.enterprises.models import Enterprise
from app.enterprises.traits import NAMES, fitting, holds
from app.enterprises.wanted import Wanted, values_known

KECAMATAN = 8  # characters of a kecamatan's code, with which its kelurahan's begin
Facet = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """Facet and value → how many, at most one more than can be told. Not ``whole``: a count below the limit may be too low."""

    of: Mapping[Facet, int]
    whole: bool = True

    def may_be(self, facet: str, value: str) -> bool:
        """Whether that value may leave anything."""
        return not self.whole or bool(self.of.get((facet, value)))

    def told(self, facet: str, value: str) -> int | None:
        """How many to show; None where it is not sure."""
        count = self.of.get((facet, value), 0)
        return count if self.whole or count > COUNT_LIMIT else None


def facet_counts(
    wanted: Wanted, offered: Mapping[str, Iterable[str]] | None = None, found: Found | None = None
) -> Counts:
    """The counts for the values that are ``offered`` (all that are known, unless told). The other facets narrow the count, the
    facet itself does not. One query; ``found``, what the search for ``wanted`` found, spares the same search again."""
    asked = {name: tuple(known) for name, known in (offered or values_known()).items()}
    if not wanted.q:
        return _of_list(wanted, asked)
    if found is None or (wanted.facets and found.is_whole):
        found = search(replace(wanted, facets={}))  # of what is cut already, no more can be told
    return _of_search(wanted, found, asked)


def _of_list(wanted: Wanted, asked: Mapping[str, tuple[str, ...]]) -> Counts:
    """Values that were more than can be told a moment ago are not counted again."""
    memory, here = short_memory(), json.dumps(wanted.arguments, sort_keys=True)
    many = {
        (name, value)
        for name, values_ in asked.items()
        for value in values_
        if memory.get((here, name, value))
    }
    left = {
        name: tuple(value for value in values_ if (name, value) not in many)
        for name, values_ in asked.items()
    }
    counted = _counted(wanted, left)
    for (name, value), count in counted.items():
        if count > COUNT_LIMIT:
            memory.put((here, name, value), True)
    return Counts(dict.fromkeys(many, COUNT_LIMIT + 1) | counted)


def _counted(wanted: Wanted, asked: Mapping[str, tuple[str, ...]]) -> dict[Facet, int]:
    parts = [
        _column_part(wanted, name, known) for name, known in asked.items() if name in COLUMNS_OF and known
    ]
    packed = [(name, value) for name in NAMES for value in asked.get(name, ())]
    if packed:
        parts.append(_packed_part(wanted, packed))
    if not parts:
        return {}
    return {(row[0], row[1]): row[2] for row in db.session.execute(union_all(*parts))}


def _column_part(wanted: Wanted, name: str, known: tuple[str, ...]) -> Select[Any]:
    """Name, value, count of a facet that has a column of its own. A kelurahan lies in its kecamatan: neither need be asked for
    the other."""
    if name == "kelurahan" and (around := wanted.facets.get("kecamatan")):
        known = tuple(value for value in known if value[:KECAMATAN] in around)
        others = {facet: chosen for facet, chosen in wanted.facets.items() if facet != "kecamatan"}
        wanted = replace(wanted, facets=others)
    own: ColumnElement[Any] = COLUMNS_OF[name].expression
    if name == "kecamatan" and (inside := wanted.facets.get("kelurahan")):
        known = tuple(value for value in known if value in {one[:KECAMATAN] for one in inside})
        own = func.substr(Enterprise.public_kelurahan, 1, KECAMATAN)
    each = _table(f"{name}_values", [(value,) for value in known] or [("",)], "value")
    many = _many(each, own == each.c.value, *conditions(wanted, public=True, but=name))
    return select(literal(name), each.c.value, many)


def _packed_part(wanted: Wanted, packed: list[Facet]) -> Select[Any]:
    """The same of the facets that stand in ``traits``: each value with the numbers that fit it and the other facets."""
    rows = [
        (name, value, json.dumps(fitting({**_packed_of(wanted), name: (value,)}))) for name, value in packed
    ]
    each = _table("packed_values", rows, "name", "value", "numbers")
    others = replace(
        wanted, facets={name: wanted.facets[name] for name in wanted.facets if name in COLUMNS_OF}
    )
    many = _many(each, is_in_list(Enterprise.traits, each.c.numbers), *conditions(others, public=True))
    return select(each.c.name, each.c.value, many)


def _packed_of(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    return {name: wanted.facets[name] for name in NAMES if name in wanted.facets}


def _table(name: str, rows: Sequence[tuple[str, ...]], *names: str) -> Any:
    made: Values = values(*(column(one, String) for one in names), name=name)
    return made.data(list(rows)).cte(name)


def _many(each: Any, *narrowed: ColumnElement[bool]) -> ColumnElement[int]:
    some = (
        select(literal_column("1").label("one"))
        .select_from(Enterprise)
        .where(*narrowed)
        .correlate(each)
        .limit(COUNT_LIMIT + 1)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def _of_search(wanted: Wanted, everything: Found, asked: Mapping[str, tuple[str, ...]]) -> Counts:
    """What the search finds without the facets, by what it is: each row counts for the values that would leave it."""
    kinds = everything.kinds
    chosen = {name: set(values) for name, values in wanted.facets.items()}
    found: Counter[Facet] = Counter()
    packed: Counter[tuple[str, int]] = Counter()
    for kecamatan, kelurahan, activity, number, many in kinds:
        own = {"kecamatan": kecamatan, "kelurahan": kelurahan, "bidang": activity}
        missed = [name for name, picked in chosen.items() if not _is_one(own, number, name, picked)]
        if len(missed) > 1:
            continue
        for name in missed or asked:
            if name not in own:
                packed[name, number] += many
            elif own[name]:
                found[name, own[name]] += many
    for (name, number), many in packed.items():
        found.update({(name, value): many for value in asked.get(name, ()) if holds(number, name, value)})
    return Counts(found, everything.is_whole)


def _is_one(own: Mapping[str, str | None], number: int, name: str, picked: set[str]) -> bool:
    if name in own:
        return own[name] in picked
    return any(holds(number, name, value) for value in picked)
