"""Comparing reports: first look (outside the write unit, it takes a while), then keep what was seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.core.database import now
from app.core.extensions import db
from app.core.upsert import insert_into
from app.quality import queries
from app.quality.assessment import Forest, Subject, Together, findings_of, together, usual_among
from app.quality.features import Answers, Case
from app.quality.forest import isolate
from app.quality.models import PeerYear, ReportQuality
from app.quality.rules import Statistics
from app.quality.signals import reports_compared
from app.questionnaire.findings import Finding
from app.questionnaire.models import Report
from app.questionnaire.queries import questions_of

CHUNK = 500


@dataclass(frozen=True)
class Seen:
    """One report as it was looked at."""

    version: int
    findings: list[Finding]
    isolation: float | None = None


@dataclass(frozen=True)
class Study:
    """What was seen in one book year. ``peers``: how many reports the statistics rest on; None: they were taken as kept."""

    year: int
    known: Statistics
    peers: int | None
    with_forest: bool
    seen: Mapping[int, Seen] = field(default_factory=dict)


def study(
    year: int, *, row_checks: Mapping[int, Sequence[Finding]] | None = None, forest: Forest | None = isolate
) -> Study:
    """Look at every report of ``year`` anew. ``forest`` None: without it, which is quick; what it last said is then kept.

    ``row_checks``: what the row checks say today by report id, where that is not what the reports keep; then drafts are
    looked at as well, though no peer is taken from among them.
    """
    reports = queries.reports_of(year, drafts=row_checks is not None)
    past = queries.past_of(year)
    cases = {one.id: _case(one, past.get(one.cooperative_id, ())) for one in reports}
    peers = {one.id: cases[one.id] for one in reports if is_peer(one)}
    known = usual_among(peers.values())
    forested = together(peers, known, forest) if forest else _remembered(None, year)
    seen = {
        one.id: _look(one, cases[one.id], known, forested, (row_checks or {}).get(one.id)) for one in reports
    }
    return Study(year, known, len(peers), bool(forest), seen)


def study_waiting() -> list[Study]:
    """Look at the submitted reports that were not compared yet, against what is kept of their year.

    Where nothing is kept, or the year has since changed by a tenth, the whole year is looked at, without the forest.
    """
    return [_study_some(year, ids) for year, ids in queries.waiting_years().items()]


def _study_some(year: int, ids: Sequence[int]) -> Study:
    kept, count = queries.peers_of(year), queries.counted(year)
    if kept is None or abs(count - kept.reports) > max(5, count // 10):
        return study(year, forest=None)
    reports = queries.reports_of(year, ids)
    past = queries.past_of(year, [one.cooperative_id for one in reports])
    known = queries.from_json(kept.statistics)
    nothing = Together()
    seen = {
        one.id: _look(one, _case(one, past.get(one.cooperative_id, ())), known, nothing, None)
        for one in reports
    }
    return Study(year, known, None, False, seen)


def keep(found: Study) -> int:
    """Store what was seen, tell who listens; returns how many reports have something new to say."""
    if found.peers is not None:
        _keep_peers(found)
    before = queries.stored(None if found.peers is not None else list(found.seen), found.year)
    rows = [_row(report_id, one) for report_id, one in found.seen.items()]
    new = [row for row in rows if before.get(row["report_id"]) != _gist(row)]
    still_there = _still_there([row["report_id"] for row in new])
    new = [row for row in new if row["report_id"] in still_there]
    for start in range(0, len(new), CHUNK):
        some = new[start : start + CHUNK]
        _upsert(some)
        reports_compared.send([row["report_id"] for row in some])
    return len(new)


def is_peer(report: Report) -> bool:
    """Whether others are compared with ``report``: filed at some time, or imported; the same as history_condition()."""
    return report.status != "draft" or report.origin == "imported"


def _case(report: Report, past: Sequence[tuple[int, Answers]]) -> Case:
    return Case(report.answers, past)


def _remembered(ids: Sequence[int] | None, year: int) -> Together:
    known = queries.stored(ids, year)
    isolation = {key: one.isolation for key, one in known.items() if one.isolation is not None}
    return Together(len(isolation), isolation)


def _look(
    report: Report, case: Case, known: Statistics, forested: Together, checked: Sequence[Finding] | None
) -> Seen:
    stored = [Finding.from_json(one) for one in report.findings] if checked is None else checked
    isolation = forested.isolation.get(report.id)
    subject = Subject(case, questions_of(report), stored)
    found = findings_of(subject, known, year=report.year, count=forested.count, isolation=isolation or 0.0)
    return Seen(report.version, found, isolation)


def _keep_peers(found: Study) -> None:
    values = {
        "reports": found.peers,
        "statistics": queries.to_json(found.known),
        "with_forest": found.with_forest,
        "computed_at": now(),
    }
    statement = insert_into(PeerYear).values(year=found.year, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["year"], set_=values))


def _row(report_id: int, one: Seen) -> dict[str, Any]:
    return {
        "report_id": report_id,
        "version": one.version,
        "findings": [finding.to_json() for finding in one.findings],
        "isolation": one.isolation,
        "computed_at": now(),
    }


def _gist(row: Mapping[str, Any]) -> queries.Isolated:
    return queries.Isolated(row["version"], row["findings"], row["isolation"])


def _still_there(ids: Sequence[int]) -> set[int]:
    """Those of ``ids`` that have not been removed since they were looked at."""
    found: set[int] = set()
    for start in range(0, len(ids), CHUNK):
        found |= set(db.session.scalars(select(Report.id).where(Report.id.in_(ids[start : start + CHUNK]))))
    return found


def _upsert(rows: list[dict[str, Any]]) -> None:
    statement = insert_into(ReportQuality)
    columns = ("version", "findings", "isolation", "computed_at")
    statement = statement.on_conflict_do_update(
        index_elements=["report_id"], set_={name: getattr(statement.excluded, name) for name in columns}
    )
    db.session.execute(statement, rows)
