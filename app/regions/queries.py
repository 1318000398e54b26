"""The region of this office, read once from the table of all Indonesia that the site ships."""

import csv
import gzip
from functools import lru_cache
from pathlib import Path

from app.core.errors import RuleBroken
from app.core.text import N_
from app.regions.rules import Region, level_of, parent_of

DATA = Path(__file__).with_name("data")
OFFICE_LEVELS = (2, 5)  # lengths of the codes of a province and of a city or regency


@lru_cache(maxsize=8)
def office_region(code: str) -> Region:
    """The city, regency or province ``code`` (the setting SIMPUL_REGION) with everything inside it.

    Raises RuleBroken when the table has no such city, regency or province.
    """
    wanted = code.strip()
    names = _names_within(wanted[:2])
    if len(wanted) not in OFFICE_LEVELS or wanted not in names:
        raise RuleBroken(
            N_(
                'SIMPUL_REGION berisi "%(code)s", tetapi kode itu tidak ada di daftar wilayah. '
                "Isi kode provinsi, kota, atau kabupaten dari Kemendagri, misalnya 35.73 untuk Kota Malang."
            ),
            code=code,
        )
    inside = {
        place: name for place, name in names.items() if place == wanted or place.startswith(wanted + ".")
    }
    by_length = {n: {p: name for p, name in inside.items() if len(p) == n} for n in (5, 8, 13)}
    return Region(
        code=wanted,
        name=names[wanted],
        province_code=wanted[:2],
        province_name=names[wanted[:2]],
        regencies=by_length[5],
        kecamatan=by_length[8],
        kelurahan=by_length[13],
        postal_codes={p: post for p, post in _postal_codes().items() if p in by_length[13]},
    )


def _names_within(province: str) -> dict[str, str]:
    """Code to name of the province and all inside it; empty for what is no province."""
    if len(province) != 2 or not province.isdecimal():
        return {}
    with gzip.open(DATA / "indonesia.csv.gz", "rt", encoding="utf-8", newline="") as table:
        lines = [line for line in table if line.startswith((province + ".", province + ","))]
    names = dict(csv.reader(lines))
    return {
        code: name
        for code, name in names.items()
        if level_of(code) and (not parent_of(code) or parent_of(code) in names)
    }


def _postal_codes() -> dict[str, str]:
    with open(DATA / "postal_codes.csv", encoding="utf-8", newline="") as table:
        return {row["kode"]: row["kodepos"] for row in csv.DictReader(table)}
