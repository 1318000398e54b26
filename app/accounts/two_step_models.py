"""The second step of signing in, and the sessions that were begun."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, CreatedAt, Id, Instant, UtcDateTime


class SecondFactor(Base):
    """What a person's authenticator app and the site both know: sealed with the site's key, never in the open.

    ``waiting`` is one that no code has confirmed yet; ``sealed`` is in force, and ``User.two_step_since`` then says so on every
    request. ``last_step`` is the half minute (since 1970) of the code that was taken last: no code is taken twice.
    """

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[str | None] = mapped_column(String(200))
    waiting: Mapped[str | None] = mapped_column(String(200))
    made_at: Mapped[CreatedAt]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """One of the codes on paper for a telephone that is lost; only its digest is kept, and it is good once."""

    __tablename__ = "recovery_code"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UserSession(Base):
    """One signing in on one device, by its number in the session cookie. ``ended_at``: signed out, or ended from elsewhere.

    ``seen_at`` is right to some minutes. ``epoch`` is the person's at that time: a raised one ends all (``User.session_epoch``).
    ``device`` holds two codes of ours, never what the browser sent.
    """

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_of", "user_id", "id"), Index("ix_user_session_ends", "ends_at"))

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    epoch: Mapped[int]
    device: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[CreatedAt]
    seen_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
