"""Owners who lost their secret link and wait for the office to hand them a new one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import Base, CreatedAt, Id, UtcDateTime, partial_index
from app.enterprises.models import Enterprise

STILL_OPEN = "done_at IS NULL"


class EnterpriseLinkRequest(Base):
    """Somebody who knows the recorded telephone number asked for a new link; it is handed over at that number only."""

    __tablename__ = "enterprise_link_request"
    __table_args__ = (
        partial_index("ix_enterprise_link_request_open", "enterprise_id", where=STILL_OPEN, unique=True),
        Index("ix_enterprise_link_request_asked", "done_at", "asked_at", "id"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    asked_at: Mapped[CreatedAt]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    enterprise: Mapped[Enterprise] = relationship()
