"""Pages, their attachments, and what was found wrong with their links."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.content.rules import SECTIONS, Kind, State
from app.core.database import Base, CreatedAt, Id, Instant, Json, JsonList, Name, UtcDateTime, now
from app.core.search import index_table
from app.files.models import StoredFile


def _sections() -> str:
    """The condition that a page's section is one of its kind's."""
    return " OR ".join(
        f"(kind = '{kind}' AND section IN ({', '.join(repr(section.code) for section in sections)}))"
        for kind, sections in SECTIONS.items()
    )


class ContentPage(Base):
    """One page that the office writes. ``details`` holds the parts of its kind (``rules.PARTS``); the English texts are
    optional, and ``english_behind`` says that the Indonesian one was changed after them.

    ``due_on`` is the day by which somebody is to look at it again (``rules.NEVER_DUE``: never); ``unit`` is who of the office
    answers for it, in words. ``seed`` names the file that a page came from; nobody of the office has checked it until
    ``checked_at`` is filled.
    """

    __tablename__ = "content_page"
    __table_args__ = (
        UniqueConstraint("kind", "slug"),
        CheckConstraint(_sections(), name="section_of_its_kind"),
        CheckConstraint("state <> 'published' OR publish_at IS NOT NULL", name="published_at_a_time"),
        CheckConstraint(
            "review_every_days IS NULL OR review_every_days BETWEEN 1 AND 1095", name="reviewed_in_time"
        ),
        Index("ix_content_page_public", "kind", "state", "publish_at", "id"),
        Index("ix_content_page_due", "due_on", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[Kind]
    section: Mapped[str] = mapped_column(String(24), default="")
    slug: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)  # order within the section
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    seed: Mapped[str | None] = mapped_column(String(80))

    title: Mapped[Name]
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")  # Markdown
    details: Mapped[Json] = mapped_column(default=dict)
    title_en: Mapped[Name] = mapped_column(default="")
    summary_en: Mapped[str] = mapped_column(Text, default="")
    body_en: Mapped[str] = mapped_column(Text, default="")
    details_en: Mapped[Json] = mapped_column(default=dict)
    english_behind: Mapped[bool] = mapped_column(default=False)
    check_with_office: Mapped[JsonList] = mapped_column(default=list)  # codes of rules.CHECKABLE
    search_text: Mapped[str] = mapped_column(Text)  # see core.search.searchable

    unit: Mapped[Name] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    review_every_days: Mapped[int | None]
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]
    links_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    created_at: Mapped[CreatedAt]
    updated_at: Mapped[Instant] = mapped_column(default=now)
    updated_by: Mapped[Name] = mapped_column(default="")

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    findings: Mapped[list["ContentFinding"]] = relationship(order_by="ContentFinding.id")
    attachments: Mapped[list["ContentAttachment"]] = relationship(order_by="ContentAttachment.id")


ContentPageTable: Table = ContentPage.__table__  # type: ignore[assignment]
index_table(ContentPageTable)


class ContentAttachment(Base):
    """A form or document of a page, to be downloaded. From the day after ``expires_on`` it should no longer be used."""

    __tablename__ = "content_attachment"

    id: Mapped[Id]
    page_id: Mapped[int] = mapped_column(ForeignKey("content_page.id", ondelete="CASCADE"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    label: Mapped[Name]
    label_en: Mapped[Name] = mapped_column(default="")
    expires_on: Mapped[date | None]

    file: Mapped[StoredFile] = relationship(lazy="joined")


class Trouble(StrEnum):
    """What is wrong with a link."""

    GONE = "gone"  # the page is not there
    UNKNOWN = "unknown"  # the site's name is not known
    SILENT = "silent"  # no answer, or a fault of theirs


class ContentFinding(Base):
    """A link of a page that led nowhere when it was last tried."""

    __tablename__ = "content_finding"
    __table_args__ = (UniqueConstraint("page_id", "target"),)

    id: Mapped[Id]
    page_id: Mapped[int] = mapped_column(ForeignKey("content_page.id", ondelete="CASCADE"))
    target: Mapped[str] = mapped_column(String(500))
    trouble: Mapped[Trouble]
    note: Mapped[str] = mapped_column(String(200), default="")
    found_at: Mapped[CreatedAt]
