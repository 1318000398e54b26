"""Answers between the form, the report's JSON and the reader's eye.

Canonical values: text as one line, E.164 for telephones, ISO text for days, integers for people and rupiah, the code of a place,
a choice exactly as its list has it. What cannot be read is kept as typed, ``{"raw": "1.25"}``: it counts as unanswered, but a
draft never loses it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.formatting import long_date, number, rupiah
from app.core.parsing import (
    Unreadable,
    fold_digits,
    fold_space,
    parse_date,
    parse_integer,
    parse_phone,
    parse_rupiah,
    phone_for_people,
)
from app.core.text import Text
from app.core.unreadable import SAYS
from app.questionnaire.question import Condition, Field, Question, QuestionType, Required
from app.questionnaire.questions import Questionnaire, Section

Answers = Mapping[str, Any]
CONFIRMATION = "_konfirmasi"
REASON = "_alasan"
BLANK = "–"


@dataclass(frozen=True)
class Reading:
    """What a posted form says. ``values`` holds every field that was posted: ``None`` for a cleared one."""

    values: dict[str, Any]
    errors: dict[str, Text]
    raw: dict[str, str]


@dataclass(frozen=True)
class SectionProgress:
    """How far one section is. ``unanswered`` are the questions that still need an answer."""

    section: Section
    answered: int
    total: int
    unanswered: tuple[Question, ...]

    @property
    def complete(self) -> bool:
        return not self.unanswered


def is_raw(value: object) -> bool:
    """Whether ``value`` is kept as typed because it could not be read."""
    return isinstance(value, dict) and isinstance(value.get("raw"), str)


def is_blank(value: object) -> bool:
    return value is None or value == ""


def read_answers(
    questionnaire: Questionnaire,
    raw: Mapping[str, str],
    places: Mapping[str, str],
    *,
    only: Collection[str] | None = None,
) -> Reading:
    """Read the posted fields, those of the questions ``only`` where given. A field that was not posted is not touched.

    ``places``: code → name of the office's kelurahan. A confirmation is read with its question: an absent box is a "no".
    """
    reading = Reading({}, {}, {})
    for question in questionnaire.questions:
        if only is not None and question.code not in only:
            continue
        posted = [field for field in question.fields if field.name in raw]
        for field in posted:
            typed = reading.raw[field.name] = raw[field.name]
            try:
                reading.values[field.name] = read_value(question, typed, places)
            except Unreadable as problem:
                reading.values[field.name] = {"raw": fold_space(typed)}
                reading.errors[field.name] = problem.text
        if posted:
            reading.values[question.code + CONFIRMATION] = bool(raw.get(question.code + CONFIRMATION)) or None
        if (reason := question.code + REASON) in raw:
            reading.values[reason] = fold_space(raw[reason]) or None
    return reading


def read_value(question: Question, typed: str, places: Mapping[str, str]) -> Any:
    """The canonical value of one typed answer; ``None`` when blank. Raises Unreadable."""
    match question.type:
        case QuestionType.INTEGER:
            return parse_integer(typed)
        case QuestionType.RUPIAH:
            return parse_rupiah(typed)
        case QuestionType.DATE:
            day = parse_date(typed)
            return day.isoformat() if day else None
        case QuestionType.PHONE:
            return parse_phone(typed)
        case QuestionType.CHOICE:
            return _read_choice(question, typed)
        case QuestionType.PLACE:
            return _read_place(typed, places)
        case _:
            return _read_text(question, typed)


def _read_text(question: Question, typed: str) -> str | None:
    folded = fold_space(typed)
    if question.digits:
        compact = re.sub(r"[ .-]", "", fold_digits(typed))
        return compact if compact.isdecimal() else folded or None
    if question.none_word and folded.casefold() == question.none_word.casefold():
        return question.none_word
    return folded or None


def _read_choice(question: Question, typed: str) -> str | None:
    folded = fold_space(typed)
    if not folded:
        return None
    for choice in question.choices:
        if folded.casefold() == choice.casefold():
            return choice
    raise Unreadable(SAYS["no_choice"], raw=folded[:40])


def is_kelurahan(code: str) -> bool:
    """Whether a region code has four levels, as ``35.73.01.1001`` has."""
    return code.count(".") == 3


def _read_place(typed: str, places: Mapping[str, str]) -> str | None:
    folded = fold_space(typed)
    if not folded:
        return None
    if folded in places and is_kelurahan(folded):
        return folded
    named = [
        code for code, name in places.items() if is_kelurahan(code) and name.casefold() == folded.casefold()
    ]
    if len(named) == 1:
        return named[0]
    if named:
        raise Unreadable(
            SAYS["many_places"],
            count=len(named),
            raw=folded[:40],
        )
    raise Unreadable(SAYS["no_place"], raw=folded[:40])


def apply(questionnaire: Questionnaire, answers: Answers, values: Answers) -> dict[str, Any]:
    """``answers`` with ``values`` laid over them, and what follows from them worked out anew. Blanks are left out."""
    after = {**answers, **values}
    for question in questionnaire.questions:
        if question.derive and (question.derive.prefix_of or question.code not in values):
            _derive(question, answers, values, after)
        if question.default_if and is_blank(after.get(question.code)) and holds(question.default_if, after):
            after[question.code] = question.default_if.then
    return {key: value for key, value in after.items() if not is_blank(value) and value is not False}


def _derive(question: Question, before: Answers, values: Answers, after: dict[str, Any]) -> None:
    """Put into ``after`` what ``question`` follows to be. An imported figure stands until what it follows from is typed."""
    sources = question.derive.sources if question.derive else ()
    derived = _derived(question, [after.get(key) for key in sources])
    typed = any(key in values for key in sources)
    if derived is not None and (typed or is_blank(after.get(question.code))):
        after[question.code] = derived
    elif question.code not in values and any(after.get(key) != before.get(key) for key in sources):
        after.pop(question.code, None)


def _derived(question: Question, found: list[Any]) -> Any:
    """What ``question`` follows to be from the answers ``found``; ``None`` as long as one is missing."""
    if question.derive and question.derive.prefix_of:
        return found[0][: question.derive.length] if isinstance(found[0], str) and found[0] else None
    numbers = [value for value in found if isinstance(value, int)]
    return sum(numbers) if len(numbers) == len(found) else None


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether the condition's field has the condition's answer."""
    return bool(answers.get(condition.field) == condition.value)


