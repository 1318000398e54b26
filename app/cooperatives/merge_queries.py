"""Which rows of the register went into which."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cooperatives.models import Cooperative, CooperativeMerge, Listing
from app.core.extensions import db

LIVE = select(CooperativeMerge).where(CooperativeMerge.undone_at.is_(None))


def merges_into(cooperative: Cooperative) -> list[CooperativeMerge]:
    """The merges into ``cooperative`` that hold, with the rows that went, oldest first."""
    query = LIVE.where(CooperativeMerge.survivor_id == cooperative.id)
    return list(
        db.session.scalars(query.options(joinedload(CooperativeMerge.merged)).order_by(CooperativeMerge.id))
    )


def merge_of(cooperative: Cooperative) -> CooperativeMerge | None:
    """By which ``cooperative`` went into another, with that one; None where it stands for itself."""
    if cooperative.listing is not Listing.MERGED:
        return None
    query = LIVE.where(CooperativeMerge.merged_id == cooperative.id)
    return db.session.scalars(query.options(joinedload(CooperativeMerge.survivor))).one_or_none()


def merge_by_id(survivor: Cooperative, merge_id: int) -> CooperativeMerge | None:
    """One merge into ``survivor``, undone or not."""
    query = select(CooperativeMerge).where(
        CooperativeMerge.id == merge_id, CooperativeMerge.survivor_id == survivor.id
    )
    return db.session.scalars(query.options(joinedload(CooperativeMerge.merged))).one_or_none()
