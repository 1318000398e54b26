"""For whom somebody asks or comes: the cooperatives and UKM that the site knows."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import cooperative_by_slug, memberships_of
from app.core.extensions import db
from app.core.search import find
from app.enterprises.models import Enterprise
from app.enterprises.queries import enterprise_by_slug, owned_by
from app.enterprises.rules import State

Party = Cooperative | Enterprise
KNOWN = (State.WAITING, State.LISTED, State.HIDDEN)
"""UKM that may be named: sent to the office, and not gone."""
FOUND = 5  # of each, in a search by name


def name_of(party: Party | None) -> str:
    """What it is called; empty for nobody."""
    if party is None:
        return ""
    return party.nama_koperasi if isinstance(party, Cooperative) else party.name


def key_of(party: Party | None) -> str:
    """By what a form names it."""
    if party is None:
        return ""
    return f"{'koperasi' if isinstance(party, Cooperative) else 'ukm'}:{party.slug}"


def party_of(key: str) -> Party | None:
    """Whom :func:`key_of` named, if the office has it."""
    kind, _colon, slug = key.partition(":")
    if kind == "koperasi":
        return cooperative_by_slug(slug)
    found = enterprise_by_slug(slug) if kind == "ukm" else None
    return found if found and found.state in KNOWN else None


def acted_for(person: User | None) -> list[Party]:
    """Whom ``person`` may speak for: the cooperatives first, each kind by name."""
    if person is None:
        return []
    own = [one for one in owned_by(person.id) if one.state in KNOWN]
    return [*(one.cooperative for one in memberships_of(person)), *own]


def columns(party: Party | None) -> dict[str, Any]:
    """The columns that say whose a request or booking is."""
    is_cooperative = isinstance(party, Cooperative)
    return {
        "cooperative_id": party.id if party and is_cooperative else None,
        "enterprise_id": party.id if party and not is_cooperative else None,
    }


def named(q: str) -> list[Party]:
    """Listed cooperatives and known UKM that ``q`` may mean, best first."""
    cooperatives = find("cooperative", q, where=(Cooperative.listing == Listing.LISTED,), limit=FOUND)
    enterprises = find("enterprise", q, where=(Enterprise.state.in_(KNOWN),), limit=FOUND)
    found: dict[tuple[type, int], Party] = {}
    for one in db.session.scalars(select(Cooperative).where(Cooperative.id.in_(cooperatives))):
        found[Cooperative, one.id] = one
    for other in db.session.scalars(select(Enterprise).where(Enterprise.id.in_(enterprises))):
        found[Enterprise, other.id] = other
    order = [(Cooperative, id_) for id_ in cooperatives] + [(Enterprise, id_) for id_ in enterprises]
    return [found[key] for key in order]
