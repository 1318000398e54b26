"""Making a backup: copy, look through the copy, pack, publish, rotate."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import current_app

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.text import N_
from app.core.writing import is_sqlite
from app.operations.backup import postgres, sqlite
from app.operations.backup.archive import DATABASE, pack
from app.operations.backup.folder import (
    Backup,
    backup_folder,
    disk_trouble,
    existing,
    publish,
    rotate,
    sweep_unfinished,
    work_folder,
)
from app.operations.backup.rules import UNFINISHED, Note, name_of
from app.operations.health import version


def create(
    *, to: Path | None = None, sealed: bool | None = None, label: str = "", spare: Path | None = None
) -> Backup:
    """Back the site up while it runs; the new backup. Call it outside of any write unit.

    It goes to ``to``, else to the folder of backups, where those that are no longer wanted then go. ``sealed``: under the
    passphrase of the settings (the default where there is one). ``label`` says what it was taken before; ``spare`` is a backup
    that stays, old as it may be: the one that is about to be restored. Raises RuleBroken, in plain words; then nothing half-made
    is left.
    """
    passphrase = passphrase_for(sealed)
    with work_folder() as work:
        folder = existing(to) if to else backup_folder()
        with disk_trouble(folder):
            sweep_unfinished(folder)
        database, note = _copied(work)
        made = _written(folder, database, note, passphrase, label)
        if to is None:
            with disk_trouble(folder):
                rotate(folder, spare=spare)
    return made


def passphrase_for(sealed: bool | None) -> str:
    """The passphrase to seal with; empty for none. Raises RuleBroken when one is wanted and there is none."""
    passphrase = str(current_app.config["BACKUP_PASSPHRASE"])
    if sealed and not passphrase:
        raise RuleBroken(
            N_(
                "Sandi cadangan belum ada. Isi SIMPUL_BACKUP_PASSPHRASE, dan simpan sandinya juga di luar komputer ini."
            )
        )
    return "" if sealed is False else passphrase


def _copied(work: Path) -> tuple[Path, Note]:
    """The database as it is now, as a file in ``work``, and what is to be noted about it."""
    made_at = now().replace(microsecond=0)
    kind = "sqlite" if is_sqlite() else "postgresql"
    database = work / DATABASE[kind]
    with disk_trouble(work):
        if kind == "sqlite":
            found, server = sqlite.copy(database), sqlite3.sqlite_version
        else:
            found, server = postgres.dump(database)
    return database, Note(made_at, kind, server, version(), found.revision, found.tables, found.newest)


def _free_name(folder: Path, note: Note, label: str) -> str:
    """A name that no backup has: two of one second must not become one."""
    moment = note.made_at
    while (folder / (name := name_of(moment, label=label, sealed=note.sealed))).exists():
        moment += timedelta(seconds=1)
    return name


def _written(folder: Path, database: Path, note: Note, passphrase: str, label: str) -> Backup:
    note = replace(note, sealed=bool(passphrase))
    name = _free_name(folder, note, label)
    unfinished = folder / (UNFINISHED + name)
    key = str(current_app.config["SECRET_KEY"])
    try:
        with disk_trouble(folder):
            packed = pack(unfinished, note, database, passphrase=passphrase, key=key)
            return publish(unfinished, name, packed)
    except BaseException:
        with suppress(OSError):
            sweep_unfinished(folder)
        raise
