"""Programmes as the office announces them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base, Code, CreatedAt, Id, Instant, Json, JsonList, Name, UtcDateTime, now
from app.core.search import index_table
from app.programs import rules
from app.programs.rules import Standing, State


class Program(Base):
    """An announcement of training, a fair, capital, certification or grants, and since when people may read it.

    ``kecamatan`` lists codes; empty means the whole region. ``requirements`` is a list of ``{"text", "note"}``, what an
    applicant prepares. ``deadline`` is the last moment to join. A time at midnight (for ``starts_at``) or at 23.59 (for the
    others) stands for the whole day. ``closes_at`` is derived, see :func:`app.programs.rules.closes_at`; it is never empty,
    so that lists sort by it. ``target`` holds the rules of whom it fits, ``announced_at`` when those people were told.
    """

    __tablename__ = "program"
    __table_args__ = (
        CheckConstraint(
            "state NOT IN ('scheduled', 'published') OR publish_at IS NOT NULL", name="public_from_a_moment"
        ),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_a_moment"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_reason <> ''", name="withdrawn_with_a_reason"),
        CheckConstraint("quota IS NULL OR quota > 0", name="quota_of_some"),
        CheckConstraint("ends_at IS NULL OR starts_at IS NOT NULL", name="no_end_without_a_start"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_its_start"),
        Index("ix_program_closing", "state", "closes_at", "id"),
        Index("ix_program_changed", "changed_at", "id"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[Instant] = mapped_column(default=now)
    changed_by_name: Mapped[Name] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    title: Mapped[Name]
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")  # markdown
    kind: Mapped[Code] = mapped_column(default="other")  # of rules.KINDS
    audience: Mapped[JsonList] = mapped_column(default=list)  # of rules.AUDIENCES
    kecamatan: Mapped[JsonList] = mapped_column(default=list)
    cost: Mapped[Name] = mapped_column(default="")
    requirements: Mapped[JsonList] = mapped_column(default=list)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[Name] = mapped_column(default="")
    place_address: Mapped[str] = mapped_column(Text, default="")
    map_url: Mapped[str] = mapped_column(String(500), default="")
    contact_name: Mapped[Name] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    picture_alt: Mapped[Name] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(Text)  # see core.search.searchable

    quota: Mapped[int | None]
    takes_applications: Mapped[bool] = mapped_column(default=False)
    target: Mapped[Json] = mapped_column(default=dict)

    state: Mapped[State] = mapped_column(default=State.DRAFT)
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[Instant] = mapped_column(default=rules.FOREVER)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")

    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it now."""
        return rules.is_public(self.state, self.publish_at, now())

    @property
    def standing(self) -> Standing:
        """Where it stands now."""
        return rules.standing(self.state, moment=now(), publish_at=self.publish_at, **self.period)

    @property
    def period(self) -> dict[str, Any]:
        """The three times that say until when one can join and when it is over."""
        return {"deadline": self.deadline, "starts_at": self.starts_at, "ends_at": self.ends_at}

    @property
    def can_be_joined(self) -> bool:
        """Whether it is public and its deadline has not passed."""
        return self.standing in (Standing.OPEN, Standing.CLOSING)


ProgramTable: Table = Program.__table__  # type: ignore[assignment]
index_table(ProgramTable)
