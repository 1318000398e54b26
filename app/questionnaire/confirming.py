"""What waits for somebody's yes before a report counts: the office's help, and the second signature."""

from sqlalchemy import select

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives import services as cooperatives
from app.core.database import now
from app.core.extensions import db
from app.notifications.services import queue_email
from app.questionnaire.drafts import name_of, new_event
from app.questionnaire.models import Help, Report, Signature
from app.questionnaire.rules import EDITABLE
from app.questionnaire.waiting import HelpState, SignatureState, Step

OPEN_HELP = (HelpState.TYPING, HelpState.WAITING, HelpState.DISPUTED)


def open_help(report: Report) -> Help | None:
    """The help that is under way for ``report``; none once the cooperative has sent it since."""
    if report.status not in EDITABLE:
        return None
    query = select(Help).where(Help.report_id == report.id, Help.state.in_(OPEN_HELP))
    if report.submitted_at is not None:
        query = query.where(Help.started_at > report.submitted_at)
    return db.session.scalars(query).one_or_none()


def last_help(report: Report) -> Help | None:
    """The latest help with ``report``, whatever became of it."""
    query = select(Help).where(Help.report_id == report.id).order_by(Help.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def open_signature(report: Report) -> Signature | None:
    """The first signature that waits for a second; also one that a changed answer has voided."""
    query = select(Signature).where(
        Signature.report_id == report.id, Signature.state == SignatureState.WAITING
    )
    return db.session.scalars(query).one_or_none()


def last_signature(report: Report) -> Signature | None:
    """The latest first signature under ``report``, whatever became of it."""
    query = select(Signature).where(Signature.report_id == report.id).order_by(Signature.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def settle_open(held: Report, *, name: str) -> None:
    """``held`` was sent by ``name``: what waited for a yes has it, and what was overtaken ends."""
    moment = now()
    help_ = last_help(held)
    if help_ is not None and help_.state in OPEN_HELP:
        help_.state, help_.settled_at, help_.settled_name = HelpState.CONFIRMED, moment, name
    if (signature := open_signature(held)) is not None:
        signature.state, signature.settled_at = SignatureState.VOID, moment
    held.waits_version = None
    db.session.flush()


def happened(
    held: Report,
    step: Step,
    *,
    by: User | None,
    sentence: str,
    reason: str = "",
    name: str = "",
    **told: str,
) -> None:
    """Append ``step`` to the report's history, the trail and, as ``sentence``, the cooperative's timeline.

    ``name`` is who acts where nobody is signed in: the holder of a code. ``told`` goes into the trail and the sentence.
    """
    event = new_event(held, step, by=by, reason=reason)
    event.at = now()
    if name:
        event.actor_name = name[:200]
    db.session.add(event)
    told |= {"reason": reason} if reason else {}
    record(
        f"report.{step}",
        kind="report",
        subject_id=held.id,
        name=name_of(held),
        after={"year": held.year, **told},
        actor=(None, name) if name else None,
    )
    cooperatives.note(
        held.cooperative,
        kind="report",
        template=sentence,
        params={"year": held.year, **told},
        actor_name=name or (by.name if by else None),
    )


def mail(person: User, kind: str, subject: str, *paragraphs: str) -> None:
    """Tell ``person`` by e-mail, in Indonesian; whoever has none sees it on the site."""
    if person.email is None or not person.is_active:
        return
    queue_email(
        kind=kind,
        to_name=person.name,
        to_address=person.email,
        subject=subject,
        body="\n\n".join((f"Yth. {person.name},", *paragraphs)),
        person_id=person.id,
    )
