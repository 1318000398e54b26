"""SQLite: a copy while the site goes on writing, its check, and the swap of one file for another."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.operations.backup.contents import Contents, contents
from app.operations.backup.folder import sync_folder
from app.operations.backup.rules import STAMP

BROKEN = N_("Basis data yang sedang dipakai rusak (%(problem)s), jadi salinannya bukan cadangan. Hubungi yang merawat situs; "
            "jangan hapus cadangan lama.")  # fmt: skip
LOG = ("-wal", "-shm")


class InUse(RuleBroken):
    """Somebody else has the database file open."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Basis data masih dipakai program lain. Matikan situs (Ctrl-C, atau systemctl stop simpul), lalu ulangi."
            )
        )


def database_file() -> Path:
    """The file of the site's database."""
    return Path(str(db.engine.url.database))


def copy(target: Path) -> Contents:
    """Write what is committed at this moment to ``target``; writers go on meanwhile. What was written is looked through before
    anybody relies on it. Raises RuleBroken when the database itself is damaged.
    """
    try:
        with closing(_opened(database_file())) as source, closing(sqlite3.connect(target)) as made:
            source.backup(made)  # in one step: in steps, each writer would make it begin anew
        return check(target)
    except Unsound as unsound:
        raise RuleBroken(BROKEN, problem=str(unsound)) from unsound
    except sqlite3.DatabaseError as problem:
        if isinstance(problem, sqlite3.OperationalError) and "full" in str(problem):
            raise
        raise RuleBroken(BROKEN, problem=str(problem)) from problem


def _opened(file: Path) -> sqlite3.Connection:
    """For reading; a file that is not there is not made."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=30)


class Unsound(Exception):
    """A database file that fails a check."""


def check(file: Path) -> Contents:
    """What ``file`` holds. Raises Unsound when its pages, or the references between its rows, are broken."""
    try:
        with closing(_opened(file)) as connection:
            if (said := connection.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise Unsound(str(said).splitlines()[0])
            if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise Unsound(f"foreign keys of {broken[0]}")
            return contents(connection, "sqlite")
    except sqlite3.DatabaseError as problem:
        raise Unsound(str(problem)) from problem


def look(file: Path) -> Contents | None:
    """What ``file`` holds, without a check; None where there is no file or it cannot be read."""
    if not file.exists():
        return None
    try:
        with closing(_opened(file)) as connection:
            return contents(connection, "sqlite")
    except sqlite3.DatabaseError:
        return None


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Make sure that nobody else has ``file`` open, and that all of it stands in the one file. Raises InUse.

    SQLite leaves the write-ahead log only when it is alone, which is what proves it. A damaged file proves nothing.
    """
    db.session.remove()
    db.engine.dispose()
    if file.exists():
        try:
            with closing(sqlite3.connect(file, timeout=2, isolation_level=None)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as problem:
            if "locked" in str(problem):
                raise InUse from problem
        except sqlite3.DatabaseError:
            pass
    yield


def brought_near(new: Path, file: Path) -> Path:
    """``new``, moved beside ``file`` and written to that disk, so that it can take its place in one step."""
    near = file.with_name(f"{file.name}.baru")
    shutil.move(new, near)
    handle = os.open(near, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return near


def _second_name(file: Path, other: Path) -> None:
    """Let ``file`` stand there under another name too; a disk that cannot gets a copy."""
    try:
        os.link(file, other)
    except OSError:
        shutil.copyfile(file, other)


def swap(file: Path, new: Path, *, keep: datetime | None) -> Path | None:
    """Put ``new`` in the place of ``file`` in one step; ``new`` must stand on the same disk. A log of the old file would be read
    into the new one, so it goes first. With ``keep`` the old file stays under a name that says so (returned).
    """
    kept = None
    if keep is not None and file.exists():
        kept = file.with_name(f"{file.name}.diganti-{keep.strftime(STAMP)}")
        _second_name(file, kept)
    for end in LOG:
        old = file.with_name(file.name + end)
        if kept is not None:
            with suppress(FileNotFoundError):
                old.rename(kept.with_name(kept.name + end))
        old.unlink(missing_ok=True)
    new.replace(file)
    sync_folder(file.parent)

    return kept
