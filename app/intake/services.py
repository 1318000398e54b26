"""An import's verbs: receive a file, settle its columns, keep the plan, decide on doubtful rows, carry it out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert

from app.accounts.models import User
from app.audit import services as audit
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_, Text
from app.intake import carrying, queries, stored
from app.intake.columns import Chosen
from app.intake.enterprises import comparing
from app.intake.enterprises import stored as enterprise_stored
from app.intake.enterprises import writing as enterprises
from app.intake.enterprises.reading import EnterpriseReading
from app.intake.lists import COOPERATIVE, LISTS, ListOf
from app.intake.models import ImportJob, ImportRow, ImportState
from app.intake.outcomes import Kind, Outcome
from app.intake.rules import NEW, SKIP

TOGETHER = 500


def receive(
    *, filename: str, content: bytes, chosen: Chosen, by: User | None, kind: ListOf = COOPERATIVE
) -> ImportJob:
    """Keep a file whose table was found."""
    job = ImportJob(
        register=kind.code,
        filename=filename[-200:],
        content=content,
        sheet=chosen.sheet.name[:200],
        columns=chosen.mapping.fields,
        counts={},
        created_by_id=by.id if by else None,
    )
    db.session.add(job)
    db.session.flush()
    audit.record("import.received", kind="import", subject_id=job.id, name=job.filename)
    return job


def settle_columns(job: ImportJob, *, columns: Sequence[str | None], year_is: str) -> None:
    """Let ``columns`` say what the file's columns mean. The plan, if there is one, is void.

    Raises:
        RuleBroken: the import was carried out already.
    """
    _check_open(job)
    job.columns, job.year_is = list(columns), year_is
    _void(job)


def _void(job: ImportJob) -> None:
    db.session.execute(delete(ImportRow).where(ImportRow.job_id == job.id))
    job.state, job.counts, job.problem = ImportState.UPLOADED, {}, None
    job.rows_total = job.rows_done = 0
    db.session.flush()


def _check_open(job: ImportJob) -> None:
    if job.state is ImportState.APPLIED:
        raise RuleBroken(N_("Impor ini sudah dijalankan. Unggah berkas lagi untuk mengimpor ulang."))


def begin_plan(job: ImportJob, *, rows: int) -> None:
    """Say that ``rows`` rows are being compared. Those of an earlier plan stay until there is a new one."""
    _check_open(job)
    job.counts, job.problem, job.rows_done = {}, None, 0
    job.state, job.rows_total, job.beat_at = ImportState.PLANNING, rows, now()
    db.session.flush()


def beat(job: ImportJob, *, done: int) -> None:
    """Show that the comparison is alive, and how far."""
    job.rows_done, job.beat_at = done, now()
    db.session.flush()


def keep_plan(
    job: ImportJob,
    *,
    outcomes: Sequence[Outcome],
    register_mark: int,
    read_as: tuple[Sequence[str | None], str] | None = None,
) -> None:
    """Keep what every row would do. A word on a doubtful row stays while that row may still mean the same.

    ``read_as``: the columns and the meaning of the year by which the rows were read. Where others were settled meanwhile,
    nothing is kept: whoever settled them compares anew.
    """
    _check_open(job)
    if read_as is not None and read_as != (job.columns, job.year_is):
        return
    decided = queries.decisions(job)
    db.session.execute(delete(ImportRow).where(ImportRow.job_id == job.id))
    for at in range(0, len(outcomes), TOGETHER):
        rows = [_row(job, outcome, decided) for outcome in outcomes[at : at + TOGETHER]]
        db.session.execute(insert(ImportRow), rows, execution_options={"render_nulls": True})
    job.counts = dict(Counter(outcome.kind.value for outcome in outcomes))
    job.spellings = comparing.spellings(outcomes)
    job.rows_total = job.rows_done = len(outcomes)
    job.register_mark, job.state, job.problem = register_mark, ImportState.PLANNED, None
    db.session.flush()


def _row(job: ImportJob, outcome: Outcome, decided: Mapping[int, str]) -> dict[str, Any]:
    """The columns of one row."""
    if isinstance(outcome.row, EnterpriseReading):
        row = enterprise_stored.row_of(outcome)
        row["fingerprint"] = comparing.digest(outcome.row) if outcome.row.values else None
    else:
        row = stored.row_of(outcome)
    word = decided.get(outcome.row.number, "") if outcome.kind is Kind.DOUBTFUL else ""
    return {"job_id": job.id, "decision": word if word in _words(row["plan"]) else "", **row}


def _words(plan: Mapping[str, Any]) -> set[str]:
    """What a person may say about a doubtful row."""
    return {"", SKIP, NEW} | {str(candidate["id"]) for candidate in plan["candidates"] if candidate["id"]}


def fail_plan(job: ImportJob, *, problem: Text) -> None:
    """Keep why the comparison could not be made; nothing of an import that was carried out meanwhile."""
    if job.state is ImportState.APPLIED:
        return
    job.state, job.problem = ImportState.UPLOADED, problem.to_json()
    db.session.flush()


def decide(job: ImportJob, *, decisions: Mapping[int, str]) -> int:
    """A person's word on doubtful rows, by the rows' ids; returns how many changed. Unknown rows and words are left out."""
    _check_open(job)
    changed = 0
    for row in db.session.scalars(queries.rows_query(job, Kind.DOUBTFUL).where(ImportRow.id.in_(decisions))):
        word = decisions[row.id]
        if word in _words(row.plan) and word != row.decision:
            row.decision = word
            changed += 1
    db.session.flush()
    return changed


def decide_rest(job: ImportJob, *, word: str) -> int:
    """One word (``new`` or ``skip``) on every doubtful row that nobody has decided; how many."""
    _check_open(job)
    if word not in (NEW, SKIP):
        return 0
    rows = list(db.session.scalars(queries.rows_query(job, Kind.DOUBTFUL).where(ImportRow.decision == "")))
    for row in rows:
        row.decision = word
    db.session.flush()
    return len(rows)


class Outdated(RuleBroken):
    """The register changed since the rows were compared with it."""


def carry_out(job: ImportJob, *, by: User | None) -> dict[str, int]:
    """Write everything that the plan says, in the one write unit around it; returns how many of each were written.

    Raises:
        Outdated: the register changed since: plan again.
        RuleBroken: the import was carried out already, or has no plan.
    """
    _check_open(job)
    if job.state is not ImportState.PLANNED:
        raise RuleBroken(N_("Jalankan uji coba dulu, lalu periksa hasilnya."))
    kind = LISTS[job.register]
    if queries.register_mark(kind.concerned) != job.register_mark:
        raise Outdated(kind.says["outdated"])
    done = carrying.write(job, by) if job.register == COOPERATIVE.code else enterprises.write(job)
    job.state, job.applied_at = ImportState.APPLIED, now()
    db.session.flush()
    audit.record("import.applied", kind="import", subject_id=job.id, name=job.filename, after=done)
    return done
