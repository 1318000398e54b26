"""One question as the form's components want it: the words, the input's kind, the choices, what the checks say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask import current_app

from app.core.formatting import terbilang
from app.core.i18n import _, say
from app.core.text import N_
from app.questionnaire.answers import BLANK, CONFIRMATION, REASON, as_input, as_text, is_raw
from app.questionnaire.checks import reasons
from app.questionnaire.findings import Finding
from app.questionnaire.merging import FieldConflict
from app.questionnaire.office_places import places
from app.questionnaire.question import Field, Question, QuestionType, Required
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import Severity
from app.questionnaire.signals import Aid
from app.regions.queries import office_region

INPUTS = {
    QuestionType.TEXT: "text",
    QuestionType.PHONE: "tel",
    QuestionType.DATE: "date",
    QuestionType.PLACE: "select",
    QuestionType.INTEGER: "number",
    QuestionType.RUPIAH: "amount",
    QuestionType.DERIVED: "text",
}
MOST_RADIOS = 6
PAST = N_("Mengapa berbeda jauh dari tahun lalu?")
OWN_WORDS = "lain"  # the offered reason that asks for words of one's own

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """What all lines of one page share."""

    digest: str  # of what is asked, and where: the edition's, and the office's region
    language: str
    answers: Mapping[str, Any]
    last_year: int | None
    last: Mapping[str, Any]
    open_codes: frozenset[str]
    shown_by: Mapping[str, str] = field(default_factory=dict)  # a place → the question that follows from it
    findings: Mapping[str, Sequence[Finding]] = field(
        default_factory=dict
    )  # by the question to correct first
    remarks: Mapping[str, str] = field(default_factory=dict)
    aids: Mapping[str, Aid] = field(default_factory=dict)  # where help with a question to correct is found
    conflicts: Mapping[str, FieldConflict] = field(default_factory=dict)  # by field
    mine: Mapping[str, str] = field(default_factory=dict)  # what was typed into fields in conflict


@dataclass(frozen=True)
class Shown:
    """The parts of a line that differ from person to person."""

    values: tuple[str, ...]
    words: str | None = None
    last: str | None = None
    keep_last: bool = False


def shown_by(questionnaire: Questionnaire) -> dict[str, str]:
    """A place's question → the question that follows from it."""
    return {
        question.derive.prefix_of: question.code
        for question in questionnaire.questions
        if question.derive and question.derive.prefix_of
    }


def shown(context: Context, question: Question) -> Shown:
    """What stands in the line of ``question`` now."""
    fields = question.fields
    answers, last = context.answers, context.last
    value = answers.get(question.code)
    if not fields:
        return Shown(
            (as_text(question, value, places()) if value else "",), last=_last_text(context, question)
        )
    keep = (
        question.keep_last
        and all(last.get(one.name) not in (None, "") for one in fields)
        and any(last.get(one.name) != answers.get(one.name) for one in fields)
    )
    values = tuple(as_input(one, answers.get(one.name)) for one in fields)
    if question.parts:
        values = (*values, as_text(question, value) if value is not None and not is_raw(value) else "")
    return Shown(values, _words(question, value), _last_text(context, question), keep)


def _last_text(context: Context, question: Question) -> str | None:
    value = context.last.get(question.code)
    return None if value in (None, "") else as_text(question, value, places())


def blank(question: Question, *, with_last: bool) -> Shown:
    """A line in which nothing stands yet, with room for all that may: the values, and last year's."""
    values = ("",) * (len(question.fields) + 1 if question.parts else 1)
    last = BLANK if with_last else None
    return Shown(values, _words(question, None), last, with_last and question.keep_last)


def _words(question: Question, value: Any) -> str | None:
    """What the input's value means in words; None for inputs that need none."""
    if question.type is QuestionType.RUPIAH:
        return in_words(value) if isinstance(value, int) else ""
    if question.type is QuestionType.DATE:
        return as_text(question, value) if value and not is_raw(value) else ""
    return None


@lru_cache(maxsize=4096)
def in_words(amount: int) -> str:
    """The amount in words; the same figures come again and again."""
    return terbilang(amount)


def input_of(question: Question) -> str:
    """The kind of input that asks ``question``."""
    if question.type is QuestionType.CHOICE:
        return "radios" if len(question.choices) <= MOST_RADIOS else "select"
    return INPUTS[question.type]


def component_of(question: Question) -> str:
    """The component that draws ``question``."""
    return "question_pair" if question.parts else "question"


def arguments(context: Context, question: Question, now: Shown) -> Arguments:
    """The keywords of the component, for a line about which there is nothing to say."""
    common: Arguments = {
        "code": question.code,
        "number": question.number,
        "label": say(question.label),
        "hint": say(question.hint),
        "help": _help(question),
        "last": now.last,
        "last_label": _("Tahun buku %(year)s", year=context.last_year) if context.last_year else "",
        "last_button": now.keep_last,
    }
    if question.parts:
        parts = [
            {"name": one.name, "label": say(one.label), "value": value, "error": ""}
            for one, value in zip(question.fields, now.values, strict=False)
        ]
        return {**common, "parts": parts, "total": now.values[-1]}
    kind = input_of(question)
    common |= {"type": kind, "value": now.values[0], "optional": question.required is Required.NO}
    if question.derive:
        return {**common, "type": "readonly", "help": "", "optional": False}
    if now.words is not None:
        common["words"] = now.words
    if kind == "amount":
        common["signed"] = not isinstance(question.min, int) or question.min < 0
    if kind == "radios":
        common["choices"] = [(choice, say(choice)) for choice in question.choices]
    if kind == "select":
        common["any_label"] = _("Pilih")
        common["choices"] = _choices(question)
        if question.code in context.shown_by:
            common["attrs"] = {"data-place": context.shown_by[question.code]}
    if question.digits:
        common["inputmode"] = "numeric"
    return common


