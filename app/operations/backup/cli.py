"""``flask backup create | list | drill | restore``."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.audit.services import record
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.formatting import moment
from app.core.plain_words import in_one_sentence
from app.core.writing import is_sqlite, writing
from app.operations import records
from app.operations.backup import postgres, working
from app.operations.backup.archive import needs_passphrase
from app.operations.backup.creating import create
from app.operations.backup.folder import Backup, backup_folder, backups, described
from app.operations.backup.restoring import Restored, examine, present, refuse_while_running, restore
from app.operations.backup.rules import Note
from app.operations.backup.words import in_a_row
from app.operations.models import Outcome
from app.operations.rules import readable_size

WORD = "PULIHKAN"
a_folder = click.Path(file_okay=False, path_type=Path)
a_file = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def backup() -> None:
    """Cadangan: buat, coba, pulihkan."""


def on_record(job: str, work: Callable[[], str]) -> str:
    """Do ``work`` as the clock would, and leave the same record."""
    holder, started = f"perintah:{os.getpid()}", now()
    try:
        summary = work()
    except RuleBroken as refusal:
        with writing():
            records.done(job, holder, started, Outcome.FAILED, records.reason(refusal))
        raise
    with writing():
        records.done(job, holder, started, Outcome.DONE, summary)
    return summary


@backup.command("create")
@click.option("--to", type=a_folder, help="Folder lain, misalnya stik; di situ tidak ada yang dihapus.")
@click.option(
    "--encrypt/--no-encrypt", default=None, help="Bawaan: disandikan bila SIMPUL_BACKUP_PASSPHRASE terisi."
)
@with_appcontext
@in_one_sentence()
def backup_create(to: Path | None, encrypt: bool | None) -> None:
    """Cadangkan sekarang; situs boleh tetap berjalan."""
    made: list[Backup] = []

    def work() -> str:
        made.append(create(to=to, sealed=encrypt))
        return str(described(made[0]))

    on_record(working.JOB, work)
    note = made[0].note
    click.echo(f"Cadangan dibuat: {made[0].path} ({readable_size(note.size)}): {in_a_row(note.tables)}.")


@backup.command("list")
@with_appcontext
@in_one_sentence()
def backup_list() -> None:
    """Tampilkan cadangan yang ada, yang terbaru dulu."""
    folder = backup_folder()
    found = backups(folder)
    for one in found:
        click.echo(f"{moment(one.named.made_at)}  {described(one)}")
    click.echo(f"{len(found)} cadangan di {folder}.")


@backup.command("drill")
@with_appcontext
@in_one_sentence()
def backup_drill() -> None:
    """Pulihkan cadangan terbaru ke basis data percobaan, lalu hitung dan periksa isinya."""
    click.echo(f"Uji pulih berhasil: {on_record(working.DRILL_JOB, working.try_newest)}.")


@backup.command("restore")
@click.argument("file", type=a_file, required=False)
@click.option("--yes", is_flag=True, help="Tanpa pertanyaan, untuk skrip.")
@with_appcontext
@in_one_sentence()
def backup_restore(file: Path | None, yes: bool) -> None:
    """Ganti isi situs dengan isi sebuah cadangan. Situs harus dimatikan; yang diganti disimpan."""
    refuse_while_running()
    file = file or chosen(yes)
    passphrase = passphrase_for(file, yes)
    note = examine(file, passphrase)
    show(file, note)
    if not yes and click.prompt(f"Ketik {WORD} untuk mengganti isi situs dengan ini", default="", show_default=False).strip() != WORD:  # fmt: skip
        click.echo("Dibatalkan. Tidak ada yang berubah.")
        sys.exit(1)
    done = restore(file, passphrase, say=lambda text: click.echo(str(text), err=True))
    if not done.behind:
        with writing():
            record(
                "backup.restored",
                kind="backup",
                subject_id=None,
                name=file.name,
                after={"made": note.made_at},
            )
    tell(file, done)


def chosen(yes: bool) -> Path:
    """The backup that a person picks from the list. Raises RuleBroken when there is none."""
    folder = backup_folder()
    found = backups(folder)
    if not found or yes:
        raise click.UsageError("Sebutkan berkas cadangannya: flask --app wsgi backup restore BERKAS")
    for number, one in enumerate(found, start=1):
        click.echo(f"{number:>3}  {moment(one.named.made_at)}  {described(one)}")
    number = click.prompt("Cadangan nomor", type=click.IntRange(1, len(found)), default=1)
    return found[number - 1].path


def passphrase_for(file: Path, yes: bool) -> str:
    """The passphrase of the settings, or what a person types; empty for a backup that needs none."""
    if not needs_passphrase(file):
        return ""
    given = str(current_app.config["BACKUP_PASSPHRASE"])
    return given or ("" if yes else str(click.prompt("Sandi cadangan", hide_input=True)))


def show(file: Path, note: Note) -> None:
    """What would come, and what would go."""
    before = present() if is_sqlite() else postgres.look()
    lines = (
        ("Berkas", str(file)),
        ("Dibuat", f"{moment(note.made_at)}, Simpul {note.simpul}, migrasi {note.revision or '–'}"),
        ("Perubahan terakhir di dalamnya", moment(note.newest)),
        ("Isinya", in_a_row(note.tables)),
        ("Isi situs sekarang", in_a_row(before.tables) if before.tables else "kosong, atau tidak terbaca"),
        ("Perubahan terakhir sekarang", moment(before.newest)),
    )
    for name, value in lines:
        click.echo(f"{name + ':':<32}{value}")


def tell(file: Path, done: Restored) -> None:
    """What was done, and what to do next."""
    click.echo(f"Dipulihkan dari {file.name}: {in_a_row(done.contents.tables)}; utuh.")
    if done.saved:
        click.echo(f"Yang diganti tersimpan di {done.saved.path}.")
    if done.kept:
        click.echo(
            f"Yang diganti terlalu rusak untuk dicadangkan; basis datanya disimpan sebagai {done.kept}."
        )
    if done.key:
        click.echo(str(done.key))
    if done.behind:
        click.echo("Cadangan ini lebih tua dari versi Simpul ini: tabelnya diperbarui saat situs dijalankan (./run), atau lewat: flask --app wsgi db upgrade")  # fmt: skip
    click.echo(f"Berikutnya: jalankan situs (./run), lalu minta yang mengisi sesudah {moment(done.contents.newest)} memeriksa isiannya.")  # fmt: skip
