"""Reading the trail."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, select

from app.audit.models import TrailEntry
from app.core.database import office_zone
from app.core.extensions import db


@dataclass(frozen=True)
class TrailFilter:
    """What the trail was narrowed to; days are the office's, both included."""

    subject: str = ""
    actor: str = ""
    kind: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    subject_id: int | None = None


def trail(narrowed: TrailFilter) -> Select[TrailEntry]:
    """The entries that fit; the page orders them, newest first."""
    query = select(TrailEntry)
    if narrowed.subject:
        query = query.where(TrailEntry.subject_name.icontains(narrowed.subject, autoescape=True))
    if narrowed.actor:
        query = query.where(TrailEntry.actor_name.icontains(narrowed.actor, autoescape=True))
    if narrowed.kind:
        query = query.where(TrailEntry.subject_kind == narrowed.kind)
    if narrowed.action:
        query = query.where(TrailEntry.action == narrowed.action)
    if narrowed.since:
        query = query.where(TrailEntry.at >= _midnight(narrowed.since))
    if narrowed.until:
        query = query.where(TrailEntry.at < _midnight(narrowed.until) + timedelta(days=1))
    if narrowed.kind and narrowed.subject_id is not None:
        query = query.where(TrailEntry.subject_id == narrowed.subject_id)
    return query


def history_of(kind: str, subject_id: int, *, limit: int = 50) -> list[TrailEntry]:
    """What was done to one thing, newest first."""
    return list(
        db.session.scalars(
            select(TrailEntry)
            .where(TrailEntry.subject_kind == kind, TrailEntry.subject_id == subject_id)
            .order_by(TrailEntry.id.desc())
            .limit(limit)
        )
    )


def entry(entry_id: int) -> TrailEntry | None:
    """One entry."""
    return db.session.get(TrailEntry, entry_id)


def neighbours(shown: TrailEntry) -> tuple[int | None, int | None]:
    """The entries before and after this one about the same thing."""
    same = (TrailEntry.subject_kind == shown.subject_kind) & (TrailEntry.subject_id == shown.subject_id)
    before = (
        select(TrailEntry.id).where(same, TrailEntry.id < shown.id).order_by(TrailEntry.id.desc()).limit(1)
    )
    after = select(TrailEntry.id).where(same, TrailEntry.id > shown.id).order_by(TrailEntry.id).limit(1)
    return db.session.scalar(before), db.session.scalar(after)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, office_zone())
