"""The line of reports that wait for an operator: in which order, through which filter, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Listing
from app.core.extensions import db
from app.core.paging import COUNT_LIMIT, Columns, Page, count_for_a_moment, paginate
from app.core.plans import unindexed
from app.core.search import answer
from app.core.short_memory import short_memory
from app.core.writing import is_sqlite
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status
from app.review.flags import CLEAN, QUIET
from app.review.models import Assignment, CleanBatch, CleanBatchItem, Fate
from app.review.queries import WAITING


@dataclass(frozen=True)
class QueueFilter:
    """What the operator wants to see of the queue, and in which order; empty strings mean all, and by risk."""

    q: str = ""
    year: int | None = None
    kecamatan: str = ""
    jenis: str = ""
    warnings: str = ""  # "ada", "tanpa" or "sampel"
    assignee: str = ""  # "saya", "bebas"
    origin: str = ""  # "impor": imported history waiting for an operator's word
    order: str = ""  # "lama": longest waiting first

    @cached_property
    def named(self) -> ColumnElement[bool]:
        """The condition that ``q`` may mean the cooperative; that of many is remembered for a moment."""
        memory, key = short_memory(), ("named in the queue", self.q)
        known: ColumnElement[bool] | None = memory.get(key)
        if known is not None:
            return known
        found = answer("cooperative", self.q, ranks_crowds=False)
        if found.everything is None:
            return Report.cooperative_id.in_(found.ids)
        memory.put(key, found.everything)
        return found.everything


DRAWN = exists().where(CleanBatchItem.report_id == Report.id, CleanBatchItem.version == Report.version)
"""In this version it stood in a clean batch."""

READY = and_(
    Report.status == Status.SUBMITTED,
    Report.calm == CLEAN,
    ~exists().where(Assignment.report_id == Report.id),
    ~DRAWN,
)
"""Nothing speaks against it, it is in nobody's hands, and it was never drawn: the next clean batch takes it."""

SAMPLED = exists().where(
    CleanBatchItem.report_id == Report.id,
    CleanBatchItem.version == Report.version,
    CleanBatchItem.fate == Fate.SAMPLED,
)
IN_OPEN_BATCH = exists().where(
    CleanBatchItem.report_id == Report.id,
    CleanBatchItem.version == Report.version,
    CleanBatchItem.fate == Fate.WAITING,
    CleanBatchItem.batch_id == CleanBatch.id,
    CleanBatch.is_open,
)


def order_of(wanted: QueueFilter) -> Columns:
    """The columns that order the queue, all ascending, the last of them unique; each order has its partial index."""
    if wanted.origin:
        return (Report.updated_at, Report.id)
    if wanted.order == "lama":
        return (Report.submitted_at, Report.id)
    return (Report.calm, Report.submitted_at, Report.id)


def queue(wanted: QueueFilter, *, person: User) -> Page[Report]:
    """One page of the reports that wait: by risk, and of equal risk the longest waiting first."""
    by = order_of(wanted)
    return paginate(
        _narrowed(wanted, person, select(Report).join(Report.cooperative)).options(
            contains_eager(Report.cooperative)
        ),
        by=by,
        key=lambda report: key_of(report, by),
    )


def queue_count(wanted: QueueFilter, *, person: User) -> int:
    """How many wait, at most one more than can be told."""
    return count_for_a_moment(queue_query(wanted, person=person), ("queue", wanted, person.id))


def key_of(report: Report, by: Columns) -> tuple[Any, ...]:
    """The values of ``report`` in the columns of an order."""
    return tuple(getattr(report, str(column.key)) for column in by)


def queue_query(wanted: QueueFilter, *, person: User) -> Select[Report]:
    """The waiting reports that ``wanted`` lets through, unordered."""
    query = select(Report)
    if wanted.kecamatan or wanted.jenis or wanted.origin or wanted.q:
        query = query.join(Report.cooperative)
    return _narrowed(wanted, person, query)


