"""The queue, one report with what it is compared to, and how far the year is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Listing
from app.core.extensions import db
from app.core.paging import Page, paginate
from app.core.search import find
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.queries import edition_of, filed_condition
from app.questionnaire.rules import Origin, Status
from app.regions.queries import office_region
from app.review.models import Assignment
from app.review.rules import AreaProgress, YearProgress

EXPECTED = and_(Cooperative.listing == Listing.LISTED, Cooperative.dissolved_on.is_(None))


@dataclass(frozen=True)
class QueueFilter:
    """What the operator wants to see of the queue; empty strings mean all."""

    q: str = ""
    year: int | None = None
    kecamatan: str = ""
    jenis: str = ""
    warnings: str = ""  # "ada" or "tanpa"
    assignee: str = ""  # "saya", "bebas"
    origin: str = ""  # "impor": imported history waiting for an operator's word


def queue(wanted: QueueFilter, *, person: User) -> Page[Report]:
    """The reports that wait, longest waiting first."""
    since = Report.updated_at if wanted.origin == "impor" else Report.submitted_at
    return paginate(
        queue_query(wanted, person=person).options(contains_eager(Report.cooperative)),
        by=(since, Report.id),
        key=lambda report: (
            report.updated_at if wanted.origin == "impor" else report.submitted_at,
            report.id,
        ),
    )


def queue_query(wanted: QueueFilter, *, person: User) -> Select[Report]:
    """The waiting reports that ``wanted`` lets through, unordered."""
    query = select(Report).join(Report.cooperative).where(*_state(wanted))
    if wanted.q:
        query = query.where(Report.cooperative_id.in_(find("cooperative", wanted.q)))
    if wanted.year:
        query = query.where(Report.year == wanted.year)
    if wanted.kecamatan:
        query = query.where(Cooperative.kode_kecamatan == wanted.kecamatan)
    if wanted.jenis:
        query = query.where(Cooperative.jenis_koperasi == wanted.jenis)
    if wanted.warnings:
        clean = cast(Report.findings, String) == "[]"
        query = query.where(clean if wanted.warnings == "tanpa" else ~clean)
    taken = select(Assignment).where(Assignment.report_id == Report.id)
    if wanted.assignee == "bebas":
        query = query.where(~taken.exists())
    elif wanted.assignee == "saya":
        query = query.where(taken.where(Assignment.user_id == person.id).exists())
    return query


def _state(wanted: QueueFilter) -> tuple[ColumnElement[bool], ...]:
    if wanted.origin == "impor":
        return (Report.status == Status.DRAFT, Report.origin == Origin.IMPORTED)
    return (Report.status == Status.SUBMITTED, Report.submitted_at.is_not(None))


def assignees(reports: Iterable[Report]) -> dict[int, Assignment]:
    """Who has each of ``reports``, by the report's id; one query."""
    ids = [report.id for report in reports]
    rows = db.session.scalars(select(Assignment).where(Assignment.report_id.in_(ids)).join(Assignment.user))
    return {row.report_id: row for row in rows.unique()}


def waiting_count() -> int:
    """How many submitted reports wait; from the partial index."""
    return (
        db.session.scalar(select(func.count()).select_from(Report).where(Report.status == Status.SUBMITTED))
        or 0
    )


@dataclass(frozen=True)
class Place:
    """Where a report stands in the queue, and its neighbours' ids."""

    position: int
    total: int
    previous: int | None
    following: int | None


