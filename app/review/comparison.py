"""One report beside last year's and beside the version that was returned, question by question. Plain Python."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.formatting import MINUS, number
from app.core.i18n import locale
from app.questionnaire.answers import as_text
from app.questionnaire.question import Field, Question
from app.questionnaire.questions import Questionnaire
from app.review.flags import Flag, of_question

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """One line of the review: the texts of the answers, what changed, and what was found and said."""

    question: Question
    last: str
    returned: str | None  # None when the report was never returned
    now: str
    parts: tuple[tuple[str, str], ...]  # what the figure is made of: (label, text)
    delta: str  # "+5,5%" against last year, for figures
    changed_since_last: bool
    changed_since_return: bool
    asked: bool  # the latest return asked to correct it
    flags: tuple[Flag, ...]
    reason: str  # an answer to "Mengapa?" that stands beside none of the flags
    register: str  # what approving it writes over, where no answer beside it says so

    @property
    def changed(self) -> bool:
        """Whether it differs from what an operator saw last: the version that was returned, else last year's."""
        return self.changed_since_last if self.returned is None else self.changed_since_return

    @property
    def left_as_it_was(self) -> bool:
        """Whether a correction was asked for and none was made."""
        return self.asked and not self.changed_since_return

    @property
    def worth_a_look(self) -> bool:
        """Whether the short view shows this line."""
        return self.changed or self.asked or bool(self.flags) or bool(self.register)


def compare(
    questionnaire: Questionnaire,
    *,
    now: Answers,
    last: Answers | None,
    returned: Answers | None,
    asked: Collection[str] = (),
    flags: Iterable[Flag] = (),
    register: Answers | None = None,
    places: Mapping[str, str],
) -> list[Comparison]:
    """Every question of ``questionnaire``, in order. ``asked``: the questions that the latest return reopened; ``register``: what
    the register says now and would lose (:func:`app.questionnaire.adopting.overwritten`)."""
    found = list(flags)
    return [
        _line(
            question,
            now=now,
            last=last,
            returned=returned,
            asked=question.code in asked,
            flags=of_question(found, question.code),
            register=(register or {}).get(question.code),
            places=places,
        )
        for question in questionnaire.questions
    ]


def _line(
    question: Question,
    *,
    now: Answers,
    last: Answers | None,
    returned: Answers | None,
    asked: bool,
    flags: tuple[Flag, ...],
    register: Any,
    places: Mapping[str, str],
) -> Comparison:
    code, before = question.code, last or {}
    reason = str(now.get(f"{code}_alasan") or "")
    return Comparison(
        question=question,
        last=as_text(question, before.get(code), places),
        returned=None if returned is None else as_text(question, returned.get(code), places),
        now=as_text(question, now.get(code), places),
        parts=_parts(question, now, places),
        delta=delta(before.get(code), now.get(code)) if question.is_number else "",
        changed_since_last=bool(last) and differs(question, before, now),
        changed_since_return=returned is not None and differs(question, returned, now),
        asked=asked,
        flags=flags,
        reason="" if any(flag.reason == reason for flag in flags) else reason,
        register="" if register in (None, before.get(code)) else as_text(question, register, places),
    )


def _parts(question: Question, now: Answers, places: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if not question.parts:
        return ()
    known = [
        (part.label, Field(part.code, part.label, question), now.get(part.code)) for part in question.parts
    ]
    return tuple((label, as_text(field, value, places)) for label, field, value in known if value is not None)


def differs(question: Question, before: Answers, after: Answers) -> bool:
    """Whether the answer changed: itself, or a part of it that both versions know (old lists know only totals)."""
    parts = [part.code for part in question.parts if part.code in before and part.code in after]
    return any(before.get(key) != after.get(key) for key in (question.code, *parts))


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
