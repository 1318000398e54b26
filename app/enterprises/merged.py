"""When two rows turn out to be one cooperative, the UKM whose owners are its members go along, and come back when that is undone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Moved, merging, unmerging
from app.core.extensions import db
from app.enterprises.models import Enterprise

NAME = "enterprise_members"


@merging.connect
def hand_over(other: Cooperative, *, into: Cooperative) -> Moved | None:
    """The members of ``other`` are members of ``into``."""
    query = select(Enterprise.id).where(Enterprise.cooperative_id == other.id).order_by(Enterprise.id)
    ids = list(db.session.scalars(query))
    _move(ids, other, into)
    return Moved(NAME, {"ids": ids}) if ids else None


@unmerging.connect
def hand_back(other: Cooperative, *, out_of: Cooperative, moved: Mapping[str, Any]) -> None:
    """Those who came from ``other`` go back, but for whoever has said since to be a member elsewhere, or of none."""
    _move(moved.get(NAME, {}).get("ids", []), out_of, other)


def _move(ids: list[int], of: Cooperative, to: Cooperative) -> None:
    """Past the version of the rows: what an owner is typing at this moment must not be refused for it."""
    change = update(Enterprise).where(Enterprise.id.in_(ids), Enterprise.cooperative_id == of.id)
    db.session.execute(change.values(cooperative_id=to.id).execution_options(synchronize_session="fetch"))
