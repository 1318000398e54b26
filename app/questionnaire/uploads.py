"""What an uploaded worksheet says, kept for a day between the upload and the person's decision."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives.models import Cooperative
from app.core.database import Base, CreatedAt, Id, Json, Name, now
from app.core.extensions import db
from app.core.upsert import insert_into
from app.questionnaire import drafts
from app.questionnaire.filling import Filling
from app.questionnaire.queries import id_of
from app.questionnaire.rules import Origin
from app.questionnaire.sheet_answers import SheetAnswers, from_json, to_json

KEPT = timedelta(days=1)


class SheetUpload(Base):
    """The answers of the file that one person last uploaded for one cooperative and year; the file itself is not kept."""

    __tablename__ = "sheet_upload"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "year", "user_id"),
        Index("ix_sheet_upload_created_at", "created_at"),
    )

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id", ondelete="CASCADE"))
    year: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    filename: Mapped[Name]
    found: Mapped[Json]
    created_at: Mapped[CreatedAt]

    @property
    def stamp(self) -> str:
        """Tells this file from one that was uploaded after it."""
        return f"{self.created_at.timestamp():.6f}"

    @property
    def answers(self) -> SheetAnswers:
        return from_json(self.found)


def upload_of(cooperative: Cooperative, year: int, user: User) -> SheetUpload | None:
    """What waits for this person's decision."""
    query = select(SheetUpload).where(
        SheetUpload.cooperative_id == id_of(cooperative),
        SheetUpload.year == year,
        SheetUpload.user_id == id_of(user),
        SheetUpload.created_at > now() - KEPT,
    )
    return db.session.scalars(query).one_or_none()


def keep(cooperative: Cooperative, year: int, user: User, *, filename: str, found: SheetAnswers) -> None:
    """Keep what a file says, instead of the one before; those that nobody decided in time go."""
    tidy()
    fresh = {"filename": filename[-200:], "found": to_json(found), "created_at": now()}
    whose = {"cooperative_id": id_of(cooperative), "year": year, "user_id": id_of(user)}
    statement = insert_into(SheetUpload).values(**whose, **fresh)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(whose), set_=fresh))


def undecided_too_long() -> ColumnElement[bool]:
    """Uploads whose day is over."""
    return SheetUpload.created_at <= now() - KEPT


def tidy() -> int:
    """Take away what nobody decided in time; how many."""
    gone = delete(SheetUpload).where(undecided_too_long()).returning(SheetUpload.id)
    return len(db.session.execute(gone.execution_options(synchronize_session=False)).all())


def forget(upload_id: int) -> None:
    """Take a decided upload away."""
    db.session.execute(
        delete(SheetUpload).where(SheetUpload.id == upload_id).execution_options(synchronize_session=False)
    )


def take_over(
    filling: Filling, values: Mapping[str, Any], *, version: int | None, filename: str, by: User
) -> drafts.SaveResult:
    """Save the chosen ``values`` of a file into the draft, on top of the ``version`` that the person saw (None: unknown).

    The report's origin becomes ``spreadsheet`` only when the file is the first thing that the cooperative itself says in it.
    Raises RuleBroken as ``save_answers`` does.
    """
    report = filling.report or drafts.start_report(
        filling.cooperative, year=filling.year, by=by, origin=Origin.SPREADSHEET
    )
    first = report.origin is Origin.IMPORTED or (report.origin is Origin.FILED and not report.answers)
    done = drafts.save_answers(report, values=values, base_version=version, by=by)
    if done.changed:
        if first:
            report.origin = Origin.SPREADSHEET
        record(
            "report.uploaded",
            kind="report",
            subject_id=report.id,
            name=drafts.name_of(report),
            after={"filename": filename, "codes": sorted(values.keys() - done.conflicts.keys())},
        )
    return done
