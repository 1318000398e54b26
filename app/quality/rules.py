"""Peer groups, and how far a figure lies outside what is usual there: median and MAD of a logarithm. Plain Python.

Groups are made of jenis and *number of members*, never of a figure in rupiah: members are rarely mistaken by a factor of a
thousand, so an error in rupiah does not carry a report into the group in which it would look ordinary. Secondary
cooperatives, whose members are cooperatives, stand apart. See docs/adr/0013-anomalies.md.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from app.quality.features import CAPITAL, CHANGES, LEVELS, LIMIT, Balance, Case, Change, Feature

LEAST = 20
"""Reports in a group below which its median and spread say too little."""
SIZES = (50, 200, 1000)
"""Members at which the next size class begins."""
CONSISTENT = 1.4826
"""MAD × this = the standard deviation, where the spread is normal."""

Key = tuple[str, ...]


class Usual(NamedTuple):
    """What is usual in one group: reports counted, median and spread of the logarithm."""

    reports: int
    middle: float
    spread: float

    def z(self, value: float) -> float:
        """How many spreads ``value`` lies above the median; negative below."""
        return (value - self.middle) / self.spread


Statistics = Mapping[str, Mapping[Key, Usual]]
"""By code of the feature, by group."""


@dataclass(frozen=True)
class Oddity:
    """A feature of one report that lies outside, and the group in which it does."""

    feature: Feature
    value: float
    z: float
    usual: Usual
    group: Key

    @property
    def score(self) -> float:
        """0…1: a third at the limit, growing with the distance."""
        return score_of(self.z)


def score_of(z: float) -> float:
    """How likely something is wrong, for a robust z: 1/3 at the limit, 2/3 at its double, never 1."""
    return round(z * z / (z * z + 2 * LIMIT * LIMIT), 3)


def groups_of(answers: Mapping[str, Any]) -> list[Key]:
    """The groups in which a report is compared, the closest first: jenis and size, jenis, all."""
    form = "sekunder" if str(answers.get("bentuk_koperasi") or "").startswith("Sekunder") else "primer"
    jenis, members = answers.get("jenis_koperasi"), answers.get("jumlah_anggota")
    keys: list[Key] = [(form,)]
    if isinstance(jenis, str) and jenis:
        keys.insert(0, (form, jenis))
        if isinstance(members, int) and members > 0:
            keys.insert(0, (form, jenis, str(bisect_right(SIZES, members))))
    return keys


def usual(values: Iterable[float], floor: float) -> Usual:
    """Median and spread of ``values``, the spread never below ``floor``: where all agree, a hair's breadth is no oddity."""
    known = list(values)
    middle = median(known)
    spread = CONSISTENT * median(abs(value - middle) for value in known)
    return Usual(len(known), middle, max(spread, floor))


def statistics(cases: Iterable[Case]) -> dict[str, dict[Key, Usual]]:
    """What is usual among ``cases`` (the reports of one year) for each feature, in each group that is large enough."""
    seen: dict[str, dict[Key, list[float]]] = {
        feature.code: defaultdict(list) for feature in (*LEVELS, *CHANGES)
    }
    for case in cases:
        keys = groups_of(case.answers)
        for feature in (*LEVELS, *CHANGES):
            if (value := feature.value(case)) is not None:
                for key in keys if feature in LEVELS else keys[-1:]:
                    seen[feature.code][key].append(value)
    return {
        feature.code: {
            key: usual(values, feature.floor)
            for key, values in seen[feature.code].items()
            if len(values) >= LEAST
        }
        for feature in (*LEVELS, *CHANGES)
    }


def deviations(case: Case, known: Statistics) -> list[Oddity]:
    """Every feature of ``case`` that can be compared, in its closest group that is large enough."""
    found, keys = [], groups_of(case.answers)
    for feature in (*LEVELS, *CHANGES):
        value = feature.value(case)
        groups = known.get(feature.code, {})
        key = next((key for key in keys if key in groups), None)
        if value is not None and key is not None:
            found.append(Oddity(feature, value, groups[key].z(value), groups[key], key))
    return found


def oddities(case: Case, known: Statistics, *, named: Iterable[str] = ()) -> list[Oddity]:
    """What is odd about ``case``, one for each cause; silent about questions that are ``named`` already.

    A wrong figure disturbs every comparison in which it takes part. So the question that most of them share is the one to
    ask about, by the comparison that shows it best; the others that involve it are explained by it.
    """
    silent = set(named)
    odd = [one for one in deviations(case, known) if _is_odd(one, case)]
    odd = [one for one in odd if not silent & set(one.feature.questions)]
    found = []
    while odd:
        weight: dict[str, float] = defaultdict(float)
        for one in odd:
            for question in one.feature.questions:
                weight[question] += 1 + one.score
        suspect = max(weight, key=lambda question: weight[question])
        about = [one for one in odd if suspect in one.feature.questions]
        found.append(max(about, key=lambda one: (one.feature.questions[0] == suspect, abs(one.z))))
        odd = [one for one in odd if one not in about]
    return sorted(_without_sums(found), key=lambda one: -one.score)


def _without_sums(found: list[Oddity]) -> list[Oddity]:
    """``found`` without assets that grew because capital did: the same cause, told by its sum."""
    grew = {one.feature.what for one in found if isinstance(one.feature, Change)}
    told_by_sum = grew & set(CAPITAL)
    return [
        one
        for one in found
        if not (told_by_sum and isinstance(one.feature, Change) and one.feature.what == "aset")
    ]


def _is_odd(one: Oddity, case: Case) -> bool:
    """Beyond the limit; and of a changed balance only what two exchanged figures explain: the rest has simpler causes."""
    if abs(one.z) < one.feature.limit:
        return False
    if isinstance(one.feature, Balance):
        return abs(one.usual.z(one.feature.if_exchanged(case))) < abs(one.z) / 2
    return True
