"""What speaks against one report, by row checks and by comparison with others, weighed into one figure. Plain Python."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.text import Text
from app.questionnaire.findings import Finding
from app.questionnaire.rules import Severity

CLEAN = 1000  # nothing speaks against it, and it was compared with others: may go into a clean batch
QUIET = 999  # nothing speaks against it so far, but it was not compared with others yet
NOT_WEIGHED = 0
LIGHT = 0.3  # a warning up to this score is settled by the cooperative's reason alone
EXPLAINED = 0.5  # how much of a heavier one's weight is left once there is a reason
SHORTEST_REASON = 3  # letters; a dash is no reason
SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z“])")


@dataclass(frozen=True)
class Flag:
    """One thing that is odd about a report, with the cooperative's answer to "Mengapa?"."""

    text: Text
    severity: Severity
    questions: tuple[str, ...]
    score: float  # 0…1: how likely something is wrong
    reason: str = ""
    by_comparison: bool = False  # found beside other cooperatives, not in the report alone

    @property
    def is_settled(self) -> bool:
        """Whether the rule settles it, so that nobody needs to look: light, and the cooperative gave its reason."""
        light = self.severity is Severity.WARNING and self.score <= LIGHT and not self.by_comparison
        return light and len(self.reason.strip()) >= SHORTEST_REASON

    @property
    def weight(self) -> float:
        """Its part in the report's risk, 0…1."""
        if self.is_settled:
            return 0.0
        told = len(self.reason.strip()) >= SHORTEST_REASON and self.severity is Severity.WARNING
        return self.score * (EXPLAINED if told else 1.0)


def flags_of(
    findings: Iterable[Finding], answers: Mapping[str, Any], *, compared: Iterable[Finding] = ()
) -> list[Flag]:
    """The row checks' ``findings`` and those of the comparison with others, the heaviest first."""
    flags = [
        Flag(
            text=one.text,
            severity=one.severity,
            questions=one.questions,
            score=one.score,
            reason=_reason(one, answers),
            by_comparison=by_comparison,
        )
        for some, by_comparison in ((findings, False), (compared, True))
        for one in some
    ]
    return sorted(flags, key=lambda flag: (-flag.weight, -flag.score))


def _reason(finding: Finding, answers: Mapping[str, Any]) -> str:
    """What the cooperative wrote when it was asked why; it is asked once for each question."""
    keys = [finding.reason] if finding.reason else [f"{code}_alasan" for code in finding.questions[:1]]
    return next((str(answers[key]) for key in keys if answers.get(key)), "")


def calm_of(flags: Sequence[Flag], *, compared: bool) -> int:
    """0…1000, how little speaks against a report: each flag leaves its share of the calm that the others left.

    ``compared``: the report, as it stands, was compared with others.
    """
    left = 1.0
    for flag in flags:
        left *= 1 - min(flag.weight, 0.999)
    if all(flag.is_settled for flag in flags):
        return CLEAN if compared else QUIET
    return max(1, min(QUIET - 1, round(left * CLEAN)))


def first_sentence(text: str) -> str:
    """The sentence that says what is odd, without the question that follows it and without its full stop."""
    return SENTENCE_END.split(text, maxsplit=1)[0].removesuffix(".")


def of_question(flags: Iterable[Flag], code: str) -> tuple[Flag, ...]:
    """The flags that stand beside question ``code``."""
    return tuple(flag for flag in flags if code in flag.questions)
