"""What is compared: ratios of two figures of one report (levels), and one figure with the same of an earlier year (changes).

All are natural logarithms, so that ten times too large and ten times too small lie equally far out. Figures that are not
above zero have no logarithm: what is odd about them is for the row checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log, log10
from typing import Any

Answers = Mapping[str, Any]
LIMIT = 3.5
"""Robust z from which a figure is odd: the customary bound for the modified z-score (Iglewicz and Hoaglin)."""
PER_MEMBER = 5.0
"""The same for amounts per member, which differ most among sound cooperatives: a check on a slip in all figures at once."""


@dataclass(frozen=True)
class Case:
    """One report as it is looked at: its answers, and those of earlier book years, the latest first."""

    answers: Answers
    earlier: Sequence[tuple[int, Answers]] = ()

    def past(self, *codes: str) -> tuple[int, Answers] | None:
        """The latest earlier year in which all of ``codes`` are above zero: year and answers."""
        return next((one for one in self.earlier if all(above_zero(one[1], code) for code in codes)), None)


@dataclass(frozen=True)
class Feature:
    """A comparison. ``questions``: the one to ask about first. ``floor``: the least spread, as a logarithm."""

    code: str
    questions: tuple[str, ...]
    floor: float
    limit: float = LIMIT  # robust z from which it is odd

    def value(self, case: Case) -> float | None:
        """The logarithm that is compared; None where it cannot be."""
        raise NotImplementedError


@dataclass(frozen=True)
class Level(Feature):
    """``what`` for each rupiah or member of ``bases``, added up."""

    what: str = ""
    bases: tuple[str, ...] = field(default=())

    def value(self, case: Case) -> float | None:
        over, under = figure(case.answers, self.what), total(case.answers, self.bases)
        return log(over / under) if over > 0 and under > 0 else None

    def expected(self, case: Case, middle: float) -> int:
        """What ``what`` would be at the median ratio."""
        return about(exp(middle) * total(case.answers, self.bases))


@dataclass(frozen=True)
class Change(Feature):
    """``what`` against the same figure of the latest earlier year that knows it."""

    what: str = ""

    def value(self, case: Case) -> float | None:
        now, past = figure(case.answers, self.what), case.past(self.what)
        return log(now / figure(past[1], self.what)) if now > 0 and past else None

    def expected(self, case: Case, middle: float) -> int:
        """What ``what`` would be if it had changed as the median did."""
        past = case.past(self.what)
        return about(exp(middle) * figure(past[1], self.what)) if past else 0


@dataclass(frozen=True)
class Balance(Feature):
    """How ``pair`` divides between its two figures, against the latest earlier year that knows both."""

    pair: tuple[str, str] = ("", "")

    def value(self, case: Case) -> float | None:
        past = case.past(*self.pair)
        if past is None or not all(above_zero(case.answers, code) for code in self.pair):
            return None
        return _odds(case.answers, self.pair) - _odds(past[1], self.pair)

    def if_exchanged(self, case: Case) -> float:
        """:meth:`value` if the two figures had been written the other way round."""
        past = case.past(*self.pair)
        return -_odds(case.answers, self.pair) - (_odds(past[1], self.pair) if past else 0)


def _odds(answers: Answers, pair: tuple[str, str]) -> float:
    return log(figure(answers, pair[0]) / figure(answers, pair[1]))


def figure(answers: Answers, code: str) -> int:
    """A whole number among the answers; 0 for anything else."""
    value = answers.get(code)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def about(value: float) -> int:
    """``value`` as one says it of a median: three digits, then zeros."""
    whole = round(value)
    return round(whole, 2 - int(log10(whole))) if whole >= 1000 else whole


def above_zero(answers: Answers, code: str) -> bool:
    """Whether ``code`` is answered with a figure above zero."""
    return figure(answers, code) > 0


def total(answers: Answers, codes: Sequence[str]) -> int:
    """The sum of figures that are all known; 0 where one is not, or is below zero."""
    values = [answers.get(code) for code in codes]
    if not all(isinstance(value, int) and not isinstance(value, bool) and value >= 0 for value in values):
        return 0
    return sum(figure(answers, code) for code in codes)


CAPITAL = ("modal_sendiri", "modal_luar")

LEVELS: tuple[Level, ...] = tuple(
    Level(f"{what}_per_{bases[0]}", (what, *bases), floor, limit, what=what, bases=bases)
    for what, bases, floor, limit in (
        ("aset", CAPITAL, 0.02, LIMIT),
        ("volume_usaha", ("aset",), 0.2, LIMIT),
        ("shu", ("aset",), 0.2, LIMIT),
        ("shu", ("volume_usaha",), 0.2, LIMIT),
        ("aset", ("jumlah_anggota",), 0.2, PER_MEMBER),
        ("modal_sendiri", ("jumlah_anggota",), 0.2, PER_MEMBER),
        ("volume_usaha", ("jumlah_anggota",), 0.2, PER_MEMBER),
    )
)
CHANGES: tuple[Change | Balance, ...] = (
    *(
        Change(f"{what}_berubah", (question,), floor, what=what)
        for what, question, floor in (
            ("modal_sendiri", "modal_sendiri", 0.06),
            ("modal_luar", "modal_luar", 0.06),
            ("aset", "aset", 0.06),
            ("volume_usaha", "volume_usaha", 0.06),
            ("shu", "shu", 0.2),
            ("jumlah_anggota", "jumlah_anggota", 0.06),
            ("anggota_pria", "jumlah_anggota", 0.06),
            ("anggota_wanita", "jumlah_anggota", 0.06),
        )
    ),
    Balance("susunan_modal", CAPITAL, 0.06, pair=CAPITAL),
    Balance("susunan_anggota", ("jumlah_anggota",), 0.06, pair=("anggota_pria", "anggota_wanita")),
)
