"""Every failure of a start or a command is one Indonesian sentence and status 1: a traceback helps nobody at a counter."""

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfoNotFoundError

import click
from alembic.util import CommandError
from flask import current_app
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from app.core.config import instance_folder
from app.core.errors import RuleBroken

TABLE_MISSING = ("no such table", "does not exist")
DETAILS = "galat.txt"


def fail(sentence: object) -> NoReturn:
    """Say ``sentence`` and end with status 1."""
    click.echo(str(sentence), err=True)
    sys.exit(1)


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Around whatever may fail. With ``SIMPUL_DEVELOPMENT=1`` what is not foreseen keeps its traceback."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort):
        raise
    except RuleBroken as refusal:
        fail(refusal.text)
    except Exception as problem:
        if sentence := explained(problem):
            fail(sentence)
        if developing():
            raise
        fail(
            f"Simpul berhenti karena galat yang tidak terduga, {type(problem).__name__}: {first_line(problem)} "
            f"{kept_details()}"
        )


def developing() -> bool:
    """Whether this is a developer's machine (``SIMPUL_DEVELOPMENT=1``)."""
    return bool(current_app.config["DEVELOPMENT"] if current_app else os.environ.get("SIMPUL_DEVELOPMENT"))


def folder() -> Path:
    """Where this installation keeps its data, also before there is an application."""
    return Path(current_app.instance_path) if current_app else instance_folder()


def explained(problem: Exception) -> str:
    """What ``problem`` means and what to do about it; empty for one that nobody foresaw."""
    match problem:
        case ArgumentError() | NoSuchModuleError():
            return "SIMPUL_DATABASE_URL tidak dapat dibaca. Contoh: postgresql://pengguna:sandi@server/simpul"
        case DBAPIError():
            return database_trouble(problem)
        case CommandError():
            return (
                f"Basis data ini tidak cocok dengan versi Simpul yang ini: {first_line(problem)} "
                "Pasang versi Simpul yang terakhir dipakai atau yang lebih baru."
            )
        case ZoneInfoNotFoundError():
            return "SIMPUL_TIMEZONE tidak dikenal. Contoh: Asia/Jakarta, Asia/Makassar, Asia/Jayapura."
        case OSError():
            return file_trouble(problem)
        case ValueError():
            return (
                f"Ada pengaturan yang tidak dapat dibaca: {first_line(problem)} Periksa instance/simpul.env."
            )
        case _:
            return ""


def database_trouble(problem: DBAPIError) -> str:
    """Why the database does not serve. What it says itself never holds the password."""
    said = first_line(problem.orig or problem)
    if any(words in said for words in TABLE_MISSING):
        return "Basis data belum disiapkan. Jalankan dulu: .venv/bin/flask --app wsgi db upgrade"
    if type(problem.orig).__module__.startswith("sqlite3"):
        return (
            f"Basis data di folder {folder()} tidak dapat dipakai: {said} Periksa izin folder dan ruang disk."
        )
    return f"Basis data tidak dapat dihubungi: {said} Periksa SIMPUL_DATABASE_URL, dan apakah servernya berjalan."


def file_trouble(problem: OSError) -> str:
    """Why a file or folder cannot be used."""
    where = problem.filename or folder()
    match problem.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return f"{where} tidak boleh dibaca atau ditulis oleh pengguna ini. Perbaiki izinnya."
        case errno.EEXIST | errno.ENOTDIR:
            return f"{where} bukan folder, padahal data situs harus disimpan di situ."
        case errno.ENOSPC:
            return "Disk penuh. Kosongkan ruang, lalu jalankan lagi."
        case _:
            return f"{where} tidak dapat dipakai: {first_line(problem)}"


def first_line(problem: BaseException) -> str:
    """The first line of what ``problem`` says, as a sentence."""
    lines = str(problem).strip().splitlines() or ["tanpa penjelasan"]
    return lines[0].strip().rstrip(".:") + "."


def kept_details() -> str:
    """Put the traceback into a file for whoever is asked to help; a sentence that says where."""
    file = folder() / DETAILS
    with suppress(OSError):
        file.write_text(traceback.format_exc(), encoding="utf-8")
        return f"Rinciannya di {file}."
    return "Jalankan dengan SIMPUL_DEVELOPMENT=1 untuk melihat rinciannya."
