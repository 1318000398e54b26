"""Requests, what happened to them, and the working days that a service takes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.database import Base, Code, CreatedAt, Id, Json, Name, UtcDateTime
from app.core.search import index_table
from app.desk.rules import AnswerBy, Channel, Copy, Kind, Outcome, Requester, Step
from app.enterprises.models import Enterprise

OPEN = text("outcome IS NULL")
ABOUT = "service_request"
"""The kind under which its files are kept and its changes stand in the trail."""


class ServiceRequest(Base):
    """One request. It is open until it has an outcome; it is being worked on while it has an assignee.

    ``form_key`` is the one-time key of the form that it was sent with: a form sent twice makes one request. The code by which
    its requester sees it without an account follows from that key and the site's secret (``access.code_of``), so it can be
    printed again and stands nowhere. ``received_on`` is the day from which working days are counted: a letter may lie a day
    before it is recorded. ``has_news``: the requester wrote, and nobody of the office has looked since. ``erased_at``: what
    the requester said about themselves was deleted.
    """

    __tablename__ = "service_request"
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL)", name="closed_with_outcome"),
        CheckConstraint(
            "phone IS NOT NULL OR email IS NOT NULL OR channel <> 'website' OR erased_at IS NOT NULL",
            name="reachable",
        ),
        CheckConstraint("(kind = 'information') = (requester IS NOT NULL)", name="requester_of_information"),
        CheckConstraint("(extended_from IS NULL) = (extension_reason IS NULL)", name="extended_with_reason"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating_in_range"),
        CheckConstraint("days BETWEEN 1 AND 250", name="days_in_range"),
        Index("ix_service_request_open", "due_on", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_service_request_closed", "closed_at", "id"),
        Index("ix_service_request_phone", "phone", "id"),
        Index("ix_service_request_email", "email", "id"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    form_key: Mapped[str] = mapped_column(String(43), unique=True)
    kind: Mapped[Kind]
    channel: Mapped[Channel]
    region: Mapped[Code]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id"), index=True
    )  # the operator who recorded it

    service_slug: Mapped[str] = mapped_column(String(120), default="", index=True)
    service_name: Mapped[Name] = mapped_column(default="")  # as it was called then
    question: Mapped[str] = mapped_column(Text)
    letter_number: Mapped[str] = mapped_column(String(100), default="")
    letter_date: Mapped[date | None]

    name: Mapped[Name]
    phone: Mapped[str | None] = mapped_column(String(20))  # E.164
    email: Mapped[str | None] = mapped_column(String(254))  # lower case
    kode_kelurahan: Mapped[str | None] = mapped_column(String(13))
    address: Mapped[str] = mapped_column(Text, default="")
    organisation: Mapped[Name] = mapped_column(default="")
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)  # where signed in
    answer_by: Mapped[AnswerBy]
    requester: Mapped[Requester | None]
    purpose: Mapped[str] = mapped_column(Text, default="")
    wanted_as: Mapped[Copy | None]

    received_on: Mapped[date]
    days: Mapped[int]  # working days in which it is to be answered
    due_on: Mapped[date]
    extended_from: Mapped[date | None]  # the due date before the one extension
    extension_reason: Mapped[str | None] = mapped_column(Text)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_news: Mapped[bool] = mapped_column(default=False)

    outcome: Mapped[Outcome | None]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[Name] = mapped_column(default="")
    closing_message: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")  # of a refusal, in the office's words
    ground: Mapped[str] = mapped_column(String(8), default="")  # of a refusal of information: rules.GROUNDS
    referred_to: Mapped[Name] = mapped_column(default="")
    rating: Mapped[int | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    search_text: Mapped[str] = mapped_column(Text)  # see core.search.searchable

    cooperative: Mapped[Cooperative | None] = relationship()
    enterprise: Mapped[Enterprise | None] = relationship()
    assignee: Mapped[User | None] = relationship(foreign_keys=[assignee_id])

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.outcome is None

    @property
    def title(self) -> str:
        """What it is about, in one line: the service, or the beginning of the question."""
        first = self.question.partition("\n")[0]
        return self.service_name or (f"{first[:79]}…" if len(first) > 80 else first)

    @property
    def party(self) -> Cooperative | Enterprise | None:
        """The cooperative or UKM that asks; one request has at most one."""
        return self.cooperative or self.enterprise


RequestTable: Table = ServiceRequest.__table__  # type: ignore[assignment]
index_table(RequestTable)


class RequestEvent(Base):
    """Something that happened to a request. Append-only; ``is_public`` ones are shown to the requester, without the name of
    who acted. ``body`` are words of a person; ``params`` what else the step's sentence needs."""

    __tablename__ = "request_event"
    __table_args__ = (Index("ix_request_event_of", "request_id", "id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("service_request.id", ondelete="CASCADE"))
    at: Mapped[CreatedAt]
    step: Mapped[Step]
    is_public: Mapped[bool]
    body: Mapped[str] = mapped_column(Text, default="")
    params: Mapped[Json] = mapped_column(default=dict)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    actor_name: Mapped[Name] = mapped_column(default="")  # of the office; empty: the requester


class RequestSeries(Base):
    """How many numbers of a series (``PL-26``) were given out. Its row is the lock that keeps numbers apart."""

    __tablename__ = "request_series"

    series: Mapped[str] = mapped_column(String(8), primary_key=True)
    last: Mapped[int]


class ServiceTerm(Base):
    """In how many working days the office answers requests for one service, where it is not the usual number."""

    __tablename__ = "service_term"
    __table_args__ = (CheckConstraint("days BETWEEN 1 AND 250", name="days_in_range"),)

    service_slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    days: Mapped[int]
