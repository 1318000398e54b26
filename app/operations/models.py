"""What the clock did, who holds it and what it was asked for; drills; what went wrong or was slow."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Code, Id, Instant, Json, Name, UtcDateTime


class Outcome(StrEnum):
    """How a run ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(Base):
    """One run of one job, from its start on record, so that a run that died is seen too."""

    __tablename__ = "job_run"
    __table_args__ = (
        CheckConstraint("(outcome = 'running') = (ended_at IS NULL)", name="ended"),
        Index("ix_job_run_job", "job", "started_at"),
    )

    id: Mapped[Id]
    job: Mapped[Code]
    holder: Mapped[str] = mapped_column(String(120))  # the process, as in Lease
    started_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.RUNNING)
    summary: Mapped[str] = mapped_column(Text, default="")


class Lease(Base):
    """Which process may act by the clock, and until when unless it says so again."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    until: Mapped[Instant]


class JobWish(Base):
    """A job that somebody wants to run now, until it has begun."""

    __tablename__ = "job_wish"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    asked_at: Mapped[Instant]
    asked_by: Mapped[Name]


class BackupDrill(Base):
    """One backup that was restored beside the site to see whether it holds: what was in it, or what was wrong."""

    __tablename__ = "backup_drill"
    __table_args__ = (CheckConstraint("passed = (fault = '')", name="fault"),)

    id: Mapped[Id]
    at: Mapped[Instant]
    backup: Mapped[str] = mapped_column(String(120))  # the file's name
    made_at: Mapped[Instant]  # of the backup
    newest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last change that it holds
    tables: Mapped[Json]  # rows by table
    passed: Mapped[bool]
    fault: Mapped[str] = mapped_column(Text, default="")


class TroubleKind(StrEnum):
    """What may be wrong with an answer."""

    ERROR = "error"
    SLOW = "slow"


class Trouble(Base):
    """How often an address of the site failed or was slow on one day (of the office's calendar), and the last time."""

    __tablename__ = "trouble"
    __table_args__ = (
        UniqueConstraint("day", "kind", "page"),
        CheckConstraint("times > 0", name="some_times"),
    )

    id: Mapped[Id]
    day: Mapped[date]
    kind: Mapped[TroubleKind]
    page: Mapped[str] = mapped_column(String(120))  # the rule of the address: nothing that somebody typed
    times: Mapped[int]
    longest_ms: Mapped[int]
    last_at: Mapped[Instant]
    last_request: Mapped[str] = mapped_column(String(16))  # the code that the error page showed


class RequestTotal(Base):
    """Sums over all answers of all processes since the first day, for ``/metrics``."""

    __tablename__ = "request_total"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    total: Mapped[int] = mapped_column(BigInteger)
