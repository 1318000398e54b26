"""Enterprises that may stand in the register twice: a near-same name, the same owner, telephone or place."""

from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import or_, select

from app.cooperatives.names import similar_folded
from app.core.extensions import db
from app.core.search import find
from app.core.text import N_, Text
from app.enterprises.models import Enterprise, EnterpriseIndex
from app.enterprises.publication import public_condition
from app.enterprises.rules import State

OPEN = (State.WAITING, State.RETURNED, State.LISTED, State.HIDDEN)
NEAR, LIKELY = 0.86, 60
SHOWN = 6
WEIGHTS = {"name": 45, "owner": 30, "phone": 40, "kelurahan": 15, "kecamatan": 5}
REASONS = {
    "name": N_("nama hampir sama"),
    "owner": N_("pemilik sama"),
    "phone": N_("nomor HP sama"),
    "kelurahan": N_("kelurahan sama"),
    "kecamatan": N_("kecamatan sama"),
}


@dataclass(frozen=True)
class Twin:
    """A row that may be the same business, and why. ``score``: at least :data:`LIKELY`."""

    enterprise: Enterprise
    reasons: tuple[Text, ...]
    score: int


def twins_of(enterprise: Enterprise) -> list[Twin]:
    """For the office: likely duplicates by everything that is known, the likeliest first."""
    same = []
    if enterprise.owner_phone:
        same.append(Enterprise.owner_phone == enterprise.owner_phone)
    if enterprise.owner_key:
        same.append(Enterprise.owner_key == enterprise.owner_key)
    others = [Enterprise.id != enterprise.id, Enterprise.state.in_(OPEN)]
    rows = {row.id: row for row in _named_like(enterprise)}
    if same:
        query = select(Enterprise).where(or_(*same), *others).order_by(Enterprise.id).limit(50)
        rows |= {row.id: row for row in db.session.scalars(query)}
    return _judged(enterprise, list(rows.values()), tuple(WEIGHTS))


def public_twins_of(enterprise: Enterprise) -> list[Twin]:
    """For whoever registers: by name and kecamatan, only what everybody may see anyway.

    Telephone and owner are not compared: whoever types a number must not learn whose it is.
    """
    ids = find(
        "enterprise", enterprise.name, where=(public_condition(), Enterprise.id != enterprise.id), limit=50
    )
    rows = db.session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))
    near = [row for row in rows if row.kode_kecamatan == enterprise.kode_kecamatan]
    return _judged(enterprise, near, ("name", "kecamatan"), least=WEIGHTS["name"])


def _named_like(enterprise: Enterprise) -> list[Enterprise]:
    open_ids = select(Enterprise.id).where(Enterprise.state.in_(OPEN), Enterprise.id != enterprise.id)
    ids = find("enterprise_index", enterprise.name, where=(EnterpriseIndex.id.in_(open_ids),), limit=50)
    return list(db.session.scalars(select(Enterprise).where(Enterprise.id.in_(ids))))


def _judged(
    enterprise: Enterprise, rows: list[Enterprise], compared: tuple[str, ...], least: int = LIKELY
) -> list[Twin]:
    found = []
    for row in rows:
        alike = [sign for sign in compared if _agree(sign, enterprise, row)]
        score = sum(WEIGHTS[sign] for sign in alike)
        if score >= least and set(alike) & {"name", "phone", "owner"}:
            found.append(Twin(row, tuple(Text(REASONS[sign]) for sign in alike), score))
    return sorted(found, key=lambda twin: (-twin.score, twin.enterprise.id))[:SHOWN]


def _agree(sign: str, one: Enterprise, other: Enterprise) -> bool:
    if sign == "name":
        return bool(one.name_key and other.name_key) and names_agree(one.name_key, other.name_key)
    if sign == "owner":
        if not (one.owner_key and other.owner_key):
            return False
        return similar_folded(one.owner_key, other.owner_key) >= NEAR
    column = {"phone": "owner_phone", "kelurahan": "kode_kelurahan", "kecamatan": "kode_kecamatan"}[sign]
    value = getattr(one, column)
    return value is not None and value == getattr(other, column)


def names_agree(one: str, other: str) -> bool:
    """Whether two folded names may be one: near-same, or one the other with words added (*Melati*, *Toko Melati*)."""
    if similar_folded(one, other) >= NEAR:
        return True
    few = min(len(one.split()), len(other.split()))
    return few > 1 and fuzz.token_set_ratio(one, other) >= 95
