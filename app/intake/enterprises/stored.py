"""Outcomes of rows of a list of UKM as the database keeps them, and back."""

from collections.abc import Mapping
from typing import Any

from app.core.text import Text
from app.intake.enterprises.fields import FIELDS
from app.intake.enterprises.reading import EnterpriseReading
from app.intake.outcomes import Outcome
from app.intake.stored import LONGEST_NAME, plan_of

NOTHING: Mapping[str, Any] = {"changes": [], "same_as_row": None, "candidates": [], "report": None}
"""The plan of a row of which nothing is left."""


def row_of(outcome: Outcome) -> dict[str, Any]:
    """The columns of an ``ImportRow`` (without its job and its digest) for ``outcome``."""
    reading = outcome.row
    return {
        "row_number": reading.number,
        "outcome": outcome.kind.value,
        "name": (reading.name or str(reading.values.get("products", "")))[:LONGEST_NAME],
        "enterprise_id": outcome.match,
        "reading": {"values": dict(reading.values)},
        "plan": plan_of(outcome),
        "notes": [text.to_json() for text in notes_of(outcome)],
        "raw": list(reading.raw),
    }


def notes_of(outcome: Outcome) -> list[Text]:
    """Why the row fares so, and everything about it that a person should know, the reason first."""
    problems = [
        Text("%(field)s: %(problem)s", {"field": Text(FIELDS[problem.field].label), "problem": problem.text})
        for problem in outcome.row.problems
    ]
    return [outcome.reason, *problems, *outcome.row.notes, *outcome.warnings]


def reading_of(stored: Mapping[str, Any], number: int) -> EnterpriseReading:
    """The row as it was read, for a decision that comes later."""
    return EnterpriseReading(number=number, values=stored["values"])
