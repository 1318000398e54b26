"""The words of a search as conditions: what the index of a searched table answers, and what is read letter by letter."""

from collections.abc import Sequence

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    and_,
    cast,
    column,
    func,
    literal,
    or_,
    table,
)

from app.core.writing import is_sqlite

Meanings = list[tuple[str, ...]]
"""What one word may mean: each one word, or two that were written as one."""


def spelled_out(held: ColumnElement[str], groups: Sequence[Meanings]) -> list[ColumnElement[bool]]:
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
        or_(*(and_(*(stands_in(held, word) for word in meaning)) for meaning in meanings))
        for meanings in groups
    ]


def stands_in(held: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """``word`` stands in ``held``, read letter by letter."""
    return _begins(held, word) if len(word) < 3 else held.contains(word)


def covering(word: str) -> list[str]:
    """As few trigrams of ``word`` as hold each of its letters: what the index is asked for. It then brings a few rows in vain, but
    has fewer long lists to compare."""
    return [word[at : at + 3] for at in range(0, len(word) - 3, 3)] + [word[-3:]]


def _contains(held: ColumnElement[str], meaning: tuple[str, ...]) -> ColumnElement[bool]:
    """Trigrams of all words of ``meaning`` are among those of ``held``, as the index knows them."""
    grams = sorted({gram for word in meaning for gram in covering(word)})
    return func.trigrams(held).op("@>")(cast(literal(grams, ARRAY(Text)), ARRAY(Text)))


def _begins(held: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """A word of ``held`` begins with ``word``."""
    return or_(held.startswith(word), held.contains(f" {word}"), held.contains(f"\n{word}"))


def indexed_question(groups: Sequence[Meanings]) -> str:
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


def index_of(name: str) -> FromClause:
    """The FTS5 table beside table ``name``."""
    return table(f"search_{name}", column("rowid", Integer), column("search_text"))


def matches(name: str, wanted: str) -> ColumnElement[bool]:
    """What FTS5 answers to ``wanted`` about table ``name``."""
    return column(f"search_{name}", is_literal=True).op("MATCH")(literal(wanted))
