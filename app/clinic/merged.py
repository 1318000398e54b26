"""When two rows turn out to be one cooperative or one UKM, its bookings and places on the waitlist go along, and come back when
that is undone; when a UKM's data are erased, what it had at the clinic no longer names it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.clinic.booking import search_text
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.cooperatives import signals as cooperatives
from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Moved
from app.core.extensions import db
from app.enterprises import signals as enterprises
from app.enterprises.models import Enterprise

NAME = "clinic"
Table = type[ClinicBooking] | type[ClinicWaiting]
TABLES: dict[str, Table] = {"bookings": ClinicBooking, "waiting": ClinicWaiting}


@enterprises.merging.connect
@cooperatives.merging.connect
def hand_over(other: Cooperative | Enterprise, *, into: Cooperative | Enterprise) -> Moved | None:
    """What ``other`` has at the clinic is what ``into`` has."""
    moved = {}
    for name, table in TABLES.items():
        ids = list(
            db.session.scalars(select(table.id).where(_whose(table, other) == other.id).order_by(table.id))
        )
        _move(table, ids, into)
        if ids:
            moved[name] = ids
    return Moved(NAME, moved) if moved else None


@enterprises.unmerging.connect
@cooperatives.unmerging.connect
def hand_back(
    other: Cooperative | Enterprise, *, out_of: Cooperative | Enterprise, moved: Mapping[str, Any]
) -> None:
    """What came from ``other`` goes back, unless somebody has linked it elsewhere since."""
    for name, table in TABLES.items():
        ids = moved.get(NAME, {}).get(name, [])
        still = select(table.id).where(table.id.in_(ids), _whose(table, out_of) == out_of.id)
        _move(table, list(db.session.scalars(still.order_by(table.id))), other)


def _whose(table: Table, party: Cooperative | Enterprise) -> Any:
    return table.cooperative_id if isinstance(party, Cooperative) else table.enterprise_id


def _move(table: Table, ids: list[int], to: Cooperative | Enterprise) -> None:
    if ids:
        change = update(table).where(table.id.in_(ids)).values({_whose(table, to): to.id})
        db.session.execute(change.execution_options(synchronize_session="fetch"))
    if ids and table is ClinicBooking:
        _find_anew(ids)


def _find_anew(ids: list[int]) -> None:
    """Staff look these up by whom they are for now."""
    for one in db.session.scalars(select(ClinicBooking).where(ClinicBooking.id.in_(ids))).all():
        db.session.expire(one, ["cooperative", "enterprise"])
        one.search_text = search_text(one) if one.search_text else ""
    db.session.flush()


@enterprises.enterprise_erased.connect
def forget(enterprise: Enterprise, **_about: object) -> None:
    """A booking is its visitor's, and is kept as long as the site says; it does not name what is no longer there, nor is it
    found by that name."""
    booked = select(ClinicBooking.id).where(ClinicBooking.enterprise_id == enterprise.id)
    ids = list(db.session.scalars(booked.order_by(ClinicBooking.id)))
    for table in TABLES.values():
        change = update(table).where(table.enterprise_id == enterprise.id).values(enterprise_id=None)
        db.session.execute(change.execution_options(synchronize_session="fetch"))
    _find_anew(ids)
