"""Whether this site can serve: the database answers, its schema is the one the code expects, the disk has room."""

import shutil
import sqlite3
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.config import ROOT
from app.core.extensions import db
from app.core.probe import can_write
from app.core.writing import is_sqlite
from app.operations.rules import LEAST_FREE


@dataclass(frozen=True)
class Readiness:
    """What was looked at, and whether it was in order."""

    database: bool
    migrations: bool
    disk: bool

    @property
    def is_ready(self) -> bool:
        """Whether requests may come."""
        return self.database and self.migrations and self.disk


@dataclass(frozen=True)
class Disk:
    """Bytes on the disk that holds the instance folder."""

    free: int
    total: int


def readiness() -> Readiness:
    """Look at everything; a database that does not answer is a finding, not a fault."""
    try:
        current = current_revisions()
        answers = can_write()
    except SQLAlchemyError:
        current, answers = frozenset(), False
    finally:
        db.session.rollback()
    migrated = answers and bool(current) and current == expected_revisions()
    return Readiness(answers, migrated, disk().free >= LEAST_FREE)


def current_revisions() -> frozenset[str]:
    """The migrations that the database has gone through; empty when it has never been migrated."""
    return frozenset(MigrationContext.configure(db.session.connection()).get_current_heads())


def expected_revisions() -> frozenset[str]:
    """The newest migrations that come with the code."""
    return _heads(current_app.extensions["migrate"].directory)


def known_revisions() -> frozenset[str]:
    """Every migration that comes with the code."""
    folder = current_app.extensions["migrate"].directory
    return frozenset(script.revision for script in ScriptDirectory(folder).walk_revisions())


@cache
def _heads(folder: str) -> frozenset[str]:
    return frozenset(ScriptDirectory(folder).get_heads())


def disk() -> Disk:
    """Room where the instance folder stands."""
    usage = shutil.disk_usage(current_app.instance_path)
    return Disk(usage.free, usage.total)


def database_kind() -> str:
    """``SQLite 3.40.1`` or ``PostgreSQL 18.4``."""
    if is_sqlite():
        return f"SQLite {sqlite3.sqlite_version}"
    return f"PostgreSQL {db.session.scalar(text('SHOW server_version'))}".split(" (")[0]


def database_size() -> int:
    """Bytes that the database takes."""
    if is_sqlite():
        path = db.engine.url.database
        return sum(file.stat().st_size for file in _files(path)) if path else 0
    return int(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0)


def _files(path: str) -> list[Path]:
    """The database file and its write-ahead log."""
    return [file for end in ("", "-wal", "-shm") if (file := Path(path + end)).exists()]


@cache
def version() -> str:
    """The version that ``pyproject.toml`` states."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
