"""Carrying out a list of cooperatives: register and reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.accounts.models import User
from app.cooperatives import services as cooperatives
from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.text import N_
from app.intake import queries, stored
from app.intake.differences import ReportKind
from app.intake.matching import Kind, resolve
from app.intake.models import ImportJob, ImportRow
from app.intake.rules import NEW, SKIP
from app.questionnaire.services import import_report

ENTERED = N_("Diperbarui dari berkas %(file)s")
MOVING = (ReportKind.NEW.value, ReportKind.CHANGED.value)


def write(job: ImportJob, by: User | None) -> dict[str, int]:
    """Write what the plan says of every row; returns how many cooperatives and reports."""
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
