"""What waits, the version that was returned, and how far the year is."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import revision
from app.core.extensions import db
from app.core.kept_figures import kept_figure
from app.core.paging import COUNT_LIMIT, Page, count_for_a_moment, paginate
from app.core.plans import unindexed, written_out
from app.core.search import answer, met, met_in_order
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.queries import edition_of, filed_condition
from app.questionnaire.rules import Status
from app.regions.queries import office_region
from app.review.outreach_queries import contact_condition
from app.review.rules import AreaProgress, YearProgress

WAITING = and_(written_out(Report.status, Status.SUBMITTED), Report.submitted_at.is_not(None))
"""What the partial indexes of the queue hold: without the second condition SQLite would read all reports instead."""


def waiting_number() -> Select[int]:
    """How many submitted reports wait, at most one more than can be told; to be asked with others."""
    some = select(Report.id).where(WAITING).limit(COUNT_LIMIT + 1)
    return select(func.count()).select_from(some.subquery())


def waiting_count() -> int:
    """How many submitted reports wait; a kept figure."""
    counted = select(func.count()).select_from(Report).where(WAITING)
    return kept_figure("waiting reports", revision, lambda: db.session.scalar(counted) or 0)


def last_return(report: Report) -> ReportEvent | None:
    """The latest return of ``report``, whose snapshot is the version that was sent back."""
    return db.session.scalars(
        select(ReportEvent)
        .where(ReportEvent.report_id == report.id, ReportEvent.status == Status.RETURNED)
        .order_by(ReportEvent.id.desc())
        .limit(1)
    ).first()


def progress(year: int) -> YearProgress | None:
    """How far ``year`` is; None when the year has no edition. Two queries at most, whatever the number of reports; the numbers are
    a kept figure."""
    edition = edition_of(year)
    if edition is None:
        return None
    counts = kept_figure(f"progress of {year}", revision, lambda: _counts(year))
    names = office_region(current_app.config["REGION"]).kecamatan
    known = {code: names[code] for code in names if code in counts}
    elsewhere = {code: names.get(code, "") for code in counts if code not in names}
    return YearProgress(
        year=year,
        deadline=edition.deadline,
        by_kecamatan=tuple(_area(counts[code], code, name) for code, name in (known | elsewhere).items()),
    )


def _counts(year: int) -> dict[str, Any]:
    """By kecamatan (empty where it is not known), what was expected and what came."""
    return {
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
            .where(
                Cooperative.listing == Listing.LISTED,
                or_(Cooperative.dissolved_on.is_(None), Report.id.is_not(None)),  # what it filed, it filed
            )
            .group_by(Cooperative.kode_kecamatan)
        )
    }


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


def missing(year: int, *, kecamatan: str = "", q: str = "", contact: str = "") -> Select[Cooperative]:
    """Cooperatives that should have filed ``year`` and have not."""
    query = _missing(year, kecamatan, contact)
    if q:
        found = answer("cooperative", q, ranks_crowds=False)
        held = found.everything
        query = query.where(Cooperative.id.in_(found.ids) if held is None else held)
    return query


def _missing(year: int, kecamatan: str, contact: str, *, found_already: bool = False) -> Select[Cooperative]:
    """Those of ``kecamatan``, all where it is empty. ``found_already``: a search brings the rows, and no index of the register."""
    listing, place = Cooperative.listing.expression, Cooperative.kode_kecamatan.expression
    if found_already:
        listing, place = unindexed(listing), unindexed(place)
    query = select(Cooperative).where(listing == Listing.LISTED, Cooperative.dissolved_on.is_(None))
    query = query.where(~_filed(year), *([place == kecamatan] if kecamatan else ()))
    reached = contact_condition(contact, year)
    return query if reached is None else query.where(reached)


def _filed(year: int) -> ColumnElement[bool]:
    return exists().where(Report.cooperative_id == Cooperative.id, Report.year == year, filed_condition())


def missing_page(year: int, *, kecamatan: str, q: str, contact: str) -> tuple[Page[Cooperative], int]:
    """The page of :func:`missing` that the request asks for, by name, and how many there are. Of a search that finds more than can
    be counted those come first that were registered first, as the index meets them.
    """
    found = answer("cooperative", q, ranks_crowds=False) if q else None
    key = ("missing", year, kecamatan, q, contact)
    query = _missing(year, kecamatan, contact, found_already=found is not None)
    if found is None or found.crowd is None:
        query = query if found is None else query.where(Cooperative.id.in_(found.ids))
        return _by_name(query), count_for_a_moment(query, key)
    counted = met(query, found.crowd)
    count = count_for_a_moment(counted, key)
    if count > COUNT_LIMIT:
        in_order, number = met_in_order(query, found.crowd)
        return paginate(in_order, by=(number,), key=lambda row: (row.id,)), count
    ids = counted.with_only_columns(Cooperative.id, maintain_column_froms=True)
    return _by_name(select(Cooperative).where(Cooperative.id.in_(ids.order_by(None)))), count


def _by_name(query: Select[Cooperative]) -> Page[Cooperative]:
    by = (Cooperative.name_key, Cooperative.id)
    return paginate(query, by=by, key=lambda row: (row.name_key, row.id))


def drafts_of(cooperatives: Iterable[Cooperative], year: int) -> set[int]:
    """Ids of those of ``cooperatives`` that have begun a draft for ``year``."""
    ids = [cooperative.id for cooperative in cooperatives]
    return set(
        db.session.scalars(
            select(Report.cooperative_id).where(
                Report.cooperative_id.in_(ids),
                Report.year == year,
                unindexed(Report.status) == Status.DRAFT,  # there are many more drafts than ids
            )
        )
    )
