"""Putting messages into the outbox and settling them. Sending stands in ``delivery``, outside of the write unit."""

from datetime import datetime

from sqlalchemy import delete, update

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.office import office
from app.core.parsing import fold_space
from app.core.text import N_
from app.notifications.models import MessageState, OutboxMessage


def queue_email(
    *,
    kind: str,
    to_name: str,
    to_address: str,
    subject: str,
    body: str,
    link: str | None = None,
    expires_at: datetime | None = None,
    person_id: int | None = None,
) -> OutboxMessage:
    """Let ``body`` wait for the next delivery, signed by the office.

    ``body`` is plain Indonesian text. A one-time ``link`` is given apart; :data:`~app.notifications.rules.LINK_MARK` in the
    body says where it belongs. After ``expires_at`` the message is no longer sent.
    """
    message = OutboxMessage(
        kind=kind,
        person_id=person_id,
        to_name=fold_space(to_name)[:200],
        to_address=to_address,
        subject=fold_space(subject)[:200],
        body=body.strip() + signature(),
        link=link,
        expires_at=expires_at,
        next_try_at=now(),
    )
    db.session.add(message)
    db.session.flush()
    return message


def signature() -> str:
    """The office's name and reach, below each message."""
    sender = office()
    reach = " · ".join(part for part in (sender.phone, sender.email) if part)
    return (
        "\n\n-- \n"
        + "\n".join(part for part in (sender.full_name, sender.address, reach, sender.hours) if part)
        + "\n"
    )


def settle(message: OutboxMessage, state: MessageState, *, error: str = "") -> None:
    """Say what became of ``message``; its one-time link is forgotten."""
    message.state = state
    message.settled_at = now()
    message.link = message.claim = message.claimed_until = None
    message.last_error = error
    db.session.flush()


def hand_over(message: OutboxMessage) -> None:
    """Staff passed the message on by themselves. Raises RuleBroken when it no longer waits."""
    if message.state is not MessageState.WAITING:
        raise RuleBroken(N_("Pesan ini tidak menunggu lagi, jadi tidak perlu disampaikan."))
    settle(message, MessageState.HANDED)


def send_again(message: OutboxMessage) -> OutboxMessage:
    """Try a waiting message at once; of a settled one, queue a copy.

    Raises RuleBroken when its one-time link is gone: a new link must be made then.
    """
    if message.state is MessageState.WAITING:
        if message.claimed_until is None or message.claimed_until < now():
            message.next_try_at = now()
        db.session.flush()
        return message
    if message.expires_at is not None:
        raise RuleBroken(N_("Tautan di pesan ini sudah dihapus. Buat tautan baru di halaman orangnya."))
    copy = OutboxMessage(
        kind=message.kind,
        person_id=message.person_id,
        to_name=message.to_name,
        to_address=message.to_address,
        subject=message.subject,
        body=message.body,
        next_try_at=now(),
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def withdraw(*, person_id: int, kinds: tuple[str, ...]) -> None:
    """Take back what still waits for a person and would no longer be true, such as a link that was replaced."""
    db.session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.person_id == person_id,
            OutboxMessage.kind.in_(kinds),
            OutboxMessage.state == MessageState.WAITING,
            OutboxMessage.claim.is_(None),
        )
        .values(state=MessageState.EXPIRED, settled_at=now(), link=None)
        .execution_options(synchronize_session="fetch")
    )


def erase(address: str, *, kinds: str, beginning: str = "") -> None:
    """Letters to ``address`` of kinds that begin with ``kinds`` are gone, sent or not; with ``beginning``, those whose text begins so."""
    found = [OutboxMessage.to_address == address, OutboxMessage.kind.startswith(kinds, autoescape=True)]
    if beginning:
        found.append(OutboxMessage.body.startswith(beginning, autoescape=True))
    db.session.execute(
        delete(OutboxMessage).where(*found), execution_options={"synchronize_session": "fetch"}
    )


def expire_overdue() -> int:
    """Give up messages whose link ran out before they could be sent; how many."""
    overdue = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.expires_at < now())
    done = db.session.execute(
        update(OutboxMessage)
        .where(overdue)
        .values(state=MessageState.EXPIRED, settled_at=now(), link=None, claim=None, claimed_until=None)
        .execution_options(synchronize_session="fetch")
        .returning(OutboxMessage.id)
    )
    return len(done.all())
