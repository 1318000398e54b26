"""Clean batches: reports that nothing speaks against are approved together, a random sample of them is not.

The verbs flush; the route's write unit commits. A big batch is approved in many small units (:func:`approve_some`), so that
nobody's save waits long.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Select, exists, func, insert, select, update
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.audit import services as audit
from app.cooperatives.queries import revision
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.kept_figures import kept_figure
from app.core.paging import Page, paginate
from app.core.text import N_
from app.core.upsert import insert_into
from app.questionnaire import queries as reports
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.review import rules, services
from app.review.flags import CLEAN
from app.review.models import CleanBatch, CleanBatchItem, Fate
from app.review.queue import READY

CHUNK = 10  # reports in one write unit: others wait for it
SHOWN = 100


def ready() -> int:
    """How many reports a new batch would hold; a kept figure."""
    return kept_figure("reports for a clean batch", revision, _ready)


def _ready() -> int:
    return db.session.scalar(select(func.count()).select_from(Report).where(READY)) or 0


def pending() -> int:
    """How many reports can be approved together: those of the open batch, and those that a new one would hold; a kept figure."""
    return kept_figure("reports to approve together", revision, _pending)


def _pending() -> int:
    waiting = select(func.count()).select_from(CleanBatchItem).join(CleanBatchItem.batch)
    waiting = waiting.where(CleanBatch.is_open, CleanBatchItem.fate == Fate.WAITING)
    both = select(
        select(func.count()).select_from(Report).where(READY).scalar_subquery() + waiting.scalar_subquery()
    )
    return db.session.scalar(both) or 0


def open_batch() -> CleanBatch | None:
    """The batch that waits for its approval, if there is one."""
    return db.session.scalars(select(CleanBatch).where(CleanBatch.is_open)).one_or_none()


def batch_by_id(batch_id: int) -> CleanBatch | None:
    """One batch, open or closed."""
    return db.session.get(CleanBatch, batch_id)


def recent(limit: int = 10) -> list[tuple[CleanBatch, dict[Fate, int]]]:
    """The latest closed batches, each with how many reports met which fate; two queries."""
    closed = select(CleanBatch).where(~CleanBatch.is_open).order_by(CleanBatch.id.desc()).limit(limit)
    found = list(db.session.scalars(closed))
    counts = _counts([batch.id for batch in found])
    return [(batch, counts[batch.id]) for batch in found]


def counts_of(batch: CleanBatch) -> dict[Fate, int]:
    """How many reports of ``batch`` met which fate."""
    return _counts([batch.id])[batch.id]


def _counts(ids: Collection[int]) -> dict[int, dict[Fate, int]]:
    found = {id_: dict.fromkeys(Fate, 0) for id_ in ids}
    query = select(CleanBatchItem.batch_id, CleanBatchItem.fate, func.count())
    grouped = query.where(CleanBatchItem.batch_id.in_(ids)).group_by(
        CleanBatchItem.batch_id, CleanBatchItem.fate
    )
    for id_, fate, count in db.session.execute(grouped):
        found[id_][fate] = count
    return found


def page_of(batch: CleanBatch) -> Page[CleanBatchItem]:
    """The reports of ``batch`` that wait for the approval, as they were drawn."""
    return paginate(
        _items(batch, Fate.WAITING), by=(CleanBatchItem.id,), key=lambda item: (item.id,), size=SHOWN
    )


def items_of(batch: CleanBatch, *fates: Fate) -> list[CleanBatchItem]:
    """The reports of ``batch`` that met one of ``fates``."""
    return list(db.session.scalars(_items(batch, *fates).order_by(CleanBatchItem.id)))


def _items(batch: CleanBatch, *fates: Fate) -> Select[CleanBatchItem]:
    query = select(CleanBatchItem).where(CleanBatchItem.batch_id == batch.id, CleanBatchItem.fate.in_(fates))
    return query.options(joinedload(CleanBatchItem.report).joinedload(Report.cooperative))


def drawn_again(batch: CleanBatch) -> bool:
    """Whether the recorded sample is the one that follows from the recorded seed, share and reports."""
    rows = db.session.execute(
        select(CleanBatchItem.report_id, CleanBatchItem.fate).where(CleanBatchItem.batch_id == batch.id)
    ).all()
    sampled = {row.report_id for row in rows if row.fate is Fate.SAMPLED}
    return sampled == rules.draw([row.report_id for row in rows], seed=batch.seed, share=batch.share)


def gather(*, by: User) -> CleanBatch:
    """Gather what is ready and draw its sample, before anybody has seen the list; the open batch where there is one.

    Raises RuleBroken when nothing is ready.
    """
    if found := open_batch():
        return found
    values = {
        "seed": secrets.token_hex(8),
        "share": current_app.config["SAMPLE_SHARE"],
        "is_open": True,
        "drawn_at": now(),
        "drawn_by_id": by.id,
        "drawn_by_name": by.name,
    }
    statement = insert_into(CleanBatch).values(**values).on_conflict_do_nothing()
    number = db.session.scalar(statement.returning(CleanBatch.id))
    if number is None:  # a colleague's unit was quicker
        return db.session.scalars(select(CleanBatch).where(CleanBatch.is_open)).one()
    batch = db.session.get_one(CleanBatch, number)
    rows = db.session.execute(
        select(Report.id, Report.version).where(READY).order_by(Report.submitted_at, Report.id)
    ).all()
    if not rows:
        raise RuleBroken(N_("Belum ada laporan bersih yang bisa disetujui sekaligus."))
    sample = rules.draw([row.id for row in rows], seed=batch.seed, share=batch.share)
    db.session.execute(
        insert(CleanBatchItem),
        [
            {
                "batch_id": number,
                "report_id": row.id,
                "version": row.version,
                "fate": Fate.SAMPLED if row.id in sample else Fate.WAITING,
            }
            for row in rows
        ],
    )
    _record(batch, "drawn", seed=batch.seed, reports=len(rows), sampled=sorted(sample))
    _close_when_done(batch)
    return batch


def take_out(batch: CleanBatch, report_ids: Collection[int], *, by: User) -> int:
    """Let an operator look at some reports of ``batch`` one by one; returns how many there were."""
    waiting = (
        update(CleanBatchItem)
        .where(CleanBatchItem.batch_id == batch.id, CleanBatchItem.fate == Fate.WAITING)
        .where(CleanBatchItem.report_id.in_(report_ids))
        .values(fate=Fate.TAKEN_OUT, decided_at=now(), decided_by=by.name)
    )
    taken = [row.report_id for row in db.session.execute(waiting.returning(CleanBatchItem.report_id))]
    if taken:
        _record(batch, "taken_out", reports=sorted(taken))
        _close_when_done(batch)
    return len(taken)


@dataclass
class Progress:
    """What one unit, or several together, did."""

    approved: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        """Reports that are decided now."""
        return self.approved + self.skipped


def approve_some(batch_id: int, *, by: User, limit: int = CHUNK) -> Progress:
    """Approve the next ``limit`` reports of a batch, each as if it had been approved alone; empty when none is left.

    One that is no longer as it was drawn is skipped, and stays in the queue. Two that press at the same time take turns.
    """
    batch = db.session.scalars(
        select(CleanBatch)
        .where(CleanBatch.id == batch_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    items = db.session.scalars(
        select(CleanBatchItem)
        .where(CleanBatchItem.batch_id == batch_id, CleanBatchItem.fate == Fate.WAITING)
        .order_by(CleanBatchItem.id)
        .limit(limit)
    ).all()
    done = Progress()
    for item in items:
        item.fate = _approve(item, by=by)
        item.decided_at, item.decided_by = now(), by.name
        done.approved += item.fate is Fate.APPROVED
        done.skipped += item.fate is Fate.SKIPPED
    db.session.flush()
    if items:
        _record(batch, "approved", approved=done.approved, skipped=done.skipped)
    _close_when_done(batch)
    return done


def _approve(item: CleanBatchItem, *, by: User) -> Fate:
    report = reports.locked(item.report_id)
    if report.version != item.version or report.status is not Status.SUBMITTED or report.calm != CLEAN:
        return Fate.SKIPPED
    services.approve(report, comments={}, by=by, seen=item.version)
    return Fate.APPROVED


def _close_when_done(batch: CleanBatch) -> None:
    left = exists().where(CleanBatchItem.batch_id == batch.id, CleanBatchItem.fate == Fate.WAITING)
    if batch.is_open and not db.session.scalar(select(left)):
        batch.is_open, batch.closed_at = False, now()
        db.session.flush()


def _record(batch: CleanBatch, act: str, **after: object) -> None:
    audit.record(
        f"clean_batch.{act}",
        kind="clean_batch",
        subject_id=batch.id,
        name=f"{batch.id} · {batch.seed}",
        after=after,
    )
