"""Known errors for the benchmark of anomalies: one is put into a sound report, and remembered.

What is drawn (figure, place of the digit, pair of fields) is drawn evenly, without regard to whether anybody could see it.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Answers = Mapping[str, Any]

MONEY = ("modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")
TYPED = (*MONEY, "anggota_pria", "anggota_wanita")
PEOPLE = ("anggota_pria", "anggota_wanita", "jumlah_anggota", "jumlah_karyawan", "jumlah_manajer")
NEIGHBOURS = (
    ("modal_sendiri", "modal_luar"),
    ("modal_luar", "aset"),
    ("aset", "volume_usaha"),
    ("volume_usaha", "shu"),
    ("anggota_pria", "anggota_wanita"),
)
"""Inputs that stand under one another in the form, and are exchanged by a slip of a line."""
QUESTION = {"anggota_pria": "jumlah_anggota", "anggota_wanita": "jumlah_anggota"}
TELLING = 0.2
"""An error that changes no figure by more than this share of the larger one stays inside what is usual from year to year."""


@dataclass(frozen=True)
class Injected:
    """An error: the answers that it leaves, the fields that it changed, and the share by which it changed the most."""

    kind: str
    answers: dict[str, Any]
    fields: tuple[str, ...]
    change: float

    @property
    def questions(self) -> frozenset[str]:
        return frozenset(QUESTION.get(field, field) for field in self.fields)

    @property
    def is_telling(self) -> bool:
        """Whether a figure is now wrong by more than a fifth, has the wrong sign, or stands for another year."""
        return self.change > TELLING or self.kind == COPIED


COPIED = "last year copied"
Slip = Callable[[random.Random, Answers, Answers], dict[str, Any]]


def inject(chance: random.Random, kind: str, answers: Answers, last: Answers) -> Injected | None:
    """``kind`` of error in ``answers``; None where they give no room for it."""
    written = {f: v for f, v in SLIPS[kind](chance, answers, last).items() if v != answers.get(f)}
    if not written:
        return None
    after = {**answers, **written}
    if "anggota_pria" in after and "anggota_wanita" in after:
        after["jumlah_anggota"] = after["anggota_pria"] + after["anggota_wanita"]
    change = max(
        abs(v - answers[f]) / max(abs(v), abs(answers[f])) for f, v in written.items() if f in answers
    )
    return Injected(kind, after, tuple(written), change)


def _scaled(power: int) -> Slip:
    """One figure in rupiah, or all five, so many powers of ten too large or (when negative) too small."""

    def slip(chance: random.Random, answers: Answers, _last: Answers) -> dict[str, Any]:
        if any(code not in answers for code in MONEY):
            return {}
        codes = MONEY if chance.random() < 0.5 else (chance.choice([c for c in MONEY if answers[c]]),)
        if power > 0:
            return {code: answers[code] * 10**power for code in codes}
        return {code: int(answers[code] / 10**-power) for code in codes}

    return slip


def _drawn(chance: random.Random, answers: Answers) -> tuple[str, str]:
    """A figure of at least three digits, and its digits."""
    fields = [f for f in TYPED if abs(answers.get(f, 0)) >= 100]
    field = chance.choice(fields)
    return field, str(abs(answers[field]))


def _signed(field: str, digits: str, answers: Answers) -> dict[str, Any]:
    return {field: int(digits) * (-1 if answers[field] < 0 else 1)}


def _swapped(chance: random.Random, answers: Answers, _last: Answers) -> dict[str, Any]:
    """Two neighbouring digits that differ, anywhere in the figure but not so that it begins with zero."""
    field, digits = _drawn(chance, answers)
    places = [
        n for n in range(len(digits) - 1) if digits[n] != digits[n + 1] and not (n == 0 and digits[1] == "0")
    ]
    if not places:
        return {}
    n = chance.choice(places)
    return _signed(field, digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :], answers)


def _dropped(chance: random.Random, answers: Answers, _last: Answers) -> dict[str, Any]:
    """One digit left out, anywhere in the figure."""
    field, digits = _drawn(chance, answers)
    n = chance.randrange(len(digits))
    return _signed(field, digits[:n] + digits[n + 1 :], answers)


def _exchanged(chance: random.Random, answers: Answers, _last: Answers) -> dict[str, Any]:
    """Two neighbouring inputs, each with the other's figure."""
    a, b = chance.choice([pair for pair in NEIGHBOURS if all(field in answers for field in pair)])
    return {a: answers[b], b: answers[a]}


def _copied(_chance: random.Random, answers: Answers, last: Answers) -> dict[str, Any]:
    """Every figure of last year's report, people and rupiah."""
    if any(code not in last for code in MONEY):
        return {}
    return {field: last[field] for field in (*PEOPLE, *MONEY) if field in last and field in answers}


def _flipped(chance: random.Random, answers: Answers, _last: Answers) -> dict[str, Any]:
    """A minus put before a figure in rupiah, or left out."""
    field = chance.choice([code for code in MONEY if answers.get(code)])
    return {field: -answers[field]}


SLIPS: dict[str, Slip] = {
    "x 1,000": _scaled(3),
    "x 1,000,000": _scaled(6),
    ": 1,000": _scaled(-3),
    ": 1,000,000": _scaled(-6),
    "digits swapped": _swapped,
    "digit dropped": _dropped,
    "fields exchanged": _exchanged,
    COPIED: _copied,
    "sign flipped": _flipped,
}
