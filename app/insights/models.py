"""How often pages were read, and what was searched in vain. Sums only: no row is about one visit or one person."""

from datetime import date

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Id, Name
from app.insights.rules import LONGEST_PAGE, LONGEST_WORDS, Device, Source


class VisitCount(Base):
    """How often a page was read on one day (of the office's calendar), by device, source and language."""

    __tablename__ = "visit_count"
    __table_args__ = (
        UniqueConstraint("day", "page", "device", "source", "language", "is_demo"),
        CheckConstraint("visits > 0", name="some_visits"),
    )

    id: Mapped[Id]
    day: Mapped[date]
    page: Mapped[str] = mapped_column(String(LONGEST_PAGE))
    device: Mapped[Device]
    source: Mapped[Source]
    language: Mapped[str] = mapped_column(String(2))
    is_demo: Mapped[bool] = mapped_column(default=False)
    visits: Mapped[int]


class MissedSearch(Base):
    """How often something was searched on one day and not found; see ``rules.words_kept``."""

    __tablename__ = "missed_search"
    __table_args__ = (
        UniqueConstraint("day", "words", "is_demo"),
        CheckConstraint("times > 0", name="some_times"),
    )

    id: Mapped[Id]
    day: Mapped[date]
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    is_demo: Mapped[bool] = mapped_column(default=False)
    times: Mapped[int]


class PageTitle(Base):
    """What a counted page calls itself, so that staff need not read addresses."""

    __tablename__ = "page_title"

    id: Mapped[Id]
    page: Mapped[str] = mapped_column(String(LONGEST_PAGE), unique=True)
    title: Mapped[Name]
