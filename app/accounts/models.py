"""People, their one-time links, and the tries that are counted."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.access import STAFF, Role
from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Instant,
    JsonList,
    Name,
    UtcDateTime,
    now,
    partial_index,
)


class Standing(StrEnum):
    """Where a person's account stands."""

    ACTIVE = "active"
    INVITED = "invited"  # has not chosen a password yet
    INACTIVE = "inactive"


class User(UserMixin, Base):
    """A person. Staff who leave are deactivated, never deleted: what they decided stays theirs."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="reachable"),
        Index("ix_user_name", "name", "id"),
        partial_index("ix_user_inactive", "name", "id", where="deactivated_at IS NOT NULL"),
        partial_index(
            "ix_user_invited", "name", "id", where="deactivated_at IS NULL AND password_hash IS NULL"
        ),
    )

    id: Mapped[Id]
    name: Mapped[Name]
    email: Mapped[str | None] = mapped_column(String(254), unique=True)  # lower case
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)  # E.164
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_epoch: Mapped[int] = mapped_column(default=1)  # raised to sign out everywhere
    created_at: Mapped[CreatedAt]
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the last time
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_demo: Mapped[bool] = mapped_column(default=False)
    erasure_asked_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # by the person; an admin carries it out
    two_step_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # sign-in asks for a code as well

    role_rows: Mapped[list["UserRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def roles(self) -> frozenset[Role]:
        """What this person does here."""
        return frozenset(row.role for row in self.role_rows)

    def has_role(self, role: Role | str) -> bool:
        """Whether this person holds ``role``."""
        return role in self.roles

    @property
    def is_staff(self) -> bool:
        """Whether this person works in the office."""
        return bool(self.roles & STAFF)

    @property
    def is_active(self) -> bool:
        """False once deactivated; flask-login then refuses the session."""
        return self.deactivated_at is None

    @property
    def has_two_steps(self) -> bool:
        """Whether a password alone does not let this person in."""
        return self.two_step_since is not None

    @property
    def must_set_up_two_steps(self) -> bool:
        """Whether this person may do nothing before they have set up a code: admins, who can open every other account."""
        return Role.ADMIN in self.roles and not self.has_two_steps

    @property
    def standing(self) -> Standing:
        """Active, invited (no password yet) or inactive."""
        if self.deactivated_at is not None:
            return Standing.INACTIVE
        return Standing.ACTIVE if self.password_hash else Standing.INVITED

    def get_id(self) -> str:
        """What the session cookie holds: a raised epoch makes all old cookies worthless."""
        return f"{self.id}.{self.session_epoch}"


class UserRole(Base):
    """One role of one person."""

    __tablename__ = "user_role"
    __table_args__ = (Index("ix_user_role_role", "role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class Purpose(StrEnum):
    """Why a one-time link was made; either lets its holder set a password."""

    RESET = "reset"
    INVITE = "invite"


class OneTimeLink(Base):
    """A secret that lets its holder set a password, once. Only digests are stored.

    The long token travels in a link; the short code is for reading out over the telephone, and dies after five wrong
    tries (``code_attempts``). A later link from the office takes the place of the earlier ones (``revoked_at``).
    """

    __tablename__ = "one_time_link"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_digest: Mapped[str | None] = mapped_column(String(64))
    code_attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(foreign_keys=[user_id])

    @property
    def is_live(self) -> bool:
        """Whether it still lets its holder in."""
        return (
            self.used_at is None
            and self.revoked_at is None
            and self.expires_at > now()
            and self.user.is_active
        )


class Handover(Base):
    """Who left, and what of their open work went to whom: the sheet that both sign. Append-only."""

    __tablename__ = "handover"

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    person_name: Mapped[Name]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: back for anybody
    successor_name: Mapped[Name] = mapped_column(default="")
    at: Mapped[CreatedAt]
    by_name: Mapped[Name]
    reason: Mapped[str] = mapped_column(String(500))
    work: Mapped[JsonList]  # one {"title", "lines": [[text, note], …]} for each kind of work


class AttemptKind(StrEnum):
    """What was tried."""

    SIGN_IN = "sign_in"
    CODE = "code"
    FORGOT = "forgot"
    SECOND_STEP = "second_step"


class Attempt(Base):
    """One try, counted *before* it is checked and deleted when it was right: parallel guesses gain nothing.

    ``account`` and ``network`` are keyed digests. Rows older than a day are deleted.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_account", "kind", "account", "at"),
        Index("ix_attempt_network", "network", "at"),
        Index("ix_attempt_at", "at"),
    )

    id: Mapped[Id]
    kind: Mapped[AttemptKind]
    at: Mapped[Instant]
    account: Mapped[Code]
    network: Mapped[Code]


class KeptForm(Base):
    """A form that was posted after its sender had been signed out, kept until they have signed in again.

    ``token_digest`` belongs to the cookie of that browser, ``owner`` is who was signed in there last (see kept_forms.py),
    ``fields`` are pairs of name and value, never a password and never a file.
    """

    __tablename__ = "kept_form"
    __table_args__ = (UniqueConstraint("token_digest", "path", "query"),)

    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(String(64))
    owner: Mapped[Code]
    path: Mapped[str] = mapped_column(String(500))
    query: Mapped[str] = mapped_column(String(500))
    title: Mapped[Name]
    fields: Mapped[JsonList]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


NOT_REVOKED = "revoked_at IS NULL"


class ContactChannel(StrEnum):
    """By what way the office may tell somebody of its own accord."""

    INBOX = "inbox"
    EMAIL = "email"
    WHATSAPP = "whatsapp"


class ContactConsent(Base):
    """A person's yes (or no) to being told about ``purpose`` by one channel: from when, until when (UU PDP 27/2022 art. 20–22).

    A new yes is a new row, so the record stays whole. A row that was never granted is a no: the person was asked, and is not
    asked again.
    """

    __tablename__ = "contact_consent"
    __table_args__ = (
        CheckConstraint("granted_at IS NOT NULL OR revoked_at IS NOT NULL", name="yes_or_no"),
        partial_index(
            "uq_contact_consent_live", "user_id", "purpose", "channel", where=NOT_REVOKED, unique=True
        ),
        Index("ix_contact_consent_of", "user_id", "purpose", "id"),
        Index("ix_contact_consent_purpose", "purpose", "channel", "user_id"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    purpose: Mapped[Code]
    channel: Mapped[ContactChannel]
    granted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
