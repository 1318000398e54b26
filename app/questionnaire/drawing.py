"""Drawing a question quickly: the component draws each question once, and from then on only what a person sees changes.

A question without error, warning or remark is the same for everybody but for its value, its words and last year's value. So
its component is called once per edition and language with marks in those places, and the text between them is kept.
"""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup, escape

from app.core import icons
from app.core.formatting import clock
from app.questionnaire import lines
from app.questionnaire.answers import CONFIRMATION, REASON, as_text
from app.questionnaire.lines import Context, Shown
from app.questionnaire.office_places import places
from app.questionnaire.question import Field, Question, QuestionType

MARK = "\x02"
DAY = f"{MARK}{MARK}{MARK}{MARK}-{MARK}{MARK}-{MARK}{MARK}"  # the shape by which a date input knows a day
MOST = 4096  # patterns; an office has some hundreds
LISTED = frozenset(
    {QuestionType.CHOICE, QuestionType.PLACE}
)  # whose value marks an option, so belongs to the pattern

INPUT_ONLY = frozenset({"hint", "words", "signed", "any_label", "choices", "inputmode", "attrs"})

Pattern = tuple[list[str], tuple[str, ...]]  # the pieces, and the icons in them

_patterns: dict[tuple[Any, ...], Pattern] = {}


def _macro(name: str) -> Any:
    return getattr(current_app.jinja_env.get_template(f"components/{name}.html").module, name)


def draw(context: Context, question: Question) -> Markup:
    """One line of the ledger."""
    if context.conflicts and (
        contested := [name for name in names_of(question) if name in context.conflicts]
    ):
        return _contested(context, question, contested)
    now = lines.shown(context, question)
    if (more := lines.noted(context, question)) or _unreadable(question, now):
        return _slowly(context, question, now, more)
    listed = question.type in LISTED
    key = (
        context.digest,
        question.code,
        context.language,
        context.last_year,
        now.values[0] if listed else tuple(map(bool, now.values)),
        now.last is not None,
        now.keep_last,
    )
    pattern = _patterns.get(key)
    if pattern is None:
        pattern = _patterns[key] = _learn(context, question, now)
        if len(_patterns) > MOST:
            _patterns.clear()
    parts, pictures = pattern
    if pictures:
        icons.use_again(pictures)  # the page draws what its references need
    filled = parts.copy()
    for place in range(1, len(parts), 2):
        mark = parts[place]
        value = now.words if mark == "w" else now.last if mark == "l" else now.values[int(mark)]
        filled[place] = escape(value)
    return Markup("".join(filled))  # noqa: S704 - the component's own text, and every value escaped  # nosec B704


def draw_blank(context: Context, question: Question) -> Markup:
    """One line of a form in which nothing stands, with room for last year's answer where there is a last year."""
    return _slowly(context, question, lines.blank(question, with_last=context.last_year is not None), {})


def _unreadable(question: Question, now: Shown) -> bool:
    """Whether a date input could not show its value, so that the component must choose another one."""
    return question.type is QuestionType.DATE and bool(now.values[0]) and not now.words


def _learn(context: Context, question: Question, now: Shown) -> Pattern:
    """Call the component with marks for values: even places hold its text, odd ones the name of what belongs there."""
    values = tuple(f"{MARK}{place}{MARK}" if value else "" for place, value in enumerate(now.values))
    if question.type in LISTED:
        values = now.values
    elif question.type is QuestionType.DATE and now.values[0]:
        values = (DAY,)
    marked = Shown(
        values,
        None if now.words is None else f"{MARK}w{MARK}",
        None if now.last is None else f"{MARK}l{MARK}",
        now.keep_last,
    )
    drawn = _slowly(context, question, marked, {})
    return str(drawn).replace(DAY, f"{MARK}0{MARK}").split(MARK), icons.used_in(drawn)


def _slowly(context: Context, question: Question, now: Shown, more: dict[str, Any]) -> Markup:
    """One line by its component."""
    given = lines.arguments(context, question, now) | more
    if errors := given.pop("parts_errors", {}):
        given["parts"] = [{**part, "error": errors.get(part["name"], "")} for part in given["parts"]]
    if given.get("locked"):
        given = _locked(context, question, given)
    drawn: Markup = _macro(lines.component_of(question))(**given)
    return drawn


def _locked(context: Context, question: Question, given: dict[str, Any]) -> dict[str, Any]:
    """The same line to read only: the answer in words, and nothing that belongs to an input."""
    given = {key: given[key] for key in given if key not in INPUT_ONLY}
    if question.parts:
        return given
    value = context.answers.get(question.code)
    return given | {"value": "" if value is None else as_text(question, value, places())}


def names_of(question: Question) -> list[str]:
    """All inputs of a question: its fields, its confirmation and its reason."""
    fields = [one.name for one in question.fields]
    return [*fields, question.code + CONFIRMATION, question.code + REASON]


def _contested(context: Context, question: Question, contested: Sequence[str]) -> Markup:
    """Both values of each input in conflict, to choose from; what was typed travels along unseen.

    Where only the reason or the box is contested, the question itself stays, without asking for them a second time.
    """
    drawn = Markup()
    fields = {one.name: one for one in question.fields}
    whole = Field(question.code, question.label, question)
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    for name in contested:
        given = lines.conflict_arguments(context, fields.get(name, whole), name)
        drawn += _macro("conflict")(**given, when=clock(context.conflicts[name].at))
        drawn += hidden.format(name, context.mine.get(name, "")) + hidden.format("bentrok", name)
    if not fields.keys() & set(contested):
        more = lines.noted(context, question)
        more.pop("warnings", None)
        drawn += _slowly(context, question, lines.shown(context, question), more)
    return drawn
