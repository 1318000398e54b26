"""Registers of different sizes side by side: where they lie, and what a page of each costs in processor time."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import text

from app.core.extensions import db
from tests.support.postgres import PostgresServer, create_database


@dataclass(frozen=True)
class Register:
    """Where one register lies. ``folder`` is the instance of its site. ``is_new``: nothing stands in it yet."""

    url: str
    folder: Path
    is_new: bool


@contextmanager
def registers(database: str, names: Sequence[str], kept: Path | None) -> Iterator[list[Register]]:
    """A register for each of ``names``: in ``kept``, where an earlier run may have left it, or gone after the block."""
    with tempfile.TemporaryDirectory() as passing:
        folder = (kept or Path(passing)).resolve()
        if database == "sqlite":
            yield [_on_sqlite(folder / "sqlite", name) for name in names]
            return
        with PostgresServer(folder / "server" if kept else None) as server:
            yield [_on_postgresql(server.address, folder / "postgresql", name) for name in names]


def _on_sqlite(folder: Path, name: str) -> Register:
    instance, file = folder / name, folder / f"{name}.db"
    instance.mkdir(parents=True, exist_ok=True)
    return Register(f"sqlite:///{file}", instance, not _is_filled(instance, file.exists()))


def _on_postgresql(address: str, folder: Path, name: str) -> Register:
    instance = folder / name
    instance.mkdir(parents=True, exist_ok=True)
    with psycopg.connect(address.format("postgres")) as connection:
        found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
    if _is_filled(instance, found is not None):
        return Register(address.format(name), instance, False)
    return Register(create_database(address, name), instance, True)


def _is_filled(instance: Path, exists: bool) -> bool:
    """Whether an earlier run came to its end with this register."""
    return exists and (instance / "filled").exists()


def note_filled(register: Register) -> None:
    """A later run may take this register up as it is."""
    (register.folder / "filled").touch()


def cpu_clock() -> Callable[[], float]:
    """Seconds of processor time of this process, and of the PostgreSQL process behind its one connection; inside an app
    context. Without Linux's ``schedstat`` the wall clock stands for both.
    """
    if db.engine.dialect.name == "sqlite":
        return time.process_time
    with db.engine.connect() as connection:
        behind = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    path = f"/proc/{behind}/schedstat"
    if not os.access(path, os.R_OK):
        return time.perf_counter

    def both() -> float:
        return time.process_time() + int(Path(path).read_text().split()[0]) / 1e9

    return both
