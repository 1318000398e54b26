"""One question as data: what it is called, what may be answered, and what becomes of the answer."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any

from app.core.errors import RuleBroken
from app.core.text import N_


class QuestionType(StrEnum):
    """What an answer is, and so how it is typed, checked and shown."""

    TEXT = "text"
    PHONE = "phone"
    DATE = "date"
    CHOICE = "choice"
    PLACE = "place"
    INTEGER = "integer"
    RUPIAH = "rupiah"
    DERIVED = "derived"


class Required(StrEnum):
    """Whether an answer may stay blank; ``CONDITIONAL`` asks ``required_if``."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


@dataclass(frozen=True)
class Condition:
    """``field`` holds exactly the answer ``value``; where it gives a default, ``then`` is that default."""

    field: str
    value: str
    then: int | None = None


@dataclass(frozen=True)
class Derivation:
    """An answer that follows from others: the sum of fields, or the first ``length`` characters of one."""

    sum_of: tuple[str, ...] = ()
    prefix_of: str = ""
    length: int = 0

    @property
    def sources(self) -> tuple[str, ...]:
        return self.sum_of or (self.prefix_of,)


@dataclass(frozen=True)
class Part:
    """One of the fields that make up a figure."""

    code: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question. Texts are Indonesian message ids; those of staff-added questions are shown as they stand."""

    code: str  # names the form field, the answer and the column; never changes its meaning
    number: int
    section: int
    label: str
    type: QuestionType
    required: Required = Required.NO
    hint: str = ""  # one line under the label
    help: str = ""  # where in the RAT book to look
    missing: str = ""  # the sentence when it is blank
    example: str = ""
    unit: str = ""
    min: int | str | None = None  # a number, an ISO date or "today"
    max: int | str | None = None
    min_length: int | None = None  # characters
    max_length: int | None = None
    digits: int | None = None  # exactly so many, nothing else
    choices: tuple[str, ...] = ()
    public: bool = False
    keep_last: bool = False  # one tap may take over last year's answer
    total: bool = False  # kept in the yearly totals
    register: bool = False  # copied to the register on approval
    flow: bool = False  # an amount per year, not the state on a day
    confirm_negative: bool = False  # below zero only when confirmed
    none_word: str = ""  # the one answer that says "there is none"
    required_if: Condition | None = None
    default_if: Condition | None = None  # blank means ``then`` as long as the condition holds
    parts: tuple[Part, ...] = ()  # asked instead of the whole
    components: tuple[Part, ...] = ()  # what an imported figure was made of; never asked
    derive: Derivation | None = None
    retired: bool = False  # no longer asked; the code stays taken

    @property
    def fields(self) -> tuple["Field", ...]:
        """The inputs in which it is asked: none for a derived one, several where it has parts."""
        if self.parts:
            return tuple(Field(part.code, part.label, self) for part in self.parts)
        return () if self.derive else (Field(self.code, self.label, self),)

    @property
    def figures(self) -> tuple["Field", ...]:
        """The figures that can be held against last year's: itself and the components of an imported one."""
        components = (Field(part.code, part.label, self) for part in self.components)
        return (Field(self.code, self.label, self), *components) if self.is_number else ()

    @property
    def is_number(self) -> bool:
        return self.type in {QuestionType.INTEGER, QuestionType.RUPIAH}

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys of the answers that belong to it."""
        return (self.code, *(part.code for part in self.parts + self.components))

    @property
    def depends_on(self) -> frozenset[str]:
        """Keys of other answers that decide on this one, so that it must open together with them."""
        conditions = (self.required_if, self.default_if)
        sources = set(self.derive.sources) if self.derive else set()
        return frozenset(sources | {condition.field for condition in conditions if condition})

    def to_json(self) -> dict[str, Any]:
        """What differs from the defaults, in plain JSON; read back by :func:`read_question`."""
        return {
            spec.name: _plain(getattr(self, spec.name))
            for spec in fields(self)
            if spec.default is MISSING or getattr(self, spec.name) != spec.default
        }


@dataclass(frozen=True)
class Field:
    """One input of the form. ``name`` is its name there and its key in the answers."""

    name: str
    label: str
    question: Question

    @property
    def type(self) -> QuestionType:
        return self.question.type

    @property
    def is_part(self) -> bool:
        return self.name != self.question.code


def read_question(data: Mapping[str, Any], lists: Mapping[str, list[str]] | None = None) -> Question:
    """One question from JSON or TOML; ``choices`` may name one of ``lists``. Raises RuleBroken."""
    known = {spec.name for spec in fields(Question)}
    if unknown := sorted(data.keys() - known):
        raise RuleBroken(N_("Pertanyaan tidak mengenal isian “%(key)s”."), key=unknown[0])
    values = dict(data)
    choices = values.get("choices", ())
    try:
        if isinstance(choices, str):
            choices = (lists or {})[choices]
        values["choices"] = tuple(choices)
        values["type"] = QuestionType(values["type"])
        values["required"] = Required(values.get("required", "no"))
        values["parts"] = tuple(Part(**part) for part in values.get("parts", ()))
        values["components"] = tuple(Part(**part) for part in values.get("components", ()))
        for key in ("required_if", "default_if"):
            values[key] = _condition(values.get(key))
        if derive := values.get("derive"):
            values["derive"] = Derivation(**{**derive, "sum_of": tuple(derive.get("sum_of", ()))})
        return Question(**values)
    except (KeyError, TypeError, ValueError) as problem:
        raise RuleBroken(
            N_("Pertanyaan “%(code)s” tidak lengkap: periksa isian %(key)s."),
            code=str(data.get("code", "?")),
            key=str(problem),
        ) from problem


def _condition(data: Mapping[str, Any] | None) -> Condition | None:
    return Condition(data["field"], data["is"], data.get("value")) if data else None


def _plain(value: Any) -> Any:
    """A dataclass or tuple of a question in JSON, under the names that the TOML uses."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Part):
        return {"code": value.code, "label": value.label}
    if isinstance(value, Condition):
        then = {} if value.then is None else {"value": value.then}
        return {"field": value.field, "is": value.value, **then}
    if isinstance(value, Derivation):
        summed = {"sum_of": list(value.sum_of)}
        return summed if value.sum_of else {"prefix_of": value.prefix_of, "length": value.length}
    return value.value if isinstance(value, StrEnum) else value
