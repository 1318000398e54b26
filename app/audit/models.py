"""The trail's tables."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Code, Instant, JsonList, JsonValue, Name


class TrailEntry(Base):
    """One change. Only ``before``, ``after`` and ``salt`` may ever be emptied (erasure); nothing else changes.

    ``id`` is the place in the chain: 1, 2, 3 … without gaps, given by the service that seals the entry.
    """

    __tablename__ = "trail_entry"
    __table_args__ = (
        Index("ix_trail_entry_subject", "subject_kind", "subject_id"),
        Index("ix_trail_entry_actor", "actor_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Instant] = mapped_column(index=True)
    actor_id: Mapped[int | None]  # no foreign key: people stand a floor higher
    actor_name: Mapped[Name]
    action: Mapped[Code] = mapped_column(index=True)
    subject_kind: Mapped[Code]
    subject_id: Mapped[int | None]
    subject_name: Mapped[Name]
    fields: Mapped[JsonList]
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    salt: Mapped[str | None] = mapped_column(String(32))
    values_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)

    @property
    def is_erased(self) -> bool:
        """Whether its values were erased at a person's request."""
        return self.salt is None


class TrailHead(Base):
    """How long the chain is and the digest at its end, so that entries cut off the end are missed. One row."""

    __tablename__ = "trail_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=1)
    length: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
