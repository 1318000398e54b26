"""Keeping files, letting the public see them, and taking them away. What it means for a thing, its own feature records."""

import secrets
from typing import Any, Protocol

from sqlalchemy import update

from app.core.extensions import db
from app.files.models import StoredFile
from app.files.prepared import Prepared

TOKEN_BYTES = 16  # 22 characters


class Person(Protocol):
    """Who hands something in; people stand a floor higher."""

    id: Any


def keep(prepared: Prepared, *, about: tuple[str, int], public: bool, by: Person | None = None) -> StoredFile:
    """Keep a file that ``uploads`` has read, about (kind, id) of a thing, under a token of its own."""
    stored = StoredFile(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        name=prepared.name,
        mime=prepared.mime,
        size=len(prepared.content),
        sha256=prepared.sha256,
        width=prepared.width,
        height=prepared.height,
        content=prepared.content,
        small=prepared.small,
        is_public=public,
        about_kind=about[0],
        about_id=about[1],
        created_by_id=by.id if by else None,
    )
    db.session.add(stored)
    db.session.flush()
    return stored


def remove(stored: StoredFile) -> None:
    """Take a file away for good; its address is gone at once."""
    db.session.delete(stored)
    db.session.flush()


def set_public(kind: str, subject_id: int, *, public: bool) -> None:
    """Open the files of one thing to everybody who knows their addresses, or close them again."""
    files = (StoredFile.about_kind == kind) & (StoredFile.about_id == subject_id)
    db.session.execute(
        update(StoredFile).where(files).values(is_public=public),
        execution_options={"synchronize_session": "fetch"},
    )
