"""More time for one cooperative: its own last day, beside the dates of the edition."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.audit.services import OFFICE, record
from app.cooperatives.models import Cooperative
from app.cooperatives.timeline import note
from app.core.database import today as office_today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines
from app.core.text import N_
from app.questionnaire.models import Edition, Extension

LONGEST = timedelta(days=366)
LONGEST_REASON = 1000


def extensions_of(cooperative_ids: Sequence[int], year: int) -> dict[int, Extension]:
    """The extension that counts, by cooperative id, in one query."""
    query = (
        select(Extension)
        .where(Extension.cooperative_id.in_(cooperative_ids), Extension.year == year)
        .order_by(Extension.id)
    )
    return {found.cooperative_id: found for found in db.session.scalars(query)}


def every_extension_of(cooperative_ids: Sequence[int]) -> dict[tuple[int, int], Extension]:
    """The extensions that count, by cooperative id and book year, in one query."""
    query = select(Extension).where(Extension.cooperative_id.in_(cooperative_ids)).order_by(Extension.id)
    return {(found.cooperative_id, found.year): found for found in db.session.scalars(query)}


def last_day(edition: Edition, cooperative_id: int, today: date) -> date:
    """Until when this cooperative may fill in ``edition``. Asks the database only once the edition itself has closed."""
    if today <= edition.closes:
        return edition.closes
    given = extensions_of([cooperative_id], edition.year).get(cooperative_id)
    return max(edition.closes, given.until) if given else edition.closes


def deadline(edition: Edition, given: Extension | None) -> date:
    """By when a report of ``edition`` is due."""
    return max(edition.deadline, given.until) if given else edition.deadline


def extend(
    cooperative: Cooperative, edition: Edition, *, until: date | None, reason: str, by: User | None
) -> Extension:
    """Give ``cooperative`` until that day. A later extension replaces an earlier one, also with an earlier day.

    Raises RuleBroken when the day is past, lies before the deadline that everybody has, or more than a year off, and when no
    reason is given.
    """
    why = fold_lines(reason)[:LONGEST_REASON]
    today = office_today()
    if until is None:
        raise RuleBroken(N_("Isi tanggal batas yang baru."), field="sampai")
    if until < today:
        raise RuleBroken(N_("Tanggal ini sudah lewat. Isi tanggal hari ini atau sesudahnya."), field="sampai")
    if until <= edition.deadline:
        raise RuleBroken(
            N_("Tanggal ini tidak lebih lama dari batas untuk semua koperasi. Isi tanggal sesudahnya."),
            field="sampai",
        )
    if until > max(today, edition.closes) + LONGEST:
        raise RuleBroken(N_("Tanggal ini lebih dari setahun lagi. Periksa tahunnya."), field="sampai")
    if not why:
        raise RuleBroken(N_("Tulis alasan perpanjangan, supaya bisa dijelaskan kemudian."), field="alasan")
    given = Extension(
        cooperative_id=cooperative.id,
        year=edition.year,
        until=until,
        reason=why,
        given_by=by.name if by else OFFICE,
    )
    db.session.add(given)
    record(
        "report.extended",
        kind="report",
        subject_id=None,
        name=f"{cooperative.nama_koperasi}, {edition.year}",
        after={"expires": until, "reason": why},
    )
    note(
        cooperative,
        kind="report",
        template=N_("Batas laporan tahun buku %(year)s diperpanjang sampai %(day)s"),
        params={"year": edition.year, "day": until.isoformat()},
        actor_name=given.given_by,
    )
    return given
