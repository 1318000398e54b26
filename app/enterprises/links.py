"""The secret link by which an owner goes on without an account."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app.accounts.digests import keyed_digest
from app.accounts.links import site_url
from app.core.database import now
from app.core.extensions import db
from app.enterprises.link_models import EnterpriseLinkRequest
from app.enterprises.models import Enterprise, EnterpriseLink
from app.enterprises.rules import State

LIFETIME = timedelta(days=800)
"""Longer than a listing stays public without a word of its owner."""
TOKEN_LENGTH = 43


def make_link(enterprise: Enterprise) -> str:
    """A new link, shown once; earlier ones open nothing any more, and nobody waits for one. Returns its token."""
    revoke_links(enterprise)
    close_requests(enterprise)
    token = secrets.token_urlsafe(32)
    db.session.add(
        EnterpriseLink(
            enterprise_id=enterprise.id,
            token_digest=keyed_digest("enterprise", token),
            expires_at=now() + LIFETIME,
        )
    )
    db.session.flush()
    return token


def revoke_links(enterprise: Enterprise) -> None:
    """Links of ``enterprise`` open nothing any more."""
    db.session.execute(
        update(EnterpriseLink)
        .where(EnterpriseLink.enterprise_id == enterprise.id, EnterpriseLink.revoked_at.is_(None))
        .values(revoked_at=now())
        .execution_options(synchronize_session=False)
    )


def renew_links(enterprise: Enterprise) -> None:
    """A listing that was confirmed keeps its link for as long again, or an owner who confirms it each year would lose the link in
    the third."""
    db.session.execute(
        update(EnterpriseLink)
        .where(
            EnterpriseLink.enterprise_id == enterprise.id,
            EnterpriseLink.revoked_at.is_(None),
            EnterpriseLink.expires_at > now(),
        )
        .values(expires_at=now() + LIFETIME)
        .execution_options(synchronize_session=False)
    )


def close_requests(enterprise: Enterprise) -> None:
    """Who asked for a new link has one, or could not be reached."""
    db.session.execute(
        update(EnterpriseLinkRequest)
        .where(EnterpriseLinkRequest.enterprise_id == enterprise.id, EnterpriseLinkRequest.done_at.is_(None))
        .values(done_at=now())
        .execution_options(synchronize_session=False)
    )


def link_address(token: str) -> str:
    """The link as it is sent and shown."""
    return site_url(f"/ukm/daftar/{token}")


def enterprise_behind(token: str) -> Enterprise | None:
    """What a link opens; None for one that is not known, was replaced, or is too old."""
    if len(token) != TOKEN_LENGTH:
        return None
    link = db.session.scalars(
        select(EnterpriseLink)
        .where(EnterpriseLink.token_digest == keyed_digest("enterprise", token))
        .options(joinedload(EnterpriseLink.enterprise))
    ).one_or_none()
    if link is None or link.revoked_at is not None or link.expires_at <= now():
        return None
    return None if link.enterprise.state in (State.DELETED, State.MERGED) else link.enterprise


def has_live_link(enterprise: Enterprise) -> bool:
    """Whether some link still opens it."""
    query = select(EnterpriseLink.id).where(
        EnterpriseLink.enterprise_id == enterprise.id,
        EnterpriseLink.revoked_at.is_(None),
        EnterpriseLink.expires_at > now(),
    )
    return db.session.scalar(query.limit(1)) is not None
