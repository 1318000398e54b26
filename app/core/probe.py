"""Whether something can be written now, found out by writing: a disk that became read-only still answers every question."""

import sqlite3
import threading
import time
from contextlib import closing

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.extensions import db
from app.core.writing import is_sqlite

REMEMBERED = 1.0
"""Seconds for which an answer is given again: whoever asks often must not keep the disk busy."""

_one = threading.Lock()
_last: list[tuple[float, bool]] = []


def can_write() -> bool:
    """Whether a change would be on the disk now; at most a second old. Changes nothing that anybody can see."""
    with _one:
        if not _last or time.monotonic() - _last[0][0] > REMEMBERED:
            _last[:] = [(time.monotonic(), _try_sqlite() if is_sqlite() else _try_postgresql())]
        return _last[0][1]


def _try_sqlite() -> bool:
    """Write the first page as it is. It does not queue: who has the pen now shows that writing is possible."""
    with closing(sqlite3.connect(db.engine.url.database or "", timeout=0, isolation_level=None)) as raw:
        try:
            raw.execute("PRAGMA synchronous=FULL")
            raw.execute("BEGIN IMMEDIATE")
            (number,) = raw.execute("PRAGMA user_version").fetchone()
            raw.execute(f"PRAGMA user_version = {int(number)}")
            raw.execute("COMMIT")
        except sqlite3.Error as error:
            return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        return True


def _try_postgresql() -> bool:
    """Put an empty message into its log, and wait until that is on the disk."""
    try:
        with db.engine.begin() as connection:
            connection.execute(text("SELECT pg_logical_emit_message(true, 'simpul', '')"))
    except SQLAlchemyError:
        return False
    return True
