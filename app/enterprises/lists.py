"""Lists of enterprises: what somebody wants to see, how many there are of each kind, page by page."""

import json
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    any_,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, defer

from app.core.extensions import db
from app.core.paging import (
    COUNT_LIMIT,
    PAGE_SIZE,
    Page,
    count_for_a_moment,
    count_text,
    count_up_to,
    paginate,
    ranked_page,
)
from app.core.plans import unindexed
from app.core.search import Asked, answer, holding, mark, met, met_in_order, soonest, spelled
from app.core.short_memory import short_memory
from app.core.text import Text as Sentence
from app.core.writing import is_sqlite
from app.enterprises.models import Enterprise, EnterpriseIndex
from app.enterprises.publication import Reading, confirmed_since, public_condition
from app.enterprises.queries import revision
from app.enterprises.rules import Currency, State
from app.enterprises.traits import fitting
from app.enterprises.wanted import Wanted

BATCH = 500
REMEMBERED = {"answers": 200, "kinds": 200, "ids": 30, "places": 30}  # searches, at most
SAMPLE = COUNT_LIMIT  # rows of a search that are looked at, for counts and for the map
KINDS = (Enterprise.kode_kecamatan, Enterprise.public_kelurahan, Enterprise.activity, Enterprise.traits)
COLUMNS_OF = {
    "kelurahan": Enterprise.public_kelurahan,
    "kecamatan": Enterprise.kode_kecamatan,
    "bidang": Enterprise.activity,
}
"""Facets with a column of their own; the others stand packed in ``traits``."""
ORDERED = ("bidang",)
"""Facets of which each value has its rows in the order of the list: what people make stands in their names, so that whoever
walks along all names may look long for the first."""
Conditions = list[ColumnElement[bool]]
Value = TypeVar("Value")
Numbers = ColumnElement[int] | InstrumentedAttribute[int]


def facet_condition(
    name: str, values: Collection[str], reading: Reading = Reading.BY_FILTERS
) -> ColumnElement[bool]:
    """The condition that a row is of one of these values of a facet that has a column of its own."""
    column = COLUMNS_OF[name]
    in_order = name in ORDERED and len(values) == 1 and reading is Reading.BY_ORDER
    read = column.expression if in_order or reading is Reading.BY_FILTERS else unindexed(column)
    return read.in_(sorted(values))


def traits_condition(
    facets: Mapping[str, Collection[str]], reading: Reading = Reading.BY_FILTERS
) -> ColumnElement[bool] | None:
    """The condition for all other facets together; None where nothing of them is chosen."""
    numbers = fitting(facets)
    read = Enterprise.traits if reading is Reading.BY_FILTERS else unindexed(Enterprise.traits)
    return None if numbers is None else is_one_of(read, numbers)


def is_one_of(column: Numbers, numbers: Sequence[int]) -> ColumnElement[bool]:
    """``column`` is one of ``numbers``: one parameter however many there are, and the index is used."""
    if is_sqlite():
        return is_in_list(column, literal(json.dumps(numbers)))
    return column == any_(literal(list(numbers), ARRAY(Integer)))


def is_in_list(column: Numbers, numbers: ColumnElement[str]) -> ColumnElement[bool]:
    """The same of numbers written as JSON, which may differ from row to row of another table. PostgreSQL reads them anew
    for each row that no index answers.
    """
    if is_sqlite():
        return column.in_(select(func.json_each(numbers).table_valued("value").c.value))
    bare = func.translate(numbers, "[]", "{}")
    return column == any_(cast(bare, ARRAY(Integer)))


def conditions(
    wanted: Wanted, *, public: bool, but: str = "", reading: Reading = Reading.BY_FILTERS
) -> Conditions:
    """The filters as SQL, all but the search and the facet ``but``."""
    found = [public_condition(reading)] if public else _staff_conditions(wanted)
    chosen = {name: values for name, values in wanted.facets.items() if name != but}
    found += [facet_condition(name, chosen[name], reading) for name in chosen if name in COLUMNS_OF]
    packed = traits_condition(chosen, reading)
    return found if packed is None else [*found, packed]


