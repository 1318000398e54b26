"""Putting a backup in the place of the site's database: looked through first, what it replaces kept, swapped in one step."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from app.core.config import KEY_FILE
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.serving import is_taken, who_serves
from app.core.text import N_, Text
from app.core.writing import is_sqlite, turn
from app.operations import health, lease
from app.operations.backup import postgres, sqlite
from app.operations.backup.archive import Unpacked, needs_passphrase, peek, unpack
from app.operations.backup.contents import Contents, differences
from app.operations.backup.creating import create
from app.operations.backup.drilling import looked_through
from app.operations.backup.folder import Backup, digest_of, disk_trouble, owner_only, read_note, work_folder
from app.operations.backup.rules import BEFORE_RESTORE, STAMP, Note
from app.operations.backup.sealing import Damaged

RUNNING = N_(
    "Situs masih berjalan (%(sign)s). Matikan dulu (Ctrl-C, atau systemctl stop simpul), lalu ulangi."
)


@dataclass(frozen=True)
class Restored:
    """What was done. ``saved``: the backup of what was replaced; ``kept``: where it stands itself, when it could not be backed
    up; ``behind``: whether migrations wait; ``key``: what to know about the site's key."""

    contents: Contents
    saved: Backup | None
    kept: str
    behind: bool
    key: Text | None


def examine(file: Path, passphrase: str) -> Note:
    """What is in ``file``, if this site can take it. Raises RuleBroken: damaged, of another database, newer than the code."""
    with disk_trouble(file.parent):
        note = read_note(file)
        if note and (file.stat().st_size != note.size or digest_of(file) != note.digest):
            raise Damaged
        if note is None or needs_passphrase(file):  # a wrong passphrase is told before anything is done
            note = peek(file, passphrase)
    own = "sqlite" if is_sqlite() else "postgresql"
    if note.database != own:
        raise RuleBroken(
            N_("Cadangan ini dari %(of)s, sedangkan situs ini memakai %(own)s. Pulihkan pada situs yang memakai %(of)s, lalu pindahkan "
               "dengan: flask --app wsgi database move"),
            of=note.database, own=own,
        )  # fmt: skip
    if note.revision and note.revision not in health.known_revisions():
        raise RuleBroken(
            N_(
                "Cadangan ini dari Simpul yang lebih baru (versi %(version)s, migrasi %(revision)s). Pasang versi itu dulu, lalu ulangi."
            ),
            version=note.simpul,
            revision=note.revision,
        )
    return note


def refuse_while_running() -> None:
    """Raise RuleBroken while this site is served by anybody: what people enter meanwhile would be lost."""
    port = int(current_app.config["PORT"])
    if is_taken(str(current_app.config["HOST"]), port):
        number = who_serves(Path(current_app.instance_path), port)
        raise RuleBroken(
            RUNNING, sign=f"porta {port}, proses {number}: kill {number}" if number else f"porta {port}"
        )
    if (clock := living_clock()) is not None:
        raise RuleBroken(RUNNING, sign=clock)
    if not is_sqlite() and (others := postgres.others_connected()):
        raise RuleBroken(RUNNING, sign=f"{others} sambungan ke basis data")


def living_clock() -> str | None:
    """Who holds the clock, unless that process of this machine is gone; None also where the database cannot say."""
    try:
        held = lease.holder()
    except Exception:  # a database that is damaged or empty is what people restore
        return None
    finally:
        db.session.remove()
        db.engine.dispose()
    return held[0] if held and lease.is_held(held[1]) and lease.may_live(held[0]) else None


def restore(file: Path, passphrase: str, *, say: Callable[[Text], None] = lambda _text: None) -> Restored:
    """Put what is in ``file`` in the place of the site's database. Raises RuleBroken; then nothing has changed."""
    refuse_while_running()
    examine(file, passphrase)
    saved = _saved(say, file)
    with work_folder() as work, turn():
        say(Text(N_("Membuka dan memeriksa cadangan …")))
        with disk_trouble(work):
            unpacked = unpack(file, work, passphrase)
        refuse_while_running()
        try:
            swapped = _swap_files if is_sqlite() else _swap_databases
            found, kept = swapped(unpacked, saved is None)
        except sqlite.Unsound as fault:
            raise Damaged from fault
        key = _restore_key(unpacked.key)
    behind = frozenset({found.revision}) != health.expected_revisions()
    return Restored(found, saved, kept, behind, key)


def _saved(say: Callable[[Text], None], coming: Path) -> Backup | None:
    """A backup of what is about to be replaced by ``coming``, which it must not push out of the folder; None when there is nothing,
    or when it is too damaged to back up."""
    if not (present().tables if is_sqlite() else postgres.look().tables):
        return None
    say(Text(N_("Mencadangkan yang akan diganti …")))
    try:
        return create(label=BEFORE_RESTORE, spare=coming)
    except RuleBroken as refusal:
        if refusal.text.template != sqlite.BROKEN:
            raise
        say(refusal.text)
        return None


def present() -> Contents:
    """What the SQLite file of this site holds now; nothing where it cannot be read."""
    return sqlite.look(sqlite.database_file()) or Contents({}, "", None)


def _sound(unpacked: Unpacked) -> Contents:
    found = looked_through(unpacked)
    if differences(unpacked.note.tables, found.tables):
        raise Damaged
    return found


def _swap_files(unpacked: Unpacked, keep: bool) -> tuple[Contents, str]:
    found = _sound(unpacked)
    file = sqlite.database_file()
    with sqlite.alone(file), disk_trouble(file.parent):
        new = sqlite.brought_near(unpacked.database, file)
        kept = sqlite.swap(file, new, keep=now() if keep else None)
    return found, str(kept or "")


def _swap_databases(unpacked: Unpacked, keep: bool) -> tuple[Contents, str]:
    coming = postgres.beside(postgres.COMING)
    postgres.make_database(coming)
    try:
        try:
            postgres.load(unpacked.database, coming)
        except postgres.ToolFailed as refusal:
            raise sqlite.Unsound(str(refusal.text)) from refusal
        found = postgres.look(coming)
        if differences(unpacked.note.tables, found.tables):
            raise Damaged
        aside = postgres.beside(f"_diganti_{now().strftime(STAMP).lower()}")
        db.session.remove()
        db.engine.dispose()
        postgres.swap(coming, aside)
    except postgres.InUse as others:
        postgres.drop_database(coming)
        raise RuleBroken(RUNNING, sign=str(others)) from others
    except BaseException:
        postgres.drop_database(coming)
        raise
    if keep:
        return found, aside
    postgres.drop_database(aside)
    return found, ""


def _restore_key(key: str) -> Text | None:
    """Links, sessions and second factors are worth nothing without the key under which they were made."""
    if not key or key == current_app.config["SECRET_KEY"]:
        return None
    own = Path(current_app.instance_path) / KEY_FILE
    given = bool(current_app.config["SECRET_KEY_GIVEN"])
    target = own.with_name(f"{KEY_FILE}.dari-cadangan") if given else own
    if not given and own.exists():
        own.rename(own.with_name(f"{KEY_FILE}.diganti-{now().strftime(STAMP)}"))
    with open(target, "w", encoding="utf-8", opener=owner_only) as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    if given:
        return Text(
            N_("SIMPUL_SECRET_KEY di setelan lain dari yang ada di cadangan. Isi dengan yang tertulis di %(file)s, lalu hapus berkas itu; "
               "kalau tidak, tautan dan kode kedua yang lama tidak berlaku."),
            {"file": str(target)},
        )  # fmt: skip
    return Text(N_("Kunci situs ikut dipulihkan; yang lama disimpan di sebelahnya."))
