"""An enterprise as numbers of a fixed width, which a file holds by the million. Plain Python: no database, no numpy.

0 means *unknown* in every code, so what nobody has said weighs nothing.
"""

import hashlib
import hmac
import math
import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.enterprises.clusters.rules import FAMILIES, Feature, digital_grade, family_of
from app.enterprises.rules import (
    AGE_BANDS,
    CAPITAL_BANDS,
    DIGITAL,
    FUNDING,
    INFRASTRUCTURE,
    NEEDS,
    SALES_BANDS,
    SEXES,
    SizeClass,
)
from app.enterprises.sectors import ACTIVITY_NAMES
from app.regions.centroids import Point

FIELDS = (
    ("id", "q"), ("lat", "f"), ("lng", "f"), ("kecamatan", "H"), ("family", "B"), ("activity", "B"), ("size", "B"), ("sales", "B"),
    ("capital", "B"), ("workers", "h"), ("grade", "B"), ("digital", "B"), ("power", "B"), ("internet", "B"), ("road", "B"),
    ("water", "B"), ("funding", "B"), ("age", "B"), ("sex", "B"), ("education", "B"), ("needs", "B"), ("nib", "B"), ("countable", "B"),
)  # fmt: skip
RECORD = struct.Struct("<" + "".join(kind for _name, kind in FIELDS))
MOST_WORKERS = 32_000
STRAY = 0.75  # degrees; a point farther from its kecamatan than any kecamatan is wide is a slip

EDUCATION_ORDER = ("tidak_sekolah", "sd", "smp", "sma", "diploma", "sarjana")
CODES: Mapping[str, tuple[str, ...]] = {
    "family": tuple(FAMILIES),
    "activity": tuple(ACTIVITY_NAMES),
    "size": tuple(size.value for size in SizeClass),
    "sales": tuple(band.code for band in SALES_BANDS),
    "capital": tuple(band.code for band in CAPITAL_BANDS),
    "digital": tuple(DIGITAL),
    "power": ("tidak", "kurang", "ada"),
    "internet": ("tidak", "kurang", "ada"),
    "road": ("tidak", "kurang", "ada"),
    "water": ("tidak", "kurang", "ada"),
    "funding": tuple(FUNDING),
    "age": tuple(AGE_BANDS),
    "sex": tuple(SEXES),
    "education": EDUCATION_ORDER,
    "needs": tuple(NEEDS),
}
"""Field → its codes, in order where they have one; of a set of codes (digital, funding, needs) each is a bit."""
OF_FEATURE: Mapping[Feature, tuple[str, ...]] = {
    Feature.LOCATION: ("lat", "lng", "kecamatan"),
    Feature.SECTOR: ("family", "activity"),
    Feature.SCALE: ("size", "sales", "capital", "workers"),
    Feature.DIGITAL: ("grade", "digital"),
    Feature.INFRASTRUCTURE: tuple(INFRASTRUCTURE),
    Feature.FUNDING: ("funding",),
    Feature.OWNER: ("age", "sex", "education"),
}
DIGEST = 6  # letters of the digest of one feature
_PLACE = {name: number for number, (name, _kind) in enumerate(FIELDS)}
_NUMBER = {field: {code: n for n, code in enumerate(codes, 1)} for field, codes in CODES.items()}


@dataclass(frozen=True)
class Ground:
    """Where the office works: its kecamatan in order, and the middle of each place."""

    kecamatan: tuple[str, ...]
    middles: Mapping[str, Point]

    def number_of(self, code: str | None) -> int:
        """The place of a kecamatan in the order, from 1; 0 for one elsewhere."""
        return self.kecamatan.index(code) + 1 if code in self.kecamatan else 0

    def point(self, row: Mapping[str, Any]) -> Point | None:
        """Where a business is: its own point unless that is a slip, else the middle of its kelurahan or kecamatan."""
        middle = self.middles.get(row["kode_kelurahan"] or "") or self.middles.get(
            row["kode_kecamatan"] or ""
        )
        own = (row["latitude"], row["longitude"])
        if own[0] is not None and own[1] is not None and (middle is None or math.dist(own, middle) < STRAY):
            return float(own[0]), float(own[1])
        return middle


COLUMNS = (
    "id", "latitude", "longitude", "kode_kelurahan", "kode_kecamatan", "activity", "sector", "size_class", "sales_band",
    "capital_band", "workers_men", "workers_women", "digital", "infrastructure", "funding", "owner_age_band", "owner_sex",
    "owner_education", "needs", "has_nib",
)  # fmt: skip
"""Columns of the register that a record is made of."""


def values_of(row: Mapping[str, Any], ground: Ground, *, consented: bool, countable: bool) -> tuple[Any, ...]:
    """A row of the register as the values of :data:`FIELDS`. ``consented``: its owner lets the data be counted; without that
    nothing of the owner's profile enters. ``countable``: it may be counted for the public."""
    point = ground.point(row) or (math.nan, math.nan)
    workers = [count for count in (row["workers_men"], row["workers_women"]) if count is not None]
    infrastructure = row["infrastructure"] or {}
    digital = row["digital"] or []
    return (
        row["id"],
        *point,
        ground.number_of(row["kode_kecamatan"]),
        _one("family", family_of(row["activity"], row["sector"])),
        _one("activity", row["activity"]),
        _one("size", row["size_class"]),
        _one("sales", row["sales_band"]),
        _one("capital", row["capital_band"]),
        min(sum(workers), MOST_WORKERS) if workers else -1,
        digital_grade(digital) or 0,
        _some("digital", digital),
        *(_one(name, infrastructure.get(name)) for name in ("power", "internet", "road", "water")),
        _some("funding", row["funding"] or []),
        _one("age", row["owner_age_band"]) if consented else 0,
        _one("sex", row["owner_sex"]) if consented else 0,
        _one("education", row["owner_education"]) if consented else 0,
        _some("needs", row["needs"] or []),
        0 if row["has_nib"] is None else 1 + bool(row["has_nib"]),
        int(countable),
    )


def pack(values: Sequence[Any]) -> bytes:
    """The record of :func:`values_of`."""
    return RECORD.pack(*values)


def traits(values: Sequence[Any], features: Collection[Feature], secret: bytes) -> str:
    """A digest of each of ``features`` (blanks for the others), in the order of Feature: what is equal was not changed.

    Keyed with the site's secret and the business's own number, so that nobody can read a trait from it.
    """
    found = []
    for feature in Feature:
        if feature not in features:
            found.append("-" * DIGEST)
            continue
        held = [f"{values[_PLACE[name]]:.5g}" if name in ("lat", "lng") else str(values[_PLACE[name]]) for name in OF_FEATURE[feature]]  # fmt: skip
        said = f"{values[0]}/{feature}/{'/'.join(held)}"
        found.append(hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:DIGEST])
    return "".join(found)


def changed(before: str, now: str) -> list[Feature]:
    """The features that differ between two :func:`traits`; one that either run did not look at does not."""
    found = []
    for number, feature in enumerate(Feature):
        part = slice(number * DIGEST, (number + 1) * DIGEST)
        if before[part] != now[part] and "-" not in before[part] + now[part]:
            found.append(feature)
    return found


def _one(field: str, code: Any) -> int:
    return _NUMBER[field].get(str(code), 0) if code else 0


def _some(field: str, codes: Collection[str]) -> int:
    return sum(1 << (_NUMBER[field][code] - 1) for code in set(codes) if code in _NUMBER[field])
