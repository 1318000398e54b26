"""The DDL that keeps an index beside a searched table: trigrams of its ``search_text``, and the words that occur in it.

No model describes these (migrations leave names that begin with ``search_`` alone). Triggers keep them in step, whoever
writes. A word stays when its last row goes: it then leads to nothing.
"""

from collections.abc import Callable
from functools import partial

from sqlalchemy import DDL, Table, event

TRIGRAMS = """CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS
$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$"""


WORDS = "words"
"""Where a searched table notes the name of the table of its words."""
LARGE = frozenset({"enterprise"})
FIRST = 65_536
"""Of a table that may hold very many rows, PostgreSQL keeps those of the first ids in an index of their own as well: its index
brings all rows of a word before the first, and of a common word the first ids have enough."""


def statements(name: str, dialect: str) -> list[str]:
    """The DDL for table ``name``, for the migration and for ``create_all`` alike."""
    return _on_postgresql(name) if dialect == "postgresql" else _on_sqlite(name)


def word_table(name: str) -> str:
    """The table of the words of table ``name``."""
    return f"search_{name}_word"


def _on_postgresql(name: str) -> list[str]:
    words = word_table(name)
    note = (
        f"INSERT INTO {words} (word) SELECT DISTINCT w "  # noqa: S608 - our own names  # nosec B608
        "FROM fresh, unnest(string_to_array(translate(fresh.search_text, E'\\n', ' '), ' ')) w "
        f"WHERE w ~ '^[a-z]{{3,}}$' AND NOT EXISTS (SELECT FROM {words} known WHERE known.word = w) "
        "ORDER BY w ON CONFLICT (word) DO NOTHING"
    )
    each = f"REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION {words}s()"
    index = f"CREATE INDEX ix_search_{name} ON {name} USING gin (trigrams(search_text))"
    first = index.replace(f"ix_search_{name}", f"ix_search_{name}_first") + f" WHERE id <= {FIRST}"
    return [
        TRIGRAMS,
        *([index, first] if name in LARGE else [index]),
        f'CREATE TABLE {words} (id bigserial PRIMARY KEY, word text COLLATE "C" NOT NULL UNIQUE)',
        f"CREATE OR REPLACE FUNCTION {words}s() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$",
        f"CREATE TRIGGER {words}s_insert AFTER INSERT ON {name} {each}",
        f"CREATE TRIGGER {words}s_update AFTER UPDATE ON {name} {each}",
    ]


def _on_sqlite(name: str) -> list[str]:
    index, words = f"search_{name}", word_table(name)
    remove = f"INSERT INTO {index} ({index}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"  # noqa: S608  # nosec B608
    add = f"INSERT INTO {index} (rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608  # nosec B608
    quoted = "replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"')"
    note = (
        f"INSERT INTO {words} (word) SELECT DISTINCT value FROM json_each('[' || {quoted} || ']') "  # noqa: S608  # nosec B608
        "WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING;"
    )
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5(search_text, content='{name}', content_rowid='id', tokenize='trigram')",
        f"CREATE TABLE {words} (id integer PRIMARY KEY, word text NOT NULL UNIQUE)",
        f"CREATE TRIGGER {index}_insert AFTER INSERT ON {name} BEGIN {add} {note} END",
        f"CREATE TRIGGER {index}_delete AFTER DELETE ON {name} BEGIN {remove} END",
        f"CREATE TRIGGER {index}_update AFTER UPDATE OF search_text ON {name} BEGIN {remove} {add} {note} END",
    ]


def removals(name: str, dialect: str) -> list[str]:
    """The DDL that takes the index away again; the table may be gone already."""
    words = word_table(name)
    if dialect == "postgresql":
        return [
            f"DROP INDEX IF EXISTS ix_search_{name}",
            *([f"DROP INDEX IF EXISTS ix_search_{name}_first"] if name in LARGE else []),
            f"DROP FUNCTION IF EXISTS {words}s() CASCADE",
            f"DROP TABLE IF EXISTS {words}",
        ]
    triggers = [f"DROP TRIGGER IF EXISTS search_{name}_{change}" for change in ("insert", "delete", "update")]
    return [*triggers, f"DROP TABLE IF EXISTS search_{name}", f"DROP TABLE IF EXISTS {words}"]


def index_table(searched: Table) -> None:
    """Keep a search index beside ``searched`` wherever ``create_all`` makes it."""
    searched.info[WORDS] = word_table(searched.name)
    keep_beside(searched, partial(statements, searched.name), partial(removals, searched.name))


def keep_beside(
    searched: Table, made: Callable[[str], list[str]], removed: Callable[[str], list[str]]
) -> None:
    """Wherever ``create_all`` makes ``searched`` run the DDL that ``made`` gives for a dialect, and that of ``removed`` wherever it is
    dropped."""
    for dialect in ("sqlite", "postgresql"):
        for when, wanted in (("after_create", made), ("after_drop", removed)):
            for statement in wanted(dialect):
                ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
                event.listen(searched, when, ddl.execute_if(dialect=dialect))
