"""Fresh databases of the kind that this run tests, and how one is emptied after each test."""

import itertools
import re
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, event, make_url

from app.core.search_index import WORDS
from tests.support.postgres import create_database, drop_database

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Databases:
    """Makes databases: files in ``folder``, or on the PostgreSQL server at ``address``."""

    kind: str  # "sqlite" or "postgresql"
    folder: Path
    address: str = ""
    worker: str = "main"

    @contextmanager
    def fresh(self, like: str = "", *, name: str = "") -> Iterator[str]:
        """The URL of an empty database, as ``SIMPUL_DATABASE_URL`` takes it; gone after the block.

        ``like`` is the URL of one to begin as a copy of; nobody may be connected to that. With the same ``name``, the URL is the
        same another time.
        """
        name = f"t_{self.worker}_{name or next(_numbers)}"
        source = make_url(like).database or "" if like else ""
        if self.kind == "sqlite":
            path = self.folder / f"{name}.db"
            if source:
                copy_file(source, path)
            yield f"sqlite:///{path}"
            for left in self.folder.glob(f"{name}.db*"):
                left.unlink()
            return
        url = create_database(self.address, name, like=source)
        try:
            yield url
        finally:
            drop_database(self.address, name)


def copy_file(source: str, target: Path) -> None:
    """Copy a SQLite database, with what still stands in its log."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def make_quick(engine: Engine) -> None:
    """SQLite: no waiting for the disk. A test's data may be lost."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: object) -> None:
        raw.execute("PRAGMA synchronous=OFF")


NAMED = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)
READS = ("SELECT", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET", "SHOW")


def note_writes(engine: Engine, metadata: MetaData) -> set[str]:
    """Names of the tables that were written since the set was last cleared; all of them after a statement that says not which."""
    written: set[str] = set()

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("SELECT"):
            written.update(tables_written(statement, metadata.tables))

    return written


def tables_written(statement: str, tables: Collection[str]) -> Collection[str]:
    """Which of ``tables`` the SQL ``statement`` may write."""
    if (found := NAMED.match(statement)) and found[1] in tables:
        return {found[1]}
    return () if statement.lstrip().upper().startswith(READS) else tables


def sweep(engine: Engine, metadata: MetaData, only: Collection[str] | None = None) -> None:
    """Delete every row (of ``only`` these tables), children first, so that triggers keep the search index in step; in one go,
    for there are many tables. The words of a searched table go with its rows: what one test wrote must not be what another means.
    """
    tables = [table for table in reversed(metadata.sorted_tables) if only is None or table.name in only]
    words = [table.info[WORDS] for table in tables if WORDS in table.info]
    deletes = [f'DELETE FROM "{name}"' for name in [*(table.name for table in tables), *words]]
    if not deletes:
        return
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for statement in deletes:
                connection.exec_driver_sql(statement)
        else:
            connection.exec_driver_sql(";".join(deletes))


def left_over(engine: Engine, metadata: MetaData) -> list[str]:
    """Names of the tables that hold a row."""
    with engine.connect() as connection:
        return [
            name
            for name in metadata.tables
            if connection.exec_driver_sql(f'SELECT EXISTS (SELECT 1 FROM "{name}")').scalar()
        ]


class Memory:
    """What was made once comes back without being made again: it is kept in tables beside those of the site."""

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}

    def fill(self, engine: Engine, metadata: MetaData, make: Callable[[], Any]) -> None:
        """Let an empty database hold what ``make`` puts there."""
        if not self.columns:
            make()
            self.note(engine, metadata)
            return
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for name, columns in self.columns.items():
                connection.exec_driver_sql(
                    f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM "memory_of_{name}"'
                )

    def note(self, engine: Engine, metadata: MetaData) -> None:
        """Remember every row."""
        with engine.begin() as connection:
            for table in metadata.sorted_tables:
                kept = f'CREATE TABLE "memory_of_{table.name}" AS SELECT * FROM "{table.name}"'
                connection.exec_driver_sql(kept)
                self.columns[table.name] = ",".join(f'"{column.name}"' for column in table.columns)

    def forget(self, engine: Engine) -> None:
        """Leave nothing beside the site's tables."""
        with engine.begin() as connection:
            for name in self.columns:
                connection.exec_driver_sql(f'DROP TABLE "memory_of_{name}"')
        self.columns.clear()
