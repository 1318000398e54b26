"""When two rows turn out to be one cooperative or one UKM, its requests go along, and come back when that is undone; when a
UKM's data are erased, its requests no longer name it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.cooperatives import signals as cooperatives
from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Moved
from app.core.extensions import db
from app.desk.models import ServiceRequest
from app.desk.services import search_text
from app.enterprises import signals as enterprises
from app.enterprises.models import Enterprise

NAME = "requests"
COLUMNS = {
    Cooperative: ServiceRequest.cooperative_id,
    Enterprise: ServiceRequest.enterprise_id,
}


@enterprises.merging.connect
@cooperatives.merging.connect
def hand_over(other: Cooperative | Enterprise, *, into: Cooperative | Enterprise) -> Moved | None:
    """The requests of ``other`` are those of ``into``."""
    query = select(ServiceRequest.id).where(COLUMNS[type(other)] == other.id)
    ids = list(db.session.scalars(query))
    _move(ids, into)
    return Moved(NAME, {"ids": ids}) if ids else None


@enterprises.unmerging.connect
@cooperatives.unmerging.connect
def hand_back(
    other: Cooperative | Enterprise, *, out_of: Cooperative | Enterprise, moved: Mapping[str, Any]
) -> None:
    """Those that came from ``other`` go back, unless somebody has linked them elsewhere since."""
    ids = moved.get(NAME, {}).get("ids", [])
    still = select(ServiceRequest.id).where(ServiceRequest.id.in_(ids), COLUMNS[type(out_of)] == out_of.id)
    _move(list(db.session.scalars(still)), other)


def _move(ids: list[int], to: Cooperative | Enterprise) -> None:
    if ids:
        change = update(ServiceRequest).where(ServiceRequest.id.in_(ids)).values({COLUMNS[type(to)]: to.id})
        db.session.execute(change.execution_options(synchronize_session="fetch"))


@enterprises.enterprise_erased.connect
def forget(enterprise: Enterprise, **_about: object) -> None:
    """A request is its person's, and is kept as long as the site says; it does not keep the name of what is no longer there."""
    query = select(ServiceRequest).where(ServiceRequest.enterprise_id == enterprise.id)
    for request in db.session.scalars(query):
        request.enterprise_id, request.organisation = None, ""
        request.search_text = search_text(request)
    db.session.flush()