def _staff_conditions(wanted: Wanted) -> Conditions:
    """The office sees everything but what was deleted; drafts only when it asks for them."""
    staff = dict(wanted.staff)
    gone = (State.DELETED, State.MERGED, State.DRAFT)
    found: Conditions = [
        Enterprise.state == State(staff["keadaan"]) if "keadaan" in staff else Enterprise.state.not_in(gone)
    ]
    if "kelurahan" in staff:
        found.append(Enterprise.kode_kelurahan == staff["kelurahan"])
    if staff.get("kabar") == Currency.UNCONFIRMED:
        found += [~confirmed_since(1), confirmed_since(2)]
    elif staff.get("kabar") == Currency.EXPIRED:
        found.append(~confirmed_since(2))
    return found


@dataclass(frozen=True)
class Found:
    """The rows that fit, before pages. ``walked`` meets them in the order of the list; ``counted`` looks them up by what
    narrows them; ``ranked`` are their ids in order of fitness where a search ranks them, the other two then being these;
    ``in_order`` meets the rows of a search that finds too many to rank by their ids, which come by its own column."""

    walked: Select[Enterprise]
    counted: Select[Enterprise]
    ranked: list[int] | None = None
    cut: bool = False  # ``ranked`` are only the first that were found
    in_order: tuple[Select[Enterprise], ColumnElement[int]] | None = None
    read: Sequence[int] = ()  # ids that such a search has read: of a sample all, on SQLite the first
    key: Hashable = None  # under which is remembered that these are many

    @cached_property
    def count(self) -> int:
        """How many, or a little over a thousand."""
        if self.ranked is not None:
            return len(self.ranked)
        if self.in_order:
            return min(self.looked_at, COUNT_LIMIT + 1)
        return count_for_a_moment(self.counted, (self.key, "many")) if self.key else count_up_to(self.counted)

    @property
    def count_text(self) -> Sentence:
        """``312``, ``1.000+``, or ``300+`` where no more were looked at."""
        return count_text(self.count + 1, self.count) if self.cut else count_text(self.count)

    @cached_property
    def kinds(self) -> list[Any]:
        """The rows of a search grouped by what they are, with how many there are of each; at most one more than the sample. Those of
        a crowd are remembered for a moment."""
        if known := short_memory().get(self.key):
            return list(known)
        found = _remembered("kinds", self.key, self._kinds) if self.in_order else self._kinds()
        if self.key and sum(int(kind[-1]) for kind in found) > SAMPLE:
            short_memory().put(self.key, found)
        return found

    def _kinds(self) -> list[Any]:
        some = self.sample(*KINDS).subquery()
        return [tuple(row) for row in db.session.execute(select(*some.c, func.count()).group_by(*some.c))]

    @property
    def is_crowded(self) -> bool:
        """Whether a search finds more than can be counted: its list then goes by the order of registration."""
        return self.in_order is not None and self.count > COUNT_LIMIT

    @cached_property
    def places(self) -> list[Any]:
        """Key of the map, name and address of the rows of a search that is not ranked; as many as ``kinds``."""

        def read() -> list[Any]:
            columns = (Enterprise.map_key, Enterprise.name, Enterprise.slug)
            return [tuple(row) for row in db.session.execute(self.sample(*columns))]

        return _remembered("places", self.key, read)

    @property
    def is_few(self) -> ColumnElement[bool]:
        """That a row is one of the sample, which is all there are."""
        ids = self.sample(Enterprise.id)
        if not self.in_order:
            return Enterprise.id.in_(ids)
        return is_one_of(Enterprise.id, _remembered("ids", self.key, lambda: list(db.session.scalars(ids))))

    def sample(self, *columns: Any) -> Select[Any]:
        """These columns of the rows, of one more than the sample at most."""
        query = self.counted.with_only_columns(*columns, maintain_column_froms=True)
        if self.in_order is None:
            return query.limit(SAMPLE + 1)
        if not self.read:
            return soonest(query, "enterprise", SAMPLE + 1)
        known = select(*columns).where(is_one_of(Enterprise.id, self.read)).limit(SAMPLE + 1)
        if not is_sqlite():
            return known
        rows, number = self.in_order
        rest = rows.with_only_columns(*columns, maintain_column_froms=True).where(number > self.read[-1])
        others = rest.limit(SAMPLE + 1 - len(self.read))
        return select(union_all(*(select(part.subquery()) for part in (known, others))).subquery())

    @property
    def looked_at(self) -> int:
        """How many rows ``kinds`` are of."""
        return sum(int(kind[-1]) for kind in self.kinds)

    @property
    def is_whole(self) -> bool:
        """Whether ``kinds`` are those of all rows that fit."""
        if self.ranked is not None:
            return not self.cut
        return self.looked_at <= SAMPLE


