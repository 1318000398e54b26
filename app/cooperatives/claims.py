"""The queue of claims."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.cooperatives.models import Membership, MembershipState
from app.core.extensions import db
from app.core.paging import Page, paginate

TOGETHER = joinedload(Membership.user), joinedload(Membership.cooperative), joinedload(Membership.decided_by)


def claim_page(*, decided: bool) -> Page[Membership]:
    """The page that the request asks for: claims that wait, longest first; or decided ones, latest first."""
    query = select(Membership).options(*TOGETHER)
    if not decided:
        return paginate(
            query.where(Membership.state == MembershipState.PENDING),
            by=(Membership.__table__.c.requested_at, Membership.__table__.c.id),
            key=lambda claim: (claim.requested_at, claim.id),
        )
    return paginate(
        query.where(Membership.state != MembershipState.PENDING, Membership.decided_at.is_not(None)),
        by=(Membership.__table__.c.decided_at, Membership.__table__.c.id),
        key=lambda claim: (claim.decided_at, claim.id),
        descending=True,
    )


def next_waiting() -> int | None:
    """The id of the claim that waits longest."""
    waiting = select(Membership.id).where(Membership.state == MembershipState.PENDING)
    return db.session.scalar(waiting.order_by(Membership.requested_at, Membership.id).limit(1))
