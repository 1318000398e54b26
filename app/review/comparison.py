"""One report beside last year's and beside the version that was returned, question by question. Plain Python."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.formatting import MINUS, number
from app.core.i18n import locale
from app.questionnaire.answers import as_text
from app.questionnaire.checks import Finding, findings_for
from app.questionnaire.question import Question
from app.questionnaire.questions import Questionnaire

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """One line of the review: the texts of the answers, what changed, and what was found and said."""

    question: Question
    last: str
    returned: str | None  # None when the report was never returned
    now: str
    delta: str  # "+5,5%" against last year, for figures
    changed_since_last: bool
    changed_since_return: bool
    findings: tuple[Finding, ...]
    reason: str
    confirmed: bool

    @property
    def worth_a_look(self) -> bool:
        """Whether the short view shows this line."""
        changed = self.changed_since_last if self.returned is None else self.changed_since_return
        return changed or bool(self.findings)


def compare(
    questionnaire: Questionnaire,
    *,
    now: Answers,
    last: Answers | None,
    returned: Answers | None,
    findings: Collection[Finding],
    places: Mapping[str, str],
) -> list[Comparison]:
    """Every question of ``questionnaire``, in order."""
    return [
        _line(question, now=now, last=last or {}, returned=returned, findings=findings, places=places)
        for question in questionnaire.questions
    ]


def _line(
    question: Question,
    *,
    now: Answers,
    last: Answers,
    returned: Answers | None,
    findings: Collection[Finding],
    places: Mapping[str, str],
) -> Comparison:
    code = question.code
    return Comparison(
        question=question,
        last=as_text(question, last.get(code), places),
        returned=None if returned is None else as_text(question, returned.get(code), places),
        now=as_text(question, now.get(code), places),
        delta=delta(last.get(code), now.get(code)) if question.is_number else "",
        changed_since_last=bool(last) and last.get(code) != now.get(code),
        changed_since_return=returned is not None and returned.get(code) != now.get(code),
        findings=tuple(findings_for(list(findings), code)),
        reason=str(now.get(f"{code}_alasan") or ""),
        confirmed=bool(now.get(f"{code}_konfirmasi")),
    )


def delta(before: Any, after: Any) -> str:
    """How far ``after`` is from ``before`` in percent, ``+5,5%``; empty when it cannot be said."""
    if not isinstance(before, int) or not isinstance(after, int) or before == 0 or before == after:
        return ""
    percent = (after - before) / abs(before) * 100
    if abs(percent) >= 1000:
        return f"×{number(round(after / before))}" if after * before > 0 else ""
    sign = "+" if percent > 0 else MINUS
    written = f"{abs(percent):.1f}".removesuffix(".0")
    return f"{sign}{written if locale() != 'id' else written.replace('.', ',')}%"
