"""A late save: which of its fields can be laid over what others saved meanwhile, and which a person must decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.questionnaire import rules
from app.questionnaire.models import Report
from app.questionnaire.office_places import places
from app.questionnaire.queries import LastYear, changes_since
from app.questionnaire.questions import Questionnaire
from app.questionnaire.suggestions import suggestions


@dataclass(frozen=True)
class FieldConflict:
    """One field that this save and an earlier one both changed. ``theirs`` stands until a person has chosen."""

    mine: Any
    theirs: Any
    at: datetime
    actor_name: str


def merge_late(
    held: Report,
    questionnaire: Questionnaire,
    mine: Mapping[str, Any],
    base_version: int | None,
    last: LastYear | None,
) -> tuple[dict[str, Any], dict[str, FieldConflict]]:
    """What of ``mine`` to lay over the answers, and the conflicts."""
    if base_version == held.version:
        return dict(mine), {}
    known = base_version is not None and 0 <= base_version < held.version
    changes = changes_since(held, base_version if known and base_version else 0)
    base = dict(held.answers)
    for change in reversed(changes):  # walk back to what the person saw
        base[change.field] = change.before
    offered = suggestions(questionnaire, held.cooperative, last.answers if last else None, places())
    for field, value in offered.items():
        if base.get(field) is None and _first_saved(held, questionnaire, field) > (base_version or 0):
            base[field] = value
    touched = {change.field for change in changes}
    fresh = {
        field
        for field in mine
        if (known and field not in touched and not _saved(held, questionnaire, field))
        or (not known and mine[field] is not None and held.answers.get(field) is None)
    }
    late = {field: value for field, value in mine.items() if field not in fresh}
    merged = rules.merge(base if known else None, late, held.answers)
    kept = {
        field: value
        for field, value in late.items()
        if field not in merged.conflicts and merged.values.get(field) == value
    }
    newest = {change.field: change for change in changes}
    conflicts = {
        field: FieldConflict(
            clash.mine,
            clash.theirs,
            newest[field].at if field in newest else held.updated_at,
            newest[field].actor_name if field in newest else "",
        )
        for field, clash in merged.conflicts.items()
    }
    return {**{field: mine[field] for field in fresh}, **kept}, conflicts


def section_of(questionnaire: Questionnaire, field: str) -> str:
    question = questionnaire.question_of(field)
    return str(question.section) if question else ""


def _saved(held: Report, questionnaire: Questionnaire, field: str) -> bool:
    return section_of(questionnaire, field) in held.sections


def _first_saved(held: Report, questionnaire: Questionnaire, field: str) -> int:
    """The version that first saved the section of ``field``; beyond every version when none did."""
    return int(held.sections.get(section_of(questionnaire, field), held.version + 1))
