"""The drill: the newest backup is read back into a database beside the site's, counted and looked through, so that a backup is
known to be one before it is needed.
"""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from app.core.errors import RuleBroken
from app.core.text import N_
from app.core.writing import is_sqlite
from app.operations.backup import postgres, sqlite
from app.operations.backup.archive import DATABASE, Unpacked, unpack
from app.operations.backup.contents import Contents, differences
from app.operations.backup.folder import Backup, backup_folder, backups, digest_of, disk_trouble, work_folder
from app.operations.backup.sealing import Damaged

NONE_YET = N_("Belum ada cadangan di %(folder)s. Buat dulu: flask --app wsgi backup create")


@dataclass(frozen=True)
class Drilled:
    """What a drill found in ``backup``: its contents, or what is wrong with it."""

    backup: Backup
    contents: Contents | None
    fault: str = ""


def drill() -> Drilled:
    """Restore the newest backup into a database of its own and look at it. Raises RuleBroken when that cannot be tried, which
    says nothing about the backup.
    """
    folder = backup_folder()
    found = backups(folder)
    if not found:
        raise RuleBroken(NONE_YET, folder=str(folder))
    backup = found[0]
    with work_folder() as work:
        try:
            return Drilled(backup, restored_beside(backup, work))
        except (Damaged, sqlite.Unsound) as fault:
            return Drilled(backup, None, str(fault))


def restored_beside(backup: Backup, work: Path) -> Contents:
    """What is really in ``backup``. Raises Damaged or Unsound when it is not what was noted."""
    with disk_trouble(backup.path.parent):
        if digest_of(backup.path) != backup.note.digest:
            raise Damaged
    with disk_trouble(work):
        unpacked = unpack(backup.path, work, str(current_app.config["BACKUP_PASSPHRASE"]))
    found = looked_through(unpacked)
    if wrong := differences(backup.note.tables, found.tables):
        raise sqlite.Unsound(f"{', '.join(wrong[:5])}: {N_('jumlah baris tidak sama dengan catatannya')}")
    return found


def looked_through(unpacked: Unpacked) -> Contents:
    """What an unpacked database holds, after every check that it can stand. Raises Unsound."""
    if unpacked.database.name == DATABASE["sqlite"]:
        return sqlite.check(unpacked.database)
    if is_sqlite():
        raise RuleBroken(
            N_(
                "Cadangan ini dari PostgreSQL, sedangkan situs ini memakai SQLite, jadi tidak dapat dicoba di sini."
            )
        )
    with postgres.database_beside(postgres.TRIAL) as name:
        try:
            postgres.load(unpacked.database, name)
        except postgres.ToolFailed as refusal:
            raise sqlite.Unsound(str(refusal.text)) from refusal
        return postgres.look(name)
