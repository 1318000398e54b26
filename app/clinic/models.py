"""The clinic's bookings, who waits for one, and what follows from a visit."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clinic.calendar_models import ClinicConsultant
from app.clinic.rules import (
    Channel,
    FollowUpOwner,
    Origin,
    ReminderKind,
    State,
    Step,
    Topic,
    WaitState,
    is_live,
)
from app.clinic.slots import key_of
from app.cooperatives.models import Cooperative
from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Instant,
    Json,
    Name,
    UtcDateTime,
    now,
    partial_index,
)
from app.enterprises.models import Enterprise

ABOUT = "clinic_booking"
"""The kind under which its files are kept and its changes stand in the trail."""
TAKES_A_SEAT = "state IN ('held', 'booked', 'arrived', 'running')"
IN_LINE = "state IN ('waiting', 'offered')"


class ClinicBooking(Base):
    """One seat of the calendar that somebody holds or has, or one person in the line at the counter (``seat`` None).

    ``form_key`` is random and unique; the secret token of its addresses follows from that and the site's secret
    (``access.token_of``), so a link can be written again though only ``token_digest`` is stored. ``holder`` names the
    browser that holds it and its network by their digests, and is forgotten with the hold. ``version`` grows with each change of time or state. ``notes`` are the clinic's own, ``advice`` is the
    visitor's too. Who walks in has a ``queue_number`` of ``queue_day``, and whoever booked gets one on arrival.
    """

    __tablename__ = "clinic_booking"
    __table_args__ = (
        partial_index(
            "uq_clinic_booking_seat", "consultant_id", "starts_at", "seat", where=TAKES_A_SEAT, unique=True
        ),
        UniqueConstraint("queue_day", "queue_number"),
        CheckConstraint("starts_at < ends_at", name="in_order"),
        CheckConstraint("seat IS NULL OR (seat >= 0 AND consultant_id IS NOT NULL)", name="seat_of_somebody"),
        CheckConstraint("state <> 'held' OR expires_at IS NOT NULL", name="hold_expires"),
        CheckConstraint("(queue_day IS NULL) = (queue_number IS NULL)", name="number_of_a_day"),
        Index("ix_clinic_booking_day", "consultant_id", "starts_at"),
        Index("ix_clinic_booking_start", "starts_at", "id"),
        Index("ix_clinic_booking_phone", "phone", "id"),
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(10), unique=True)
    form_key: Mapped[str] = mapped_column(String(43), unique=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    holder: Mapped[str] = mapped_column(String(64), default="")
    region: Mapped[Code]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(default=1)

    consultant_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_consultant.id"))
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    timed_at: Mapped[CreatedAt]  # when it was given this time
    seat: Mapped[int | None]
    state: Mapped[State]
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of a hold
    origin: Mapped[Origin] = mapped_column(default=Origin.WEB)
    topic: Mapped[Topic]
    channel: Mapped[Channel]
    place: Mapped[Name] = mapped_column(default="")
    title: Mapped[Name] = mapped_column(default="")  # of a class

    name: Mapped[Name] = mapped_column(default="")
    phone: Mapped[str | None] = mapped_column(String(20))  # E.164
    email: Mapped[str | None] = mapped_column(String(254))  # lower case
    question: Mapped[str] = mapped_column(Text, default="")
    kode_kecamatan: Mapped[str | None] = mapped_column(String(8))
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)  # who is signed in
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)  # of the office
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id", ondelete="SET NULL"), index=True)
    question_code: Mapped[str] = mapped_column(String(40), default="")  # of a returned report
    program_slug: Mapped[str] = mapped_column(String(120), default="")  # programmes stand a floor higher

    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # "I will come", from a reminder
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queue_day: Mapped[date | None]
    queue_number: Mapped[int | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    is_rated: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    search_text: Mapped[str] = mapped_column(Text, default="")  # see core.search.searchable

    consultant: Mapped[ClinicConsultant | None] = relationship()
    cooperative: Mapped[Cooperative | None] = relationship()
    enterprise: Mapped[Enterprise | None] = relationship()

    @property
    def is_live(self) -> bool:
        """Whether it takes its seat now."""
        return is_live(self.state, self.expires_at, now())

    @property
    def slot_key(self) -> str:
        """The key of the slot in which it stands; nobody's without a consultant."""
        return key_of(self.consultant_id or 0, self.starts_at)

    @property
    def party(self) -> Cooperative | Enterprise | None:
        """The cooperative or UKM that it is for; at most one."""
        return self.cooperative or self.enterprise


