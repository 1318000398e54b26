"""Who is looking at which report, and which reports were approved together."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base, Code, CreatedAt, Id, Instant, Json, Name, UtcDateTime, partial_index
from app.questionnaire.models import Report


class Assignment(Base):
    """An operator took a report to review. One at a time: the second is told who has it."""

    __tablename__ = "assignment"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    taken_at: Mapped[Instant]

    report: Mapped[Report] = relationship()
    user: Mapped[User] = relationship()


class Contact(Base):
    """Somebody of the office reached, or tried to reach, a cooperative that has not filed. Append-only."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_of", "year", "cooperative_id", "id"),)

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    year: Mapped[int]
    at: Mapped[CreatedAt]
    channel: Mapped[Code]
    result: Mapped[Code]
    note: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[Name]


class Reminder(Base):
    """One reminder to one cooperative, so many days before its deadline: sent once, however often the command runs."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("cooperative_id", "year", "due", "days_before"),)

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    year: Mapped[int]
    due: Mapped[date]  # an extension begins the round anew
    days_before: Mapped[int]
    sent_at: Mapped[CreatedAt]
    addresses: Mapped[int]  # how many people were written to; 0: nobody has an address


class OdsEntry(Base):
    """Somebody typed this report into the ministry's Online Data System: the answers and the version that stand there."""

    __tablename__ = "ods_entry"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    version: Mapped[int]
    answers: Mapped[Json]
    entered_at: Mapped[Instant]
    entered_by: Mapped[Name]


class CleanBatch(Base):
    """Clean reports that one operator gathered to approve together. One is open at a time, for the whole office.

    The sample that is held back follows from ``seed``, ``share`` (percent) and the ids of its items alone (see
    ``rules.draw``), so that anybody can draw it again.
    """

    __tablename__ = "clean_batch"
    __table_args__ = (partial_index("uq_clean_batch_open", "is_open", where="is_open", unique=True),)

    id: Mapped[Id]
    seed: Mapped[str] = mapped_column(String(32))
    share: Mapped[int]
    is_open: Mapped[bool] = mapped_column(default=True)
    drawn_at: Mapped[CreatedAt]
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    drawn_by_name: Mapped[Name]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Fate(StrEnum):
    """What became of one report of a clean batch."""

    WAITING = "waiting"
    SAMPLED = "sampled"  # held back for a full look
    TAKEN_OUT = "taken_out"  # by an operator, to be looked at one by one
    APPROVED = "approved"
    SKIPPED = "skipped"  # it was no longer what the operator saw


class CleanBatchItem(Base):
    """One report in one clean batch, in the version that was seen. A version is drawn once and never again."""

    __tablename__ = "clean_batch_item"
    __table_args__ = (
        UniqueConstraint("report_id", "version"),
        Index("ix_clean_batch_item_of", "batch_id", "fate", "id"),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("clean_batch.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    version: Mapped[int]
    fate: Mapped[Fate] = mapped_column(default=Fate.WAITING)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(200), default="")

    batch: Mapped[CleanBatch] = relationship()
    report: Mapped[Report] = relationship()
