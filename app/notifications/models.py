"""Messages to people, kept until sent and afterwards as the office's record."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Code, CreatedAt, Id, Instant, Json, Name, UtcDateTime, partial_index

WAITING = "state = 'waiting'"
UNREAD = "read_at IS NULL"


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    HANDED = "handed"  # read out, printed or passed on by staff
    FAILED = "failed"  # the mail server refused it for good
    EXPIRED = "expired"  # its link ran out before it could be sent


class OutboxMessage(Base):
    """One e-mail. Without SMTP it waits here, and an operator reads its link out or prints it.

    A one-time link stands in ``link``, not in ``body`` (which has a mark in its place): it is forgotten as soon as the
    message is settled. Whoever sends a message claims it first (``claim``, ``claimed_until``), so that no two processes
    send it.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled"),
        CheckConstraint("state = 'waiting' OR link IS NULL", name="link_forgotten"),
        partial_index("ix_outbox_message_waiting", "next_try_at", where=WAITING),
        Index("ix_outbox_message_state", "state", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[CreatedAt]
    kind: Mapped[Code]
    person_id: Mapped[int | None] = mapped_column(index=True)  # no foreign key: people stand a floor higher
    to_name: Mapped[Name]
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[Name]
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(500))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    next_try_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboxMessage(Base):
    """One message to one person, read in the site itself. ``template`` and ``params`` make the sentence in the reader's
    language, as on a timeline.

    ``subject`` names what a message is about (``program:12``): of one kind about one subject a person is told once, however
    often the verb runs. Empty: each message stands for itself.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "subject"),
        Index("ix_inbox_message_of", "user_id", "id"),
        partial_index("ix_inbox_message_unread", "user_id", where=UNREAD),
    )

    id: Mapped[Id]
    # a name, not the model: people stand a floor higher, but a message without its reader is nothing
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    created_at: Mapped[CreatedAt]
    kind: Mapped[Code]
    subject: Mapped[str | None] = mapped_column(String(60))
    template: Mapped[str] = mapped_column(Text)
    params: Mapped[Json]
    link: Mapped[str | None] = mapped_column(String(200))  # an address inside the site
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
