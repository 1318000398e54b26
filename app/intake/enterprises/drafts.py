"""Unnamed drafts that a list of UKM has brought: those that nobody completes are discarded together."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Select, func, select

from app.core.extensions import db
from app.core.paging import Page, paginate
from app.enterprises.keeping import unnamed_draft
from app.enterprises.models import Enterprise
from app.intake.models import ImportJob, ImportRow

TOGETHER = 50
"""Drafts that are erased in one write unit: the whole site waits behind it."""


def drafts(job: ImportJob) -> Select[Enterprise]:
    """The unnamed drafts of ``job``'s rows."""
    rows = select(ImportRow.enterprise_id).where(
        ImportRow.job_id == job.id, ImportRow.enterprise_id.is_not(None)
    )
    return select(Enterprise).where(Enterprise.id.in_(rows), unnamed_draft())


def page_of(job: ImportJob) -> Page[Enterprise]:
    """A page of them, in the order in which they came."""
    return paginate(drafts(job), by=(Enterprise.id,), key=lambda row: (row.id,))


def count(job: ImportJob) -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(drafts(job).subquery())) or 0


def untouched(job: ImportJob) -> list[int]:
    """The ids of those that nobody has begun to complete."""
    query = drafts(job).where(Enterprise.version == 1).with_only_columns(Enterprise.id)
    return list(db.session.scalars(query.order_by(Enterprise.id)))


def among(job: ImportJob, ids: Collection[int]) -> list[int]:
    """Those of ``ids`` that are drafts of ``job``."""
    query = drafts(job).where(Enterprise.id.in_(ids)).with_only_columns(Enterprise.id)
    return list(db.session.scalars(query.order_by(Enterprise.id)))


def batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """``ids`` in portions for one write unit each."""
    for at in range(0, len(ids), TOGETHER):
        yield ids[at : at + TOGETHER]
