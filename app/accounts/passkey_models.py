"""Passkeys: keys that a person's own device holds, and the questions that wait for one of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, CreatedAt, Id, JsonList, UtcDateTime

LONGEST_ID = 1364
"""Characters of base64url for the 1023 bytes that a credential id may have (WebAuthn, 4)."""
LONGEST_NAME = 60


class Passkey(Base):
    """The public half of a key pair whose private half never leaves the person's device (or their keychain).

    ``credential_id`` in base64url, as the device names it. ``sign_count`` is what the device said last; many always say 0.
    ``transports``: by which ways the browser may reach the device, as it told. ``name``: what its owner calls it.
    """

    __tablename__ = "passkey"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[str] = mapped_column(String(LONGEST_ID), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)  # COSE
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 32 bits without a sign
    transports: Mapped[JsonList]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasskeyPurpose(StrEnum):
    """What a passkey was asked for."""

    ADD = "add"
    SIGN_IN = "sign_in"
    PROVE = "prove"


class PasskeyChallenge(Base):
    """A random question that a device has to sign. It is deleted by whoever answers first, so no answer is good twice.

    The question itself stands in the session of the browser that asked; here is its digest.
    """

    __tablename__ = "passkey_challenge"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[PasskeyPurpose]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
