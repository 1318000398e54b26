"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.core.database import now
from app.core.extensions import db
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.rules import LONGEST


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


def due(moment: datetime) -> ColumnElement[bool]:
    """A message that waits, whose time has come and that nobody is sending."""
    message, late = OutboxMessage, moment + LONGEST
    return and_(
        message.state == MessageState.WAITING,
        or_(message.next_try_at <= moment, message.next_try_at > late),
        or_(message.claimed_until.is_(None), message.claimed_until < moment, message.claimed_until > late),
    )


def anything_due() -> bool:
    """Whether there is such a message."""
    return bool(db.session.scalar(select(exists().where(due(now())))))
