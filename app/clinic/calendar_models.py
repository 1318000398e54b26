"""The clinic's calendar: its settings, who consults, when, and the days on which nobody is received."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.clinic.rules import ClosureKind, Limits
from app.core.database import Base, Code, Id, JsonList, Name

THE_CLINIC = 1


class ClinicLimits(Base):
    """The settings of the clinic, in one row. That row is also the lock by which writers of the clinic go one after the
    other on PostgreSQL too (see ``settings.line_up``). Without it the settings are those of :class:`~app.clinic.rules.Limits`."""

    __tablename__ = "clinic_limits"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[Id]
    hold_minutes: Mapped[int] = mapped_column(default=Limits.hold_minutes)
    max_open_per_person: Mapped[int] = mapped_column(default=Limits.max_open_per_person)
    cutoff_minutes: Mapped[int] = mapped_column(default=Limits.cutoff_minutes)
    offer_minutes: Mapped[int] = mapped_column(default=Limits.offer_minutes)
    days_ahead: Mapped[int] = mapped_column(default=Limits.days_ahead)
    slot_minutes: Mapped[int] = mapped_column(default=Limits.slot_minutes)
    buffer_minutes: Mapped[int] = mapped_column(default=Limits.buffer_minutes)


class ClinicConsultant(Base):
    """A person of the office whom people consult. ``topics`` are codes; ``feed_digest`` belongs to the secret address of the
    calendar feed, which is forgotten when it is revoked."""

    __tablename__ = "clinic_consultant"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    region: Mapped[Code]
    topics: Mapped[JsonList]
    about: Mapped[str] = mapped_column(Text, default="")
    active: Mapped[bool] = mapped_column(default=True)
    feed_digest: Mapped[str | None] = mapped_column(String(64), unique=True)

    user: Mapped[User] = relationship()

    @property
    def name(self) -> str:
        """As the person is called."""
        return self.user.name


class ClinicHours(Base):
    """A stretch of time that is cut into slots: each week on ``weekday`` (0 is Monday), or once ``on_date``. ``starts`` and
    ``ends`` are minutes from midnight by the office's clock. ``capacity`` above 1 is a class, which has a ``title``."""

    __tablename__ = "clinic_hours"
    __table_args__ = (
        CheckConstraint("(weekday IS NULL) <> (on_date IS NULL)", name="weekly_or_dated"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="weekday_in_range"),
        CheckConstraint("starts >= 0 AND starts < ends AND ends <= 1440", name="within_a_day"),
        CheckConstraint("slot_minutes BETWEEN 5 AND 480", name="slot_in_range"),
        CheckConstraint("buffer_minutes BETWEEN 0 AND 240", name="buffer_in_range"),
        CheckConstraint("capacity BETWEEN 1 AND 200", name="capacity_in_range"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="valid_in_order"),
        Index("ix_clinic_hours_of", "consultant_id", "weekday", "on_date"),
    )

    id: Mapped[Id]
    consultant_id: Mapped[int] = mapped_column(ForeignKey("clinic_consultant.id", ondelete="CASCADE"))
    weekday: Mapped[int | None]
    on_date: Mapped[date | None] = mapped_column(index=True)
    starts: Mapped[int]
    ends: Mapped[int]
    slot_minutes: Mapped[int]
    buffer_minutes: Mapped[int] = mapped_column(default=0)
    channels: Mapped[JsonList]
    capacity: Mapped[int] = mapped_column(default=1)
    title: Mapped[Name] = mapped_column(default="")
    topics: Mapped[JsonList] = mapped_column(default=list)  # empty: all of the consultant's
    place: Mapped[Name] = mapped_column(default="")
    kode_kelurahan: Mapped[str | None] = mapped_column(String(13))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class ClinicClosure(Base):
    """Days, or the same hours of each of these days, on which the whole office (``consultant_id`` None) or one consultant
    receives nobody; or, with kind ``open``, receives people though it is a public holiday."""

    __tablename__ = "clinic_closure"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="days_in_order"),
        CheckConstraint("(from_minute IS NULL) = (until_minute IS NULL)", name="both_minutes"),
        CheckConstraint("from_minute IS NULL OR from_minute < until_minute", name="minutes_in_order"),
        Index("ix_clinic_closure_days", "ends_on", "starts_on"),
    )

    id: Mapped[Id]
    consultant_id: Mapped[int | None] = mapped_column(
        ForeignKey("clinic_consultant.id", ondelete="CASCADE"), index=True
    )
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    from_minute: Mapped[int | None]
    until_minute: Mapped[int | None]
    kind: Mapped[ClosureKind]
    reason: Mapped[Name] = mapped_column(default="")
