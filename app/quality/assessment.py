"""Looking at the reports of one book year together: what is usual, and what is odd about each. No database.

A finding of the row checks comes first: about a question that one of them names, nothing more is said here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from app.quality import forest, sentences
from app.quality.features import CHANGES, LEVELS, LIMIT, Case
from app.quality.past import MONEY, copied_from
from app.quality.rules import (
    CONSISTENT,
    Oddity,
    Statistics,
    deviations,
    oddities,
    statistics,
)
from app.questionnaire.findings import Finding
from app.questionnaire.questions import Questionnaire

FURTHEST = 10.0
"""Robust z at which a feature counts no more for the forest: beyond it everything is equally odd."""
DRIVES = 1.5
"""Robust z from which a comparison is named as what drove the forest."""
Forest = Callable[[Sequence[Sequence[float]]], list[float]]


@dataclass(frozen=True)
class Subject:
    """A report to look at: its case, the questions of its edition, and what the row checks already say."""

    case: Case
    asked: Questionnaire
    findings: Sequence[Finding] = ()

    @property
    def named(self) -> frozenset[str]:
        """The questions that a row check already asks about."""
        return frozenset(code for one in self.findings for code in one.questions)


@dataclass(frozen=True)
class Together:
    """How isolated the forest finds each report (robust z by report id), and how many it saw."""

    count: int = 0
    isolation: Mapping[int, float] = field(default_factory=dict)


def usual_among(cases: Iterable[Case]) -> Statistics:
    """What is usual in a year, from the reports that count."""
    return statistics(cases)


def findings_of(
    subject: Subject, known: Statistics, *, year: int, count: int = 0, isolation: float = 0.0
) -> list[Finding]:
    """What is odd about one report beside the row checks, the likeliest first.

    ``isolation``: the robust z that the forest gave it among ``count`` reports of book year ``year``.
    """
    case, asked, named = subject.case, subject.asked, set(subject.named)
    found: list[Finding | None] = []
    if not set(MONEY) <= named and (copy := copied_from(case, year - 1)):
        found.append(sentences.copied(copy, asked, MONEY))
        named |= set(MONEY)
    found += [sentences.finding(odd, case, asked) for odd in oddities(case, known, named=named)]
    told = [one for one in found if one]
    if isolation >= LIMIT and not told:
        drivers = [one for one in deviations(case, known) if abs(one.z) >= DRIVES]
        all_of_them = sentences.altogether(drivers, isolation, count, case, asked)
        if all_of_them and not named & set(all_of_them.questions):
            told.append(all_of_them)
    return sorted(told, key=lambda one: -one.score)


def together(cases: Mapping[int, Case], known: Statistics, grow: Forest = forest.isolate) -> Together:
    """Ask the forest about all of ``cases``; nothing is said when there are too few of them."""
    scores = grow([vector(deviations(case, known)) for case in cases.values()])
    if not scores:
        return Together()
    middle = median(scores)
    spread = CONSISTENT * median(abs(score - middle) for score in scores)
    if spread == 0:
        return Together()
    return Together(
        len(scores),
        {key: round((score - middle) / spread, 3) for key, score in zip(cases, scores, strict=True)},
    )


def vector(compared: Iterable[Oddity]) -> list[float]:
    """The comparisons of one report in a fixed order; the median where one is not known."""
    z: dict[str, Any] = {one.feature.code: max(-FURTHEST, min(FURTHEST, one.z)) for one in compared}
    return [round(z.get(feature.code, 0.0), 6) for feature in (*LEVELS, *CHANGES)]
