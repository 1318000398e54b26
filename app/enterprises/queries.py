"""Finding enterprises, their owners, products and history."""

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain

from flask import current_app, url_for
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.core.database import now, today
from app.core.extensions import db
from app.core.hits import Hit, PublicPage
from app.core.i18n import _, say
from app.core.paging import count_blocks
from app.core.search import find
from app.enterprises.models import (
    Enterprise,
    EnterpriseConsent,
    EnterpriseEvent,
    EnterpriseMerge,
    EnterpriseOwner,
    EnterpriseProduct,
)
from app.enterprises.publication import Reading, confirmed_since, is_public, public_condition
from app.enterprises.rules import State
from app.enterprises.sectors import activities
from app.regions.queries import office_region
from app.regions.rules import Region

SLUG = re.compile(r"[a-z0-9-]{1,120}")
IN_REGISTER = (State.LISTED, State.HIDDEN)
REMINDED = 200  # of the reminder list at once
REMINDED_REST = 30  # days for which somebody who was reminded leaves that list


def region() -> Region:
    """Where this office works."""
    return office_region(current_app.config["REGION"])


def enterprise_by_slug(slug: str) -> Enterprise | None:
    """The enterprise at this address, public or not."""
    if not SLUG.fullmatch(slug):
        return None
    query = select(Enterprise).where(Enterprise.slug == slug).options(joinedload(Enterprise.cooperative))
    return db.session.scalars(query).one_or_none()


def public_enterprise(slug: str) -> Enterprise | None:
    """The enterprise at this address if everybody may see it."""
    found = enterprise_by_slug(slug)
    return found if found and is_public(found) else None


def owned_by(user_id: int) -> list[Enterprise]:
    """What a person keeps, by name."""
    query = (
        select(Enterprise)
        .join(EnterpriseOwner, EnterpriseOwner.enterprise_id == Enterprise.id)
        .where(EnterpriseOwner.user_id == user_id, Enterprise.state.not_in((State.DELETED, State.MERGED)))
        .order_by(Enterprise.name_key, Enterprise.id)
    )
    return list(db.session.scalars(query))


def owned_enterprise(user_id: int, slug: str) -> Enterprise | None:
    """The enterprise at this address, if this person keeps it; one query."""
    if not SLUG.fullmatch(slug):
        return None
    query = (
        select(EnterpriseOwner)
        .join(EnterpriseOwner.enterprise)
        .options(contains_eager(EnterpriseOwner.enterprise).joinedload(Enterprise.cooperative))
        .where(
            EnterpriseOwner.user_id == user_id,
            Enterprise.slug == slug,
            Enterprise.state.not_in((State.DELETED, State.MERGED)),
        )
    )
    owner = db.session.scalars(query).one_or_none()
    return owner.enterprise if owner else None


def owners_of(enterprise: Enterprise) -> list[User]:
    """Who keeps it, longest first."""
    query = select(User).join(EnterpriseOwner, EnterpriseOwner.user_id == User.id)
    return list(
        db.session.scalars(
            query.where(EnterpriseOwner.enterprise_id == enterprise.id).order_by(EnterpriseOwner.id)
        )
    )


def products_of(enterprise: Enterprise) -> list[EnterpriseProduct]:
    """What it sells, in the order in which it was put down."""
    query = select(EnterpriseProduct).where(EnterpriseProduct.enterprise_id == enterprise.id)
    return list(db.session.scalars(query.order_by(EnterpriseProduct.id)))


def product_of(enterprise: Enterprise, product_id: int) -> EnterpriseProduct | None:
    """One of its products."""
    found = db.session.get(EnterpriseProduct, product_id)
    return found if found and found.enterprise_id == enterprise.id else None


def consents_of(enterprise: Enterprise) -> list[EnterpriseConsent]:
    """Everything its owner ever agreed to, newest first."""
    query = select(EnterpriseConsent).where(EnterpriseConsent.enterprise_id == enterprise.id)
    return list(db.session.scalars(query.order_by(EnterpriseConsent.id.desc())))


def events_of(enterprise: Enterprise, limit: int = 50) -> list[EnterpriseEvent]:
    """What happened to it, newest first."""
    query = select(EnterpriseEvent).where(EnterpriseEvent.enterprise_id == enterprise.id)
    return list(
        db.session.scalars(query.order_by(EnterpriseEvent.at.desc(), EnterpriseEvent.id.desc()).limit(limit))
    )


def waiting() -> Select[Enterprise]:
    """Registrations that nobody has looked at, oldest first; from the partial index."""
    query = select(Enterprise).where(Enterprise.state == State.WAITING)
    return query.order_by(Enterprise.submitted_at, Enterprise.id)


