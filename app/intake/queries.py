"""Imports and their rows, and the register as an import compares with it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, undefer

from app.audit.models import TrailEntry
from app.cooperatives.models import Cooperative, CooperativeMerge, Listing
from app.core.extensions import db
from app.core.paging import Page, paginate
from app.enterprises.models import Enterprise
from app.intake.fields import REGISTER_COLUMNS
from app.intake.models import ImportJob, ImportRow
from app.intake.register import Known, Register
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status

COMPARED = tuple(REGISTER_COLUMNS)
CONCERNED = ("cooperative", "report")


def jobs(register: str) -> Page[ImportJob]:
    """Imports into one register, the latest first."""
    query = select(ImportJob).where(ImportJob.register == register).options(joinedload(ImportJob.created_by))
    return paginate(query, by=(ImportJob.id,), key=lambda job: (job.id,), descending=True)


def job_with_file(job_id: int) -> ImportJob | None:
    """An import with its file."""
    return db.session.scalars(
        select(ImportJob).where(ImportJob.id == job_id).options(undefer(ImportJob.content))
    ).one_or_none()


def rows_query(job: ImportJob, outcome: str = "") -> Select[ImportRow]:
    """The rows of ``job``, of one outcome where given."""
    query = select(ImportRow).where(ImportRow.job_id == job.id)
    return query.where(ImportRow.outcome == outcome) if outcome else query


def rows(job: ImportJob, outcome: str = "") -> Page[ImportRow]:
    """A page of rows, in the order of the file."""
    return paginate(
        rows_query(job, outcome),
        by=(ImportRow.row_number, ImportRow.id),
        key=lambda row: (row.row_number, row.id),
    )


def about(row: ImportRow) -> int | None:
    """The id of the cooperative or enterprise that a row is about."""
    return row.cooperative_id or row.enterprise_id


def slugs_of(job: ImportJob, shown: Iterable[ImportRow]) -> dict[int, str]:
    """The addresses of the cooperatives or enterprises that ``shown`` rows of ``job`` are about, by id; one query."""
    model = Cooperative if job.register == "cooperative" else Enterprise
    ids = [id_ for row in shown if (id_ := about(row))]
    query = select(model.id, model.slug).where(model.id.in_(ids))
    return {row.id: row.slug for row in db.session.execute(query)}


def decisions(job: ImportJob) -> dict[int, str]:
    """People's words on doubtful rows, by the number of the row."""
    query = select(ImportRow.row_number, ImportRow.decision)
    query = query.where(ImportRow.job_id == job.id, ImportRow.decision != "")
    return dict(db.session.execute(query).all())


def all_rows(job: ImportJob) -> list[ImportRow]:
    """Every row of ``job``, in the order of the file."""
    return list(db.session.scalars(rows_query(job).order_by(ImportRow.row_number, ImportRow.id)))


def undecided(job: ImportJob) -> int:
    """How many doubtful rows nobody has decided."""
    query = select(func.count()).select_from(ImportRow)
    query = query.where(ImportRow.job_id == job.id, ImportRow.outcome == "doubtful", ImportRow.decision == "")
    return db.session.scalar(query) or 0


def register_mark(concerned: Iterable[str] = CONCERNED) -> int:
    """A number that grows with every change of what the kinds on the trail in ``concerned`` stand for."""
    query = select(func.max(TrailEntry.id)).where(TrailEntry.subject_kind.in_(concerned))
    return db.session.scalar(query) or 0


def register(ids: Iterable[int] | None = None) -> Register:
    """The register as :mod:`app.intake.matching` compares rows with it; of ``ids`` only, where given. Three queries."""
    wanted = select(Cooperative.id, *(getattr(Cooperative, column) for column in COMPARED)).order_by(
        Cooperative.id
    )
    wanted = wanted.where(Cooperative.listing.not_in((Listing.REFUSED, Listing.MERGED)))
    reports = select(Report.cooperative_id, Report.year, Report.answers, Report.origin, Report.status)
    if ids is not None:
        chosen = list(ids)
        wanted, reports = (
            wanted.where(Cooperative.id.in_(chosen)),
            reports.where(Report.cooperative_id.in_(chosen)),
        )
    answers: dict[int, dict[int, Any]] = defaultdict(dict)
    filed: dict[int, set[int]] = defaultdict(set)
    for owner, year, given, origin, status in db.session.execute(reports):
        answers[owner][year] = given
        if origin is not Origin.IMPORTED or status is not Status.DRAFT:
            filed[owner].add(year)
    twins = _twins()
    return Register(
        Known(
            row.id,
            {column: _plain(getattr(row, column)) for column in COMPARED},
            answers.get(row.id, {}),
            frozenset(filed.get(row.id, ())),
            twins.get(row.id, ()),
        )
        for row in db.session.execute(wanted)
    )


def _twins() -> dict[int, tuple[dict[str, Any], ...]]:
    """What rows that were merged held, by the cooperative that they went into: a list may know it by their numbers."""
    found: dict[int, tuple[dict[str, Any], ...]] = {}
    query = select(CooperativeMerge.survivor_id, *(getattr(Cooperative, column) for column in COMPARED))
    query = query.join(Cooperative, Cooperative.id == CooperativeMerge.merged_id)
    for row in db.session.execute(query.where(CooperativeMerge.undone_at.is_(None))):
        values = {column: _plain(getattr(row, column)) for column in COMPARED}
        found[row.survivor_id] = (*found.get(row.survivor_id, ()), values)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
