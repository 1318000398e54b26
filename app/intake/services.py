"""An import's verbs: receive a file, settle its columns, keep the plan, decide on doubtful rows, carry it out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert

from app.accounts.models import User
from app.audit import services as audit
from app.cooperatives import services as cooperatives
from app.cooperatives.models import Cooperative
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_, Text
from app.intake import queries, stored
from app.intake.columns import Chosen
from app.intake.differences import ReportKind
from app.intake.matching import Kind, Outcome, resolve
from app.intake.models import ImportJob, ImportRow, ImportState
from app.questionnaire.services import import_report

ENTERED = N_("Diperbarui dari berkas %(file)s")
SKIP, NEW = "skip", "new"
MOVING = (ReportKind.NEW.value, ReportKind.CHANGED.value)


def receive(*, filename: str, content: bytes, chosen: Chosen, by: User | None) -> ImportJob:
    """Keep a file whose table was found."""
    job = ImportJob(
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
    """Say that ``rows`` rows are being compared."""
    _check_open(job)
    _void(job)
    job.state, job.rows_total, job.beat_at = ImportState.PLANNING, rows, now()
    db.session.flush()


def beat(job: ImportJob, *, done: int) -> None:
    """Show that the comparison is alive, and how far."""
    job.rows_done, job.beat_at = done, now()
    db.session.flush()


def keep_plan(job: ImportJob, *, outcomes: Iterable[Outcome], register_mark: int) -> None:
    """Keep what every row would do."""
    _check_open(job)
    db.session.execute(delete(ImportRow).where(ImportRow.job_id == job.id))
    rows = [{"job_id": job.id, "decision": "", **stored.row_of(outcome)} for outcome in outcomes]
    if rows:
        db.session.execute(insert(ImportRow), rows)
    job.counts = dict(Counter(row["outcome"] for row in rows))
    job.rows_total = job.rows_done = len(rows)
    job.register_mark, job.state, job.problem = register_mark, ImportState.PLANNED, None
    db.session.flush()


def fail_plan(job: ImportJob, *, problem: Text) -> None:
    """Keep why the comparison could not be made."""
    job.state, job.problem = ImportState.UPLOADED, problem.to_json()
    db.session.flush()


def decide(job: ImportJob, *, decisions: Mapping[int, str]) -> int:
    """A person's word on doubtful rows, by the rows' ids; returns how many changed. Unknown rows and words are left out."""
    _check_open(job)
    changed = 0
    for row in db.session.scalars(queries.rows_query(job, Kind.DOUBTFUL).where(ImportRow.id.in_(decisions))):
        word = decisions[row.id]
        known = {str(candidate["id"]) for candidate in row.plan["candidates"] if candidate["id"]}
        if word in {"", SKIP, NEW} | known and word != row.decision:
            row.decision = word
            changed += 1
    db.session.flush()
    return changed


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
    if queries.register_mark() != job.register_mark:
        raise Outdated(
            N_("Daftar koperasi berubah sejak uji coba ini. Uji coba diulang; periksa lagi, lalu jalankan.")
        )
    rows = sorted(
        queries.all_rows(job), key=lambda row: row.id
    )  # the plan's order: a row may need a later one's cooperative
    resolved = _resolved(rows)
    made: dict[int, int] = {}  # row of the file → id of the cooperative that it added
    done: Counter[str] = Counter()
    for row in rows:
        plan = resolved.get(row.id, (row.outcome, row.cooperative_id, row.plan))
        if plan[0] in (Kind.NEW, Kind.CHANGED):
            _write(row, *plan, job=job, made=made, done=done, by=by)
    job.state, job.applied_at = ImportState.APPLIED, now()
    db.session.flush()
    audit.record("import.applied", kind="import", subject_id=job.id, name=job.filename, after=dict(done))
    return dict(done)


def _resolved(rows: Sequence[ImportRow]) -> dict[int, tuple[str, int | None, dict[str, Any]]]:
    """What the decided doubtful rows do: outcome, cooperative, plan, by the rows' ids."""
    decided = [row for row in rows if row.outcome == Kind.DOUBTFUL and row.decision not in {"", SKIP}]
    if not decided:
        return {}
    register = queries.register([int(row.decision) for row in decided if row.decision != NEW])
    found = {}
    for row in decided:
        to = None if row.decision == NEW else int(row.decision)
        outcome = resolve(stored.reading_of(row.reading, row.row_number), register, to)
        found[row.id] = (outcome.kind.value, outcome.match, stored.row_of(outcome)["plan"])
    return found


def _write(
    row: ImportRow,
    outcome: str,
    match: int | None,
    plan: Mapping[str, Any],
    *,
    job: ImportJob,
    made: dict[int, int],
    done: Counter[str],
    by: User | None,
) -> None:
    reading = stored.reading_of(row.reading, row.row_number)
    target = match or made.get(plan["same_as_row"] or 0)
    if target is None:
        cooperative = cooperatives.add_cooperative(reading.register_values())
        made[row.row_number] = cooperative.id
        done["new"] += 1
    else:
        cooperative = db.session.get_one(Cooperative, target)
        values = {field: after for field, _before, after in plan["changes"]}
        if values and cooperatives.change_cooperative(
            cooperative, values, reason_template=ENTERED, params={"file": job.filename}
        ):
            done["changed"] += 1
    row.cooperative_id = cooperative.id
    report = plan["report"]
    if report and report["kind"] in MOVING:
        answers = {field: after for field, _before, after in report["changes"]}
        import_report(cooperative, year=report["year"], answers=answers, by=by)
        done["reports"] += 1
