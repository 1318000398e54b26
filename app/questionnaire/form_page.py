"""One section of the form as a person sees it: how far it is, what is wrong with it, its lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.database import office_zone
from app.core.formatting import clock, short_date
from app.core.http import user_key
from app.core.i18n import _, locale, say
from app.questionnaire import answers as reading
from app.questionnaire.drafts import MISSING
from app.questionnaire.drawing import draw
from app.questionnaire.filling import Filling, offered, told
from app.questionnaire.findings import Finding
from app.questionnaire.forms import Posted
from app.questionnaire.lines import Context, shown_by
from app.questionnaire.live import Whys, live_attributes, whys
from app.questionnaire.merging import FieldConflict
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.queries import last_event, remarks_of
from app.questionnaire.question import Question
from app.questionnaire.questions import Section
from app.questionnaire.rules import EventKind, Origin, Severity, Status
from app.questionnaire.signals import aids_for


@dataclass(frozen=True)
class FormPage:
    """One section on the screen."""

    filling: Filling
    section: Section
    sections: tuple[int, ...]  # those that a button leads to, in order
    steps: list[dict[str, Any]]
    errors: list[tuple[str, str]]
    ledger: Markup
    answered: int
    total: int
    returned: ReportEvent | None
    conflicts: Mapping[str, FieldConflict] = field(default_factory=dict)
    complete: bool = False
    suggested: bool = False
    wider: Mapping[str, Any] = field(default_factory=dict)  # what the address carries along

    @property
    def is_saved(self) -> bool:
        return is_saved(self.filling.report)

    @property
    def overtaken_at(self) -> datetime:
        """When somebody else last changed one of the fields in conflict."""
        return max(conflict.at for conflict in self.conflicts.values())

    @property
    def live(self) -> dict[str, str]:
        """What the script that checks while somebody types is told; nothing while there is a conflict to decide first."""
        return {} if self.conflicts else live_attributes(self.filling, all_missing=bool(self.wider))

    @property
    def whys(self) -> Whys:
        """The answers to "why?" that its warnings offer."""
        return whys()

    @property
    def version(self) -> int:
        return self.filling.report.version if self.filling.report else 0

    @property
    def saved(self) -> str:
        """``Tersimpan 14.02``, with the day when it was not today."""
        report = self.filling.report
        if not self.filling.keeps:
            return _("Latihan: tidak disimpan")
        if report is None or not self.is_saved:
            return _("Belum tersimpan")
        return saved_when(report.updated_at, self.filling.today)

    @property
    def person(self) -> str:
        """Who opened the page, as a browser may know it."""
        return user_key()

    @property
    def progress(self) -> str:
        """How many questions are answered."""
        return _("%(done)s dari %(all)s terjawab", done=self.answered, all=self.total)

    @property
    def before(self) -> int | None:
        """The section to go back to."""
        return max((number for number in self.sections if number < self.section.number), default=None)

    @property
    def after(self) -> int | None:
        """The section to go on to; None after the last."""
        return min((number for number in self.sections if number > self.section.number), default=None)


def is_saved(report: Report | None) -> bool:
    """Whether anything of it was ever saved by the cooperative itself."""
    if report is None:
        return False
    return bool(report.sections) or (report.version > 1 and report.origin is not Origin.IMPORTED)


def saved_when(moment: datetime, today: date) -> str:
    """``Tersimpan 14.02``, with the day when it was not today."""
    time = clock(moment)
    day = moment.astimezone(office_zone()).date()
    if day != today:
        time = f"{short_date(day)}, {time}"
    return _("Tersimpan %(time)s", time=time)


def form_page(
    filling: Filling,
    number: int,
    *,
    all_missing: bool = False,
    conflicts: Mapping[str, FieldConflict] | None = None,
    posted: Posted | None = None,
) -> FormPage:
    """The section ``number`` of the form. ``all_missing``: answers that are still to come are shown as errors too."""
    questionnaire = filling.questionnaire
    section = next(one for one in questionnaire.sections if one.number == number)
    asked = questionnaire.section(number)
    elsewhere = {question.code for name in conflicts or () if (question := questionnaire.question_of(name))}
    asked += tuple(
        question
        for question in questionnaire.questions
        if question.code in elsewhere and question not in asked
    )
    found = [one for one in filling.findings if all_missing or one.code != MISSING]
    context = context_of(filling, found, conflicts or {}, posted)
    progress = filling.progress
    return FormPage(
        filling=filling,
        section=section,
        sections=filling.sections,
        steps=_steps(filling, progress, found, number),
        errors=_errors(filling, found, asked, context),
        ledger=Markup().join(draw(context, question) for question in asked),
        answered=sum(part.answered for part in progress),
        total=sum(part.total for part in progress),
        returned=_returned(filling),
        conflicts=context.conflicts,
        complete=filling.first_section is None,
        suggested=any(
            code not in filling.answers
            for question in asked
            for code in question.keys
            if code in context.answers
        ),
        wider={"lengkap": 1} if all_missing else {},
    )


def context_of(
    filling: Filling,
    found: list[Finding],
    conflicts: Mapping[str, FieldConflict],
    posted: Posted | None,
) -> Context:
    """What the lines of the form share; ``found`` are the findings that they show."""
    by_question: dict[str, list[Finding]] = {}
    for one in found:
        by_question.setdefault(one.questions[0], []).append(one)
    returned = filling.report is not None and filling.report.status is Status.RETURNED
    return Context(
        digest=f"{filling.edition.digest} {current_app.config['REGION']}",
        language=locale(),
        answers=offered(filling),
        last_year=filling.last.year if filling.last else None,
        last=filling.last.answers if filling.last else {},
        open_codes=filling.open_codes,
        shown_by=shown_by(filling.questionnaire),
        findings=by_question,
        remarks=remarks_of(filling.report) if filling.report and returned else {},
        aids=aids_for(filling.report, filling.report.open_codes) if filling.report and returned else {},
        conflicts=conflicts,
        mine={**posted.typed, **posted.mine} if posted else {},
    )


def _returned(filling: Filling) -> ReportEvent | None:
    if filling.report is None or filling.report.status is not Status.RETURNED:
        return None
    return last_event(filling.report, EventKind.RETURNED, EventKind.REOPENED)


def _steps(
    filling: Filling, progress: list[reading.SectionProgress], found: list[Finding], now: int
) -> list[dict[str, Any]]:
    """The list of sections beside the form."""
    saved = filling.report.sections if filling.report else {}
    wrong = {
        question.section
        for one in found
        if one.severity is Severity.ERROR
        and one.code != MISSING
        and (question := filling.questionnaire.question_of(one.field))
    }
    returned = filling.status is Status.RETURNED
    steps = []
    for part in progress:
        number = part.section.number
        reopened = sum(
            question.code in filling.open_codes for question in filling.questionnaire.section(number)
        )
        done = part.complete and (not reopened if returned else str(number) in saved)
        count = _("%(done)s dari %(all)s terjawab", done=part.answered, all=part.total)
        if returned and reopened:
            count = _("%(count)s dibuka kembali", count=reopened)
        steps.append(
            {
                "name": say(part.section.title),
                "count": count,
                "go": f"bagian-{number}",
                "state": "now" if number == now else "done" if done else "todo",
                "error": number in wrong and number != now,
            }
        )
    return steps


def _errors(
    filling: Filling, found: list[Finding], asked: tuple[Question, ...], context: Context
) -> list[tuple[str, str]]:
    """The summary at the top: what to choose first, then what is wrong in this section, each with its input."""
    choices, contested = [], set()
    for name in context.conflicts:
        if question := filling.questionnaire.question_of(name):
            contested.add(question.code)
            label = say(question.label)
            choices.append((f"pilih_{name}", _("%(question)s: pilih isian yang benar", question=label)))
    shown = ({question.code for question in asked} & context.open_codes) - contested
    wrong = [
        (one.confirm or one.field, told(filling.questionnaire, one))
        for one in found
        if one.severity is Severity.ERROR and one.questions[0] in shown
    ]
    return choices + wrong
