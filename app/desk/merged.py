"""When two rows of the register turn out to be one cooperative, its requests go along, and come back when that is undone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Moved, merging, unmerging
from app.core.extensions import db
from app.desk.models import ServiceRequest

NAME = "requests"


@merging.connect
def hand_over(other: Cooperative, *, into: Cooperative) -> Moved | None:
    """The requests of ``other`` are those of ``into``."""
    ids = list(db.session.scalars(select(ServiceRequest.id).where(ServiceRequest.cooperative_id == other.id)))
    _move(ids, into)
    return Moved(NAME, {"ids": ids}) if ids else None


@unmerging.connect
def hand_back(other: Cooperative, *, out_of: Cooperative, moved: Mapping[str, Any]) -> None:
    """Those that came from ``other`` go back, unless somebody has linked them elsewhere since."""
    ids = moved.get(NAME, {}).get("ids", [])
    still = select(ServiceRequest.id).where(
        ServiceRequest.id.in_(ids), ServiceRequest.cooperative_id == out_of.id
    )
    _move(list(db.session.scalars(still)), other)


def _move(ids: list[int], to: Cooperative) -> None:
    if ids:
        change = update(ServiceRequest).where(ServiceRequest.id.in_(ids)).values(cooperative_id=to.id)
        db.session.execute(change.execution_options(synchronize_session="fetch"))
