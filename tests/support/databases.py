"""Fresh databases of the kind that this run tests, and how one is emptied after each test."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, event

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
    def fresh(self) -> Iterator[str]:
        """The URL of an empty database, as ``SIMPUL_DATABASE_URL`` takes it; gone after the block."""
        name = f"t_{self.worker}_{next(_numbers)}"
        if self.kind == "sqlite":
            yield f"sqlite:///{self.folder / name}.db"
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()
            return
        url = create_database(self.address, name)
        try:
            yield url
        finally:
            drop_database(self.address, name)


def make_quick(engine: Engine) -> None:
    """SQLite: no waiting for the disk. A test's data may be lost."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: object) -> None:
        raw.execute("PRAGMA synchronous=OFF")


def sweep(engine: Engine, metadata: MetaData) -> None:
    """Delete every row, children first, so that triggers keep the search index in step; in one go, for there are many tables."""
    deletes = ";".join(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            for statement in deletes.split(";"):
                connection.exec_driver_sql(statement)
        else:
            connection.exec_driver_sql(deletes)
