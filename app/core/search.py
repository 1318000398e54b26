"""Search by name with typos, the same on both databases.

A table that is searched keeps a column ``search_text``, made by :func:`searchable`, and an index of its trigrams
(SQLite: FTS5 with the trigram tokenizer; PostgreSQL: an array of trigrams under GIN, no extension needed). Rows that hold
every word come first; when they are few, rows that share trigrams follow, ranked by ``core.ranking``.
See docs/adr/0006.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ARRAY,
    DDL,
    ColumnElement,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    cast,
    column,
    event,
    func,
    literal,
    or_,
    select,
    table,
    union_all,
)

from app.core.database import Base
from app.core.extensions import db
from app.core.ranking import NOTHING, closeness, fold, is_number, words_of

__all__ = ["CANDIDATES", "find", "fold", "holding", "index_table", "removals", "searchable", "statements"]

CANDIDATES = 300  # rows that are ranked at most
FEW = 10  # with fewer rows that hold every word, typos are looked for too
COMMON = 4000  # rows; a trigram in more of them says little, and reading on would cost more than it tells
MOST_GRAMS = 60  # of one question: a name of that length has told enough

FUNCTION = """CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$"""


Conditions = tuple[ColumnElement[bool], ...]


def searchable(title: str, *details: str | None) -> str:
    """The ``search_text`` of a row: its folded title, and on a second line the details by which it may also be found."""
    more = " ".join(filter(None, map(fold, filter(None, details))))
    return f"{fold(title)}\n{more}" if more else fold(title)


def statements(name: str, dialect: str) -> list[str]:
    """The DDL that keeps the search index of table ``name``, for the migration and for ``create_all`` alike."""
    if dialect == "postgresql":
        return [FUNCTION, f"CREATE INDEX ix_search_{name} ON {name} USING gin (trigrams(search_text))"]
    index = f"search_{name}"
    remove = f"INSERT INTO {index} ({index}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"  # noqa: S608 - our own names
    add = f"INSERT INTO {index} (rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5(search_text, content='{name}', content_rowid='id', tokenize='trigram')",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {name} BEGIN {add} END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {name} BEGIN {remove} END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF search_text ON {name} BEGIN {remove} {add} END",
    ]


def removals(name: str, dialect: str) -> list[str]:
    """The DDL that takes the search index away again."""
    if dialect == "postgresql":
        return [f"DROP INDEX ix_search_{name}"]
    index = f"search_{name}"
    return [f"DROP TRIGGER {index}_{change}" for change in ("insert", "delete", "update")] + [
        f"DROP TABLE {index}"
    ]


def index_table(searched: Table) -> None:
    """Keep a search index beside ``searched`` wherever ``create_all`` makes it."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(searched.name, dialect):
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(searched, "after_create", ddl.execute_if(dialect=dialect))
        if dialect == "sqlite":
            drop = DDL(f"DROP TABLE IF EXISTS search_{searched.name}")  # type: ignore[no-untyped-call]
            event.listen(searched, "after_drop", drop.execute_if(dialect=dialect))


def find(
    name: str, wanted: str, *, where: Iterable[ColumnElement[bool]] = (), limit: int = CANDIDATES
) -> list[int]:
    """Ids of the rows of table ``name`` that ``wanted`` may mean, best first, at most ``limit``.

    ``where`` are conditions on that table: they are asked before the limit, so that a filtered list misses nothing. First
    the rows that hold every word as typed (a word may be a part of another; one shorter than three letters the beginning
    of one); when they are few, also those that differ by typos. As many ids as ``limit`` mean that there may be more:
    :func:`holding` is the condition that finds them all.
    """
    words = words_of(wanted)
    if not words:
        return []
    conditions = tuple(where)
    found = _rows(_holding_all(name, words, conditions, limit))
    ranked = _ranked(words, found, floor=NOTHING)
    if len(ranked) < FEW:
        others = _rows(_sharing_some(name, words, conditions, limit))
        others = {id_: held for id_, held in others.items() if id_ not in found}
        if ranked:  # the number that was asked for is there, so its neighbours would only mislead
            words = [word for word in words if not is_number(word)]
        ranked += _ranked(words, others, floor=80 if ranked else 60) if words else []
    return ranked[:limit]


