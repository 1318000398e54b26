"""What a page that saves by itself is told: the time, the progress, what the checks say of what was touched, what clashed."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask import request

from app.core.formatting import clock
from app.core.i18n import _, say
from app.questionnaire.autosave import Autosaved
from app.questionnaire.drafts import MISSING
from app.questionnaire.drawing import draw, names_of
from app.questionnaire.filling import Filling
from app.questionnaire.findings import Finding
from app.questionnaire.form_page import context_of, saved_when
from app.questionnaire.forms import Posted
from app.questionnaire.lines import Context, conflict_arguments
from app.questionnaire.question import Field, Question


def answer_of(
    filling: Filling,
    done: Autosaved,
    *,
    posted: Posted,
    touched: Collection[str],
    before: list[Finding],
    decided: Collection[str],
) -> dict[str, Any]:
    """The JSON answer to one save. ``touched``: the fields it brought; ``before``: the findings of just before it."""
    shown = [one for one in filling.findings if one.code != MISSING or "lengkap" in request.args]
    context = context_of(filling, shown, done.conflicts, posted)
    redrawn = _questions(filling, {*done.conflicts, *done.others, *decided})
    lines = _questions(filling, touched) | redrawn | _about(filling, before, filling.findings)
    open_lines = lines & context.open_codes
    asked = [one for one in filling.questionnaire.questions if one.code in open_lines]
    return {
        "version": done.version,
        "at": done.saved_at.isoformat(),
        "saved": saved_when(done.saved_at, filling.today),
        "progress": _progress(filling),
        "others": list(done.others),
        "conflicts": {name: _conflict(context, name, filling) for name in done.conflicts},
        "findings": {one.code: _findings(context, one) for one in asked},
        "lines": {
            one.code: {"html": draw(context, one), "names": names_of(one)}
            for one in asked
            if one.code in redrawn and _here(one, done)
        },
    }


def _questions(filling: Filling, names: Iterable[str]) -> set[str]:
    found = (filling.questionnaire.question_of(name) for name in names)
    return {question.code for question in found if question is not None}


def _about(filling: Filling, before: list[Finding], now: list[Finding]) -> set[str]:
    """The questions of which the checks now say something else."""

    def gist(found: list[Finding]) -> set[tuple[str, str, str]]:
        return {(one.questions[0], one.code, str(one.text)) for one in found if one.code != MISSING}

    return _questions(filling, (one[0] for one in gist(before) ^ gist(now)))


def _here(question: Question, done: Autosaved) -> bool:
    """Whether the page that sent the save shows this question, or must now."""
    here = request.args.get("bagian", "")
    return here in {"", str(question.section)} or _clashes(question, done)


def _clashes(question: Question, done: Autosaved) -> bool:
    return not done.conflicts.keys().isdisjoint(names_of(question))


def _progress(filling: Filling) -> str:
    parts = filling.progress
    answered, total = sum(part.answered for part in parts), sum(part.total for part in parts)
    return _("%(done)s dari %(all)s terjawab", done=answered, all=total)


def _findings(context: Context, question: Question) -> list[dict[str, str]]:
    return [
        {"severity": one.severity, "code": one.code, "field": one.field, "sentence": say(one.text)}
        for one in context.findings.get(question.code, ())
    ]


def _conflict(context: Context, name: str, filling: Filling) -> Mapping[str, Any]:
    """Both values, who and when, in words."""
    question = filling.questionnaire.question_of(name)
    if question is None:  # pragma: no cover - only questions clash
        return {}
    one = {field.name: field for field in question.fields}.get(name)
    given = conflict_arguments(context, one or Field(question.code, question.label, question), name)
    return given | {
        "when": clock(context.conflicts[name].at),
        "sentence": _("%(question)s: pilih isian yang benar", question=say(question.label)) + ".",
    }
