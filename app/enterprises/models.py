"""The register of UKM. What the public may see of it is decided in ``publication.py`` alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Instant,
    Json,
    JsonList,
    JsonValue,
    Name,
    UtcDateTime,
    partial_index,
)
from app.core.search import index_table
from app.enterprises.rules import Origin, Precision, SizeClass, SizeCriterion, State

NOT_REVOKED = "revoked_at IS NULL"
NOT_UNDONE = "undone_at IS NULL"
WAITING = "state = 'waiting'"
UNDERIVED = "-1"  # traits of a row older than the column: ``upkeep`` fills these
FINER = ("activity", "traits")
NARROWED = ("kode_kecamatan", *FINER)
"""By what the public narrows the list: an index that holds them all answers without reading a row."""


class Enterprise(Base):
    """A business as its owner describes it. ``owner_*``, ``address``, the bands and ``latitude``/``longitude`` are private.

    ``contacts`` holds every channel by which it can be reached; which of them are public is a matter of live consents.
    ``point_precision`` is how finely its place is published *now*: it is finer than a kecamatan's centre only while the
    owner consents. ``search_text`` holds public words only, or a search would give private ones away; staff search
    :class:`EnterpriseIndex`. The slug never changes: printed addresses stay right when the name does.
    """

    __tablename__ = "enterprise"
    __table_args__ = (
        CheckConstraint(
            "kode_kelurahan IS NULL OR kode_kecamatan = substr(kode_kelurahan, 1, 8)", name="kelurahan_within"
        ),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_of_two"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
        CheckConstraint("nib IS NULL OR length(nib) = 13", name="nib_of_13_digits"),
        CheckConstraint("nib IS NULL OR has_nib", name="nib_is_had"),
        CheckConstraint("workers_men >= 0 AND workers_women >= 0", name="workers_counted"),
        CheckConstraint("(size_class IS NULL) = (class_criterion IS NULL)", name="class_by_criterion"),
        CheckConstraint("(sector IS NULL) = (sector_version IS NULL)", name="sector_of_version"),
        CheckConstraint("state <> 'returned' OR return_reason <> ''", name="returned_with_a_reason"),
        CheckConstraint(
            "state NOT IN ('listed', 'hidden') OR confirmed_at IS NOT NULL", name="confirmed_once"
        ),
        Index("ix_enterprise_name", "state", "name_key", "id", "public_kelurahan", *NARROWED, "confirmed_at"),
        Index(
            "ix_enterprise_activity_name",
            "state",
            "activity",
            "name_key",
            "id",
            "kode_kecamatan",
            "traits",
            "confirmed_at",
        ),
        Index("ix_enterprise_traits", "state", "traits", "confirmed_at", "map_key"),
        Index("ix_enterprise_place", "state", "kode_kecamatan", "traits", "confirmed_at"),
        Index("ix_enterprise_activity", "state", "activity", "traits", "confirmed_at"),
        Index("ix_enterprise_both", "state", "kode_kecamatan", "activity", "traits", "confirmed_at"),
        Index("ix_enterprise_map", "state", "map_key", "traits", "confirmed_at"),
        Index("ix_enterprise_map_activity", "state", "activity", "map_key", "traits", "confirmed_at"),
        Index("ix_enterprise_map_place", "state", "kode_kecamatan", "map_key", *FINER, "confirmed_at"),
        Index("ix_enterprise_map_kelurahan", "state", "public_kelurahan", "map_key", *FINER, "confirmed_at"),
        Index("ix_enterprise_near", "state", "public_kelurahan", *FINER, "confirmed_at"),
        Index("ix_enterprise_near_traits", "state", "public_kelurahan", "traits", "confirmed_at"),
        Index("ix_enterprise_kelurahan", "kode_kelurahan"),
        Index("ix_enterprise_confirmed", "state", "confirmed_at", "id"),
        Index("ix_enterprise_owner_phone", "owner_phone"),
        Index("ix_enterprise_owner_key", "owner_key"),
        partial_index("ix_enterprise_waiting", "submitted_at", "id", where=WAITING),
    )

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    region: Mapped[Code] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    origin: Mapped[Origin] = mapped_column(default=Origin.OWNER)
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # seen by an operator
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last said to be current
    return_reason: Mapped[str] = mapped_column(Text, default="")
    source_id: Mapped[str | None] = mapped_column(String(120))  # an imported row's own id

    # "" only in an unnamed draft, as a list without names brings them
    name: Mapped[Name] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(
        String(200).with_variant(String(200, collation="C"), "postgresql"), default=""
    )
    owner_name: Mapped[str | None] = mapped_column(String(200))
    owner_key: Mapped[str | None] = mapped_column(String(200))
    owner_phone: Mapped[str | None] = mapped_column(String(20))  # E.164
    owner_email: Mapped[str | None] = mapped_column(String(254))
    products: Mapped[str] = mapped_column(Text, default="")  # what it makes or does, in its own words
    activity: Mapped[str | None] = mapped_column(String(40))  # see sectors.toml
    sector: Mapped[str | None] = mapped_column(String(1))  # KBLI section letter
    sector_version: Mapped[str | None] = mapped_column(String(4))  # 2020 or 2025

    kode_kelurahan: Mapped[str | None] = mapped_column(String(13))
    kode_kecamatan: Mapped[str | None] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    longitude: Mapped[float | None] = mapped_column(Numeric(9, 6, asdecimal=False))
    point_precision: Mapped[Precision] = mapped_column(default=Precision.KECAMATAN)

    legal_form: Mapped[str | None] = mapped_column(String(40))
    start_year: Mapped[int | None]
    workers_men: Mapped[int | None]
    workers_women: Mapped[int | None]
    sales_band: Mapped[str | None] = mapped_column(String(40))
    capital_band: Mapped[str | None] = mapped_column(String(40))
    size_class: Mapped[SizeClass | None]
    class_criterion: Mapped[SizeCriterion | None]
    has_nib: Mapped[bool | None]
    nib: Mapped[str | None] = mapped_column(String(13))
    digital: Mapped[JsonList] = mapped_column(default=list)
    infrastructure: Mapped[Json] = mapped_column(default=dict)  # power, internet, road, water → code
    owner_age_band: Mapped[str | None] = mapped_column(String(40))
    owner_sex: Mapped[str | None] = mapped_column(String(40))
    owner_education: Mapped[str | None] = mapped_column(String(40))
    owner_disability: Mapped[str | None] = mapped_column(String(40))
    funding: Mapped[JsonList] = mapped_column(default=list)
    needs: Mapped[JsonList] = mapped_column(default=list)
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)

    contacts: Mapped[Json] = mapped_column(default=dict)  # see rules.CHANNELS
    opening_hours: Mapped[Json] = mapped_column(default=dict)  # "1" (Monday) … "7" → ["08:00", "17:00"]
    search_text: Mapped[str] = mapped_column(Text, default="")

    # What the public list and map ask of a row, derived; none of it says more than may be published
    traits: Mapped[int] = mapped_column(default=0, server_default=UNDERIVED)  # see traits.py
    map_key: Mapped[int | None] = mapped_column(BigInteger)  # where it is published, see grid.py
    public_kelurahan: Mapped[str | None] = mapped_column(String(13))  # only while it is published

    cooperative: Mapped[Cooperative | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


EnterpriseTable: Table = Enterprise.__table__  # type: ignore[assignment]
index_table(EnterpriseTable)


class EnterpriseIndex(Base):
    """By what staff find an enterprise, private words among them. ``id`` is the enterprise's."""

    __tablename__ = "enterprise_index"

    id: Mapped[int] = mapped_column(ForeignKey("enterprise.id", ondelete="CASCADE"), primary_key=True)
    search_text: Mapped[str] = mapped_column(Text, default="")


