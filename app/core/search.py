"""Search by name with typos, the same on both databases.

A table that is searched keeps a column ``search_text``, made by :func:`searchable`, an index of its trigrams (SQLite: FTS5
with the trigram tokenizer; PostgreSQL: an array of trigrams under GIN, no extension needed) and a list of its words
(``search_index``). Rows that hold every word as typed come first. When they are few, each word is taken for those of the
table that it resembles (``vocabulary``), and the rows that hold these are ranked by ``ranking``. Either way the index
answers, so a search in a million rows costs what it costs in a thousand. See docs/adr/0006.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar
from typing import cast as cast_type

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from app.core.database import Base
from app.core.extensions import db
from app.core.ranking import NOTHING, closeness, fold, telling, words_of
from app.core.search_conditions import (
    Meanings,
    index_of,
    indexed_question,
    matches,
    spelled_out,
    stands_in,
)
from app.core.search_index import FIRST, LARGE, index_table, removals, statements
from app.core.vocabulary import vocabulary
from app.core.writing import is_sqlite

__all__ = [
    "CANDIDATES",
    "Answer",
    "answer",
    "find",
    "fold",
    "holding",
    "index_table",
    "mark",
    "met",
    "met_in_order",
    "removals",
    "searchable",
    "soonest",
    "spelled",
    "statements",
]

CANDIDATES = 300  # rows that are ranked at most
MANY = 2000  # rows; from here on, the index would bring more than it spares
FEW = 10  # with fewer rows that hold every word, typos are looked for too
SURE = 80.0  # what follows rows that hold every word must be near
LIKELY = 60.0  # where there are none, a word may be missing

Conditions = tuple[ColumnElement[bool], ...]
Marks = Sequence[Sequence[str]]
Row = TypeVar("Row")
LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


def searchable(title: str, *details: str | None, marks: Iterable[str] = ()) -> str:
    """The ``search_text`` of a row: its folded title, on a second line the details by which it may also be found, and on a
    third its marks.
    """
    more = " ".join(filter(None, map(fold, filter(None, details))))
    lines = [fold(title), more, "".join(marks)]
    return "\n".join(lines).rstrip("\n")


def mark(name: str, value: str) -> str:
    """What the index holds of a row for which the filter ``name`` has this value: three characters that no word has, so that
    a search that is narrowed reads only what has both. Two values may share one; the filter itself is asked all the same.
    """
    high, low = divmod(zlib.crc32(f"{name}:{value}".encode()) % len(LETTERS) ** 2, len(LETTERS))
    return f"§{LETTERS[high]}{LETTERS[low]}"


class Asked(NamedTuple):
    """A question to a table: words, and marks of which a row must have one of each group."""

    table: str
    wanted: str
    marks: Marks = ()

    @property
    def groups(self) -> list["Meanings"]:
        """Each word, and each group of marks; none where there is no word."""
        words = words_of(self.wanted)
        return _as_typed(words) + _as_marked(self.marks) if words else []


@dataclass(frozen=True)
class Answer:
    """Ids of rows, best first. ``cut``: only the first that were found, others may be meant as well. ``crowd``: the question,
    where more rows hold every word than could be ranked; ``sample`` are rows of it that were read already: on SQLite the first in
    the order of ids."""

    ids: list[int]
    cut: bool = False
    crowd: Asked | None = None
    sample: Sequence[int] = ()

    @cached_property
    def everything(self) -> ColumnElement[bool] | None:
        """The condition that finds all rows of a crowd; None where there is none."""
        return holding(*self.crowd) if self.crowd else None


def find(
    name: str, wanted: str, *, where: Iterable[ColumnElement[bool]] = (), limit: int = CANDIDATES
) -> list[int]:
    """Ids of the rows of table ``name`` that ``wanted`` may mean, best first, at most ``limit``; see :func:`answer`."""
    return answer(name, wanted, where=where, limit=limit).ids


def answer(
    name: str,
    wanted: str,
    *,
    where: Iterable[ColumnElement[bool]] = (),
    marks: Marks = (),
    limit: int = CANDIDATES,
    ranks_crowds: bool = True,
    sample: int = 0,
) -> Answer:
    """The rows of table ``name`` that ``wanted`` may mean.

    ``where`` are conditions on that table: they are asked before the limit, so that a filtered list misses nothing. A word
    may be a part of another; one shorter than three letters must begin one. ``marks``: of each group a row has one, which the
    index knows. Without ``ranks_crowds`` the ids of a crowd are left out, for a list that shows all of it in an order of its
    own; a ``sample`` of so many rows is read of it where the index would bring all of them once more.
    """
    words, conditions, asked = words_of(wanted), tuple(where), Asked(name, wanted, marks)
    if not words:
        return Answer([])
    found = _rows(name, asked.groups, conditions, limit, sample)
    crowded = len(found) >= limit
    ranked = _ranked(words, found, floor=NOTHING) if ranks_crowds or not crowded else []
    if crowded:
        known = list(found) if sample and (is_sqlite() or len(found) > limit) else []
        return Answer(ranked, cut=True, crowd=asked, sample=known)
    cut = False
    if len(ranked) < FEW:
        others = _resembling(asked, words, conditions, limit, found)
        cut = len(others) >= limit
        others = {id_: held for id_, held in others.items() if id_ not in found}
        ranked += _ranked(words, others, floor=SURE if ranked else LIKELY)
    return Answer(ranked[:limit], cut or len(ranked) > limit)


def holding(name: str, wanted: str, marks: Marks = ()) -> ColumnElement[bool]:
    """The condition on table ``name`` that a row holds every word of ``wanted``, without tolerance for typos.

    Rows that are many are soonest met by reading the list in its own order; rows that are few are found by the index.
    """
    searched, groups = Base.metadata.tables[name], Asked(name, wanted, marks).groups
    if not groups:
        return literal(False)
    some = select(literal(1)).select_from(searched).where(_by_index(name, groups)).limit(MANY).subquery()
    if db.session.scalar(select(func.count()).select_from(some)) == MANY:
        return spelled(name, wanted)
    return _by_index(name, groups)


def met(query: Select[Row], asked: Asked) -> Select[Row]:
    """``query`` on the table of ``asked``, of the rows only that hold every word, as the index meets them: a limit ends it
    early, so that it counts and samples a crowd at the price of the limit. In no order that may be relied upon.
    """
    return _met(query, asked)[0] if is_sqlite() else query.where(_of_words(asked))


def met_in_order(query: Select[Row], asked: Asked) -> tuple[Select[Row], ColumnElement[int]]:
    """The same for pages of a crowd in the order of the ids, with the column of that order.

    PostgreSQL's index brings all rows or none: those of a crowd are sooner met by walking along the ids.
    """
    if is_sqlite():
        return _met(query, asked)
    return query.where(spelled(asked.table, asked.wanted)), Base.metadata.tables[asked.table].c.id


def soonest(query: Select[Row], name: str, limit: int, *, others: int = 0) -> Select[Row]:
    """``limit`` rows of ``query`` on table ``name``, whichever come first. On PostgreSQL those of the first ids, which have an index
    of their own, and only where these do not suffice the others: then as many as ``others``, where it says more.
    """
    if is_sqlite() or name not in LARGE:
        return query.limit(limit)
    id_ = Base.metadata.tables[name].c.id
    last: ColumnElement[int] = literal_column(str(FIRST))  # as the index spells it
    first = query.where(id_ <= last).limit(limit).cte("first")
    known = select(func.count().label("number")).select_from(first).subquery()
    lacking = known.c.number < limit  # asked once, before any other row is read
    rest = query.where(id_ > last, lacking).correlate(known).limit(max(limit, others)).lateral()
    both = union_all(select(first), select(rest).select_from(known.join(rest, true()))).subquery()
    return cast_type(Select[Row], select(both).limit(max(limit, others)))


def spelled(name: str, wanted: str) -> ColumnElement[bool]:
    """The condition of :func:`holding`, read letter by letter: for rows that are come by in another way."""
    held = Base.metadata.tables[name].c.search_text
    return and_(literal(True), *(stands_in(held, word) for word in words_of(wanted)))


def _met(query: Select[Row], asked: Asked) -> tuple[Select[Row], ColumnElement[int]]:
    """On SQLite: FTS5 is read in its own order, each row of the table looked up as its number comes."""
    name, groups = asked.table, asked.groups
    searched, index = Base.metadata.tables[name], index_of(name)
    indexed = indexed_question(groups)
    if not indexed:
        return query.where(_of_words(asked)).order_by(searched.c.id), searched.c.id
    number: ColumnElement[int] = index.c.rowid
    joined = query.select_from(index.join(searched, searched.c.id == number)).where(matches(name, indexed))
    return joined.where(*spelled_out(searched.c.search_text, groups)).order_by(number), number


def _of_words(asked: Asked) -> ColumnElement[bool]:
    groups = asked.groups
    return _by_index(asked.table, groups) if groups else literal(False)


def _by_index(name: str, groups: Sequence[Meanings]) -> ColumnElement[bool]:
    """The condition that a row holds one meaning of each group, which the index answers."""
    searched = Base.metadata.tables[name]
    conditions = spelled_out(searched.c.search_text, groups)
    if indexed := indexed_question(groups):
        conditions.append(searched.c.id.in_(select(index_of(name).c.rowid).where(matches(name, indexed))))
    return and_(*conditions)


def _as_typed(words: Sequence[str]) -> list[Meanings]:
    """Each word means itself."""
    return [[(word,)] for word in words]


def _as_marked(marks: Marks) -> list[Meanings]:
    return [[(one,) for one in group] for group in marks]


def _resembling(
    asked: Asked, words: Sequence[str], where: Conditions, limit: int, found: dict[int, str]
) -> dict[int, str]:
    """Rows that hold, for each word that tells something, one that it resembles; if there are none, all but one of many.
    ``found`` are those that hold the words as typed, which are not looked for twice."""
    name, marked = asked.table, _as_marked(asked.marks)
    known = vocabulary(name)
    groups = [known.meant_in_rows(word) for word in telling(words)]
    if alike := found if groups == _as_typed(words) else _rows(name, groups + marked, where, limit):
        return alike
    if len(groups) < 3:
        return {}
    fewer = [groups[:left_out] + groups[left_out + 1 :] for left_out in range(len(groups))]
    return {id_: held for some in fewer for id_, held in _rows(name, some + marked, where, limit).items()}


def _rows(
    name: str, groups: Sequence[Meanings], where: Conditions, limit: int, sample: int = 0
) -> dict[int, str]:
    """Id and text of the rows that hold one meaning of each group. FTS5 is read in its own order, and PostgreSQL's
    index in none, which would first bring all rows: the limit ends either early.
    """
    searched = Base.metadata.tables[name]
    query = select(searched.c.id, searched.c.search_text).where(*where)
    query = query.where(*spelled_out(searched.c.search_text, groups))
    if indexed := indexed_question(groups):
        index = index_of(name)
        joined = index.join(searched, searched.c.id == index.c.rowid)
        query = query.select_from(joined).where(matches(name, indexed)).order_by(index.c.rowid)
    elif is_sqlite():
        query = query.order_by(searched.c.id)
    found: Sequence[Any] = db.session.execute(soonest(query, name, limit, others=sample)).all()
    return dict(found)


def _ranked(words: Sequence[str], rows: dict[int, str], *, floor: float) -> list[int]:
    scored = ((closeness(words, held), id_) for id_, held in rows.items())
    return [id_ for score, id_ in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score > floor]
