"""Reading the outbox."""

from sqlalchemy import Select, exists, func, select

from app.core.database import now
from app.core.extensions import db
from app.notifications.models import MessageState, OutboxMessage


def outbox(*, state: MessageState | None = None, wanted: str = "") -> Select[OutboxMessage]:
    """Messages in ``state`` (all when None) whose recipient or subject holds ``wanted``; the page orders them."""
    query = select(OutboxMessage)
    if state is not None:
        query = query.where(OutboxMessage.state == state)
    if wanted:
        columns = (OutboxMessage.to_name, OutboxMessage.to_address, OutboxMessage.subject)
        found = [column.icontains(wanted, autoescape=True) for column in columns]
        query = query.where(found[0] | found[1] | found[2])
    return query


def counts() -> dict[MessageState, int]:
    """How many messages stand in each state."""
    query = select(OutboxMessage.state, func.count().label("messages")).group_by(OutboxMessage.state)
    return dict.fromkeys(MessageState, 0) | {row.state: row.messages for row in db.session.execute(query)}


def anything_due() -> bool:
    """Whether a message waits whose time has come and that nobody is sending."""
    moment = now()
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    OutboxMessage.state == MessageState.WAITING,
                    OutboxMessage.next_try_at <= moment,
                    (OutboxMessage.claimed_until.is_(None)) | (OutboxMessage.claimed_until < moment),
                )
            )
        )
    )
