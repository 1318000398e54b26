"""The form of an edition as a cooperative would see it, filled with nobody's answers; nothing of it reaches the database."""

from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app.cooperatives.models import Cooperative, Membership
from app.core.database import now
from app.core.i18n import _
from app.questionnaire.answers import apply, read_answers
from app.questionnaire.checks import run_checks
from app.questionnaire.edition_settings import sample
from app.questionnaire.filling import Filling
from app.questionnaire.form_page import FormPage, form_page
from app.questionnaire.forms import read_post
from app.questionnaire.models import Edition, Report
from app.questionnaire.office_places import places
from app.questionnaire.queries import LastYear, content_of
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import Origin, Status


def preview(edition: Edition, number: int, sent: MultiDict[str, str] | None = None) -> FormPage:
    """Section ``number`` on the day it opens, blank, or as ``sent`` with what the checks say. Last year's are the examples."""
    questionnaire = content_of(edition).questionnaire
    last = LastYear(edition.year - 1, samples(questionnaire))
    report = _tried(edition, number, sent, last) if sent is not None else None
    invented = Cooperative(slug="", nama_koperasi=_("Koperasi Contoh"))
    membership = Membership(cooperative=invented, position="")
    filling = Filling("", edition.year, membership, edition, report, last, edition.opens)
    return form_page(filling, number, all_missing=sent is not None)


def samples(questionnaire: Questionnaire) -> dict[str, Any]:
    """Field → the example that its question gives."""
    found: dict[str, Any] = {}
    for question in questionnaire.questions:
        found |= sample(question, places())
    return found


def _tried(edition: Edition, number: int, sent: MultiDict[str, str], last: LastYear) -> Report:
    """A report that is never stored, with what was typed into the preview."""
    content = content_of(edition)
    posted = read_post(sent, content.questionnaire, last)
    reading = read_answers(content.questionnaire, posted.typed, places())
    answers = apply(content.questionnaire, {}, reading.values)
    findings = run_checks(
        content.questionnaire,
        answers,
        last=last.answers,
        year=edition.year,
        today=_day(edition),
        places=places(),
        checks=content.checks,
    )
    return Report(
        year=edition.year,
        status=Status.DRAFT,
        origin=Origin.FILED,
        answers=answers,
        sections={str(number): 1},
        open_codes=[],
        findings=[one.to_json() for one in findings],
        version=0,
        updated_at=now(),
    )


def _day(edition: Edition) -> date:
    """A day on which a real report would be filled in: answers about the book year's end must not lie in the future."""
    return edition.deadline
