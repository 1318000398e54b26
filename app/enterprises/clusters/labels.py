"""The words for traits and their codes. Plain Python."""

from collections.abc import Mapping

from app.core.text import N_, Text
from app.enterprises.clusters.naming import HAND_WORDS
from app.enterprises.clusters.rules import FAMILIES, GRADES
from app.enterprises.rules import (
    AGE_BANDS,
    CAPITAL_BANDS,
    CLASS_NAMES,
    DIGITAL,
    EDUCATION,
    FUNDING,
    INFRASTRUCTURE,
    NEEDS,
    SALES_BANDS,
    SEXES,
)
from app.enterprises.sectors import ACTIVITY_NAMES

TRAIT_NAMES = {
    "kecamatan": N_("Kecamatan"),
    "family": N_("Bidang"),
    "activity": N_("Bidang, lebih rinci"),
    "size": N_("Kelas usaha"),
    "sales": N_("Penjualan setahun"),
    "capital": N_("Modal usaha"),
    "workers": N_("Pekerja"),
    "grade": N_("Tingkat digital"),
    "digital": N_("Cara digital"),
    "power": INFRASTRUCTURE["power"][0],
    "internet": INFRASTRUCTURE["internet"][0],
    "road": INFRASTRUCTURE["road"][0],
    "water": INFRASTRUCTURE["water"][0],
    "funding": N_("Sumber modal"),
    "age": N_("Umur pemilik"),
    "sex": N_("Jenis kelamin pemilik"),
    "education": N_("Pendidikan pemilik"),
    "needs": N_("Kebutuhan"),
    "nib": N_("NIB"),
}
OWNERS = ("age", "sex", "education")
"""Traits of people: never told of fewer than five, and never to the public."""
PUBLIC_TRAITS = ("kecamatan", "family", "size", "grade")
WORDS: Mapping[str, Mapping[str, str]] = {
    "family": {code: name for code, (name, _codes) in FAMILIES.items()},
    "activity": ACTIVITY_NAMES,
    "size": {size.value: name for size, name in CLASS_NAMES.items()},
    "sales": {band.code: band.name for band in SALES_BANDS},
    "capital": {band.code: band.name for band in CAPITAL_BANDS},
    "workers": HAND_WORDS,
    "grade": {str(grade): name for grade, name in GRADES.items()},
    "digital": DIGITAL,
    "power": INFRASTRUCTURE["power"][1],
    "internet": INFRASTRUCTURE["internet"][1],
    "road": INFRASTRUCTURE["road"][1],
    "water": INFRASTRUCTURE["water"][1],
    "funding": FUNDING,
    "age": AGE_BANDS,
    "sex": SEXES,
    "education": EDUCATION,
    "needs": NEEDS,
    "nib": {"ada": N_("Punya NIB"), "belum": N_("Belum punya NIB")},
}


def label(trait: str, code: str, places: Mapping[str, str]) -> Text:
    """What one code of a trait is called."""
    if trait == "kecamatan":
        return Text("%(name)s", {"name": places.get(code, code)})
    return Text(WORDS[trait].get(code, code))
