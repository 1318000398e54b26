"""The one write unit: every change to the database happens inside ``with writing():``.

SQLite lets luck choose the next writer, and a busy timeout alone then fails under load, so writers queue
(:func:`turn`). A read is a deferred transaction; a write is ``BEGIN IMMEDIATE … COMMIT``. On PostgreSQL the same unit is
a plain transaction. See docs/adr/0002-one-write-unit.md.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from flask import current_app
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import ORMExecuteState, scoped_session

from app.core.extensions import db

try:
    import fcntl
except ImportError:  # Windows has no fcntl: there one process serves, and the thread lock is enough
    fcntl = None  # type: ignore[assignment]

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
LOCK_FILE = "write.lock"
READ_ONLY = "25006"
_here = threading.Lock()


def prepare(engine: Engine) -> None:
    """Give a SQLite engine its pragmas and explicit transactions, and teach one of PostgreSQL to let go of a server that no longer
    leads. Call once, before the first connection."""
    if engine.dialect.name != "sqlite":

        @event.listens_for(engine, "handle_error")
        def let_go(context: ExceptionContext) -> None:
            if getattr(context.original_exception, "sqlstate", "") == READ_ONLY:
                context.is_disconnect = True  # all its connections lead there: the next try takes a new one

        return

    @event.listens_for(engine, "connect")
    def connect(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # the driver sends no BEGIN of its own
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.connection.cursor().execute(f"BEGIN {mode}")  # past SQLAlchemy: each page begins so


def is_sqlite() -> bool:
    """Whether the embedded database serves this site."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def turn() -> Iterator[None]:
    """Wait in line for SQLite's one writer, across threads and processes; a dead process leaves the line by itself."""
    with _here:
        if fcntl is None:
            yield
            return
        # opened to read: on a disk that became read-only it is the database that has to say so
        lock = os.open(Path(current_app.instance_path) / LOCK_FILE, os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


@contextmanager
def writing() -> Iterator[scoped_session[Session]]:
    """One unit of work: commits at the end, rolls back on any error. Objects loaded before it are read again inside.

    Hash passwords, send mail and parse files *before* it: the whole site waits in line behind it.

    Raises:
        RuntimeError: a unit was opened inside a unit.
    """
    session = db.session
    if session.info.get("writing"):
        raise RuntimeError("writing() inside writing()")
    session.rollback()  # end the read snapshot: it cannot be upgraded
    line: AbstractContextManager[None] = turn() if is_sqlite() else nullcontext()
    with line:
        try:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            session.info["writing"] = True
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


def _refuse_flush(session: Session, _context: object, _instances: object) -> None:
    if not session.info.get("writing") and (session.new or session.dirty or session.deleted):
        raise RuntimeError("a change outside writing()")


def _refuse_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not state.session.info.get("writing"):
        raise RuntimeError("a changing statement outside writing()")


def guard_writes() -> None:
    """Make a change outside :func:`writing` an error at once, instead of a lost update some day. Idempotent."""
    for name, listener in (("before_flush", _refuse_flush), ("do_orm_execute", _refuse_statement)):
        if not event.contains(db.session, name, listener):
            event.listen(db.session, name, listener)
