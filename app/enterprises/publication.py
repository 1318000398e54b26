"""What the public may see of an enterprise. Every public page, list and file asks here, and nowhere else."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.cooperatives.rules import years_before
from app.core.database import office_zone, today
from app.core.extensions import db
from app.core.plans import likely, unindexed
from app.enterprises.models import Enterprise, EnterpriseConsent
from app.enterprises.rules import CHANNELS, Currency, Precision, Purpose, State, currency
from app.regions.centroids import Point, centroid

PLACED = ("kode_kecamatan", "kode_kelurahan", "point_precision", "latitude", "longitude")
PUBLIC_YEARS = 2
"""Unconfirmed for so long, a listing leaves the public list, not the register."""


def start_of(day: date) -> datetime:
    """Midnight with which ``day`` begins in the office."""
    return datetime.combine(day, time(), office_zone())


class Reading(StrEnum):
    """How the rows of a list are come by, which SQLite does not see for itself."""

    BY_FILTERS = "filters"  # looked up by what narrows the list
    BY_ORDER = "order"  # met in the list's own order
    BY_ID = "id"  # known already, as a search finds them


def confirmed_since(years: int) -> ColumnElement[bool]:
    """The condition that a listing was confirmed within ``years``."""
    return Enterprise.confirmed_at >= _beginning(years)


def _beginning(years: int) -> datetime:
    return start_of(years_before(today(), years) + timedelta(days=1))


def public_condition(reading: Reading = Reading.BY_FILTERS) -> ColumnElement[bool]:
    """The condition that everybody may see a listing today; asked by date, so no job has to run."""
    if reading is Reading.BY_FILTERS:
        return and_(Enterprise.state == State.LISTED, likely(confirmed_since(PUBLIC_YEARS)))
    state = unindexed(Enterprise.state) if reading is Reading.BY_ID else Enterprise.state
    return and_(state == State.LISTED, unindexed(Enterprise.confirmed_at) >= _beginning(PUBLIC_YEARS))


def currency_of(enterprise: Enterprise) -> Currency | None:
    """How current a listing is today; None for one that was never confirmed."""
    at = enterprise.confirmed_at
    return currency(at.astimezone(office_zone()).date(), today()) if at else None


def is_public(enterprise: Enterprise) -> bool:
    """Whether everybody may see it today."""
    return enterprise.state is State.LISTED and currency_of(enterprise) in (
        Currency.CURRENT,
        Currency.UNCONFIRMED,
    )


def live_purposes(enterprise: Enterprise) -> frozenset[Purpose]:
    """What its owner agrees to now."""
    return live_purposes_of([enterprise.id])[enterprise.id]


def live_purposes_of(ids: Collection[int]) -> Mapping[int, frozenset[Purpose]]:
    """By enterprise, what the owner agrees to now; one query."""
    query = select(EnterpriseConsent.enterprise_id, EnterpriseConsent.purpose).where(
        EnterpriseConsent.enterprise_id.in_(ids), EnterpriseConsent.revoked_at.is_(None)
    )
    known = {purpose.value for purpose in Purpose}
    found: dict[int, set[Purpose]] = {id_: set() for id_ in ids}
    for id_, purpose in db.session.execute(query):
        if purpose in known:
            found[id_].add(Purpose(purpose))
    return {id_: frozenset(purposes) for id_, purposes in found.items()}


def showable(enterprise: Enterprise) -> frozenset[Purpose]:
    """To what its owner can agree now: nobody agrees to show a number that is not written down, or a place whose precision was
    not chosen. Whatever came there later would be public at once.
    """
    told = {purpose for channel, (_name, purpose) in CHANNELS.items() if enterprise.contacts.get(channel)}
    if enterprise.point_precision is not Precision.KECAMATAN:
        told.add(Purpose.LOCATION)
    shown = {purpose for _name, purpose in CHANNELS.values()} | {Purpose.LOCATION}
    return frozenset(set(Purpose) - shown | told)


@dataclass(frozen=True)
class PublicPlace:
    """Where an enterprise is, as finely as its owner lets it be known. ``point``: (latitude, longitude)."""

    kode_kecamatan: str | None
    kode_kelurahan: str | None
    point: Point | None
    is_exact: bool


def public_place(enterprise: Enterprise) -> PublicPlace:
    """Its place at the published precision; what is coarser stands at the middle of kelurahan or kecamatan."""
    return place_of({name: getattr(enterprise, name) for name in PLACED})


def place_of(values: Mapping[str, Any]) -> PublicPlace:
    """The same of a row with these ``values`` (of :data:`PLACED`)."""
    fine = values.get("point_precision", Precision.KECAMATAN)
    district = values.get("kode_kecamatan")
    village = values.get("kode_kelurahan") if fine is not Precision.KECAMATAN else None
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if fine is Precision.EXACT and latitude is not None and longitude is not None:
        return PublicPlace(district, village, (latitude, longitude), True)
    return PublicPlace(district, village, centroid(village or district), False)


def public_contacts(enterprise: Enterprise, purposes: Iterable[Purpose]) -> dict[str, str]:
    """Channel → how to reach it, only what is consented to, in the order of :data:`CHANNELS`."""
    agreed = frozenset(purposes)
    return {
        channel: enterprise.contacts[channel]
        for channel, (_name, needed) in CHANNELS.items()
        if needed in agreed and enterprise.contacts.get(channel)
    }
