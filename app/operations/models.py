"""What the clock did, and who holds it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Code, Id, Instant, UtcDateTime


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