def _narrowed(wanted: QueueFilter, person: User, query: Select[Report]) -> Select[Report]:
    query = query.where(*_state(wanted))
    if wanted.q:
        query = query.where(wanted.named)
    if wanted.year:
        query = query.where(Report.year == wanted.year)
    if wanted.kecamatan:
        query = query.where(unindexed(Cooperative.kode_kecamatan) == wanted.kecamatan)
    if wanted.jenis:
        query = query.where(unindexed(Cooperative.jenis_koperasi) == wanted.jenis)
    if wanted.warnings:
        query = query.where(_weighed(wanted))
    taken = select(Assignment).where(Assignment.report_id == Report.id)
    if wanted.assignee == "bebas":
        query = query.where(~taken.exists())
    elif wanted.assignee == "saya":
        query = query.where(taken.where(Assignment.user_id == person.id).exists())
    return query


def _weighed(wanted: QueueFilter) -> ColumnElement[bool]:
    if wanted.warnings == "sampel":
        return SAMPLED
    quiet = cast(Report.findings, String) == "[]" if wanted.origin else Report.calm >= QUIET
    return quiet if wanted.warnings == "tanpa" else ~quiet


def _state(wanted: QueueFilter) -> tuple[ColumnElement[bool], ...]:
    if wanted.origin == "impor":
        listed = Cooperative.listing != Listing.MERGED
        return (Report.status == Status.DRAFT, Report.origin == Origin.IMPORTED, listed)
    return (WAITING,)


def assignees(reports: Iterable[Report]) -> dict[int, Assignment]:
    """Who has each of ``reports``, by the report's id; one query."""
    ids = [report.id for report in reports]
    query = select(Assignment).where(Assignment.report_id.in_(ids))
    return {row.report_id: row for row in db.session.scalars(query.options(joinedload(Assignment.user)))}


def sampled_among(reports: Iterable[Report]) -> set[int]:
    """Ids of those of ``reports`` that were drawn for a full look; one query."""
    ids = [report.id for report in reports]
    return set(db.session.scalars(select(Report.id).where(Report.id.in_(ids), SAMPLED)))


@dataclass(frozen=True)
class Place:
    """Where a report stands in the queue, and its neighbours' ids. Neither number is counted far beyond ``COUNT_LIMIT``."""

    position: int
    total: int
    previous: int | None
    following: int | None


def place_of(report: Report, wanted: QueueFilter, *, person: User) -> Place | None:
    """The place of ``report`` in the queue as ``wanted`` shows it; None when it does not wait there."""
    by = order_of(wanted)
    query = queue_query(wanted, person=person).with_only_columns(Report.id)
    if report.status is not Status.SUBMITTED or report.submitted_at is None or wanted.origin:
        return None
    if db.session.scalar(query.where(Report.id == report.id)) is None:
        return None
    before, after = _beside(report, by)
    down, up = [column.desc() for column in by], list(by)
    some = (query.where(before).order_by(*down), query.order_by(*up))
    counted = select(
        *(
            select(func.count()).select_from(one.limit(COUNT_LIMIT + 1).subquery()).scalar_subquery()
            for one in some
        )
    )
    earlier, total = db.session.execute(counted).one()
    return Place(
        position=earlier + 1,
        total=total,
        previous=db.session.scalar(query.where(before).order_by(*down).limit(1)),
        following=db.session.scalar(query.where(after).order_by(*up).limit(1)),
    )


def _beside(report: Report, by: Columns) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The conditions that a row stands before, and after, ``report``."""
    values = zip(key_of(report, by), by, strict=True)
    here, there = tuple_(*by), tuple_(*(literal(value, column.type) for value, column in values))
    return here < there, here > there


def next_report(
    wanted: QueueFilter, *, person: User, after: Report | None = None, hold: bool = False
) -> Report | None:
    """What ``person`` should look at next: the first report after ``after`` that no colleague has, else the first of all.

    What is clean is not offered unless it was asked for by its filter: it is approved in a batch. ``hold`` locks the report
    (PostgreSQL) and passes over what another unit is just taking.
    """
    by = order_of(wanted)
    others = exists().where(Assignment.report_id == Report.id, Assignment.user_id != person.id)
    free = queue_query(wanted, person=person).where(~others, ~IN_OPEN_BATCH).order_by(*by).limit(1)
    if not wanted.warnings:
        free = free.where(~READY)
    if hold and not is_sqlite():
        free = free.with_for_update(skip_locked=True, of=Report)
    if after is None:
        return db.session.scalars(free).first()
    free = free.where(Report.id != after.id)
    waits = after.updated_at if wanted.origin else after.submitted_at
    later = free.where(_beside(after, by)[1]) if waits is not None else free
    return db.session.scalars(later).first() or db.session.scalars(free).first()
