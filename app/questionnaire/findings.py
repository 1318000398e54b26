"""What the row checks found in one report, in a form that can be stored, shown in any language, and counted."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from app.core.formatting import long_date, number, rupiah
from app.core.text import Text
from app.questionnaire.operators import read_day
from app.questionnaire.rules import Severity


@dataclass(frozen=True)
class Finding:
    """One oddity. ``params`` holds [kind, value] by placeholder, so that a figure is written in the reader's language."""

    code: str  # of the check
    severity: Severity
    questions: tuple[str, ...]  # codes, the one to correct first
    field: str  # the input to lead to
    template: str
    params: Mapping[str, tuple[str, Any]] = dataclasses.field(default_factory=dict)
    suggestion: Mapping[str, Any] = dataclasses.field(
        default_factory=dict
    )  # field → the value that would settle it
    score: float = 1.0  # 0…1: how likely something is wrong
    confirm: str = ""  # the box that settles it when ticked
    reason: str = ""  # the field for the answer to "why?"

    @property
    def text(self) -> Text:
        """The sentence for the screen."""
        return Text(
            self.template, {name: _written(kind, value) for name, (kind, value) in self.params.items()}
        )

    @property
    def message(self) -> str:
        """The sentence in Indonesian."""
        return str(self.text)

    def to_json(self) -> dict[str, Any]:
        """As stored beside the report; read back by :meth:`from_json`."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "questions": list(self.questions),
            "field": self.field,
            "message": self.message,
            "template": self.template,
            "params": {name: list(typed) for name, typed in self.params.items()},
            "suggestion": dict(self.suggestion),
            "score": self.score,
            "confirm": self.confirm,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The finding that :meth:`to_json` wrote."""
        return cls(
            code=stored["code"],
            severity=Severity(stored["severity"]),
            questions=tuple(stored["questions"]),
            field=stored["field"],
            template=stored["template"],
            params={name: (kind, value) for name, (kind, value) in stored["params"].items()},
            suggestion=stored["suggestion"],
            score=stored["score"],
            confirm=stored["confirm"],
            reason=stored["reason"],
        )


def _written(kind: str, value: Any) -> str | Text:
    """One placeholder's value as people read it. A label is translated with the sentence around it."""
    if kind == "label":
        return Text(str(value))
    if kind == "rupiah" and isinstance(value, int):
        return rupiah(value)
    if kind == "number" and isinstance(value, int):
        return number(value)
    if kind == "date" and (day := read_day(value)):
        return long_date(day)
    return "–" if value is None else str(value)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether something stops the submission."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def findings_for(findings: Iterable[Finding], question: str) -> list[Finding]:
    """The findings that concern one question."""
    return [finding for finding in findings if question in finding.questions]
