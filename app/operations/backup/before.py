"""A backup before the tables change: ``db upgrade`` and ``./run`` call it by way of ``migrations/env.py``."""

from collections.abc import Iterable

import structlog
from flask import Flask, current_app

from app.core.errors import RuleBroken
from app.core.text import N_
from app.operations.backup.creating import create
from app.operations.backup.rules import BEFORE_MIGRATION
from app.operations.health import known_revisions

KEY = "simpul.before_migration"
log = structlog.get_logger("simpul")


def register(app: Flask) -> None:
    """Let migrations of ``app`` take a backup first. The factory calls it."""
    app.extensions[KEY] = back_up_first


def back_up_first(current: Iterable[str], wanted: Iterable[str]) -> None:
    """Back up unless the database is new, or already there. Raises RuleBroken when that cannot be done: then nothing may change."""
    standing = set(current)
    if not standing or standing == set(wanted) or not standing <= known_revisions():
        return
    if str(current_app.config["BACKUP_FIRST"]) == "0":
        return
    try:
        made = create(label=BEFORE_MIGRATION)
    except RuleBroken as refusal:
        raise RuleBroken(
            N_("Tabel belum diperbarui, karena cadangan sebelumnya gagal: %(why)s Kalau Anda sudah mencadangkan sendiri, isi "
               "SIMPUL_BACKUP_FIRST=0."),
            why=refusal.text,
        ) from refusal  # fmt: skip
    log.info("backup", before="migration", file=str(made.path))
