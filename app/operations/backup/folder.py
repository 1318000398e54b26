"""The folder of backups: what lies there, writing a file so that it is whole or not there, and disks that refuse."""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.text import N_, Text
from app.operations.backup.rules import NOTE, UNFINISHED, Named, Note, is_ahead, keep_of, outworn, read_name
from app.operations.rules import readable_size

try:
    import fcntl
except ImportError:  # Windows has none: there one process serves, and one person types commands
    fcntl = None  # type: ignore[assignment]

OWN, WORK, LOCK = "cadangan", "cadangan-kerja", "cadangan.lock"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
READ_AT_ONCE = 1 << 20  # bytes


@dataclass(frozen=True)
class Backup:
    """One backup that is whole: its file and what is noted beside it."""

    path: Path
    named: Named
    note: Note


def instance() -> Path:
    """Where this installation keeps its data."""
    return Path(current_app.instance_path)


def backup_folder() -> Path:
    """Where backups go (``SIMPUL_BACKUP_DIR``). Our own folder is made; one that was named must be there, else a stick that is
    not plugged in would be filled on the disk that it should protect from. Raises RuleBroken.
    """
    given = str(current_app.config["BACKUP_DIR"])
    if not given:
        folder = instance() / OWN
        with disk_trouble(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder
    return existing(Path(given))


def existing(folder: Path) -> Path:
    """``folder`` if it is one; else RuleBroken says what to do."""
    if not folder.is_dir():
        raise RuleBroken(
            N_(
                "Folder cadangan %(folder)s tidak ada. Pasang stik atau cakramnya, atau buat foldernya, lalu ulangi."
            ),
            folder=str(folder),
        )
    return folder


def backups(folder: Path) -> list[Backup]:
    """The whole backups in ``folder``, newest first. What is still being written, or lost its note, is none.

    Those that a clock named that was ahead come last: until it is that day they would pass for the newest, and hide how old the
    others are.
    """
    moment = now()
    found = []
    with suppress(OSError):
        for file in folder.iterdir():
            named = read_name(file.name)
            note = read_note(file) if named else None
            if named and note and file.stat().st_size == note.size:
                found.append(Backup(file, named, note))
    return sorted(
        found,
        key=lambda one: (not is_ahead(one.named.made_at, moment), one.named.made_at, one.path.name),
        reverse=True,
    )


def read_note(file: Path) -> Note | None:
    """What is noted beside ``file``; None where nothing is that can be read."""
    try:
        return Note.from_json(json.loads((file.parent / (file.name + NOTE)).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def same_disk(folder: Path) -> bool:
    """Whether ``folder`` would be lost together with the data."""
    try:
        return folder.stat().st_dev == instance().stat().st_dev
    except OSError:
        return False


@contextmanager
def disk_trouble(folder: Path) -> Iterator[None]:
    """Say in plain words what a disk that refuses means. Raises RuleBroken."""
    try:
        yield
    except OSError as problem:
        raise RuleBroken(*_said(problem.errno, folder), **_where(folder, problem)) from problem
    except sqlite3.OperationalError as problem:
        if "full" not in str(problem):
            raise
        raise RuleBroken(*_said(errno.ENOSPC, folder), **_where(folder, problem)) from problem


def _said(code: int | None, folder: Path) -> tuple[str]:
    if code in FULL:
        return (
            N_("Disk tempat %(folder)s penuh (sisa %(free)s), jadi cadangan tidak dibuat. Hapus berkas lain di situ, atau pilih "
               "folder lain lewat SIMPUL_BACKUP_DIR."),
        )  # fmt: skip
    if code in CLOSED:
        return (
            N_("Folder %(folder)s tidak boleh ditulisi, jadi cadangan tidak dibuat. Periksa izinnya, dan apakah stiknya "
               "terkunci."),
        )  # fmt: skip
    return (
        N_("Folder %(folder)s tidak dapat dipakai (%(problem)s), jadi cadangan tidak dibuat. Periksa apakah stiknya masih "
           "terpasang."),
    )  # fmt: skip


def _where(folder: Path, problem: Exception) -> dict[str, str]:
    try:
        free = readable_size(shutil.disk_usage(folder).free)
    except OSError:
        free = "?"
    said = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    return {"folder": str(folder), "free": free, "problem": said}


@contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder of the instance for copies in between; one backup, drill or restore at a time. Raises RuleBroken when
    another is at work. What one that was killed left behind goes first.
    """
    with disk_trouble(instance()):
        lock = os.open(instance() / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RuleBroken(
                    N_("Cadangan atau uji pulih lain sedang berjalan. Tunggu sampai selesai.")
                ) from None
        folder = instance() / WORK
        shutil.rmtree(folder, ignore_errors=True)
        with disk_trouble(folder):
            folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def sweep_unfinished(folder: Path) -> None:
    """Remove what a backup that was killed left in ``folder``, notes without their file among it."""
    for file in folder.glob(f"{UNFINISHED}simpul-*"):
        file.unlink(missing_ok=True)
    for note in folder.glob(f"simpul-*{NOTE}"):
        of = note.name.removesuffix(NOTE)
        if read_name(of) and not (folder / of).exists():
            note.unlink(missing_ok=True)


def publish(unfinished: Path, name: str, note: Note) -> Backup:
    """Let a file that is written and synced be a backup: its note first, then its own name, so that there is no moment at which
    half of one passes for a whole one.
    """
    folder = unfinished.parent
    beside = folder / (UNFINISHED + name + NOTE)
    with open(beside, "w", encoding="utf-8", opener=owner_only) as file:
        json.dump(note.to_json(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(folder / (name + NOTE))
    unfinished.rename(folder / name)
    sync_folder(folder)
    named = read_name(name)
    assert named is not None  # noqa: S101 - rules.name_of wrote it  # nosec B101
    return Backup(folder / name, named, note)


def owner_only(path: str, flags: int) -> int:
    """For ``open``: nobody else may read the file, where the disk knows such things (a stick's often does not)."""
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Let the names in ``folder`` survive a power cut. Some sticks cannot, which is no fault."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def rotate(folder: Path, *, spare: Path | None = None) -> int:
    """Remove backups that ``SIMPUL_BACKUP_KEEP`` no longer asks for, but not ``spare``; how many went."""
    found = [one for one in backups(folder) if spare is None or one.path.resolve() != spare.resolve()]
    gone = outworn((backup.named for backup in found), keep_of(str(current_app.config["BACKUP_KEEP"])))
    for backup in found:
        if backup.path.name in gone:
            backup.path.unlink(missing_ok=True)
            (folder / (backup.path.name + NOTE)).unlink(missing_ok=True)
    return len(gone)


def digest_of(file: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(READ_AT_ONCE):
            found.update(piece)
    return found.hexdigest()


def described(backup: Backup) -> Text:
    """``simpul-….tar.gz, 12 MB, disandikan``."""
    template = N_("%(name)s, %(size)s, disandikan") if backup.named.sealed else N_("%(name)s, %(size)s")
    return Text(template, {"name": backup.path.name, "size": readable_size(backup.note.size)})