def _help(question: Question) -> str:
    if not question.example:
        return say(question.help)
    example = _("Contoh: %(example)s.", example=question.example)
    return f"{say(question.help)} {example}".strip()


def _choices(question: Question) -> list[Any]:
    """The options of a long list; kelurahan stand under their kecamatan, which they decide."""
    if question.type is not QuestionType.PLACE:
        return [(choice, say(choice)) for choice in question.choices]
    region = office_region(current_app.config["REGION"])
    return [
        {"group": name, "choices": list(region.kelurahan_of(code).items())}
        for code, name in region.kecamatan.items()
    ]


def noted(context: Context, question: Question) -> Arguments:
    """The keywords that say what is wrong, odd or locked about ``question``; empty for most lines."""
    more: Arguments = {}
    if remark := context.remarks.get(question.code):
        more["remark"] = remark
    if question.code not in context.open_codes:
        return {**more, "locked": True}
    if aid := context.aids.get(question.code):
        more["aid"] = aid
    found = context.findings.get(question.code, ())
    errors = [one for one in found if one.severity is Severity.ERROR and not one.confirm]
    whole = [say(one.text) for one in errors if one.field == question.code or not question.parts]
    if whole:
        more["error"] = " ".join(whole)
    if question.parts and errors:
        more["parts_errors"] = {one.field: say(one.text) for one in errors}
    doubts = [one for one in found if one not in errors]
    confirmed = bool(context.answers.get(question.code + CONFIRMATION))
    if doubts or (confirmed and question.confirm_negative):
        more["warnings"] = [_ask(context, question, doubts, confirmed)]
    return more


def _ask(context: Context, question: Question, doubts: Sequence[Finding], confirmed: bool) -> Arguments:
    """What the warnings about one question ask back, in one box."""
    box = question.confirm_negative and (confirmed or any(one.confirm for one in doubts))
    fixes = [fix for one in doubts if (fix := _fix(context, question, one))]
    why = str(context.answers.get(question.code + REASON) or "")
    offered = offered_reasons(figure=question.is_number)
    return {
        "title": _title(question, doubts),
        "text": " ".join(say(one.text) for one in doubts),
        "fixes": fixes,
        "confirm": box,
        "confirm_label": _("Angka minus ini benar"),
        "confirmed": confirmed,
        "reasons": offered,
        "reason": why,
        "reason_label": _("Atau pilih alasannya") if fixes else _("Pilih alasannya"),
        "other": "" if why in dict(offered) else why,
    }


def offered_reasons(*, figure: bool) -> list[tuple[str, str]]:
    """The answers to "why?" that can be chosen: value and words."""
    return [(label, say(label)) for code, label in reasons(figure=figure) if code != OWN_WORDS]


def _title(question: Question, doubts: Sequence[Finding]) -> str:
    """The question above the box, unless a sentence in it asks the same."""
    if any("tahun lalu" in one.template for one in doubts) and not any(
        PAST in one.template for one in doubts
    ):
        return say(PAST)
    return _("Apakah angka ini benar?") if question.is_number else _("Apakah jawaban ini benar?")


def _fix(context: Context, question: Question, finding: Finding) -> tuple[str, str] | None:
    """The button that takes what a finding proposes: its value (see ``forms``) and its words."""
    proposed = [
        (name, value) for name, value in finding.suggestion.items() if context.answers.get(name) != value
    ]
    if not proposed:
        return None
    if proposed[0][0] == question.code:
        value = ";".join([str(proposed[0][1]), *(f"{name}:{one}" for name, one in proposed[1:])])
    else:
        value = "".join(f";{name}:{one}" for name, one in proposed)
    if len(proposed) > 2:
        return value, _("Ubah %(count)s angka ini sekaligus", count=len(proposed))
    named = {one.name: one for one in question.fields}
    words = _(" dan ").join(as_text(named.get(name, question), one) for name, one in proposed)
    return value, _("Ubah menjadi %(value)s", value=words)


def conflict_arguments(context: Context, one: Field, name: str) -> Arguments:
    """The keywords of the component that lets a person choose between two values of the field ``name``."""
    from_both = context.conflicts[name]
    label = say(one.question.label) + (f": {say(one.label)}" if one.is_part else "")
    if name.endswith(REASON):
        label = _("%(question)s: alasan", question=label)
    if name.endswith(CONFIRMATION):
        label = _("%(question)s: dipastikan", question=label)
    return {
        "code": name,
        "label": label,
        "number": one.question.number,
        "mine": _conflict_text(one, name, from_both.mine),
        "theirs": _conflict_text(one, name, from_both.theirs),
        "who": from_both.actor_name,
    }


def _conflict_text(one: Field, name: str, value: Any) -> str:
    if value is True:
        return _("ya")
    if name in {one.name, one.question.code}:
        return as_text(one, value, places()) if value is not None else ""
    return str(value or "")
