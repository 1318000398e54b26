"""Kept files. They stand in the database, so that one backup holds everything."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.core.database import Base, Code, CreatedAt, Id, Name

WEBP = "image/webp"


class StoredFile(Base):
    """One file about one thing (``about_kind``, ``about_id``), known outside by ``token`` alone, which cannot be guessed.

    ``small`` is a picture of at most 480 pixels for lists; documents have none. Both contents are loaded only when asked
    for. ``width`` and ``height`` are pixels of a picture.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="both_sides_known"),
        Index("ix_stored_file_about", "about_kind", "about_id", "id"),
    )

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(22), unique=True)
    name: Mapped[Name]
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    small: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    is_public: Mapped[bool]
    about_kind: Mapped[Code]
    about_id: Mapped[int]
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in a page, rather than downloaded."""
        return self.mime == WEBP
