"""An operator's verbs: take, comment, return, approve, reopen. They flush; the route's write unit commits."""

from collections.abc import Mapping
from dataclasses import replace

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select

from app.accounts.models import User
from app.audit import services as audit
from app.cooperatives.queries import members_of
from app.core.database import now
from app.core.extensions import db
from app.core.text import N_
from app.notifications.services import queue_email
from app.quality.queries import compared
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.rules import Status
from app.review import rules, weighing
from app.review.flags import Flag, of_question
from app.review.models import Assignment
from app.review.queue import QueueFilter, next_report


def take(report: Report, *, by: User) -> Assignment:
    """Note that ``by`` reviews ``report``. Taking over from a colleague is allowed, and audited."""
    held = db.session.get(Assignment, report.id)
    if held is None:
        held = Assignment(report_id=report.id, user_id=by.id, taken_at=now())
        db.session.add(held)
    elif held.user_id != by.id:
        audit.record(
            "report.taken_over",
            kind="report",
            subject_id=report.id,
            name=report.cooperative.nama_koperasi,
            before={"reviewer": held.user.name},
            after={"reviewer": by.name},
        )
        held.user_id, held.taken_at = by.id, now()
    db.session.flush()
    return held


def take_next(wanted: QueueFilter, *, by: User) -> Report | None:
    """Give ``by`` the first report that nobody has; None when there is none. Two never get the same."""
    report = next_report(replace(wanted, assignee="bebas"), person=by, hold=True)
    if report is not None:
        take(report, by=by)
    return report


def take_following(report: Report, wanted: QueueFilter, *, by: User) -> Report | None:
    """Give ``by`` the report after ``report`` that no colleague has, and after the last of the line the first."""
    following = next_report(wanted, person=by, after=report, hold=True)
    if following is not None:
        take(following, by=by)
    return following


def release(report: Report, *, of: User | None = None) -> None:
    """Put ``report`` back for anybody; with ``of``, only if that person has it."""
    held = delete(Assignment).where(Assignment.report_id == report.id)
    db.session.execute(held.where(Assignment.user_id == of.id) if of else held)


def comment(report: Report, *, comments: Mapping[str, str], by: User) -> int:
    """Write the comments that are not blank; returns how many."""
    written = {code: body.strip() for code, body in comments.items() if body.strip()}
    for code, body in written.items():
        questionnaire.comment(report, question=code, body=body, by=by)
    return len(written)


def send_back(
    report: Report, *, codes: list[str], reason: str, comments: Mapping[str, str], by: User, seen: int
) -> ReportEvent:
    """Return (or reopen) ``report``: only the questions ``codes`` are reopened, and the reason goes to its members.

    ``seen`` is the version that the operator looked at.

    Where the operator wrote no reason, what stands beside the marked questions is the reason: notes, else findings.

    Raises:
        RuleBroken: nothing is marked, the reason is missing, or somebody else was quicker.
    """
    reason = reason.strip() or reason_beside(report, codes=codes, comments=comments)
    rules.check_return(codes, reason)
    event = questionnaire.move(
        report, to=Status.RETURNED, by=by, reason=reason.strip(), codes=codes, base_version=seen
    )
    comment(report, comments=comments, by=by)
    release(report)
    tell_members(
        report,
        subject=N_("Laporan tahun buku %(year)s dikembalikan untuk diperbaiki"),
        body=N_(
            "Laporan %(cooperative)s tahun buku %(year)s dikembalikan. Alasannya:\n\n%(reason)s\n\n"
            "Pertanyaan yang perlu diperbaiki: %(count)s. Buka laporan, perbaiki, lalu kirim lagi."
        ),
        reason=reason.strip(),
        count=len(codes),
    )
    return event


def reason_beside(report: Report, *, codes: list[str], comments: Mapping[str, str]) -> str:
    """The reason that the notes or findings beside the questions ``codes`` give; empty if one of them has neither."""
    with force_locale("id"):
        found = weighing.flags(report, compared([report]).get(report.id, ()))
        told = {code: comments.get(code, "").strip() or _first_of(found, code) for code in codes}
    return "\n".join(dict.fromkeys(told.values())) if all(told.values()) else ""


def _first_of(found: list[Flag], code: str) -> str:
    return next((str(flag.text) for flag in of_question(found, code)), "")


def approve(report: Report, *, comments: Mapping[str, str], by: User, seen: int) -> ReportEvent:
    """Lock ``report`` and let its answers into register and statistics. ``seen`` as in :func:`send_back`.

    Raises:
        RuleBroken: the report is not (any more) waiting.
    """
    event = questionnaire.move(report, to=Status.APPROVED, by=by, base_version=seen)
    comment(report, comments=comments, by=by)
    release(report)
    tell_members(
        report,
        subject=N_("Laporan tahun buku %(year)s disetujui"),
        body=N_("Laporan %(cooperative)s tahun buku %(year)s sudah diperiksa dan disetujui. Terima kasih."),
    )
    return event


def tell_members(report: Report, *, subject: str, body: str, **params: object) -> None:
    """Queue an e-mail to each member of the cooperative who has an address."""
    filled = {"cooperative": report.cooperative.nama_koperasi, "year": report.year} | params
    with force_locale("id"):
        for membership in members_of(report.cooperative):
            if membership.user.email:
                queue_email(
                    kind="report",
                    to_name=membership.user.name,
                    to_address=membership.user.email,
                    subject=gettext(subject, **filled),
                    body=gettext(body, **filled),
                )


def assignment_of(report: Report) -> Assignment | None:
    """Who has ``report``, if anybody."""
    return db.session.scalars(select(Assignment).where(Assignment.report_id == report.id)).first()