def place_of(report: Report) -> Place | None:
    """The place of ``report`` among all that wait; None when it does not wait."""
    if report.status != Status.SUBMITTED or report.submitted_at is None:
        return None
    waiting = select(Report.id).where(Report.status == Status.SUBMITTED)
    before = or_(
        Report.submitted_at < report.submitted_at,
        and_(Report.submitted_at == report.submitted_at, Report.id < report.id),
    )
    after = or_(
        Report.submitted_at > report.submitted_at,
        and_(Report.submitted_at == report.submitted_at, Report.id > report.id),
    )
    earlier = db.session.scalar(select(func.count()).select_from(waiting.where(before).subquery())) or 0
    return Place(
        position=earlier + 1,
        total=waiting_count(),
        previous=db.session.scalar(
            waiting.where(before).order_by(Report.submitted_at.desc(), Report.id.desc()).limit(1)
        ),
        following=db.session.scalar(waiting.where(after).order_by(Report.submitted_at, Report.id).limit(1)),
    )


def next_after(report: Report) -> int | None:
    """The id of the report to look at after ``report``: the next one that waits, else the longest waiting one."""
    waiting = select(Report.id).where(Report.status == Status.SUBMITTED, Report.id != report.id)
    ordered = waiting.order_by(Report.submitted_at, Report.id).limit(1)
    if report.submitted_at is not None:
        later = or_(
            Report.submitted_at > report.submitted_at,
            and_(Report.submitted_at == report.submitted_at, Report.id > report.id),
        )
        if (following := db.session.scalar(ordered.where(later))) is not None:
            return following
    return db.session.scalar(ordered)


def last_return(report: Report) -> ReportEvent | None:
    """The latest return of ``report``, whose snapshot is the version that was sent back."""
    return db.session.scalars(
        select(ReportEvent)
        .where(ReportEvent.report_id == report.id, ReportEvent.status == Status.RETURNED)
        .order_by(ReportEvent.id.desc())
        .limit(1)
    ).first()


def progress(year: int) -> YearProgress | None:
    """How far ``year`` is; None when the year has no edition. Two queries, whatever the number of reports."""
    edition = edition_of(year)
    if edition is None:
        return None
    counts = {
        row.area or "": row
        for row in db.session.execute(
            select(
                Cooperative.kode_kecamatan.label("area"),
                func.count().label("expected"),
                *(_counted(status) for status in (Status.SUBMITTED, Status.RETURNED, Status.APPROVED)),
            )
            .select_from(Cooperative)
            .outerjoin(
                Report, and_(Report.cooperative_id == Cooperative.id, Report.year == year, filed_condition())
            )
            .where(EXPECTED)
            .group_by(Cooperative.kode_kecamatan)
        )
    }
    names = office_region(current_app.config["REGION"]).kecamatan
    known = {code: names[code] for code in names if code in counts}
    elsewhere = {code: names.get(code, "") for code in counts if code not in names}
    return YearProgress(
        year=year,
        deadline=edition.deadline,
        by_kecamatan=tuple(_area(counts[code], code, name) for code, name in (known | elsewhere).items()),
    )


def _counted(status: Status) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((Report.status == status, 1), else_=0)), 0).label(status.value)


def _area(row: Any, code: str, name: str) -> AreaProgress:
    return AreaProgress(
        code=code,
        name=name,
        expected=row.expected,
        submitted=row.submitted,
        returned=row.returned,
        approved=row.approved,
    )


def missing(year: int, *, kecamatan: str = "", q: str = "") -> Select[Cooperative]:
    """Cooperatives that should have filed ``year`` and have not."""
    filed = exists().where(Report.cooperative_id == Cooperative.id, Report.year == year, filed_condition())
    query = select(Cooperative).where(EXPECTED, ~filed)
    if kecamatan:
        query = query.where(Cooperative.kode_kecamatan == kecamatan)
    if q:
        query = query.where(Cooperative.id.in_(find("cooperative", q)))
    return query


def drafts_of(cooperatives: Iterable[Cooperative], year: int) -> set[int]:
    """Ids of those of ``cooperatives`` that have begun a draft for ``year``."""
    ids = [cooperative.id for cooperative in cooperatives]
    return set(
        db.session.scalars(
            select(Report.cooperative_id).where(
                Report.cooperative_id.in_(ids), Report.year == year, Report.status == Status.DRAFT
            )
        )
    )
