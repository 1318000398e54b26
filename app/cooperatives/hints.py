"""What the register says beside what a claimant says, in a few words for the operator who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from app.core.ranking import fold
from app.core.text import N_, Text

SAME, NEAR = 95.0, 80.0
TITLES = frozenset(
    "h hj hajah haji drs dra dr ir prof s se sh mm m si sos pd ag kom ak kes t p hut msi mpd".split()
)


@dataclass(frozen=True)
class Hint:
    """One comparison: ``agrees`` True speaks for the claim, False against it, None says nothing either way."""

    text: Text
    agrees: bool | None


def claim_hints(person: Mapping[str, str | None], known: Mapping[str, Any], position: str) -> list[Hint]:
    """Compare a claimant (``name``, ``email``, ``phone``) with the register's values, the tellingest first."""
    hints = [_name_hint(person.get("name") or "", known, position)]
    phones = {
        "telepon_ketua": N_("Nomor telepon sama dengan telepon ketua"),
        "telepon_kantor": N_("Nomor telepon sama dengan telepon kantor"),
    }
    for code, sentence in phones.items():
        if person.get("phone") and known.get(code) == person["phone"]:
            hints.append(Hint(Text(sentence), True))
    if person.get("email") and known.get("email") == person["email"]:
        hints.append(Hint(Text(N_("Surel sama dengan surel koperasi")), True))
    return hints


def _name_hint(name: str, known: Mapping[str, Any], position: str) -> Hint:
    roles = {"nama_ketua": N_("ketua"), "nama_pengelola": N_("pengelola")}
    alike = {code: same_person(name, known[code]) for code in roles if known.get(code)}
    if not alike:
        return Hint(Text(N_("Register belum mencatat nama ketua atau pengelola")), None)
    code = max(alike, key=lambda one: alike[one])
    params = {"who": Text(roles[code]), "name": known[code]}
    if alike[code] >= SAME:
        return Hint(Text(N_("Nama sama dengan %(who)s di register: %(name)s"), params), True)
    if alike[code] >= NEAR:
        return Hint(Text(N_("Nama mirip dengan %(who)s di register: %(name)s"), params), True)
    if position == "Ketua" and "nama_ketua" in alike:
        return Hint(Text(N_("Register mencatat ketua lain: %(name)s"), {"name": known["nama_ketua"]}), False)
    return Hint(Text(N_("Nama tidak ada di register")), None)


def same_person(one: str, other: str) -> float:
    """How alike two names of people are, 0 to 100, whatever their titles and degrees and the order of their words."""
    return fuzz.token_sort_ratio(_bare(one), _bare(other))


def _bare(name: str) -> str:
    words = fold(name.partition(",")[0]).split()  # degrees stand behind the comma
    return " ".join(word for word in words if word not in TITLES) or " ".join(words)
