"""Sending what is due. Each message: claim it in one write unit, send it outside of any, settle it in another.

A claim is a random word with a time limit. A process that dies while it sends leaves its claim to run out; the message then
goes out again under the same Message-ID, by which mailboxes tell a repetition. Two living processes never hold one message.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy import select

from app.core.database import now
from app.core.extensions import db
from app.core.office import office
from app.core.writing import writing
from app.notifications import rules
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.queries import due
from app.notifications.services import expire_overdue, settle
from app.notifications.smtp import (
    BadAddress,
    Letter,
    MailServer,
    MakePostman,
    Postman,
    Refused,
    ServerTrouble,
)

log = structlog.get_logger("simpul")


@dataclass(frozen=True)
class Delivery:
    """What one round did. ``trouble`` says why it ended early."""

    sent: int = 0
    refused: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class Claimed:
    """A message in our hands."""

    id: int
    claim: str
    letter: Letter


def is_configured() -> bool:
    """Whether a mail server and a sender are named; otherwise messages wait for staff."""
    return bool(current_app.config["SMTP_URL"] and sender_address())


def sender_address() -> str:
    """What messages are sent from."""
    return str(current_app.config["MAIL_FROM"] or current_app.config["OFFICE_EMAIL"])


def deliver_due(*, limit: int = 100) -> int:
    """Send what is due, at most ``limit`` messages; how many went out. Opens write units of its own: call it outside."""
    return deliver(limit=limit).sent


def deliver(*, limit: int = 100, postman_class: MakePostman = Postman) -> Delivery:
    """:func:`deliver_due`, with more to tell."""
    if not is_configured():
        return Delivery(trouble="SIMPUL_SMTP_URL atau alamat pengirim belum diisi.")
    try:
        server = MailServer.parse(current_app.config["SMTP_URL"])
    except BadAddress as wrong:
        return Delivery(trouble=str(wrong.text))
    sent = refused = 0
    with writing():
        expire_overdue()
    with postman_class(server, own_name()) as postman:
        for _ in range(limit):
            with writing():
                claimed = _claim_next()
            if claimed is None:
                break
            try:
                postman.send(claimed.letter)
            except ServerTrouble as trouble:
                _put_back(claimed, str(trouble), gives_up=False)
                log.warning("mail server", error=str(trouble))
                return Delivery(sent, refused, str(trouble))
            except Refused as no:
                _put_back(claimed, str(no), gives_up=True, for_good=no.for_good)
                refused += 1
            else:
                _mark_sent(claimed)
                sent += 1
    return Delivery(sent, refused)


def own_name() -> str:
    """The name by which this site greets a mail server, and the right half of its Message-IDs."""
    return urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"


def _claim_next() -> Claimed | None:
    moment = now()
    message = db.session.scalar(
        select(OutboxMessage)
        .where(due(moment))
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # SQLite has one writer at a time anyway
    )
    if message is None:
        return None
    message.claim = secrets.token_hex(16)
    message.claimed_until = moment + rules.CLAIM
    message.attempts += 1
    db.session.flush()
    return Claimed(message.id, message.claim, _letter(message))


def _letter(message: OutboxMessage) -> Letter:
    return Letter(
        message_id=f"<{message.id}.{message.created_at:%Y%m%d%H%M%S%f}@{own_name()}>",
        sender=(office().full_name, sender_address()),
        to=(message.to_name, message.to_address),
        subject=message.subject,
        body=rules.filled_in(message.body, message.link),
        at=now(),
    )


def _ours(claimed: Claimed) -> OutboxMessage | None:
    """The message, unless somebody else has taken it over since."""
    query = select(OutboxMessage).where(OutboxMessage.id == claimed.id, OutboxMessage.claim == claimed.claim)
    return db.session.scalar(query.with_for_update())


def _mark_sent(claimed: Claimed) -> None:
    with writing():
        if message := _ours(claimed):
            settle(message, MessageState.SENT)


def _put_back(claimed: Claimed, error: str, *, gives_up: bool, for_good: bool = False) -> None:
    """Leave the message for a later try, or give it up when the server refused it for good or too often."""
    with writing():
        message = _ours(claimed)
        if message is None:
            return
        if gives_up and (for_good or message.attempts >= rules.MOST_ATTEMPTS):
            settle(message, MessageState.FAILED, error=error)
            return
        message.claim = message.claimed_until = None
        message.last_error = error
        message.next_try_at = now() + rules.wait_after(message.attempts)
