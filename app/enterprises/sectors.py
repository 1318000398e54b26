"""What a UKM does, found by plain words: nobody needs to know a KBLI code. The words stand in ``sectors.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from app.core.ranking import fold
from app.core.text import N_

FILE = Path(__file__).with_name("sectors.toml")
VERSION = "2025"
"""The list of KBLI by which new entries are kept."""
NEAR = 86.0  # of 100: how alike a misspelt word must be
SHORTEST_MISSPELT = 5  # letters; shorter words are near to too many others

ACTIVITY_NAMES = {
    "makanan-kemasan": N_("Makanan ringan dan kemasan"),
    "minuman-kemasan": N_("Minuman kemasan"),
    "warung-makan": N_("Warung makan, katering, dan kedai"),
    "busana": N_("Pakaian, batik, dan konveksi"),
    "tas-sepatu": N_("Tas, sepatu, dan barang kulit"),
    "kerajinan": N_("Kerajinan dan cendera mata"),
    "mebel-logam": N_("Mebel, kayu, dan logam"),
    "percetakan": N_("Percetakan dan kemasan"),
    "kosmetik-rumah": N_("Sabun, kosmetik, dan keperluan rumah"),
    "toko": N_("Toko dan jualan eceran"),
    "bengkel": N_("Bengkel motor dan mobil"),
    "pertanian": N_("Pertanian, ternak, dan ikan"),
    "angkutan": N_("Angkutan dan kirim barang"),
    "penginapan": N_("Penginapan"),
    "bangunan": N_("Bangunan dan perbaikan rumah"),
    "kreatif-digital": N_("Aplikasi, situs, dan komputer"),
    "konten": N_("Penerbitan, film, dan konten"),
    "desain-foto": N_("Desain, foto, dan jasa profesi"),
    "sewa-penunjang": N_("Sewa alat, pesta, dan jasa penunjang"),
    "kursus": N_("Kursus dan bimbingan belajar"),
    "kesehatan": N_("Kesehatan dan pijat"),
    "seni-olahraga": N_("Seni, hiburan, dan olahraga"),
    "jasa-pribadi": N_("Salon, laundry, dan jasa pribadi"),
    "keuangan": N_("Jasa keuangan"),
    "properti": N_("Sewa dan jual properti"),
    "sampah-daur-ulang": N_("Daur ulang dan pengelolaan sampah"),
    "tambang": N_("Pasir, batu, dan tambang"),
    "energi": N_("Listrik, gas, dan es balok"),
}


@dataclass(frozen=True)
class Activity:
    """One plain kind of business. ``sections``: the version of KBLI → its section letter."""

    code: str
    name: str
    sections: Mapping[str, str]
    words: tuple[str, ...]


@cache
def _file() -> dict[str, Any]:
    with open(FILE, "rb") as file:
        return tomllib.load(file)


@cache
def activities() -> Mapping[str, Activity]:
    """Every activity by its code, in the order of the file."""
    return {
        one["code"]: Activity(
            one["code"],
            ACTIVITY_NAMES[one["code"]],
            {"2020": one["kbli_2020"], "2025": one["kbli_2025"]},
            tuple(word.replace("-", " ") for word in one["words"].split()),
        )
        for one in _file()["activity"]
    }


def sections(version: str) -> Mapping[str, str]:
    """Letter → official name of the KBLI sections of ``version`` (2020 or 2025)."""
    names: Mapping[str, str] = _file()[f"kbli_{version}"]
    return names


def section_name(letter: str | None, version: str | None) -> str:
    """The official name of a section; empty where it is not known."""
    if letter is None or version not in ("2020", "2025"):
        return ""
    return sections(version).get(letter, "")


def suggest(words: str) -> list[Activity]:
    """The activities that ``words`` of an owner may mean, the likeliest first; none where no word is known."""
    weights: dict[str, float] = {}
    for word, weight in _known_in(fold(words)).items():
        for code in _by_word()[word]:
            weights[code] = weights.get(code, 0.0) + weight
    order = list(activities())
    return [
        activities()[code] for code in sorted(weights, key=lambda code: (-weights[code], order.index(code)))
    ]


@cache
def _by_word() -> Mapping[str, tuple[str, ...]]:
    """Word or words side by side → the activities that are known by it."""
    found: dict[str, tuple[str, ...]] = {}
    for activity in activities().values():
        for word in activity.words:
            found[word] = (*found.get(word, ()), activity.code)
    return found


def _known_in(said: str) -> dict[str, float]:
    """Known words that stand in ``said``, or are near to one of its words, with their weight.

    That is how many letters the word has; the word that stands first weighs a little more, a misspelt one about half.
    """
    tokens = said.split()
    found: dict[str, float] = {}
    for longest in range(1, _longest() + 1):
        for at in range(len(tokens) - longest + 1):
            word = " ".join(tokens[at : at + longest])
            if word in _by_word():
                found.setdefault(word, len(word) + (0.0 if at else 1.0))
    for token in tokens:
        for word, near in _near_words(token):
            if word not in found or found[word] < len(word):
                found[word] = max(found.get(word, 0.0), len(word) * near / 200)
    return found


@cache
def _longest() -> int:
    return max(len(word.split()) for word in _by_word())


@lru_cache(maxsize=8192)
def _near_words(token: str) -> tuple[tuple[str, float], ...]:
    """The known words to which ``token`` is near, but for itself."""
    if len(token) < SHORTEST_MISSPELT:
        return ()
    near = process.extract(token, _misspellable(), scorer=fuzz.ratio, score_cutoff=NEAR, limit=None)
    return tuple((word, score) for word, score, _at in near if word != token)


@cache
def _misspellable() -> list[str]:
    return [word for word in _by_word() if len(word) >= SHORTEST_MISSPELT and " " not in word]