def holding(name: str, wanted: str) -> ColumnElement[bool]:
    """The condition on table ``name`` that a row holds every word of ``wanted``, without tolerance for typos."""
    words, searched = words_of(wanted), Base.metadata.tables[name]
    if not words:
        return literal(False)
    conditions = [_begins(searched.c.search_text, word) for word in words if len(word) < 3]
    long_words = [word for word in words if len(word) >= 3]
    if long_words and _embedded():
        index = _index_of(name)
        conditions.append(searched.c.id.in_(select(index.c.rowid).where(_match(name, long_words, " AND "))))
    elif long_words:
        conditions.append(_overlap(searched, _trigrams(long_words), "@>"))
        conditions += [searched.c.search_text.contains(word) for word in long_words]
    return and_(*conditions)


def _rows(query: Select[int, str]) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _ranked(words: Sequence[str], rows: dict[int, str], *, floor: float) -> list[int]:
    scored = ((closeness(words, held), id_) for id_, held in rows.items())
    return [id_ for score, id_ in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= floor]


def _embedded() -> bool:
    return db.engine.dialect.name == "sqlite"


def _index_of(name: str) -> FromClause:
    """The FTS5 table beside table ``name``."""
    return table(f"search_{name}", column("rowid"), column("search_text"))


def _match(name: str, terms: Sequence[str], joined: str) -> ColumnElement[bool]:
    """``search_x MATCH '"a" AND "b"'``; the terms are folded, so they hold nothing that FTS5 would read as its own."""
    wanted = joined.join(f'"{term}"' for term in terms)
    return column(f"search_{name}", is_literal=True).op("MATCH")(literal(wanted))


def _overlap(searched: FromClause, grams: Sequence[str], operator: str) -> ColumnElement[bool]:
    return func.trigrams(searched.c.search_text).op(operator)(
        cast(literal(list(grams), ARRAY(Text)), ARRAY(Text))
    )


def _begins(held: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """A word of ``held`` begins with ``word``."""
    return or_(held.startswith(word), held.contains(f" {word}"), held.contains(f"\n{word}"))


def _trigrams(words: Iterable[str]) -> list[str]:
    return sorted({word[i : i + 3] for word in words for i in range(len(word) - 2)})


def _holding_all(name: str, words: Sequence[str], where: Conditions, limit: int) -> Select[int, str]:
    """Rows whose text holds each word. With an embedded index, read in its order, so that the limit ends the search."""
    searched = Base.metadata.tables[name]
    found = select(searched.c.id, searched.c.search_text).where(*where).order_by(searched.c.id).limit(limit)
    long_words = [word for word in words if len(word) >= 3]
    if not long_words or not _embedded():
        return found.where(holding(name, " ".join(words)))
    index = _index_of(name)
    short = [_begins(searched.c.search_text, word) for word in words if len(word) < 3]
    joined = found.select_from(index.join(searched, searched.c.id == index.c.rowid))
    return joined.where(_match(name, long_words, " AND "), *short).order_by(None).order_by(index.c.rowid)


def _sharing_some(name: str, words: Sequence[str], where: Conditions, limit: int) -> Select[int, str]:
    """Rows that share trigrams with the words, those that share the most first. Common trigrams have no vote."""
    searched, index = Base.metadata.tables[name], _index_of(name)
    embedded, grams = _embedded(), _trigrams(words)[:MOST_GRAMS]

    def holders(gram: str) -> Select[str, int]:
        row = index.c.rowid if embedded else searched.c.id
        held = _match(name, [gram], "") if embedded else _overlap(searched, [gram], "@>")
        some = (
            select(literal(gram, Text).label("gram"), row.label("id"))
            .where(held)
            .limit(COMMON + 1)
            .subquery()
        )
        return select(some.c.gram, some.c.id)

    hits = union_all(*map(holders, grams or [""])).cte("hits")
    common = select(hits.c.gram).group_by(hits.c.gram).having(func.count() > COMMON)
    votes = (
        select(hits.c.id, func.count().label("votes"))
        .where(hits.c.gram.not_in(common))
        .group_by(hits.c.id)
        .subquery()
    )
    return (
        select(searched.c.id, searched.c.search_text)
        .join(votes, votes.c.id == searched.c.id)
        .where(*where)
        .order_by(votes.c.votes.desc(), searched.c.id)
        .limit(limit)
    )
