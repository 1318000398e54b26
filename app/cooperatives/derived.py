"""What follows from other columns of the register: keys to match by, and the text that is searched."""

from collections.abc import Mapping
from typing import Any

from app.cooperatives.names import FORMS, fold_name
from app.cooperatives.rules import legal_family, normalise_legal_number
from app.core.search import fold, searchable
from app.regions.rules import Region

KECAMATAN = 8  # characters of a kecamatan's code, with which its kelurahan's begin
SOURCES = frozenset(
    ("nama_koperasi", "nomor_badan_hukum", "nik_koperasi", "kode_kelurahan", "kode_kecamatan", "tempat_lain")
)
"""A change of none of these changes nothing here."""


def derived(values: Mapping[str, Any], region: Region) -> dict[str, Any]:
    """The derived columns of a cooperative with these ``values``."""
    name, number = str(values["nama_koperasi"]), values.get("nomor_badan_hukum") or ""
    village, district = values.get("kode_kelurahan"), values.get("kode_kecamatan")
    if village:
        district = village[:KECAMATAN]
    return {
        "kode_kecamatan": district,
        "name_key": fold_name(name)[:200],
        "legal_number_key": normalise_legal_number(number) or None,
        "legal_family": legal_family(number).value if number else None,
        "search_text": searchable(
            name,
            _other_words(name),
            values.get("nik_koperasi"),
            number,
            region.name_of(village),
            region.name_of(district),
            values.get("tempat_lain"),
        ),
    }


def _other_words(name: str) -> str:
    """How else people say what the name says: *KPRI* for *Pegawai Republik Indonesia*, and *koperasi* for all."""
    folded = f" {fold(name)} "
    said = ["koperasi"]
    for kind, forms in FORMS.items():
        if kind and any(f" {form} " in folded for form in forms.split("|")):
            said += [kind, forms.split("|")[0]]
    return " ".join(words for words in said if f" {words} " not in folded)