class ClinicEvent(Base):
    """Something that happened to a booking. Append-only. ``by_name`` is empty when its visitor did it."""

    __tablename__ = "clinic_event"
    __table_args__ = (Index("ix_clinic_event_of", "booking_id", "id"),)

    id: Mapped[Id]
    booking_id: Mapped[int] = mapped_column(ForeignKey("clinic_booking.id", ondelete="CASCADE"))
    at: Mapped[CreatedAt]
    step: Mapped[Step]
    detail: Mapped[Json] = mapped_column(default=dict)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    by_name: Mapped[Name] = mapped_column(default="")


class ClinicWaiting(Base):
    """Somebody who waits for a seat, in the order of ``joined_at`` and id. ``booking_id`` is the hold of the offer, then the
    booking that came of it. Its token follows from ``form_key`` as that of a booking."""

    __tablename__ = "clinic_waiting"
    __table_args__ = (
        CheckConstraint("state <> 'offered' OR booking_id IS NOT NULL", name="offered_a_seat"),
        partial_index("ix_clinic_waiting_line", "joined_at", "id", where=IN_LINE),
        Index("ix_clinic_waiting_phone", "phone", "state"),
    )

    id: Mapped[Id]
    form_key: Mapped[str] = mapped_column(String(43), unique=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    region: Mapped[Code]
    is_demo: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[CreatedAt]
    state: Mapped[WaitState] = mapped_column(default=WaitState.WAITING)
    topic: Mapped[Topic]
    consultant_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_consultant.id"), index=True)
    channel: Mapped[Channel | None]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("clinic_booking.id"), index=True)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    name: Mapped[Name]
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    question: Mapped[str] = mapped_column(Text, default="")
    kode_kecamatan: Mapped[str | None] = mapped_column(String(8))
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    booking: Mapped[ClinicBooking | None] = relationship()
    consultant: Mapped[ClinicConsultant | None] = relationship()


class ClinicFollowUp(Base):
    """What was agreed to be done after a visit, by whom and until when."""

    __tablename__ = "clinic_follow_up"
    __table_args__ = (Index("ix_clinic_follow_up_of", "booking_id", "id"),)

    id: Mapped[Id]
    booking_id: Mapped[int] = mapped_column(ForeignKey("clinic_booking.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date] = mapped_column(index=True)
    owner: Mapped[FollowUpOwner]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)  # of the office
    created_at: Mapped[CreatedAt]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    booking: Mapped[ClinicBooking] = relationship()


class ClinicRating(Base):
    """What somebody thought of a visit. It names neither the visit nor the consultant, and only the month."""

    __tablename__ = "clinic_rating"
    __table_args__ = (
        CheckConstraint("useful BETWEEN 1 AND 5", name="useful_in_range"),
        CheckConstraint("clear BETWEEN 1 AND 5", name="clear_in_range"),
        Index("ix_clinic_rating_month", "month", "topic"),
    )

    id: Mapped[Id]
    month: Mapped[date]  # its first day
    topic: Mapped[Topic]
    kode_kecamatan: Mapped[str | None] = mapped_column(String(8))
    useful: Mapped[int]
    clear: Mapped[int]
    is_demo: Mapped[bool] = mapped_column(default=False)


class ClinicReminder(Base):
    """One of the two reminders of one time was sent; a booking that was moved is reminded of its new time. ``handed_at``: staff
    has passed it on by WhatsApp."""

    __tablename__ = "clinic_reminder"
    __table_args__ = (UniqueConstraint("booking_id", "kind", "starts_at"),)

    id: Mapped[Id]
    booking_id: Mapped[int] = mapped_column(ForeignKey("clinic_booking.id", ondelete="CASCADE"))
    kind: Mapped[ReminderKind]
    starts_at: Mapped[Instant]
    at: Mapped[CreatedAt]
    handed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    booking: Mapped[ClinicBooking] = relationship()