def as_input(asked: Question | Field, value: Any) -> str:
    """``value`` as an input shows it, so that reading it again gives ``value``. Days are ISO, as ``<input type=date>`` wants."""
    if is_raw(value):
        return str(value["raw"])
    if is_blank(value):
        return ""
    if isinstance(value, int) and asked.type in {QuestionType.INTEGER, QuestionType.RUPIAH}:
        return f"{value:,}".replace(",", ".")
    if asked.type is QuestionType.PHONE:
        return phone_for_people(str(value))
    return str(value)


def as_text(asked: Question | Field, value: Any, places: Mapping[str, str] | None = None) -> str:
    """``value`` for reading: ``Rp1.250.000``, ``17 Agustus 2025``, the name of a place, a dash for a blank."""
    if is_raw(value):
        return str(value["raw"])
    if is_blank(value):
        return BLANK
    match asked.type:
        case QuestionType.RUPIAH if isinstance(value, int):
            return rupiah(value)
        case QuestionType.INTEGER if isinstance(value, int):
            return number(value)
        case QuestionType.DATE:
            return _day_in_words(str(value))
        case QuestionType.PHONE:
            return phone_for_people(str(value))
        case QuestionType.PLACE | QuestionType.DERIVED:
            return (places or {}).get(str(value), str(value))
        case _:
            return str(value)


def _day_in_words(iso: str) -> str:
    try:
        return long_date(date.fromisoformat(iso))
    except ValueError:
        return iso


def answered(question: Question, answers: Answers) -> bool:
    """Whether there is an answer that can be read."""
    value = answers.get(question.code)
    return not is_blank(value) and not is_raw(value)


def needed(question: Question, answers: Answers) -> bool:
    """Whether an answer must be there, given the other answers."""
    if question.required is Required.CONDITIONAL:
        return question.required_if is not None and holds(question.required_if, answers)
    return question.required is Required.YES


def unanswered(questionnaire: Questionnaire, answers: Answers) -> list[Question]:
    """Questions that must be answered and are not, in order."""
    return [
        question
        for question in questionnaire.questions
        if needed(question, answers) and not answered(question, answers)
    ]


def progress(questionnaire: Questionnaire, answers: Answers) -> list[SectionProgress]:
    """How far each section is."""
    open_questions = unanswered(questionnaire, answers)
    found = []
    for section in questionnaire.sections:
        questions = questionnaire.section(section.number)
        done = sum(answered(question, answers) for question in questions)
        missing = tuple(question for question in open_questions if question.section == section.number)
        found.append(SectionProgress(section, done, len(questions), missing))
    return found


def changed(questionnaire: Questionnaire, before: Answers, after: Answers) -> list[str]:
    """Codes of the questions whose answer differs, in order."""
    return [
        question.code
        for question in questionnaire.questions
        if any(before.get(key) != after.get(key) for key in question.keys)
    ]


def register_values(questionnaire: Questionnaire, answers: Answers) -> dict[str, Any]:
    """The answers that an approval copies to the register; blank ones as ``None``, unreadable ones left out."""
    values = {code: answers.get(code) for code in questionnaire.register_codes}
    return {code: value for code, value in values.items() if not is_raw(value)}
