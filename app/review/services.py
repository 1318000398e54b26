"""An operator's verbs: take, comment, return, approve, reopen. They flush; the route's write unit commits."""

from collections.abc import Mapping

from flask_babel import force_locale, gettext
from sqlalchemy import delete, select

from app.accounts.models import User
from app.accounts.signals import person_deactivated
from app.audit import services as audit
from app.cooperatives.queries import members_of
from app.core.database import now
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import is_sqlite
from app.notifications.services import queue_email
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.rules import Status
from app.review import queries, rules
from app.review.models import Assignment
from app.review.queries import QueueFilter


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
    """Give ``by`` the longest waiting report that nobody has; None when the queue is empty. Two never get the same."""
    free = QueueFilter(**{**vars(wanted), "assignee": "bebas"})
    query = queries.queue_query(free, person=by).order_by(Report.submitted_at, Report.id).limit(1)
    if not is_sqlite():
        query = query.with_for_update(skip_locked=True, of=Report)
    report = db.session.scalars(query).first()
    if report is not None:
        take(report, by=by)
    return report


@person_deactivated.connect
def hand_over(person: User) -> None:
    """Put back for anybody what somebody who left had taken."""
    db.session.execute(delete(Assignment).where(Assignment.user_id == person.id))


def release(report: Report) -> None:
    """Put ``report`` back for anybody."""
    db.session.execute(delete(Assignment).where(Assignment.report_id == report.id))


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

    Raises:
        RuleBroken: nothing is marked, the reason is missing, or somebody else was quicker.
    """
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
