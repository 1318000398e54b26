"""Reading what the comparison found, and what it needs to know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import joinedload

from app.core.extensions import db
from app.quality.features import Answers
from app.quality.models import PeerYear, ReportQuality
from app.quality.rules import Key, Statistics, Usual
from app.questionnaire.findings import Finding
from app.questionnaire.models import Report
from app.questionnaire.queries import history_condition
from app.questionnaire.rules import Status

OLDEST = 5
"""Years back that a report is held against."""

COMPARED = exists().where(ReportQuality.report_id == Report.id, ReportQuality.version == Report.version)
"""Whether a report was compared as it now stands."""


def compared(reports: Iterable[Report]) -> dict[int, list[Finding]]:
    """What the comparison found, by report id; a report that was not compared as it stands is missing. One query."""
    versions = {report.id: report.version for report in reports}
    query = select(ReportQuality.report_id, ReportQuality.version, ReportQuality.findings)
    rows = db.session.execute(query.where(ReportQuality.report_id.in_(versions)))
    return {
        owner: [Finding.from_json(one) for one in stored]
        for owner, version, stored in rows
        if versions[owner] == version
    }


def findings_of(report: Report) -> list[Finding]:
    """What the comparison found in ``report`` as it stands; nothing as long as it was not compared."""
    return compared([report]).get(report.id, [])


def waits() -> bool:
    """Whether a submitted report was not compared yet."""
    return bool(db.session.scalar(select(exists().where(_waiting()))))


def _waiting() -> ColumnElement[bool]:
    return and_(Report.status == Status.SUBMITTED, ~COMPARED)


def waiting_years() -> dict[int, list[int]]:
    """Ids of the submitted reports that were not compared yet, by book year."""
    found: dict[int, list[int]] = defaultdict(list)
    for year, report_id in db.session.execute(select(Report.year, Report.id).where(_waiting())):
        found[year].append(report_id)
    return found


def changed_years() -> list[int]:
    """Book years in which a report that counts was not compared as it stands, or that no forest has seen; newest first."""
    forested = select(PeerYear.year).where(PeerYear.with_forest)
    query = select(Report.year).where(history_condition(), ~COMPARED | Report.year.not_in(forested))
    return list(db.session.scalars(query.distinct().order_by(Report.year.desc())))


def counted(year: int) -> int:
    """Reports of ``year`` that count as peers: filed at some time, or imported."""
    query = select(func.count()).select_from(Report).where(Report.year == year, history_condition())
    return db.session.scalar(query) or 0


def reports_of(year: int, ids: Sequence[int] | None = None, *, drafts: bool = False) -> list[Report]:
    """The reports of ``year`` that count, or those of ``ids``, with their editions; ``drafts``: those not filed too."""
    query = select(Report).where(Report.year == year).order_by(Report.id)
    if not drafts:
        query = query.where(history_condition())
    if ids is not None:
        query = query.where(Report.id.in_(ids))
    return list(db.session.scalars(query.options(joinedload(Report.edition))))


def past_of(year: int, owners: Sequence[int] | None = None) -> dict[int, list[tuple[int, Answers]]]:
    """Earlier book years that count and their answers, the latest first, by cooperative id; of all without ``owners``."""
    query = select(Report.cooperative_id, Report.year, Report.answers)
    query = query.where(Report.year < year, Report.year >= year - OLDEST, history_condition())
    if owners is not None:
        query = query.where(Report.cooperative_id.in_(owners))
    found: dict[int, list[tuple[int, Answers]]] = defaultdict(list)
    for owner, of, answers in db.session.execute(query.order_by(Report.year.desc())):
        found[owner].append((of, answers))
    return found


class Isolated(NamedTuple):
    """What the last forest said of one report."""

    version: int
    findings: list[dict[str, object]]
    isolation: float | None


def stored(ids: Sequence[int] | None, year: int) -> dict[int, Isolated]:
    """What stands in the table by report id, for ``ids`` or the whole of ``year``."""
    query = (
        select(ReportQuality).join(Report, Report.id == ReportQuality.report_id).where(Report.year == year)
    )
    if ids is not None:
        query = query.where(ReportQuality.report_id.in_(ids))
    return {
        row.report_id: Isolated(row.version, row.findings, row.isolation) for row in db.session.scalars(query)
    }


def peers_of(year: int) -> PeerYear | None:
    """What was usual in ``year`` when it was last worked out."""
    return db.session.get(PeerYear, year)


def to_json(known: Statistics) -> dict[str, list[list[object]]]:
    """Statistics as they are stored."""
    return {code: [[list(key), *usual] for key, usual in groups.items()] for code, groups in known.items()}


def from_json(stored_: dict[str, list[list[object]]]) -> Statistics:
    """The statistics that :func:`to_json` wrote."""
    return {
        code: {_key(row[0]): Usual(*row[1:]) for row in groups}  # type: ignore[arg-type]
        for code, groups in stored_.items()
    }


def _key(parts: object) -> Key:
    return tuple(str(part) for part in parts) if isinstance(parts, list) else ()
