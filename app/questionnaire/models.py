"""The yearly report: its edition of the questions, its answers, and everything that happened to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cooperatives.models import Cooperative
from app.core.database import Base, Code, CreatedAt, Id, Instant, Json, JsonList, JsonValue, Name, UtcDateTime
from app.questionnaire.rules import Origin, Status


class Edition(Base):
    """The questions of one book year, frozen once a report of it exists.

    ``questions`` and ``checks`` are data, see questions.toml. They are read only when ``digest``, their fingerprint, is new
    to this process. An edition is published by an operator, or by itself on the day it ``opens``.
    """

    __tablename__ = "edition"
    __table_args__ = (CheckConstraint("opens <= deadline AND deadline <= closes", name="dates_in_order"),)

    id: Mapped[Id]
    year: Mapped[int] = mapped_column(unique=True)
    questions: Mapped[dict[str, Any]] = mapped_column(JsonValue, deferred=True)
    checks: Mapped[list[Any]] = mapped_column(JsonValue, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    opens: Mapped[date]
    deadline: Mapped[date]
    closes: Mapped[date]
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Report(Base):
    """One cooperative's answers for one book year.

    ``answers`` is keyed by field code with canonical values (integers for rupiah and people, ISO dates). ``version`` grows
    with every save and every move; a save against an older one is merged, and what clashes is asked. ``sections`` holds for
    each section saved at least once the version that first saved it: the others still offer suggestions. ``open_codes`` are
    the questions reopened by a return. ``findings`` are what the checks said at the last save, import or move.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "year"),
        Index("ix_report_state", "year", "status", "submitted_at", "id"),
        Index(
            "ix_report_queue",
            "submitted_at",
            "id",
            sqlite_where=text("status = 'submitted'"),
            postgresql_where=text("status = 'submitted'"),
        ),
    )

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    year: Mapped[int]
    region: Mapped[Code]
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    origin: Mapped[Origin] = mapped_column(default=Origin.FILED)
    answers: Mapped[Json]
    sections: Mapped[Json]
    open_codes: Mapped[JsonList]
    findings: Mapped[JsonList]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    cooperative: Mapped[Cooperative] = relationship()
    edition: Mapped[Edition] = relationship()


class AnswerChange(Base):
    """One field changed by one save. Tells a late save which of its fields somebody else changed meanwhile, and when."""

    __tablename__ = "answer_change"
    __table_args__ = (Index("ix_answer_change_of", "report_id", "version"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    version: Mapped[int]  # the version that this save made
    field: Mapped[Code]
    before: Mapped[Any] = mapped_column(JsonValue)
    after: Mapped[Any] = mapped_column(JsonValue)
    at: Mapped[CreatedAt]
    actor_name: Mapped[Name]


class ReportEvent(Base):
    """One move of a report, append-only: who, when, why, and the answers as they then stood."""

    __tablename__ = "report_event"
    __table_args__ = (Index("ix_report_event_of", "report_id", "id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[CreatedAt]
    kind: Mapped[Code]
    status: Mapped[Code]  # the state after it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[Name]
    reason: Mapped[str] = mapped_column(Text, default="")
    codes: Mapped[JsonList]  # the questions it concerns: returned, changed …
    answers: Mapped[Json]
    findings: Mapped[JsonList]

    report: Mapped[Report] = relationship()


class Comment(Base):
    """What an operator or a cooperative wrote beside one question of one report."""

    __tablename__ = "report_comment"
    __table_args__ = (Index("ix_report_comment_of", "report_id", "id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    question: Mapped[Code]
    at: Mapped[CreatedAt]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author_name: Mapped[Name]
    by_staff: Mapped[bool]
    body: Mapped[str] = mapped_column(Text)


class Receipt(Base):
    """Proof of one submission. It verifies as replaced once the report was returned or submitted anew."""

    __tablename__ = "receipt"

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("report_event.id"), unique=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    answers_digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[Instant]
    declared_name: Mapped[Name]
    declared_position: Mapped[Name]

    report: Mapped[Report] = relationship()
    event: Mapped[ReportEvent] = relationship()


class KeptTotal(Base):
    """Sum and count of one numeric question over the approved reports of one year and one kecamatan.

    Changed in the write unit of each approval and reopening, so statistics never scan the answers.
    """

    __tablename__ = "kept_total"
    __table_args__ = (UniqueConstraint("year", "region", "question"),)

    id: Mapped[Id]
    year: Mapped[int]
    region: Mapped[Code]  # kecamatan code, or the office's own where the place is unknown
    question: Mapped[Code]
    reports: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
