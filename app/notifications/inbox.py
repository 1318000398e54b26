"""The site inbox: telling people something on their own pages, once, and what they have read of it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select, update

from app.core.database import now
from app.core.extensions import db
from app.core.formatting import long_date
from app.core.text import Text
from app.core.upsert import insert_into
from app.notifications.models import InboxMessage

TOGETHER = 500  # rows of one statement; SQLite takes 32,766 values at once


def tell(
    user_ids: Collection[int],
    template: str,
    params: Mapping[str, Any] | None = None,
    *,
    kind: str,
    subject: str | None = None,
    link: str = "",
) -> list[int]:
    """Put one message into the inbox of each of ``user_ids``; returns who was told now, lowest id first.

    ``template`` is marked by ``N_``; ``params`` are JSON-able or :class:`Text`, and ``day`` is ISO text, read in the reader's
    language. Whoever has a message of this ``kind`` about this ``subject`` already is left in peace.
    """
    stored = Text(template, dict(params or {})).to_json()
    rows = [
        {
            "user_id": id_,
            "created_at": now(),
            "kind": kind,
            "subject": subject,
            "link": link or None,
            **stored,
        }
        for id_ in sorted(set(user_ids))
    ]
    told: list[int] = []
    for start in range(0, len(rows), TOGETHER):
        statement = insert_into(InboxMessage).values(rows[start : start + TOGETHER])
        told += db.session.scalars(statement.on_conflict_do_nothing().returning(InboxMessage.user_id))
    return sorted(told)


def text_of(message: InboxMessage) -> Text:
    """The sentence of ``message``, for ``say``."""
    text = Text.from_json({"template": message.template, "params": message.params})
    day = text.params.get("day")
    return (
        Text(text.template, {**text.params, "day": long_date(date.fromisoformat(day))})
        if isinstance(day, str)
        else text
    )


def inbox_of(user_id: int) -> Select[InboxMessage]:
    """All messages of one person; the page orders them, the latest first."""
    return select(InboxMessage).where(InboxMessage.user_id == user_id)


def message_of(user_id: int, message_id: int) -> InboxMessage | None:
    """One message, if it is this person's."""
    return db.session.scalars(inbox_of(user_id).where(InboxMessage.id == message_id)).one_or_none()


def unread_count(user_id: int | ColumnElement[int]) -> ScalarSelect[int]:
    """How many messages a person has not read: a part of another query, answered by a partial index."""
    waiting = select(func.count(InboxMessage.id)).where(
        InboxMessage.user_id == user_id, InboxMessage.read_at.is_(None)
    )
    return waiting.scalar_subquery()


def mark_read(user_id: int, message_id: int | None = None) -> int:
    """Note that a person has read one message, or all of them; how many were new to them."""
    statement = update(InboxMessage).where(InboxMessage.user_id == user_id, InboxMessage.read_at.is_(None))
    if message_id is not None:
        statement = statement.where(InboxMessage.id == message_id)
    done = db.session.execute(
        statement.values(read_at=now())
        .returning(InboxMessage.id)
        .execution_options(synchronize_session="fetch")
    )
    return len(done.all())


def take_back(kind: str, subject: str) -> int:
    """Remove what nobody has read yet of a message that is no longer true; how many."""
    rows = db.session.scalars(
        select(InboxMessage).where(
            InboxMessage.kind == kind, InboxMessage.subject == subject, InboxMessage.read_at.is_(None)
        )
    ).all()
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return len(rows)
