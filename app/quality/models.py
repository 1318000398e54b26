"""What the comparison with other reports found, and what was usual in a year: worked out by the clock, never by a page."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Instant, Json, JsonList
from app.questionnaire.models import Report


class ReportQuality(Base):
    """What stands out in one version of one report beside others and its own past.

    ``findings`` have the shape of the row checks'. ``isolation`` is the robust z of the forest's score among the year's
    reports: how easily this one is told apart; None where no forest has seen it.
    """

    __tablename__ = "report_quality"

    report_id: Mapped[int] = mapped_column(ForeignKey(Report.id), primary_key=True, autoincrement=False)
    version: Mapped[int]  # of the report that was compared
    findings: Mapped[JsonList]
    isolation: Mapped[float | None]
    computed_at: Mapped[Instant]


class PeerYear(Base):
    """What is usual among the reports of one book year: medians and spreads by feature and group, and how many there were."""

    __tablename__ = "peer_year"

    year: Mapped[int] = mapped_column(
        ForeignKey("edition.year", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    reports: Mapped[int]
    statistics: Mapped[Json]
    with_forest: Mapped[bool]
    computed_at: Mapped[Instant]
