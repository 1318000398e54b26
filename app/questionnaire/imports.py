"""Reports that a file brings: history that may be incomplete, never stronger than what a cooperative has filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.database import now
from app.core.database import today as office_today
from app.core.extensions import db
from app.questionnaire import answers as reading
from app.questionnaire.drafts import begin, changed_fields, findings_json, new_event, note_changes
from app.questionnaire.following import renew_following
from app.questionnaire.models import Report
from app.questionnaire.queries import held_again, last_answers, questions_of
from app.questionnaire.rules import EventKind, Origin, Status

IMPORTED_AGAIN = "imported_again"  # an event that leaves the status as it is


class ImportKind(StrEnum):
    """What became of one imported report."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    KEPT = "kept"  # somebody has filed or approved it: the file changes nothing


@dataclass(frozen=True)
class ImportOutcome:
    """One imported report, and the fields in which the file differs from what stands."""

    kind: ImportKind
    report: Report
    differences: tuple[str, ...] = ()


def import_report(
    cooperative: Cooperative, *, year: int, answers: Mapping[str, Any], by: User | None = None
) -> ImportOutcome:
    """Take over what a file says of ``cooperative`` in book year ``year``; it may be incomplete.

    A report that a cooperative has begun, or that an operator has approved, is never changed. The same file again changes
    nothing. ``answers`` are canonical; blank ones leave what stands.
    """
    report, begun = begin(cooperative, year=year, origin=Origin.IMPORTED)
    held = held_again(report)
    questionnaire = questions_of(held)
    values = {
        key: value
        for key, value in answers.items()
        if value not in (None, "") and questionnaire.question_of(key) is not None
    }
    after = reading.apply(questionnaire, held.answers, values)
    changed = changed_fields(held.answers, after)
    if held.origin is not Origin.IMPORTED or held.status is not Status.DRAFT:
        return ImportOutcome(ImportKind.KEPT if changed else ImportKind.UNCHANGED, held, changed)
    if not begun and not changed:
        return ImportOutcome(ImportKind.UNCHANGED, held)
    _take_over(held, after, changed, by=by)
    db.session.add(new_event(held, EventKind.IMPORTED if begun else IMPORTED_AGAIN, by=by, codes=changed))
    db.session.flush()
    renew_following(held)
    return ImportOutcome(ImportKind.NEW if begun else ImportKind.CHANGED, held, changed)


def _take_over(held: Report, after: dict[str, Any], changed: tuple[str, ...], *, by: User | None) -> None:
    before = held.answers
    held.version += 1
    held.updated_at = now()
    held.answers = after
    held.findings = findings_json(held, today=office_today(), last=last_answers(held.cooperative, held.year))
    db.session.flush()
    note_changes(held, before, changed, by=by, action="report.imported")
