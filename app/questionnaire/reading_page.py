"""All answers on one page: to check before they are sent, and to read once they are locked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.formatting import long_date, moment
from app.core.i18n import _, say
from app.core.text import N_
from app.questionnaire import answers as reading
from app.questionnaire import queries
from app.questionnaire.answers import REASON, as_text
from app.questionnaire.drafts import findings_now
from app.questionnaire.filling import Filling, told
from app.questionnaire.findings import Finding
from app.questionnaire.models import Report
from app.questionnaire.office_places import places
from app.questionnaire.question import Question
from app.questionnaire.questions import Section
from app.questionnaire.rules import EventKind, Severity, Status
from app.questionnaire.waiting import STEP_NAMES


@dataclass(frozen=True)
class Part:
    """One section with its lines for the component ``answers``, or ``facts`` when nothing can be changed."""

    section: Section
    items: list[dict[str, Any]]
    url: str


@dataclass(frozen=True)
class CheckPage:
    """The answers with what the checks say of them today."""

    parts: list[Part]
    errors: list[tuple[str, str]]  # where it is corrected, and why
    warnings: list[tuple[str, str, str]]  # where, what, and the reason given

    @property
    def ready(self) -> bool:
        """Whether nothing stops the submission."""
        return not self.errors


def check_page(filling: Filling) -> CheckPage:
    """The page of ``filling``, with links to what can be changed."""
    found = findings_now(filling.report, filling.last, filling.today) if filling.report else []
    by_question: dict[str, Finding] = {}
    for one in found:
        by_question.setdefault(one.questions[0], one)  # errors come first
    errors = [
        (_where(filling, one), told(filling.questionnaire, one))
        for one in found
        if one.severity is Severity.ERROR
    ]
    warnings = [
        (_where(filling, one), told(filling.questionnaire, one), str(filling.answers.get(one.reason) or ""))
        for one in found
        if one.severity is Severity.WARNING
    ]
    return CheckPage(parts_of(filling, by_question), errors, warnings)


def _where(filling: Filling, finding: Finding) -> str:
    question = filling.questionnaire.by_code[finding.questions[0]]
    return filling.address(question.section, anchor=f"q-{question.code}", lengkap=1)


def parts_of(
    filling: Filling, findings: Mapping[str, Finding] | None = None, *, links: bool = True
) -> list[Part]:
    """The sections with their answers; with ``links`` one to change each that is open."""
    questionnaire, open_now = filling.questionnaire, filling.open_codes if links else frozenset()
    return [
        Part(
            section,
            [
                _item(filling, question, open_now, (findings or {}).get(question.code))
                for question in questionnaire.section(section.number)
            ],
            filling.address(section.number),
        )
        for section in questionnaire.sections
    ]


def _item(
    filling: Filling, question: Question, open_now: frozenset[str], finding: Finding | None
) -> dict[str, Any]:
    """One line of the component ``answers``."""
    value = filling.answers.get(question.code)
    text = "" if value is None else as_text(question, value, places())
    if question.parts and any(filling.answers.get(one.name) is not None for one in question.fields):
        split = ", ".join(
            f"{say(one.label).lower()} {as_text(one, filling.answers.get(one.name))}"
            for one in question.fields
        )
        text = f"{text} ({split})" if text else split
    changeable = question.code in open_now and question.fields
    return {
        "number": question.number,
        "label": say(question.label),
        "value": text,
        "url": filling.address(question.section, anchor=f"q-{question.code}") if changeable else "",
        "problem": say(finding.text) if finding else "",
        "severity": finding.severity.value if finding else "",
        "reason": str(filling.answers.get(question.code + REASON) or ""),
    }


def unsaved(filling: Filling, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a person typed into a form that could no longer be saved, as far as it differs from what stands."""
    lost = []
    for name, text in typed.items():
        question = filling.questionnaire.question_of(name)
        asked = filling.questionnaire.by_field.get(name)
        if question is None or not text.strip():
            continue
        stands = filling.answers.get(name)
        if text.strip() != (reading.as_input(asked, stands) if asked else str(stands or "")):
            lost.append((say(asked.label if asked and asked.is_part else question.label), text))
    return lost


def advice_on(filling: Filling) -> str:
    """Why the report cannot be changed, and what to do."""
    report, edition = filling.report, filling.edition
    if report is not None and report.status is Status.SUBMITTED:
        return _(
            "Terkirim %(time)s. Petugas sedang memeriksanya; jawaban terkunci.",
            time=moment(report.submitted_at),
        )
    if report is not None and report.status is Status.APPROVED:
        return _(
            "Disetujui %(time)s. Kalau ada yang keliru, hubungi kantor.", time=moment(report.approved_at)
        )
    if filling.today < edition.opens:
        return _("Pengisian dibuka %(day)s.", day=long_date(edition.opens))
    if filling.today > filling.last_day:
        return _(
            "Pengisian ditutup %(day)s. Hubungi kantor bila masih perlu melapor.",
            day=long_date(filling.last_day),
        )
    return _("Koperasi ini tercatat bubar, jadi tidak perlu melapor. Hubungi kantor bila keliru.")


HAPPENED: dict[str, str] = {
    EventKind.STARTED: N_("Mulai diisi"),
    EventKind.IMPORTED: N_("Diimpor dari berkas kantor"),
    EventKind.SUBMITTED: N_("Dikirim"),
    EventKind.RETURNED: N_("Dikembalikan"),
    EventKind.APPROVED: N_("Disetujui"),
    EventKind.REOPENED: N_("Dibuka kembali"),
}


def history_of(report: Report) -> list[dict[str, Any]]:
    """What happened to the report, newest first, for the component ``timeline``."""
    names = HAPPENED | STEP_NAMES
    events = [event for event in queries.events_of(report) if event.kind in names]
    return [
        {
            "text": _(names[event.kind]),
            "when": moment(event.at),
            "iso": event.at.isoformat(),
            "note": event.reason,
            "who": event.actor_name,
        }
        for event in reversed(events)
    ]