IndexTable: Table = EnterpriseIndex.__table__  # type: ignore[assignment]
index_table(IndexTable)


class EnterpriseOwner(Base):
    """A person who keeps a listing."""

    __tablename__ = "enterprise_owner"
    __table_args__ = (UniqueConstraint("user_id", "enterprise_id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True)
    created_at: Mapped[CreatedAt]

    user: Mapped[User] = relationship()
    enterprise: Mapped[Enterprise] = relationship()


class EnterpriseLink(Base):
    """The secret that lets its holder go on with a registration and keep the listing, without an account.

    Only a digest is stored. A newer link takes the place of earlier ones; an account of the owner ends them all.
    """

    __tablename__ = "enterprise_link"
    __table_args__ = (Index("ix_enterprise_link_of", "enterprise_id", "id"),)

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    enterprise: Mapped[Enterprise] = relationship()


class EnterpriseConsent(Base):
    """What the owner agreed to, for one purpose, and until when. A new agreement is a new row: the record stays whole."""

    __tablename__ = "enterprise_consent"
    __table_args__ = (
        partial_index(
            "ix_enterprise_consent_live", "enterprise_id", "purpose", where=NOT_REVOKED, unique=True
        ),
        Index("ix_enterprise_consent_of", "enterprise_id", "id"),
        CheckConstraint("revoked_at IS NULL OR revoked_at >= granted_at", name="revoked_after"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    purpose: Mapped[Code]
    granted_at: Mapped[CreatedAt]
    granted_by: Mapped[Name] = mapped_column(default="")  # the owner, or who wrote down what the owner said
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EnterpriseProduct(Base):
    """Something that an enterprise sells. Prices in rupiah; a range has two."""

    __tablename__ = "enterprise_product"
    __table_args__ = (
        CheckConstraint("price_low IS NULL OR price_low >= 0", name="price_counted"),
        CheckConstraint(
            "price_high IS NULL OR (price_low IS NOT NULL AND price_high > price_low)", name="range_upwards"
        ),
        Index("ix_enterprise_product_of", "enterprise_id", "id"),
    )

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    name: Mapped[Name]
    price_low: Mapped[int | None]
    price_high: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    availability: Mapped[str] = mapped_column(String(40), default="ready")
    picture_token: Mapped[str | None] = mapped_column(String(40))  # of the stored file
    created_at: Mapped[CreatedAt]

    enterprise: Mapped[Enterprise] = relationship()


class EnterpriseEvent(Base):
    """Something that happened to an enterprise. ``note`` is what a person wrote, for staff or, in a return, for the owner."""

    __tablename__ = "enterprise_event"
    __table_args__ = (Index("ix_enterprise_event_of", "enterprise_id", "at", "id"),)

    id: Mapped[Id]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    at: Mapped[CreatedAt]
    kind: Mapped[Code]
    template: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    actor_name: Mapped[Name] = mapped_column(default="")
    picture_token: Mapped[str | None] = mapped_column(String(40))


class EnterpriseMerge(Base):
    """One row of the register went into another, because both were the same business. ``moved`` puts it back."""

    __tablename__ = "enterprise_merge"
    __table_args__ = (
        CheckConstraint("survivor_id <> merged_id", name="of_two_rows"),
        partial_index("ix_enterprise_merge_live", "merged_id", where=NOT_UNDONE, unique=True),
        Index("ix_enterprise_merge_of", "survivor_id", "id"),
    )

    id: Mapped[Id]
    survivor_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    at: Mapped[CreatedAt]
    by_name: Mapped[Name]
    reason: Mapped[str] = mapped_column(Text)
    moved: Mapped[Json]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[Name] = mapped_column(default="")

    survivor: Mapped[Enterprise] = relationship(foreign_keys=[survivor_id])
    merged: Mapped[Enterprise] = relationship(foreign_keys=[merged_id])
