"""The register. Columns that hold an answer of the questionnaire bear the question's code."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Instant,
    Json,
    JsonValue,
    Name,
    UtcDateTime,
    partial_index,
)
from app.core.search import index_table

PENDING = "state = 'pending'"
OPEN = "used_at IS NULL AND revoked_at IS NULL"
NOT_UNDONE = "undone_at IS NULL"


class Listing(StrEnum):
    """Whether the office lists a cooperative: one that proposed itself waits for an operator. One that was merged is another
    row's twin, see :class:`CooperativeMerge`."""

    LISTED = "listed"
    PROPOSED = "proposed"
    REFUSED = "refused"
    MERGED = "merged"


TRAITS = (
    *("kode_kecamatan", "kode_kelurahan", "jenis_koperasi", "kelompok_koperasi", "bentuk_koperasi"),
    *("last_rat", "dissolved_on"),
)
"""By what the lists are narrowed."""


def _listed_by(name: str, *trait: str) -> Index:
    """The names of one listing, among those with one value of ``trait``. The other traits stand in it too: rows that another
    filter leaves out are passed over without being read.
    """
    others = (one for one in TRAITS if one not in trait)
    return Index(f"ix_cooperative_{name}", "listing", *trait, "name_key", "id", *others)


class Cooperative(Base):
    """A cooperative as the office knows it.

    ``nik_koperasi`` … ``kelompok_koperasi`` are questions 1–14; an approved report overwrites them. ``tempat_lain`` keeps
    a place that is not in the office's region, as it was written. ``legal_number_key`` is the normalised legal number, by
    which imports match; it is never unique (ten real numbers stand on two cooperatives). The slug never changes: printed
    addresses stay right when the name does.
    """

    __tablename__ = "cooperative"
    __table_args__ = (
        CheckConstraint("(dissolved_on IS NULL) = (dissolved_decree IS NULL)", name="dissolved_by_decree"),
        CheckConstraint("nik_koperasi IS NULL OR length(nik_koperasi) = 13", name="nik_of_13_digits"),
        CheckConstraint(
            "kode_kelurahan IS NULL OR kode_kecamatan = substr(kode_kelurahan, 1, 8)", name="kelurahan_within"
        ),
        Index("ix_cooperative_nik", "nik_koperasi"),
        Index("ix_cooperative_legal_number_key", "legal_number_key"),
        Index("ix_cooperative_name_key", "name_key", "id"),
        _listed_by("name"),
        _listed_by("by_place", "kode_kecamatan"),
        _listed_by("by_kind", "jenis_koperasi"),
        _listed_by("by_group", "kelompok_koperasi"),
        _listed_by("by_form", "bentuk_koperasi"),
        # of those in one listing, one for each other order of their lists
        Index("ix_cooperative_by_age", "listing", "tanggal_badan_hukum", "name_key", "id"),
        Index("ix_cooperative_by_rat", "listing", "last_rat", "name_key", "id"),
        Index("ix_cooperative_by_report", "listing", "last_report_year", "name_key", "id"),
        Index("ix_cooperative_place", "kode_kecamatan", "kode_kelurahan"),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    # the office's code, by which a national instance partitions
    region: Mapped[Code] = mapped_column(index=True)
    listing: Mapped[Listing] = mapped_column(default=Listing.LISTED)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
    version: Mapped[int] = mapped_column(default=1)

    nik_koperasi: Mapped[str | None] = mapped_column(String(13))
    nama_koperasi: Mapped[Name]
    nomor_badan_hukum: Mapped[str | None] = mapped_column(String(120))
    tanggal_badan_hukum: Mapped[date | None]
    alamat: Mapped[str | None] = mapped_column(Text)
    kode_kelurahan: Mapped[str | None] = mapped_column(String(13))
    kode_kecamatan: Mapped[str | None] = mapped_column(String(8))
    nama_pengelola: Mapped[str | None] = mapped_column(String(200))
    telepon_kantor: Mapped[str | None] = mapped_column(String(40))
    nama_ketua: Mapped[str | None] = mapped_column(String(200))
    telepon_ketua: Mapped[str | None] = mapped_column(String(40))  # never public (UU PDP 27/2022)
    bentuk_koperasi: Mapped[str | None] = mapped_column(String(60))
    jenis_koperasi: Mapped[str | None] = mapped_column(String(60))
    kelompok_koperasi: Mapped[str | None] = mapped_column(String(60))

    source_id: Mapped[str | None] = mapped_column(String(60))  # the import file's own id, not the NIK
    sektor_usaha: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    tempat_lain: Mapped[str | None] = mapped_column(Text)
    legal_number_key: Mapped[str | None] = mapped_column(String(120))
    legal_family: Mapped[str | None] = mapped_column(String(24))
    name_key: Mapped[str] = mapped_column(String(200).with_variant(String(200, collation="C"), "postgresql"))
    search_text: Mapped[str] = mapped_column(Text)  # see core.search.searchable

    # the latest RAT known, whatever its book year; and the latest book year with a report that counts
    last_rat: Mapped[date | None]
    last_report_year: Mapped[int | None]
    dissolved_on: Mapped[date | None]
    dissolved_decree: Mapped[str | None] = mapped_column(String(120))

    __mapper_args__ = {"version_id_col": version}


CooperativeTable: Table = Cooperative.__table__  # type: ignore[assignment]
index_table(CooperativeTable)


class MembershipState(StrEnum):
    """Where a claim stands: only ``active`` lets a person act for the cooperative."""

    PENDING = "pending"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


class Membership(Base):
    """One person's right to act for one cooperative, from claim to end. ``reason`` is that of the latest decision."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "cooperative_id"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at_a_time"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_with_a_reason"),
        partial_index("ix_membership_pending", "requested_at", "id", where=PENDING),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), index=True)
    position: Mapped[Name]
    state: Mapped[MembershipState] = mapped_column(default=MembershipState.PENDING)
    note: Mapped[str] = mapped_column(Text, default="")  # what the claimant wrote to the office
    requested_at: Mapped[CreatedAt]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # empty: by activation code or by command
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    cooperative: Mapped[Cooperative] = relationship()
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class ActivationCode(Base):
    """A one-time code that the office printed for a cooperative: whoever holds the paper is confirmed at once.

    Only a keyed digest of the code is stored; ``hint`` is its last group, by which the office tells two papers apart.
    """

    __tablename__ = "activation_code"
    __table_args__ = (
        CheckConstraint("used_at IS NULL OR revoked_at IS NULL", name="used_or_revoked"),
        CheckConstraint("(used_at IS NULL) = (used_by_id IS NULL)", name="used_by_somebody"),
        Index("ix_activation_code_of", "cooperative_id", "id"),
    )

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[CreatedAt]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[Instant]
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    cooperative: Mapped[Cooperative] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    used_by: Mapped[User | None] = relationship(foreign_keys=[used_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])


class TimelineEvent(Base):
    """Something that happened to a cooperative. ``template`` and ``params`` make the sentence in the reader's language."""

    __tablename__ = "timeline_event"
    __table_args__ = (Index("ix_timeline_event_of", "cooperative_id", "at", "id"),)

    id: Mapped[Id]
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    at: Mapped[CreatedAt]
    kind: Mapped[Code]
    template: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    actor_name: Mapped[Name]
    link: Mapped[str | None] = mapped_column(String(200))


class CooperativeMerge(Base):
    """One row of the register went into another, because both were the same cooperative.

    ``moved`` is what it takes to put it back: register values before and after, and the ids of what went over, each feature
    under its own name.
    """

    __tablename__ = "cooperative_merge"
    __table_args__ = (
        CheckConstraint("survivor_id <> merged_id", name="of_two_rows"),
        CheckConstraint("undone_at IS NULL OR undone_reason <> ''", name="undone_with_a_reason"),
        partial_index("ix_cooperative_merge_live", "merged_id", where=NOT_UNDONE, unique=True),
        Index("ix_cooperative_merge_of", "survivor_id", "id"),
    )

    id: Mapped[Id]
    survivor_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))
    at: Mapped[CreatedAt]
    by_name: Mapped[Name]
    reason: Mapped[str] = mapped_column(Text)
    moved: Mapped[Json]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[Name] = mapped_column(default="")
    undone_reason: Mapped[str] = mapped_column(Text, default="")

    survivor: Mapped[Cooperative] = relationship(foreign_keys=[survivor_id])
    merged: Mapped[Cooperative] = relationship(foreign_keys=[merged_id])
