"""What the office knows of the cooperative or UKM that comes: a few facts, its reports, and its timeline."""

from typing import Any

from flask import url_for
from sqlalchemy import select

from app.accounts.models import User
from app.clinic.models import ClinicBooking
from app.clinic.visit.reading import returned_reports
from app.cooperatives.happenings import timeline_of
from app.cooperatives.models import Cooperative
from app.cooperatives.rules import STATUS_LABELS
from app.cooperatives.screens import place_name, timeline_lines
from app.cooperatives.standing import standing_of
from app.core.access import Role
from app.core.extensions import db
from app.core.i18n import _, say
from app.enterprises.clusters.queries import cluster_key, cluster_names
from app.enterprises.exports import activity_name
from app.enterprises.models import Enterprise
from app.enterprises.queries import events_of
from app.enterprises.rules import STATE_NAMES
from app.enterprises.screens import history_lines
from app.questionnaire.models import Report
from app.questionnaire.queries import questions_of, remarks_of, reports_of
from app.questionnaire.rules import STATUS_NAMES

LINES = 15
"""Of the timeline, beside a visit."""
YEARS = 3


def party_of(booking: ClinicBooking, person: User) -> dict[str, Any] | None:
    """The cooperative or UKM in a few lines; operators may open its card."""
    party, is_operator = booking.party, person.has_role(Role.OPERATOR)
    if party is None:
        return None
    if isinstance(party, Cooperative):
        return {
            "title": _("Koperasi"),
            "name": party.nama_koperasi,
            "url": url_for("cooperatives.card", slug=party.slug) if is_operator else "",
            "facts": _cooperative_facts(party),
        }
    return {
        "title": _("UKM"),
        "name": party.name,
        "url": url_for("enterprises.card", slug=party.slug) if is_operator else "",
        "facts": _enterprise_facts(party),
    }


def _cooperative_facts(one: Cooperative) -> list[tuple[str, str]]:
    reports = reports_of(one)[:YEARS]
    return [
        (_("Status"), say(STATUS_LABELS[standing_of(one).status])),
        (_("Jenis"), one.jenis_koperasi or ""),
        (_("Kecamatan"), place_name(one.kode_kecamatan)),
        *((_("Laporan %(year)s", year=report.year), report_word(report)) for report in reports),
    ]


def report_word(report: Report) -> str:
    """``Dikembalikan, 2 pertanyaan``."""
    word = say(STATUS_NAMES[report.status])
    if not report.open_codes:
        return word
    return _("%(status)s, %(count)s pertanyaan", status=word, count=len(report.open_codes))


def _enterprise_facts(one: Enterprise) -> list[tuple[str, str]]:
    key = db.session.scalar(select(cluster_key()).where(Enterprise.id == one.id))
    group = cluster_names().get(key) if key else None
    return [
        (_("Status"), say(STATE_NAMES[one.state])),
        (_("Hasil atau jualan"), one.products),
        (_("Bidang"), say(activity_name(one)) if activity_name(one) else ""),
        (_("Kecamatan"), place_name(one.kode_kecamatan)),
        (_("Kelompok UKM"), say(group) if group else ""),
    ]


def timeline(booking: ClinicBooking, person: User) -> list[dict[str, Any]]:
    """What happened to whoever comes, newest first. Its links lead to the operators' desk, so only they get them."""
    party, is_operator = booking.party, person.has_role(Role.OPERATOR)
    if party is None:
        return []
    if isinstance(party, Cooperative):
        lines = timeline_lines(timeline_of(party, LINES))
    else:
        lines = history_lines(events_of(party, LINES), office=is_operator, staff=True)
    return lines if is_operator else [line | {"url": ""} for line in lines]


def report_choices(booking: ClinicBooking) -> list[tuple[str, str]]:
    """The questions of returned reports that are open for correction, as choices ``<report>:<code>``."""
    if booking.cooperative_id is None:
        return []
    found = []
    for report in returned_reports(booking.cooperative_id):
        labels = {question.code: question for question in questions_of(report).questions}
        for code in report.open_codes:
            if code in labels:
                found.append((f"{report.id}:{code}", question_words(report, code)))
    return found


def question_words(report: Report, code: str) -> str:
    """``Laporan 2025, nomor 22: Aset``."""
    question = next((one for one in questions_of(report).questions if one.code == code), None)
    if question is None:
        return _("Laporan %(year)s", year=report.year)
    return _(
        "Laporan %(year)s, nomor %(number)s: %(label)s",
        year=report.year,
        number=question.number,
        label=say(question.label),
    )


def about_report(booking: ClinicBooking, person: User) -> dict[str, str] | None:
    """The question of a returned report that a visit is about, with what the operator wrote beside it."""
    report = db.session.get(Report, booking.report_id) if booking.report_id else None
    if report is None:
        return None
    is_operator = person.has_role(Role.OPERATOR)
    return {
        "text": question_words(report, booking.question_code),
        "remark": remarks_of(report).get(booking.question_code, ""),
        "url": f"/dinas/periksa/{report.id}" if is_operator else "",
    }
