"""The yearly report: its edition of the questions, its answers, and everything that happened to it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.cooperatives.models import Cooperative
from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Instant,
    Json,
    JsonList,
    JsonValue,
    Name,
    UtcDateTime,
    now,
    partial_index,
)
from app.questionnaire.rules import EDITABLE, Origin, Status
from app.questionnaire.waiting import HELP_OPEN, SIGNATURE_OPEN, Channel, HelpState, SignatureState


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
    the questions reopened by a return. ``findings`` are what the checks said at the last save, import or move. ``calm`` is
    how little speaks against a submitted report (see review/flags.py): the lowest is looked at first; 0: not weighed yet.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "year"),
        Index("ix_report_state", "year", "status", "submitted_at", "id"),
        # with whose it is: a search of the queue goes on to the cooperatives without reading the reports
        partial_index(
            "ix_report_queue", "submitted_at", "id", "cooperative_id", where="status = 'submitted'"
        ),
        partial_index(
            "ix_report_risk", "calm", "submitted_at", "id", "cooperative_id", where="status = 'submitted'"
        ),
        # how it stands in the ministry's system: a report is in one of these, or in none. Unique, and with all that is asked, or
        # SQLite would take another
        partial_index(
            "ix_report_ods_open",
            *("year", "status", "cooperative_id", "ods_version"),
            where="status = 'approved' AND ods_version IS NULL",
            unique=True,
        ),
        partial_index(
            "ix_report_ods_entered",
            *("year", "status", "cooperative_id", "ods_version", "version"),
            where="status = 'approved' AND ods_version = version",
            unique=True,
        ),
        partial_index(
            "ix_report_ods_drifted",
            *("year", "cooperative_id"),
            where="ods_version IS NOT NULL AND (status <> 'approved' OR ods_version <> version)",
            unique=True,
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
    calm: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # the version that somebody finished, which waits for another person's yes; any later one voids what was asked
    waits_version: Mapped[int | None]
    # the version that stands in the ministry's system; kept by review.ods, here so that an index tells those that drifted
    ods_version: Mapped[int | None]

    cooperative: Mapped[Cooperative] = relationship()
    edition: Mapped[Edition] = relationship()

    @property
    def waits(self) -> bool:
        """Whether the answers as they stand wait for a code or a second signature."""
        return self.waits_version == self.version and self.status in EDITABLE


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


class ReportSave(Base):
    """One save that a browser sent by itself, under a random id of its own: sent again it changes nothing, and is answered
    as the first time, by what ``outcome`` holds (see autosave.py)."""

    __tablename__ = "report_save"
    __table_args__ = (UniqueConstraint("report_id", "save_id"),)

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    save_id: Mapped[Code]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    outcome: Mapped[Json]


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
    # who signed as the second; empty where one was enough
    second_name: Mapped[Name] = mapped_column(default="", server_default="")
    second_position: Mapped[Name] = mapped_column(default="", server_default="")

    report: Mapped[Report] = relationship()
    event: Mapped[ReportEvent] = relationship()


class Help(Base):
    """An operator types the report for a caller or visitor. It counts only once the cooperative has confirmed it.

    ``version`` is what was finished and waits; ``code_digest`` belongs to the one code that confirms it. ``remark`` is what
    the cooperative said is wrong, or why the help ended.
    """

    __tablename__ = "report_help"
    __table_args__ = (
        partial_index("ix_report_help_open", "report_id", where=HELP_OPEN, unique=True),
        Index("ix_report_help_of", "report_id", "id"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    state: Mapped[HelpState] = mapped_column(default=HelpState.TYPING)
    channel: Mapped[Channel]
    spoke_name: Mapped[Name]
    spoke_position: Mapped[Name]
    helper_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    helper_name: Mapped[Name]
    started_at: Mapped[CreatedAt]
    version: Mapped[int | None]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(4), default="")
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_name: Mapped[Name] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(Text, default="")

    report: Mapped[Report] = relationship()


class Signature(Base):
    """The first of two signatures under a report (setting SIMPUL_SECOND_SIGNATURE), and what became of the second."""

    __tablename__ = "report_signature"
    __table_args__ = (
        partial_index("ix_report_signature_open", "report_id", where=SIGNATURE_OPEN, unique=True),
        Index("ix_report_signature_of", "report_id", "id"),
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    state: Mapped[SignatureState] = mapped_column(default=SignatureState.WAITING)
    version: Mapped[int]
    signed_at: Mapped[CreatedAt]
    # nobody where the first signed with a code
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    declared_name: Mapped[Name]
    declared_position: Mapped[Name]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    settled_name: Mapped[Name] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    report: Mapped[Report] = relationship()


class Extension(Base):
    """More time for one cooperative and one book year, given by an operator with a reason. The latest one counts."""

    __tablename__ = "extension"
    __table_args__ = (Index("ix_extension_of", "cooperative_id", "year", "id"),)

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    year: Mapped[int]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[CreatedAt]
    given_by: Mapped[Name]


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
