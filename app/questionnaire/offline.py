"""The form for times without a network: its blank page, which a browser may keep as it is, and what belongs in it, which a
browser keeps only sealed. See docs/adr/0014.

The blank page holds no answer, no remark and nobody's name; the data hold all of these.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.i18n import locale
from app.questionnaire.answers import CONFIRMATION, REASON, as_input, as_text
from app.questionnaire.drawing import draw_blank
from app.questionnaire.feed import feed_address
from app.questionnaire.filling import Filling, offered
from app.questionnaire.lines import Context, shown_by
from app.questionnaire.live import live_state
from app.questionnaire.office_places import places
from app.questionnaire.queries import last_event, remarks_of
from app.questionnaire.questions import Questionnaire, Section
from app.questionnaire.rules import EventKind, Status

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class BlankSection:
    """One section of the blank form."""

    section: Section
    ledger: Markup
    total: int


def blank_sections(filling: Filling) -> list[BlankSection]:
    """All sections, every question open and nothing answered."""
    questionnaire = filling.questionnaire
    context = Context(
        digest="",
        language=locale(),
        answers={},
        last_year=filling.last.year if filling.last else None,
        last={},
        open_codes=frozenset(questionnaire.codes),
        shown_by=shown_by(questionnaire),
    )
    return [
        BlankSection(section, Markup().join(draw_blank(context, one) for one in asked), len(asked))
        for section in questionnaire.sections
        if (asked := questionnaire.section(section.number))
    ]


def files() -> list[str]:
    """Addresses of everything that the blank page loads, at once or later."""
    asset = current_app.jinja_env.globals["asset"]
    scripts = sorted(n for n in asset.by_name if n.startswith("js/") and n != "js/sw.js")  # type: ignore[attr-defined]
    return [asset(name) for name in ("simpul.css", "work.css", "favicon.svg", *scripts)]  # type: ignore[operator]


def mark_of(filling: Filling) -> str:
    """Other when a kept blank page is out of date: other questions, another release of the site, another language."""
    last = filling.last.year if filling.last else None
    made_of = f"{feed_address(filling.edition)} {last} {' '.join(files())}"
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]


def form_data(filling: Filling) -> dict[str, Any]:
    """What stands in the form now, as its inputs show it, and what stood in it last year."""
    report, questionnaire = filling.report, filling.questionnaire
    last = filling.last.answers if filling.last else {}
    returned = report if report is not None and report.status is Status.RETURNED else None
    event = last_event(returned, EventKind.RETURNED, EventKind.REOPENED) if returned else None
    return {
        "version": report.version if report else 0,
        "status": report.status if report else "",
        "open": sorted(filling.open_codes),
        "section": filling.first_section,
        "seen": sorted(report.sections) if report else [],
        "given": _inputs(questionnaire, filling.answers),
        "offered": _inputs(questionnaire, offered(filling)),
        "shown": _texts(questionnaire, filling.answers),
        "lastShown": _texts(questionnaire, last),
        "live": live_state(filling),
        "remarks": remarks_of(returned) if returned else {},
        "returned": event.reason if event else "",
    }


def _texts(questionnaire: Questionnaire, answers: Answers) -> dict[str, str]:
    """Question → its answer for reading, for all that have one."""
    answered = (one for one in questionnaire.questions if answers.get(one.code) not in (None, ""))
    return {one.code: as_text(one, answers[one.code], places()) for one in answered}


def _inputs(questionnaire: Questionnaire, answers: Answers) -> dict[str, str]:
    """Input → its text, for all that have one."""
    texts = {one.name: as_input(one, answers.get(one.name)) for one in questionnaire.fields}
    for code in questionnaire.codes:
        for name in (code + CONFIRMATION, code + REASON):
            value = answers.get(name)
            texts[name] = "1" if value is True else str(value or "")
    return {name: text for name, text in texts.items() if text}