def search(wanted: Wanted, *, public: bool = True) -> Found:
    """What fits ``wanted``: the public by public words, the office also by owner, telephone, NIB and address."""
    rows = select(Enterprise).options(defer(Enterprise.search_text))

    def narrowed(reading: Reading) -> Conditions:
        return conditions(wanted, public=public, reading=reading)

    walked = rows.where(*narrowed(Reading.BY_ORDER))
    if not wanted.q:
        return Found(walked, rows.where(*narrowed(Reading.BY_FILTERS)), key=wanted.key if public else None)
    filters = narrowed(Reading.BY_ID)
    if public:
        marks = tuple(tuple(mark(name, value) for value in values) for name, values in wanted.facets.items())
        asked = Asked("enterprise", wanted.q, marks)
        if short_memory().get(wanted.key):
            return _crowd(asked, wanted, walked, rows.where(*filters))
        meant = _remembered(
            "answers",
            wanted.key,
            lambda: answer(
                "enterprise", wanted.q, where=filters, marks=marks, ranks_crowds=False, sample=SAMPLE + 1
            ),
        )
    else:
        same = Enterprise.id == EnterpriseIndex.id
        meant = answer("enterprise_index", wanted.q, where=(exists().where(same, *filters),))
    if meant.crowd is None:
        known = rows.where(is_one_of(Enterprise.id, meant.ids))
        return Found(known, known, meant.ids, meant.cut)
    if public:
        return replace(_crowd(meant.crowd, wanted, walked, rows.where(*filters)), read=meant.sample)
    among = Enterprise.id.in_(select(EnterpriseIndex.id).where(holding(*meant.crowd)))
    return Found(walked.where(among), rows.where(*filters, among))


def _remembered(name: str, key: Hashable, read: Callable[[], Value]) -> Value:
    """What a search read, known for a moment: the second page, the map and each move of it ask the same again. It is that of the
    register as this request sees it, so nothing that was changed since is missing.
    """
    memory = short_memory(name, REMEMBERED[name])
    if not memory.most:
        return read()
    key = (key, revision())
    known: Value | None = memory.get(key)
    if known is None:
        known = read()
        memory.put(key, known)
    return known


def _crowd(asked: Asked, wanted: Wanted, walked: Select[Enterprise], rows: Select[Enterprise]) -> Found:
    """A search that finds too many to rank: whatever is asked of it ends at a limit, and so does the reading of its index."""
    return Found(
        walked.where(spelled(asked.table, asked.wanted)),
        met(rows, asked),
        in_order=met_in_order(rows, asked),
        key=wanted.key,
    )


def page_of(found: Found, *, size: int = PAGE_SIZE) -> Page[Enterprise]:
    """The page that the request asks for.

    Few rows are found by what narrows them and then put in order; many are met soonest by walking along the order, which is
    that of their names, and under a search that of their ids.
    """
    if found.ranked is not None:
        return ranked_page(found.counted, found.ranked, Enterprise.id, size=size)
    query = found.walked
    if found.count <= COUNT_LIMIT:
        query = select(Enterprise).options(defer(Enterprise.search_text)).where(found.is_few)
    elif found.in_order:  # crowded
        query, number = found.in_order
        return paginate(query, by=(number,), key=lambda row: (row.id,), size=size)
    return paginate(
        query, by=(Enterprise.name_key, Enterprise.id), key=lambda row: (row.name_key, row.id), size=size
    )


def rows_of(found: Found) -> Iterator[Enterprise]:
    """Every row, in the order of the pages, read in batches."""
    if found.ranked is not None:
        rows = {row.id: row for row in db.session.scalars(found.counted)}
        yield from (rows[id_] for id_ in found.ranked if id_ in rows)
        return
    ordered = found.walked.order_by(Enterprise.name_key, Enterprise.id)
    yield from db.session.scalars(ordered.execution_options(yield_per=BATCH))