def waiting_number() -> Select[int]:
    """How many registrations wait; to be asked with others."""
    return select(func.count()).select_from(Enterprise).where(Enterprise.state == State.WAITING)


def waiting_count() -> int:
    """How many registrations wait."""
    return db.session.scalar(waiting_number()) or 0


def next_waiting(after: Enterprise | None = None) -> Enterprise | None:
    """The registration that waits longest, but for ``after``."""
    query = waiting()
    if after is not None:
        query = query.where(Enterprise.id != after.id)
    return db.session.scalars(query.limit(1)).first()


def to_remind() -> list[Enterprise]:
    """Those in the register that nobody confirmed within a year, longest first. Whoever was reminded lately makes room for
    the next: those who never answer would fill the list for ever."""
    lately = exists().where(
        EnterpriseEvent.enterprise_id == Enterprise.id,
        EnterpriseEvent.kind == "reminded",
        EnterpriseEvent.at > now() - timedelta(days=REMINDED_REST),
    )
    query = select(Enterprise).where(Enterprise.state.in_(IN_REGISTER), ~confirmed_since(1), ~lately)
    return list(db.session.scalars(query.order_by(Enterprise.confirmed_at, Enterprise.id).limit(REMINDED)))


def merge_of(enterprise: Enterprise) -> EnterpriseMerge | None:
    """Into what a merged row went."""
    query = select(EnterpriseMerge).where(
        EnterpriseMerge.merged_id == enterprise.id, EnterpriseMerge.undone_at.is_(None)
    )
    return db.session.scalars(query.options(joinedload(EnterpriseMerge.survivor))).one_or_none()


def merges_into(enterprise: Enterprise) -> list[EnterpriseMerge]:
    """What went into it and can be taken out again, newest first."""
    query = select(EnterpriseMerge).where(
        EnterpriseMerge.survivor_id == enterprise.id, EnterpriseMerge.undone_at.is_(None)
    )
    return list(
        db.session.scalars(
            query.options(joinedload(EnterpriseMerge.merged)).order_by(EnterpriseMerge.id.desc())
        )
    )


def merge_by_id(id_: int) -> EnterpriseMerge | None:
    """One merge with both rows."""
    query = select(EnterpriseMerge).where(EnterpriseMerge.id == id_)
    together = (joinedload(EnterpriseMerge.survivor), joinedload(EnterpriseMerge.merged))
    return db.session.scalars(query.options(*together)).one_or_none()


def revision() -> str:
    """Changes whenever the register does (every change is on the trail), and with the day: what is public depends on it."""
    latest = db.session.scalar(select(TrailEntry.digest).order_by(TrailEntry.id.desc()).limit(1))
    return f"{latest} {today()}"


def hits(q: str, limit: int = 10) -> list[Hit]:
    """What a search of the whole site finds here, best first: only what is public."""
    ids = find("enterprise", q, where=(public_condition(),), limit=limit)
    rows = {row.id: row for row in db.session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))}
    return [_hit(rows[id_]) for id_ in ids if id_ in rows]


def _hit(enterprise: Enterprise) -> Hit:
    place = region().name_of(enterprise.kode_kecamatan)
    activity = activities().get(enterprise.activity or "")
    return Hit(
        kind="enterprise",
        title=enterprise.name,
        url=url_for("enterprises.show", slug=enterprise.slug),
        text=enterprise.products,
        note=_("Kecamatan %(name)s", name=place) if place else "",
        keywords=say(activity.name) if activity else "",
    )


def public_pages() -> Iterable[PublicPage]:
    """The pages that search engines may know."""
    return chain(own_pages(), row_pages())


def own_pages() -> Iterable[PublicPage]:
    """The same but for those of single businesses."""
    for endpoint in ("enterprises.directory", "enterprises.map_page", "clusters.shown", "enterprises.join"):
        yield PublicPage(url_for(endpoint))


def row_pages(ids: range | None = None) -> Iterable[PublicPage]:
    """The pages of the public businesses; of those with ``ids``."""
    pages = url_for("enterprises.show", slug="-").removesuffix("-")  # a slug stands in an address as it is
    query = select(Enterprise.slug, Enterprise.confirmed_at).where(public_condition(Reading.BY_ID))
    if ids is not None:
        query = query.where(Enterprise.id.between(ids.start, ids.stop - 1))
    for slug, confirmed_at in db.session.execute(query.order_by(Enterprise.id)):
        yield PublicPage(pages + slug, confirmed_at.date() if confirmed_at else None)


def row_blocks(each: int) -> dict[int, int]:
    """Of every ``each`` ids how many are public."""
    return count_blocks(Enterprise.id, each, public_condition())
