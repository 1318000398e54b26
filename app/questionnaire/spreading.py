"""The row checks as data, spread over the questions of which they speak.

Keys of a check: ``code`` · ``severity`` · ``score`` · ``each`` (a selector: the check stands once for each field it finds, named
``$``) or ``pairs`` (of fields, named ``$a`` and ``$b``) · ``questions`` (codes, or a selector; default: those of ``each`` or
``pairs``) · ``when`` (the condition, see expressions.py) · ``message`` with ``params`` (placeholder → [kind, expression]; the
kind ``value`` is that of the question) · ``message_of`` (a key of the question that replaces the message where it is filled) ·
``reading`` (the parser's own sentence replaces it) · ``suggestion`` (field → expression, ``suggestion_each`` spreads it) ·
``confirm`` (the box that settles it) · ``supersedes`` (vaguer checks that it silences; ``*`` all) · ``complete_only`` (not for
imported reports) · ``soft`` (a warning there). In expressions ``["question", key]`` is a key of the question, ``["required"]``
whether it must be answered, ``["each", selector, expression]`` one argument per field.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from app.questionnaire.expressions import Compiled, Expression, compiled
from app.questionnaire.question import Field, Question, QuestionType, Required
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import Severity

CHECKS_TOML = Path(__file__).parent / "checks.toml"
KINDS = {QuestionType.INTEGER: "number", QuestionType.RUPIAH: "rupiah", QuestionType.DATE: "date"}


@dataclass(frozen=True)
class Check:
    """One check about certain fields, ready to run: its expressions name fields and nothing else."""

    code: str
    severity: Severity
    questions: tuple[str, ...]
    field: Field  # the one to lead to; a part or a component when the check speaks of that alone
    when: Expression
    speaks: Compiled  # ``when``, ready to be asked
    template: str
    params: Mapping[str, tuple[str, Expression]]
    suggestion: Mapping[str, Expression]
    score: float
    supersedes: frozenset[str]
    confirm: str
    reading: bool
    complete_only: bool
    soft: bool
    order: int  # of the question to correct first

    def silences(self, other: "Check") -> bool:
        """Whether this finding makes ``other`` superfluous: the same cause, told less exactly."""
        if not set(self.questions) & set(other.questions):
            return False
        if self.field.is_part and other.field.is_part and self.field != other.field:
            return False  # two parts of one figure are two causes
        if (
            self.code == other.code
        ):  # of a part and its whole the part; of two that ask about the same pair the first
            turned = len(self.questions) > 1 and self.questions == other.questions[::-1]
            return (self.field.is_part and not other.field.is_part) or (turned and self.order < other.order)
        return other.code in self.supersedes or ("*" in self.supersedes and "*" not in other.supersedes)


Prepared = tuple[Check, ...]


@cache
def _standard() -> dict[str, Any]:
    return tomllib.loads(CHECKS_TOML.read_text(encoding="utf-8"))


def standard_checks() -> list[dict[str, Any]]:
    """The checks of ``checks.toml``, as plain JSON to freeze into an edition."""
    checks: list[dict[str, Any]] = json.loads(json.dumps(_standard()["checks"]))
    return checks


def reasons(*, figure: bool = True) -> list[tuple[str, str]]:
    """Code and wording of the answers offered to "why?" about a figure or another answer; the last one asks for own words."""
    kind = "figure" if figure else "answer"
    return [(one["code"], one["label"]) for one in _standard()["reasons"] if one.get("about", kind) == kind]


def prepare(questionnaire: Questionnaire, checks: Iterable[Mapping[str, Any]]) -> Prepared:
    """The checks of one edition, each spread over the fields of which it speaks: worth keeping beside the questionnaire.

    Raises KeyError or ValueError when ``checks`` are not sound.
    """
    return tuple(check for data in checks for check in _spread(data, questionnaire))


@lru_cache(maxsize=8)
def standard_prepared(questionnaire: Questionnaire) -> Prepared:
    """The checks of ``checks.toml`` on ``questionnaire``."""
    return prepare(questionnaire, _standard()["checks"])


@dataclass(frozen=True)
class Target:
    """What ``$`` and its relatives stand for in one copy of a check."""

    names: Mapping[str, str]
    fields: tuple[Field, ...]

    @property
    def question(self) -> Question:
        return self.fields[0].question


def _spread(data: Mapping[str, Any], questionnaire: Questionnaire) -> Iterator[Check]:
    for target in _targets(data, questionnaire):
        questions = data.get("questions", [field.question.code for field in target.fields])
        if isinstance(questions, dict):
            questions = [field.question.code for field in select(questionnaire, questions)]
        if questions and set(questions) <= set(questionnaire.codes):
            yield _build(data, target, tuple(dict.fromkeys(questions)), questionnaire)


def _targets(data: Mapping[str, Any], questionnaire: Questionnaire) -> Iterator[Target]:
    if "each" in data:
        for field in select(questionnaire, data["each"]):
            yield _single(field)
    elif "pairs" in data:
        known = {field.name: field for question in questionnaire.questions for field in _keys(question)}
        for a, b in data["pairs"]:
            if a in known and b in known:
                names = {"$a": a, "$b": b, "$label_a": known[a].label, "$label_b": known[b].label}
                yield Target(names, (known[a], known[b]))
    else:
        questions = data["questions"]
        codes = questionnaire.by_code if isinstance(questions, dict) else questions
        first = next((questionnaire.by_code[code] for code in codes if code in questionnaire.by_code), None)
        if first:
            yield _single(Field(first.code, first.label, first))


def _single(field: Field) -> Target:
    return Target({"$": field.name, "$label": field.label}, (field,))


def select(questionnaire: Questionnaire, selector: Mapping[str, Any]) -> list[Field]:
    """The fields that a selector means: ``over`` questions, fields, parts, keys or figures; ``types``, ``except``, ``flow``,
    ``confirm_negative`` narrow it down.
    """
    found = []
    for question in questionnaire.questions:
        wanted = (
            question.type.value in selector.get("types", [question.type.value])
            and question.code not in selector.get("except", [])
            and all(getattr(question, key) for key in ("flow", "confirm_negative") if selector.get(key))
        )
        if wanted:
            found += OVER[selector["over"]](question)
    return found


def _whole(question: Question) -> list[Field]:
    return [Field(question.code, question.label, question)]


def _parts(question: Question) -> list[Field]:
    return [field for field in question.fields if field.is_part]


def _keys(question: Question) -> list[Field]:
    return _whole(question) + _parts(question)


OVER: Mapping[str, Callable[[Question], list[Field]]] = {
    "questions": _whole,
    "parts": _parts,
    "keys": _keys,
    "fields": lambda question: list(question.fields),
    "figures": lambda question: list(question.figures),
}


def _build(
    data: Mapping[str, Any], target: Target, questions: tuple[str, ...], questionnaire: Questionnaire
) -> Check:
    filler = _Filler(target, questionnaire)
    when = filler.fill(data["when"])
    own_words = getattr(target.question, data.get("message_of", ""), "")
    component = target.fields[0].name in {part.code for part in target.question.components}
    return Check(
        code=data["code"],
        severity=Severity(data["severity"]),
        questions=questions,
        field=target.fields[0] if "questions" not in data else _whole(questionnaire.by_code[questions[0]])[0],
        when=when,
        speaks=compiled(when),
        template=own_words or data["message"],
        params={} if own_words else filler.params(data.get("params", {})),
        suggestion={} if component else filler.suggestion(data),
        score=float(data.get("score", 1)),
        supersedes=frozenset(data.get("supersedes", ())),
        confirm=str(filler.fill(data.get("confirm", ""))),
        reading=data.get("reading", False),
        complete_only=data.get("complete_only", False),
        soft=data.get("soft", False),
        order=questionnaire.codes.index(questions[0]),
    )


@dataclass(frozen=True)
class _Filler:
    """Puts the names and constants of one target into the expressions of a check."""

    target: Target
    questionnaire: Questionnaire

    def fill(self, expression: Expression) -> Expression:
        if isinstance(expression, str) and expression.startswith("$"):
            return self.name(expression)
        if not isinstance(expression, list):
            return expression
        if expression[0] == "question":
            return self.constant(expression[1])
        if expression[0] == "required":
            return self.required()
        filled: list[Expression] = []
        for argument in expression:
            if isinstance(argument, list) and argument[0] == "each":
                filled += self.each(argument[1], argument[2])
            elif argument in (["question", "choices"], ["question", "parts"]):
                filled += self.constant(argument[1])
            else:
                filled.append(self.fill(argument))
        return filled

    def name(self, text: str) -> str:
        longest_first: Iterable[str] = sorted(self.target.names, key=len, reverse=True)
        placeholder = next((name for name in longest_first if text.startswith(name)), "")
        return self.target.names.get(placeholder, "") + text.removeprefix(placeholder)

    def each(self, selector: Mapping[str, Any], expression: Expression) -> list[Expression]:
        fields = select(self.questionnaire, selector)
        return [_Filler(_single(field), self.questionnaire).fill(expression) for field in fields]

    def constant(self, key: str) -> Expression:
        value = getattr(self.target.question, key)
        if key == "parts":
            return [part.code for part in value]
        if isinstance(value, tuple):
            return list(value)
        if value == "today":
            return ["today"]
        return value.value if isinstance(value, StrEnum) else value

    def required(self) -> Expression:
        question = self.target.question
        if question.required is Required.CONDITIONAL and question.required_if:
            return ["eq", ["field", question.required_if.field], question.required_if.value]
        return question.required is Required.YES

    def params(self, data: Mapping[str, Any]) -> dict[str, tuple[str, Expression]]:
        own = KINDS.get(self.target.question.type, "text")
        return {
            name: (own if kind == "value" else kind, self.fill(value)) for name, (kind, value) in data.items()
        }

    def suggestion(self, data: Mapping[str, Any]) -> dict[str, Expression]:
        given: Mapping[str, Expression] = data.get("suggestion", {})
        fillers: list[_Filler] = [self]
        if selector := data.get("suggestion_each"):
            fields = select(self.questionnaire, selector)
            fillers = [_Filler(_single(field), self.questionnaire) for field in fields]
        return {
            str(filler.fill(name)): filler.fill(value) for filler in fillers for name, value in given.items()
        }
