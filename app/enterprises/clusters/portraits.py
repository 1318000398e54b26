"""What a group's counts say: what most have in common, what sets it apart from all, what everybody may know. Plain Python."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.enterprises.clusters.labels import OWNERS, PUBLIC_TRAITS, TRAIT_NAMES
from app.enterprises.clusters.naming import shares
from app.enterprises.clusters.suppression import LEAST, hidden_in_list, hidden_in_table, total_is_small

APART = 0.10
"""Points of share by which a trait must differ before it is said to set a group apart."""
MOST_APART = 8
MULTIPLE = ("digital", "funding", "needs")
TOLD_SHARE = 0.10
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Apart:
    """One code that is more (or less) frequent in a group than in all: shares, and how many members."""

    trait: str
    code: str
    count: int
    here: float
    all: float

    @property
    def times(self) -> float | None:
        """How many times as frequent; None where nobody else has it."""
        return self.here / self.all if self.all else None


def together(groups: Sequence[tuple[Counts, int]]) -> tuple[dict[str, Counter[str]], int]:
    """The counts of all groups, and how many members they have."""
    whole: dict[str, Counter[str]] = {}
    for counts, _size in groups:
        for trait, held in counts.items():
            whole.setdefault(trait, Counter()).update(held)
    return whole, sum(size for _counts, size in groups)


def share_of(counts: Counts, trait: str, code: str, size: int) -> float:
    """The share of those who have said it; where several codes go together, of all."""
    known = size if trait in MULTIPLE else sum(counts.get(trait, {}).values())
    return counts.get(trait, {}).get(code, 0) / known if known else 0.0


def sets_apart(counts: Counts, size: int, whole: Counts, total: int) -> list[Apart]:
    """What sets a group apart, the greatest difference first; nothing that rests on fewer than five of its members."""
    found = []
    for trait in TRAIT_NAMES:
        for code in whole.get(trait, {}):
            count = counts.get(trait, {}).get(code, 0)
            here, everywhere = share_of(counts, trait, code, size), share_of(whole, trait, code, total)
            if (here - everywhere >= APART and count >= LEAST) or (
                everywhere - here >= 2 * APART and trait not in OWNERS and (count == 0 or count >= LEAST)
            ):
                found.append(Apart(trait, code, count, here, everywhere))
    return sorted(found, key=lambda one: (-abs(one.here - one.all), one.trait, one.code))[:MOST_APART]


def common(counts: Counts, size: int, trait: str, most: int = 3) -> list[tuple[str, int, float]]:
    """The most frequent codes of a trait with count and share; of owners none that fewer than five have."""
    held = counts.get(trait, {})
    found = shares(held, size if trait in MULTIPLE else None)
    return [(code, held[code], share) for code, share in found if trait not in OWNERS or held[code] >= LEAST][
        :most
    ]


@dataclass(frozen=True)
class PublicPortrait:
    """What everybody may know of a group: ``size`` None where it is hidden; by trait the frequent codes with whole percents."""

    key: str
    size: int | None
    counted: int | None
    traits: Mapping[str, list[tuple[str, int]]]


def public_portraits(groups: Mapping[str, tuple[int, Mapping[str, Any]]]) -> list[PublicPortrait]:
    """Of groups (key → size, portrait): what may be told, with small cells hidden and what would give them away."""
    hidden_sizes = hidden_in_list({key: size for key, (size, _portrait) in groups.items()})
    counted = {key: portrait["counted"] for key, (_size, portrait) in groups.items()}
    hidden_counted = hidden_in_list(counted)
    told: dict[str, dict[str, list[tuple[str, int]]]] = {key: {} for key in groups}
    for trait in PUBLIC_TRAITS:
        table = {key: portrait["public"].get(trait, {}) for key, (_s, portrait) in groups.items()}
        hidden = hidden_in_table(table)
        for key, held in table.items():
            known = sum(held.values())
            if key in hidden_sizes or key in hidden_counted or known < LEAST:
                continue
            if (key, shares(held)[0][0]) in hidden:
                continue  # without the most frequent one the others would mislead
            told[key][trait] = [
                (code, round(100 * share))
                for code, share in shares(held)
                if share >= TOLD_SHARE and (key, code) not in hidden
            ]
    return [
        PublicPortrait(
            key,
            None if key in hidden_sizes else size,
            None if key in hidden_sizes | hidden_counted else counted[key],
            told[key],
        )
        for key, (size, _portrait) in groups.items()
    ]


@dataclass(frozen=True)
class PublicTable:
    """The register by kecamatan as everybody may see it: counts, None where hidden; the total, None where it would tell one."""

    counts: Mapping[str, int | None]
    elsewhere: int | None
    total: int | None


def public_table(counts: Mapping[str, int], places: Mapping[str, str]) -> PublicTable:
    """The table of ``places``; what is elsewhere or unknown stands in a line of its own."""
    known = {code: counts.get(code, 0) for code in places}
    known[""] = sum(counts.values()) - sum(known.values())
    hidden = hidden_in_list(known)
    total = None if total_is_small(known, hidden) else sum(known.values())
    return PublicTable(
        {code: None if code in hidden else known[code] for code in places},
        None if "" in hidden else known[""],
        total,
    )
