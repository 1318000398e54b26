"""Who is looking at which report."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import Base, Instant
from app.questionnaire.models import Report


class Assignment(Base):
    """An operator took a report to review. One at a time: the second is told who has it."""

    __tablename__ = "assignment"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    taken_at: Mapped[Instant]

    report: Mapped[Report] = relationship()
    user: Mapped[User] = relationship()
