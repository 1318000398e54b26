"""Cooperatives that may stand in the register twice: the same number, or a near-same name in the same kecamatan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.cooperatives.derived import derived
from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.names import kinds_agree, similar_folded
from app.cooperatives.queries import region
from app.core.extensions import db
from app.core.ranking import telling, words_of
from app.core.search import find
from app.core.text import N_, Text

NEAR = 0.86  # two spellings of one name; "melati jaya" and "melati raya" are less alike than that
SHOWN = 6


@dataclass(frozen=True)
class Twin:
    """A cooperative that may be the same one, and why."""

    cooperative: Cooperative
    reason: Text
    certain: bool  # the numbers agree


def twins(values: Mapping[str, Any], *, but: int | None = None, proposals: bool = False) -> list[Twin]:
    """Likely duplicates of a cooperative with these ``values``, the surest first, at most :data:`SHOWN`.

    ``but`` is the id of the cooperative itself. ``proposals``: also those that wait to be listed (not for the public).
    """
    if not values.get("nama_koperasi"):
        return []
    wanted = dict(values) | derived(values, region())
    listings = (Listing.LISTED, Listing.PROPOSED) if proposals else (Listing.LISTED,)
    others = [Cooperative.listing.in_(listings), Cooperative.id != (but or 0)]
    found = {twin.cooperative.id: twin for twin in _near_names(wanted, others)}
    found |= {twin.cooperative.id: twin for twin in _same_numbers(wanted, others)}
    return sorted(
        found.values(), key=lambda twin: (not twin.certain, twin.cooperative.name_key, twin.cooperative.id)
    )[:SHOWN]


def twins_of(cooperative: Cooperative) -> list[Twin]:
    """Likely duplicates of one that is in the register."""
    codes = ("nama_koperasi", "nik_koperasi", "nomor_badan_hukum", "kode_kelurahan", "kode_kecamatan")
    return twins({code: getattr(cooperative, code) for code in codes}, but=cooperative.id, proposals=True)


def _same_numbers(wanted: Mapping[str, Any], others: list[ColumnElement[bool]]) -> list[Twin]:
    nik, number = wanted.get("nik_koperasi"), wanted["legal_number_key"]
    conditions = [Cooperative.nik_koperasi == nik] if nik else []
    conditions += [Cooperative.legal_number_key == number] if number else []
    if not conditions:
        return []
    rows = db.session.scalars(
        select(Cooperative).where(or_(*conditions), *others).order_by(Cooperative.id).limit(SHOWN)
    )
    same_nik, same_number = Text(N_("NIK sama")), Text(N_("Nomor badan hukum sama"))
    return [Twin(row, same_nik if nik and row.nik_koperasi == nik else same_number, True) for row in rows]


def _near_names(wanted: Mapping[str, Any], others: list[ColumnElement[bool]]) -> list[Twin]:
    """A place that is not known may be any; two kinds (a KSU, a KSP) are two cooperatives whatever their names."""
    district = wanted["kode_kecamatan"]
    if district:
        others = [*others, or_(Cooperative.kode_kecamatan == district, Cooperative.kode_kecamatan.is_(None))]
    own = telling(words_of(wanted["nama_koperasi"]))  # what half the names bear would be looked for long
    ids = find("cooperative", " ".join(own) if len(own) > 1 else wanted["nama_koperasi"], where=others)
    named = select(Cooperative.id, Cooperative.name_key, Cooperative.nama_koperasi)
    named = named.where(Cooperative.id.in_(ids)).order_by(Cooperative.name_key, Cooperative.id)
    near = [
        row.id
        for row in db.session.execute(named)
        if similar_folded(wanted["name_key"], row.name_key) >= NEAR
        and kinds_agree(wanted["nama_koperasi"], row.nama_koperasi)
    ]
    reason = Text(N_("Nama hampir sama, di kecamatan yang sama") if district else N_("Nama hampir sama"))
    first = near[: 2 * SHOWN]  # some of them may be certain, by their numbers
    rows = db.session.scalars(select(Cooperative).where(Cooperative.id.in_(first))) if first else ()
    return [Twin(row, reason, False) for row in rows]
