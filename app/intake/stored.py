"""Outcomes as the database keeps them, and back. Plain Python."""

from collections.abc import Mapping
from typing import Any

from app.core.text import Text
from app.intake.fields import FIELDS
from app.intake.matching import Outcome
from app.intake.rules import RowReading

LONGEST_NAME = 200


def row_of(outcome: Outcome) -> dict[str, Any]:
    """The columns of an ``ImportRow`` (without its job) for ``outcome``."""
    reading = outcome.row
    return {
        "row_number": reading.number,
        "outcome": outcome.kind.value,
        "name": (reading.name or " ".join(part for part in reading.raw if part))[:LONGEST_NAME],
        "cooperative_id": outcome.match,
        "reading": {"values": dict(reading.values), "year": reading.year},
        "plan": plan_of(outcome),
        "notes": [text.to_json() for text in notes_of(outcome)],
        "raw": list(reading.raw),
    }


def plan_of(outcome: Outcome) -> dict[str, Any]:
    """What would change, the report apart, and whom a doubtful row may mean."""
    return {
        "changes": [[change.field, change.before, change.after] for change in outcome.changes],
        "same_as_row": outcome.same_as_row,
        "candidates": [
            {"id": c.id, "row": c.row, "name": c.name, "reason": c.reason.to_json()}
            for c in outcome.candidates
        ],
        "report": _report(outcome),
    }


def _report(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.report is None:
        return None
    changes = [[change.field, change.before, change.after] for change in outcome.report.changes]
    return {"year": outcome.report.year, "kind": outcome.report.kind.value, "changes": changes}


def notes_of(outcome: Outcome) -> list[Text]:
    """Why the row fares so, and everything about it that a person should know, the reason first."""
    problems = []
    for problem in outcome.row.problems:
        label = Text(FIELDS[problem.field].label) if problem.field in FIELDS else Text(problem.field)
        problems.append(Text("%(field)s: %(problem)s", {"field": label, "problem": problem.text}))
    return [outcome.reason, *problems, *outcome.row.notes, *outcome.warnings]


def reading_of(stored: Mapping[str, Any], number: int) -> RowReading:
    """The row as it was read, for a decision that comes later."""
    return RowReading(number=number, values=stored["values"], year=stored["year"])
