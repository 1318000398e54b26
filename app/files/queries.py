"""Kept files of a thing, and one file by its token."""

import re
from collections.abc import Sequence

from sqlalchemy import select

from app.core.extensions import db
from app.files.models import StoredFile

TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def files_about(kind: str, subject_id: int) -> list[StoredFile]:
    """The files of one thing in the order in which they were handed in, without their contents."""
    return files_about_all(kind, [subject_id]).get(subject_id, [])


def files_about_all(kind: str, subject_ids: Sequence[int]) -> dict[int, list[StoredFile]]:
    """The files of several things by id, in one query."""
    query = select(StoredFile).where(StoredFile.about_kind == kind, StoredFile.about_id.in_(subject_ids))
    found: dict[int, list[StoredFile]] = {}
    for row in db.session.scalars(query.order_by(StoredFile.id)):
        found.setdefault(row.about_id, []).append(row)
    return found


def file_by_token(token: str) -> StoredFile | None:
    """The file that bears ``token``, whoever asks."""
    if not TOKEN.fullmatch(token):  # PostgreSQL cannot even look for some of what an address may hold
        return None
    return db.session.scalars(select(StoredFile).where(StoredFile.token == token)).one_or_none()
