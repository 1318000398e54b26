"""Backups and drills by the clock, and what commands and the clock put on record about them."""

import time
from datetime import timedelta

from sqlalchemy import select

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing
from app.operations import records
from app.operations.backup.creating import create
from app.operations.backup.drilling import Drilled, drill
from app.operations.backup.folder import backup_folder, backups, described
from app.operations.backup.rules import DRILL_EVERY, EVERY
from app.operations.backup.words import in_a_row
from app.operations.models import BackupDrill

JOB, DRILL_JOB = "backup", "drill"
SETTLED = 300.0
"""Seconds for which a site that has just started leaves the disk to those who use it."""
_started = time.monotonic()


def has_settled() -> bool:
    """Whether this process has run for a while."""
    return time.monotonic() - _started > SETTLED


def is_due() -> bool:
    """Whether the newest backup is a day old. A folder that cannot be used is due as well: the failure must be seen."""
    if not has_settled():
        return False
    try:
        found = backups(backup_folder())
    except RuleBroken:
        return True
    return not found or not timedelta() <= now() - found[0].named.made_at < EVERY


def drill_is_due() -> bool:
    """Whether a week has passed since a drill, and there is a backup to try."""
    if not has_settled():
        return False
    try:
        found = backups(backup_folder())
    except RuleBroken:
        return False
    last = db.session.scalar(select(BackupDrill.at).order_by(BackupDrill.id.desc()).limit(1))
    return bool(found) and (last is None or not timedelta() <= now() - last < DRILL_EVERY)


def back_up() -> str:
    """Make a backup; its name and size."""
    return str(described(create()))


def try_newest() -> str:
    """Try the newest backup and keep what was found; one line about it. Raises RuleBroken when it does not hold."""
    drilled = drill()
    with writing():
        records.keep_drill(drilled)
    if drilled.fault:
        raise RuleBroken(
            N_("%(name)s tidak dapat dipulihkan: %(fault)s Buat cadangan baru, dan periksa disknya."),
            name=drilled.backup.path.name,
            fault=drilled.fault,
        )
    return told(drilled)


def told(drilled: Drilled) -> str:
    """``simpul-…: 760 koperasi, 1.520 laporan, 40 akun; utuh``."""
    tables = drilled.contents.tables if drilled.contents else {}
    return f"{drilled.backup.path.name}: {in_a_row(tables)}; utuh"
