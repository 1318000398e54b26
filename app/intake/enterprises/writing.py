"""Carrying out a list of UKM, a few hundred rows at a time; and forgetting what it said of people."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, select, update

from app.core.database import now
from app.core.extensions import db
from app.core.text import N_
from app.enterprises import services as enterprises
from app.enterprises.models import Enterprise
from app.enterprises.signals import enterprise_erased
from app.intake.enterprises.comparing import register
from app.intake.enterprises.matching import resolve
from app.intake.enterprises.stored import NOTHING, reading_of, row_of
from app.intake.models import ImportJob, ImportRow, ImportState
from app.intake.outcomes import Kind
from app.intake.rules import NEW, SKIP

ENTERED = N_("Masuk dari berkas %(name)s")
CHANGED = N_("Diperbarui dari berkas %(name)s")
TOGETHER = 500
KEPT = timedelta(days=30)  # of a file that nobody carries out
RowTable: Table = ImportRow.__table__  # type: ignore[assignment]
COLUMNS = (ImportRow.id, ImportRow.row_number, ImportRow.outcome, ImportRow.enterprise_id, ImportRow.reading, ImportRow.plan,
           ImportRow.decision)  # fmt: skip


def write(job: ImportJob) -> dict[str, int]:
    """Write what the plan says of every row; returns how many are new, unnamed drafts among them, and changed."""
    done: Counter[str] = Counter()
    made: dict[int, int] = {}  # row of the file → enterprise
    for rows in _moving(job):
        _write_some(rows, job.filename, made, done)
    _link_twins(job, made)
    forget(job)
    return dict(done)


def _moving(job: ImportJob) -> Iterator[Sequence[Any]]:
    """The rows that do something, in batches."""
    last = 0
    while True:
        query = select(*COLUMNS).where(
            ImportRow.job_id == job.id,
            ImportRow.id > last,
            ImportRow.outcome.in_((Kind.NEW, Kind.CHANGED, Kind.DOUBTFUL)),
        )
        rows = db.session.execute(query.order_by(ImportRow.id).limit(TOGETHER)).all()
        if not rows:
            return
        last = rows[-1].id
        yield [row for row in rows if row.outcome != Kind.DOUBTFUL or row.decision not in ("", SKIP)]


def _write_some(rows: Sequence[Any], filename: str, made: dict[int, int], done: Counter[str]) -> None:
    decided = [int(row.decision) for row in rows if row.outcome == Kind.DOUBTFUL and row.decision != NEW]
    known = register(decided)
    fresh, linked = [], []
    for row in rows:
        outcome, match, changes = row.outcome, row.enterprise_id, row.plan["changes"]
        if outcome == Kind.DOUBTFUL:
            to = None if row.decision == NEW else int(row.decision)
            resolved = row_of(resolve(reading_of(row.reading, row.row_number), known, to))
            outcome, match, changes = (
                resolved["outcome"],
                resolved["enterprise_id"],
                resolved["plan"]["changes"],
            )
        if outcome == Kind.NEW:
            fresh.append(row)
            continue
        linked.append({"row": row.id, "enterprise": match})
        values = {code: after for code, _before, after in changes}
        if values and enterprises.change_listed(
            db.session.get_one(Enterprise, match), values, template=CHANGED, params={"name": filename}
        ):
            done["changed"] += 1
    ids = enterprises.add_listed(
        [row.reading["values"] for row in fresh], template=ENTERED, params={"name": filename}
    )
    for row, id_ in zip(fresh, ids, strict=True):
        made[row.row_number] = id_
        linked.append({"row": row.id, "enterprise": id_})
        done["new" if row.reading["values"].get("name") else "unnamed"] += 1
    _link(linked)


def _link(linked: list[dict[str, int]]) -> None:
    if linked:
        statement = update(RowTable).where(RowTable.c.id == bindparam("row"))
        db.session.connection().execute(statement.values(enterprise_id=bindparam("enterprise")), linked)


def _link_twins(job: ImportJob, made: dict[int, int]) -> None:
    """A row that says what an earlier one says is about the same enterprise: known again by that."""
    query = select(ImportRow.id, ImportRow.plan).where(
        ImportRow.job_id == job.id, ImportRow.outcome == Kind.SKIPPED, ImportRow.enterprise_id.is_(None)
    )
    _link(
        [
            {"row": id_, "enterprise": made[plan["same_as_row"]]}
            for id_, plan in db.session.execute(query)
            if plan["same_as_row"] in made
        ]
    )


def forget(job: ImportJob) -> None:
    """Keep of the file only what became of each row: it is a list of people, and the register has them now (UU PDP 27/2022)."""
    job.content = b""
    db.session.execute(
        update(ImportRow).where(ImportRow.job_id == job.id).values(reading={}, raw=[], plan=dict(NOTHING)),
        execution_options={"synchronize_session": "fetch"},
    )
    db.session.flush()


def left_lying() -> ColumnElement[bool]:
    """The condition on imports of UKM that nobody carried out for long: lists of people that nobody needs."""
    return and_(
        ImportJob.register == "enterprise",
        ImportJob.state != ImportState.APPLIED,
        ImportJob.created_at < now() - KEPT,
    )


def tidy() -> int:
    """Throw away what was :func:`left_lying`, with its rows; how many."""
    return len(db.session.execute(delete(ImportJob).where(left_lying()).returning(ImportJob.id)).all())


@enterprise_erased.connect
def forget_owner(enterprise: Enterprise, **_about: object) -> None:
    """What rows about an enterprise say of it goes when its owner asks for that; that there was a row stays."""
    db.session.execute(
        update(ImportRow)
        .where(ImportRow.enterprise_id == enterprise.id)
        .values(name="", notes=[], reading={}, raw=[], plan=dict(NOTHING)),
        execution_options={"synchronize_session": "fetch"},
    )
