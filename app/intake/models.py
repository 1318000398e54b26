"""Files on their way into the register, row by row."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Json,
    JsonList,
    JsonValue,
    Name,
    UtcDateTime,
    partial_index,
)


class ImportState(StrEnum):
    """Uploaded, being compared with the register, compared (``planned``), or carried out."""

    UPLOADED = "uploaded"
    PLANNING = "planning"
    PLANNED = "planned"
    APPLIED = "applied"


class ImportJob(Base):
    """One file. The file itself is kept, so that what came in can always be shown again.

    ``register`` is what the file is a list of, see ``lists``. ``columns`` holds the target field of each column of the file, or
    null. ``register_mark`` says how the register stood when the rows were compared with it: a plan that is older than the
    register is made anew before it is carried out. ``spellings`` is what misspelt words were taken for, with how sure. Of a list
    of people's businesses the file goes once it is carried out.
    """

    __tablename__ = "import_job"

    id: Mapped[Id]
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    register: Mapped[Code] = mapped_column(default="cooperative", server_default="cooperative")
    filename: Mapped[Name]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    state: Mapped[ImportState] = mapped_column(default=ImportState.UPLOADED)
    year_is: Mapped[Code] = mapped_column(default="book")
    sheet: Mapped[Name] = mapped_column(default="")
    columns: Mapped[JsonList]
    counts: Mapped[Json]  # outcome → rows
    register_mark: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when planning last showed a sign of life
    problem: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)  # a Text, when planning failed
    spellings: Mapped[JsonList] = mapped_column(default=list, server_default="[]")
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    created_by: Mapped[User | None] = relationship()


class ImportRow(Base):
    """What one row of the file would do, and did: every row of the table is here exactly once.

    ``reading`` is the row as read (values, year), ``plan`` what would change, ``notes`` the reasons (Texts), ``raw`` the cells as
    they stood, so that nothing of a refused row is lost. ``decision`` is a person's word on a doubtful row: empty, ``new``,
    ``skip``, or the id of a cooperative or an enterprise. ``fingerprint`` knows a row of a list of UKM again when what it said is
    long gone from here.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_of", "job_id", "outcome", "row_number"),
        partial_index("ix_import_row_fingerprint", "fingerprint", where="fingerprint IS NOT NULL"),
        partial_index("ix_import_row_enterprise", "enterprise_id", where="enterprise_id IS NOT NULL"),
    )

    id: Mapped[Id]
    job_id: Mapped[int] = mapped_column(ForeignKey("import_job.id", ondelete="CASCADE"))
    row_number: Mapped[int]  # as in the spreadsheet, from 1
    outcome: Mapped[str] = mapped_column(String(16))
    name: Mapped[Name]
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"))
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    reading: Mapped[Json]
    plan: Mapped[Json]
    notes: Mapped[JsonList]
    raw: Mapped[JsonList]
    decision: Mapped[str] = mapped_column(String(24), default="")
