"""Run the row checks on one report."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.core.parsing import Unreadable
from app.questionnaire.answers import is_raw, read_value
from app.questionnaire.expressions import Scope, evaluate, usable
from app.questionnaire.findings import Finding, findings_for, has_errors
from app.questionnaire.question import Field
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import Severity
from app.questionnaire.spreading import Check, Prepared, prepare, reasons, standard_checks, standard_prepared

__all__ = ["Finding", "findings_for", "has_errors", "prepare", "reasons", "run_checks", "standard_checks"]


def run_checks(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    *,
    last: Mapping[str, Any] | None = None,
    year: int,
    today: date,
    places: Mapping[str, str],
    incomplete: bool = False,
    checks: Sequence[Mapping[str, Any] | Check] | None = None,
) -> list[Finding]:
    """What is odd in ``answers``: errors first, then by score. Never raises, whatever JSON the answers are.

    ``last``: the answers of the year before. ``places``: code → name of the office's kelurahan. ``incomplete``: an imported
    report, in which nothing is required and old slips are only warnings. ``checks``: those frozen in the edition, as JSON or
    (quicker) as :func:`prepare` made of them; ``None`` for ``checks.toml``.
    """
    scope = Scope(answers, last, year, today, places)
    fired = [
        check
        for check in _ready(questionnaire, checks)
        if not (incomplete and check.complete_only) and check.speaks(scope) is True
    ]
    telling = [check for check in fired if not any(other.silences(check) for other in fired)]
    found = [_finding(check, scope, incomplete=incomplete) for check in telling]
    order = {code: place for place, code in enumerate(questionnaire.codes)}
    return sorted(
        found, key=lambda one: (one.severity is Severity.WARNING, -one.score, order[one.questions[0]])
    )


def _ready(questionnaire: Questionnaire, checks: Sequence[Mapping[str, Any] | Check] | None) -> Prepared:
    if checks is None:
        return standard_prepared(questionnaire)
    prepared = [check for check in checks if isinstance(check, Check)]
    frozen = [check for check in checks if not isinstance(check, Check)]
    return (*prepared, *prepare(questionnaire, frozen))


def _finding(check: Check, scope: Scope, *, incomplete: bool) -> Finding:
    softened = incomplete and check.soft
    severity = Severity.WARNING if softened else check.severity
    first = check.questions[0]
    finding = Finding(
        code=check.code,
        severity=severity,
        questions=check.questions,
        field=input_of(check.field),
        template=check.template,
        params={name: (kind, evaluate(value, scope)) for name, (kind, value) in check.params.items()},
        suggestion=_suggested(check, scope),
        score=check.score,
        confirm=check.confirm,
        reason=f"{first}_alasan" if severity is Severity.WARNING else "",
    )
    return _reread(finding, check.field, scope) if check.reading else finding


def input_of(field: Field) -> str:
    """The input in which ``field`` is typed: its own, or the first of its question's (components have none)."""
    inputs = [one.name for one in field.question.fields]
    return field.name if field.name in inputs or not inputs else inputs[0]


def _suggested(check: Check, scope: Scope) -> dict[str, Any]:
    values = {name: usable(evaluate(value, scope)) for name, value in check.suggestion.items()}
    return {name: value for name, value in values.items() if value is not None}


def _reread(finding: Finding, field: Field, scope: Scope) -> Finding:
    """The finding with the parser's own sentence about what was typed."""
    kept = scope.answers.get(field.name)
    if isinstance(kept, dict) and is_raw(kept):
        try:
            read_value(field.question, kept["raw"], scope.places)
        except Unreadable as problem:
            params = {name: ("text", value) for name, value in problem.text.params.items()}
            return replace(finding, template=problem.text.template, params=params)
    return finding
