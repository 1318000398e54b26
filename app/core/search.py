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
from typing import NamedTuple, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    table,
)

from app.core.database import Base
from app.core.extensions import db
from app.core.ranking import NOTHING, closeness, fold, telling, words_of
from app.core.search_index import index_table, removals, statements
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
    "spelled",
    "statements",
]

CANDIDATES = 300  # rows that are ranked at most
MANY = 2000  # rows; from here on, the index would bring more than it spares
FEW = 10  # with fewer rows that hold every word, typos are looked for too
SURE = 80.0  # what follows rows that hold every word must be near
LIKELY = 60.0  # where there are none, a word may be missing

Conditions = tuple[ColumnElement[bool], ...]
Meanings = list[tuple[str, ...]]
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
    where more rows hold every word than could be ranked."""

    ids: list[int]
    cut: bool = False
    crowd: Asked | None = None

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
) -> Answer:
    """The rows of table ``name`` that ``wanted`` may mean.

    ``where`` are conditions on that table: they are asked before the limit, so that a filtered list misses nothing. A word
    may be a part of another; one shorter than three letters must begin one. ``marks``: of each group a row has one, which the
    index knows. Without ``ranks_crowds`` the ids of a crowd are left out, for a list that shows all of it in an order of its
    own.
    """
    words, conditions, asked = words_of(wanted), tuple(where), Asked(name, wanted, marks)
    if not words:
        return Answer([])
    found = _rows(name, asked.groups, conditions, limit)
    crowded = len(found) == limit
    ranked = _ranked(words, found, floor=NOTHING) if ranks_crowds or not crowded else []
    if crowded:
        return Answer(ranked, cut=True, crowd=asked)
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


def spelled(name: str, wanted: str) -> ColumnElement[bool]:
    """The condition of :func:`holding`, read letter by letter: for rows that are come by in another way."""
    held = Base.metadata.tables[name].c.search_text
    return and_(literal(True), *(_spelled(held, word) for word in words_of(wanted)))


def _met(query: Select[Row], asked: Asked) -> tuple[Select[Row], ColumnElement[int]]:
    """On SQLite: FTS5 is read in its own order, each row of the table looked up as its number comes."""
    name, groups = asked.table, asked.groups
    searched, index = Base.metadata.tables[name], _index_of(name)
    indexed = _indexed(groups)
    if not indexed:
        return query.where(_of_words(asked)).order_by(searched.c.id), searched.c.id
    number: ColumnElement[int] = index.c.rowid
    joined = query.select_from(index.join(searched, searched.c.id == number)).where(_match(name, indexed))
    return joined.where(*_spelled_out(searched.c.search_text, groups)).order_by(number), number


def _of_words(asked: Asked) -> ColumnElement[bool]:
    groups = asked.groups
    return _by_index(asked.table, groups) if groups else literal(False)


def _by_index(name: str, groups: Sequence[Meanings]) -> ColumnElement[bool]:
    """The condition that a row holds one meaning of each group, which the index answers."""
    searched = Base.metadata.tables[name]
    conditions = _spelled_out(searched.c.search_text, groups)
    if indexed := _indexed(groups):
        conditions.append(searched.c.id.in_(select(_index_of(name).c.rowid).where(_match(name, indexed))))
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


def _rows(name: str, groups: Sequence[Meanings], where: Conditions, limit: int) -> dict[int, str]:
    """Id and text of the rows that hold one meaning of each group. FTS5 is read in its own order, and PostgreSQL's
    index in none, which would first bring all rows: the limit ends either early.
    """
    searched = Base.metadata.tables[name]
    query = select(searched.c.id, searched.c.search_text).where(*where).limit(limit)
    query = query.where(*_spelled_out(searched.c.search_text, groups))
    if indexed := _indexed(groups):
        index = _index_of(name)
        joined = index.join(searched, searched.c.id == index.c.rowid)
        query = query.select_from(joined).where(_match(name, indexed)).order_by(index.c.rowid)
    elif is_sqlite():
        query = query.order_by(searched.c.id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _ranked(words: Sequence[str], rows: dict[int, str], *, floor: float) -> list[int]:
    scored = ((closeness(words, held), id_) for id_, held in rows.items())
    return [id_ for score, id_ in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score > floor]


def _spelled_out(held: ColumnElement[str], groups: Sequence[Meanings]) -> list[ColumnElement[bool]]:
    """The groups as SQL: on SQLite only the words that are too short for its index, which answers for the others.

    On PostgreSQL what the index answers and what is read letter by letter stand apart, or it would work out the trigrams of
    every row that it found once more.
    """
    if is_sqlite():
        return [_begins(held, meanings[0][0]) for meanings in groups if len(meanings[0][0]) < 3]
    found = [
        or_(*(_contains(held, meaning) for meaning in meanings))
        for meanings in groups
        if len(meanings[0][0]) >= 3
    ]
    return found + [
        or_(*(and_(*(_spelled(held, word) for word in meaning)) for meaning in meanings))
        for meanings in groups
    ]


def _spelled(held: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """``word`` stands in ``held``, read letter by letter."""
    return _begins(held, word) if len(word) < 3 else held.contains(word)


def _contains(held: ColumnElement[str], meaning: tuple[str, ...]) -> ColumnElement[bool]:
    """The trigrams of all words of ``meaning`` are among those of ``held``, as the index knows them."""
    grams = sorted({word[i : i + 3] for word in meaning for i in range(len(word) - 2)})
    return func.trigrams(held).op("@>")(cast(literal(grams, ARRAY(Text)), ARRAY(Text)))


def _begins(held: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """A word of ``held`` begins with ``word``."""
    return or_(held.startswith(word), held.contains(f" {word}"), held.contains(f"\n{word}"))


def _indexed(groups: Sequence[Meanings]) -> str:
    """The groups as a question to FTS5; empty where it has nothing to answer. Folded words hold nothing that it reads as
    its own.
    """
    if not is_sqlite():
        return ""
    asked = []
    for meanings in groups:
        spelled = [
            " AND ".join(f'"{word}"' for word in meaning) for meaning in meanings if len(meaning[0]) >= 3
        ]
        if spelled:
            asked.append("(" + " OR ".join(f"({one})" for one in spelled) + ")")
    return " AND ".join(asked)


def _index_of(name: str) -> FromClause:
    """The FTS5 table beside table ``name``."""
    return table(f"search_{name}", column("rowid", Integer), column("search_text"))


def _match(name: str, wanted: str) -> ColumnElement[bool]:
    return column(f"search_{name}", is_literal=True).op("MATCH")(literal(wanted))
