"""What a posted page of the form says, before anybody has judged it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.parsing import fold_space
from app.questionnaire.answers import CONFIRMATION, REASON, as_input
from app.questionnaire.queries import LastYear
from app.questionnaire.questions import Questionnaire

ABOUT = (CONFIRMATION, REASON)
OTHER_REASON = REASON + "_lain"
LONGEST = 10_000  # characters of one field: beyond it nobody has typed


@dataclass(frozen=True)
class Posted:
    """One press of a button.

    ``typed`` is field → text as it was typed, on one line; ``version`` the version that the page showed (None: unreadable; a sender that
    names none, which no page of ours is, speaks about what stands now); ``go`` where the button leads; ``at`` the question to come back to. ``undecided`` are fields whose conflict still waits for a choice:
    they are not in ``typed`` but in ``mine``. ``flagged``: the questions that the checks doubted since the page was opened.
    """

    typed: dict[str, str]
    version: int | None
    go: str = ""
    at: str = ""
    undecided: tuple[str, ...] = ()
    mine: dict[str, str] = field(default_factory=dict)
    names_version: bool = True
    flagged: frozenset[str] = frozenset()


def read_post(
    form: MultiDict[str, str],
    questionnaire: Questionnaire,
    last: LastYear | None,
    *,
    stood: Mapping[str, Any] | None = None,
) -> Posted:
    """Translate the form. ``pakai`` fills a question with last year's answer, ``ubah`` takes what a warning proposes.

    A reason in words of one's own counts before one that was picked, unless these words are those that ``stood`` there.
    """
    known = {
        name: fold_space(typed)[:LONGEST]
        for name, typed in form.items()
        if name in questionnaire.by_field or (name.endswith(ABOUT) and questionnaire.question_of(name))
    }
    for name, typed in form.items():
        code = name.removesuffix(OTHER_REASON)
        if name.endswith(OTHER_REASON) and typed.strip() and code in questionnaire.by_code:
            own, reason = fold_space(typed)[:LONGEST], code + REASON
            if not (known.get(reason) and stood and stood.get(reason) == own):
                known[reason] = own
    posted = Posted(
        known,
        read_version(form.get("versi", "")),
        form.get("ke", ""),
        names_version="versi" in form,
        flagged=frozenset(form.get("baru", "")[:LONGEST].split()),
    )
    posted = _decide(posted, form)
    if code := form.get("pakai", ""):
        return _use_last(posted, code, questionnaire, last)
    if proposal := form.get("ubah", ""):
        return _use_proposal(posted, proposal, questionnaire)
    return posted


def read_version(typed: str) -> int | None:
    """The version that a page showed; None when the field holds no version, so that every difference is a conflict."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _decide(posted: Posted, form: MultiDict[str, str]) -> Posted:
    """Take out what the person gave up, and what is still to be chosen."""
    contested = [name for name in form.getlist("bentrok") if name in posted.typed]
    choices = {name: form.get(f"pilih_{name}") for name in contested}
    undecided = tuple(name for name in contested if choices[name] not in {"mine", "theirs"})
    kept = {name: typed for name, typed in posted.typed.items() if choices.get(name, "mine") == "mine"}
    return replace(
        posted, typed=kept, undecided=undecided, mine={name: posted.typed[name] for name in undecided}
    )


def _use_last(posted: Posted, code: str, questionnaire: Questionnaire, last: LastYear | None) -> Posted:
    question = questionnaire.by_code.get(code)
    if question is None or last is None:
        return posted
    filled = {
        one.name: as_input(one, last.answers[one.name])
        for one in question.fields
        if last.answers.get(one.name) is not None
    }
    return replace(posted, typed={**posted.typed, **filled}, at=code, go="")


def _use_proposal(posted: Posted, proposal: str, questionnaire: Questionnaire) -> Posted:
    """``aset:713750000``, or several with semicolons between: ``aset:5;volume_usaha:3``."""
    filled = {}
    for part in proposal[:LONGEST].split(";"):
        name, _, value = part.partition(":")
        if name in questionnaire.by_field and value:
            filled[name] = value
    first = next((question for name in filled if (question := questionnaire.question_of(name))), None)
    if first is None:
        return posted
    return replace(posted, typed={**posted.typed, **filled}, at=first.code, go="")


def forward(section: int, numbers: Collection[int], go: str) -> int | str:
    """Where a button leads: a section's number, or ``periksa``; the same section for what is none of them."""
    if go == "periksa":
        return go
    wanted: Mapping[str, int] = {f"bagian-{number}": number for number in numbers}
    return wanted.get(go, section)
