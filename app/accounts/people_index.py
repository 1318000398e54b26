"""The index by which people are found by a piece of their name, e-mail address or telephone number: its DDL, and what it answers.

It holds every three letters that follow one another as they stand there, in capitals or not (SQLite: FTS5 with the trigram
tokenizer; PostgreSQL: an array of trigrams under GIN), and no word of anybody by itself. Migrations leave names that begin with
``search_`` alone. Triggers keep it in step, whoever writes.
"""

from dataclasses import dataclass
from typing import cast as cast_type

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    table,
)

from app.accounts.models import User
from app.core.search_index import TRIGRAMS, keep_beside
from app.core.writing import is_sqlite

SHORTEST = 3  # letters; the index knows nothing shorter
INDEX = table("search_user", column("rowid", Integer))
HELD = "lower({of}name || ' ' || coalesce({of}email, '') || ' ' || coalesce({of}phone, ''))"


@dataclass(frozen=True)
class Piece:
    """What is looked for: ``words`` in names and e-mail addresses, ``number`` in telephone numbers; the latter may be empty."""

    words: str
    number: str = ""

    @property
    def is_indexed(self) -> bool:
        """Whether the index can answer: it holds three letters of everything that is looked for."""
        each = (self.words, self.number) if self.number else (self.words,)
        return all(map(_grams, each)) and "\x00" not in self.words

    @property
    def condition(self) -> ColumnElement[bool]:
        """That a person is looked for, read letter by letter."""
        named = [one.icontains(self.words, autoescape=True) for one in (User.name, User.email)]
        called = [User.phone.contains(self.number, autoescape=True)] if self.number else []
        return or_(*named, *called)


def met(query: Select[User], piece: Piece) -> Select[User]:
    """``query``, which has the condition of ``piece``, as the index meets its rows: a limit ends it early, so that a crowd costs what
    the limit costs. In no order that may be relied upon.
    """
    if not is_sqlite():
        return query.where(_held(piece))
    joined = query.select_from(INDEX.join(User, User.id == INDEX.c.rowid))
    return joined.where(_match(piece)).order_by(INDEX.c.rowid)


def _match(piece: Piece) -> ColumnElement[bool]:
    quoted = piece.words.replace('"', '""')
    wanted = f'{{name email}} : "{quoted}"' + (f' OR phone : "{piece.number}"' if piece.number else "")
    return literal_column("search_user").op("MATCH")(literal(wanted))


def _held(piece: Piece) -> ColumnElement[bool]:
    kept = func.trigrams(literal_column(HELD.format(of='"user".')))
    each = [_grams(piece.words)] + ([_grams(piece.number)] if piece.number else [])
    return or_(*(kept.op("@>")(cast(literal(grams, ARRAY(Text)), ARRAY(Text))) for grams in each))


def _grams(piece: str) -> list[str]:
    """Every three plain letters that follow one another; of others the databases may think differently what their small ones are."""
    small = piece.lower()
    each = {small[at : at + SHORTEST] for at in range(len(small) - SHORTEST + 1)}
    return sorted(gram for gram in each if gram.isascii())


def statements(dialect: str) -> list[str]:
    """The DDL of the index, for the migration and for ``create_all`` alike; who is there already is taken up."""
    if dialect == "postgresql":
        return [TRIGRAMS, f'CREATE INDEX ix_search_user ON "user" USING gin (trigrams({HELD.format(of="")}))']
    old = "INSERT INTO search_user (search_user, rowid, name, email, phone) VALUES ('delete', old.id, old.name, old.email, old.phone);"
    new = (
        "INSERT INTO search_user (rowid, name, email, phone) VALUES (new.id, new.name, new.email, new.phone);"
    )
    trigger = "CREATE TRIGGER search_user_{} AFTER {} ON user BEGIN {} END"
    return [
        "CREATE VIRTUAL TABLE search_user USING fts5(name, email, phone, content='user', content_rowid='id', tokenize='trigram')",
        trigger.format("insert", "INSERT", new),
        trigger.format("delete", "DELETE", old),
        trigger.format("update", "UPDATE OF name, email, phone", f"{old} {new}"),
        "INSERT INTO search_user (search_user) VALUES ('rebuild')",
    ]


def removals(dialect: str) -> list[str]:
    """The DDL that takes the index away again; the table may be gone already."""
    if dialect == "postgresql":
        return ["DROP INDEX IF EXISTS ix_search_user"]
    triggers = [f"DROP TRIGGER IF EXISTS search_user_{change}" for change in ("insert", "delete", "update")]
    return [*triggers, "DROP TABLE IF EXISTS search_user"]


keep_beside(cast_type(Table, User.__table__), statements, removals)
