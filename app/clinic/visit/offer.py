"""A report that was sent back offers a visit to the clinic about each question to correct."""

from collections.abc import Collection
from urllib.parse import urlencode

from sqlalchemy import exists, select

from app.clinic.calendar_models import ClinicConsultant
from app.clinic.rules import Topic
from app.core.extensions import db
from app.core.i18n import _, say
from app.questionnaire.models import Report
from app.questionnaire.queries import questions_of
from app.questionnaire.signals import Aid, correction_shown

FINANCES = 4
"""The section whose questions are about money."""


@correction_shown.connect
def offer_visits(report: Report, codes: Collection[str]) -> dict[str, Aid]:
    """A link to the free times of the fitting topic, by question; none while nobody consults."""
    if not codes or not db.session.scalar(select(exists().where(ClinicConsultant.active))):
        return {}
    text = _("Tanyakan ke konsultan klinik")
    return {
        question.code: Aid(
            text,
            "/klinik?"
            + urlencode(
                {
                    "topik": Topic.FINANCE if question.section == FINANCES else Topic.GOVERNANCE,
                    "laporan": report.id,
                    "kode": question.code,
                    "soal": _(
                        "Laporan %(year)s, pertanyaan %(number)s: %(label)s",
                        year=report.year,
                        number=question.number,
                        label=say(question.label),
                    ),
                }
            ),
        )
        for question in questions_of(report).questions
        if question.code in codes
    }
