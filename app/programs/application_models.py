"""Who applied for a programme, who has a seat, and who was told of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import ContactChannel, User
from app.cooperatives.models import Cooperative
from app.core.database import Base, CreatedAt, Id, Instant, Json, Name, UtcDateTime, partial_index
from app.enterprises.models import Enterprise
from app.programs.application_rules import Mode, Progress
from app.programs.models import Program

LIVE = "state <> 'withdrawn'"


class ProgramIntake(Base):
    """How a programme takes applications. Without a row: in order of arrival, with no question of its own."""

    __tablename__ = "program_intake"

    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"), primary_key=True)
    mode: Mapped[Mode] = mapped_column(default=Mode.FIRST)
    question: Mapped[str] = mapped_column(Text, default="")


class ProgramApplication(Base):
    """One cooperative or UKM that wants to take part.

    A seat is a number that nobody else has in the same programme, and never more than ``seats``, the quota of the moment at
    which it was given (None: no quota): the database itself refuses to book a programme over. ``queued_at`` orders the
    waitlist. ``facts`` is what the office's data said when it was sent; ``version`` grows with each move.
    """

    __tablename__ = "program_application"
    __table_args__ = (
        UniqueConstraint("program_id", "seat"),
        CheckConstraint("(cooperative_id IS NULL) <> (enterprise_id IS NULL)", name="of_one_applicant"),
        CheckConstraint("(state = 'accepted') = (seat IS NOT NULL)", name="accepted_on_a_seat"),
        CheckConstraint("seat >= 1 AND (seats IS NULL OR seat <= seats)", name="seat_within_quota"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_with_a_reason"),
        CheckConstraint("state <> 'waitlisted' OR queued_at IS NOT NULL", name="waitlisted_in_order"),
        partial_index(
            "uq_program_application_cooperative", "program_id", "cooperative_id", where=LIVE, unique=True
        ),
        partial_index(
            "uq_program_application_enterprise", "program_id", "enterprise_id", where=LIVE, unique=True
        ),
        Index("ix_program_application_of", "program_id", "state", "queued_at", "id"),
    )

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    state: Mapped[Progress] = mapped_column(default=Progress.WAITING)
    seat: Mapped[int | None]
    seats: Mapped[int | None]
    created_at: Mapped[CreatedAt]
    queued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    name: Mapped[Name]  # of the cooperative or UKM, as it was then
    facts: Mapped[Json]
    contact_name: Mapped[Name]
    contact_phone: Mapped[Name]
    answer: Mapped[str] = mapped_column(Text, default="")
    agreed_at: Mapped[Instant]  # to the office's use of these data for this programme

    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[Name] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    attended: Mapped[bool | None]
    result: Mapped[Name] = mapped_column(default="")

    program: Mapped[Program] = relationship()
    cooperative: Mapped[Cooperative | None] = relationship()
    enterprise: Mapped[Enterprise | None] = relationship()
    user: Mapped[User] = relationship()


class ProgramTelling(Base):
    """One person was told of one programme by one channel: once, however often the telling runs."""

    __tablename__ = "program_telling"
    __table_args__ = (UniqueConstraint("program_id", "user_id", "channel"),)

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    channel: Mapped[ContactChannel]
    told_at: Mapped[CreatedAt]
    told_by: Mapped[Name] = mapped_column(default="")  # empty: the site itself
