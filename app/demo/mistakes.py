"""The slips that people make when they copy a year out of the RAT book, and what an operator writes about each."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from app.demo.chance import choose, happens
from app.demo.records import Answers, DemoMistake, Mistake

BALANCE = ("modal_sendiri", "modal_luar", "aset", "volume_usaha")
MONEY = (*BALANCE, "shu")
SENDABLE = (Mistake.MILLION_SLIP, Mistake.THOUSAND_SLIP, Mistake.SWAPPED_DIGITS, Mistake.DROPPED_ZERO)
"""Slips that a report may be sent with: they look odd, but they could be true."""
SUBTLE = (Mistake.SWAPPED_DIGITS, Mistake.DROPPED_ZERO)
"""Slips that a tired reviewer overlooks."""
UNSENDABLE = (Mistake.RAT_WRONG_YEAR, Mistake.MEMBERS_SUM)
"""Slips that stop a submission, so they stand in drafts and in imported lists only."""

REASONS = {
    Mistake.MILLION_SLIP: "Angka keuangan tampaknya ditulis dalam juta rupiah. Tulis dalam rupiah penuh.",
    Mistake.THOUSAND_SLIP: "Angka keuangan tampaknya ditulis dalam ribu rupiah. Tulis dalam rupiah penuh.",
    Mistake.SWAPPED_DIGITS: "Ada angka yang berbeda jauh dari neraca di buku RAT. Mungkin dua angkanya tertukar.",
    Mistake.DROPPED_ZERO: "Ada angka yang tinggal sepersepuluh dari tahun lalu. Mungkin satu nolnya hilang.",
    Mistake.RAT_WRONG_YEAR: "Tanggal RAT jatuh sebelum tahun buku berakhir. Periksa tahunnya di berita acara.",
    Mistake.MEMBERS_SUM: "Jumlah anggota tidak sama dengan anggota pria ditambah anggota wanita.",
}
COMMENTS = {
    Mistake.MILLION_SLIP: "Apakah ini dalam juta rupiah? Tulis rupiah penuh, sampai angka terakhir.",
    Mistake.THOUSAND_SLIP: "Apakah ini dalam ribu rupiah? Tulis rupiah penuh, sampai angka terakhir.",
    Mistake.SWAPPED_DIGITS: "Cocokkan dengan neraca, angka demi angka.",
    Mistake.DROPPED_ZERO: "Hitung lagi nolnya; tahun lalu sepuluh kali lipat.",
    Mistake.RAT_WRONG_YEAR: "Periksa tahunnya di berita acara RAT.",
    Mistake.MEMBERS_SUM: "Jumlahkan lagi anggota pria dan wanita.",
}


def slip(chance: random.Random, kind: Mistake, year: int, truth: Answers) -> DemoMistake | None:
    """``kind`` made in ``truth``, the answers for book year ``year``; ``None`` when these answers give no room for it."""
    written = SLIPS[kind](chance, truth)
    if not written:
        return None
    return DemoMistake(year, kind, {code: truth.get(code) for code in written}, written)


def any_slip(
    chance: random.Random, kinds: tuple[Mistake, ...], year: int, truth: Answers
) -> DemoMistake | None:
    """One of ``kinds``, the first in random order for which there is room."""
    for kind in chance.sample(kinds, len(kinds)):
        if mistake := slip(chance, kind, year, truth):
            return mistake
    return None


def _wrong_unit(unit: int, smallest: int) -> Callable[[random.Random, Answers], dict[str, Any]]:
    """All five figures in units of ``unit`` rupiah, or one of them, when there is enough money for the unit to show."""

    def slipped(chance: random.Random, truth: Answers) -> dict[str, Any]:
        codes = MONEY if happens(chance, 0.5) else (choose(chance, ("aset", "volume_usaha")),)
        if any(code not in truth for code in MONEY) or truth["aset"] < smallest:
            return {}
        return {code: int(truth[code] / unit) for code in codes}

    return slipped


def _swapped(chance: random.Random, truth: Answers) -> dict[str, Any]:
    """The first two digits of one figure the wrong way round: 1.250.000 as 2.150.000."""
    codes = [
        code
        for code in BALANCE
        if (figure := truth.get(code, 0)) >= 100_000
        and (digits := str(figure))[1] != "0"
        and abs(int(digits[0]) - int(digits[1])) >= 3
    ]
    if not codes:
        return {}
    code = choose(chance, codes)
    digits = str(truth[code])
    return {code: int(digits[1] + digits[0] + digits[2:])}


def _shortened(chance: random.Random, truth: Answers) -> dict[str, Any]:
    """One figure without its last zero."""
    codes = [code for code in BALANCE if (figure := truth.get(code, 0)) >= 100_000 and figure % 10 == 0]
    if not codes:
        return {}
    code = choose(chance, codes)
    return {code: truth[code] // 10}


def _last_year(chance: random.Random, truth: Answers) -> dict[str, Any]:
    """The RAT's day and month with last year's number, as everybody writes in January."""
    if truth.get("status_rat") != "Sudah RAT" or "tanggal_rat" not in truth:
        return {}
    held = date.fromisoformat(truth["tanggal_rat"])
    return {"tanggal_rat": held.replace(year=held.year - 1, day=min(held.day, 28)).isoformat()}


def _wrong_sum(chance: random.Random, truth: Answers) -> dict[str, Any]:
    if "jumlah_anggota" not in truth:
        return {}
    return {"jumlah_anggota": truth["jumlah_anggota"] + choose(chance, (1, 3, 10, 100))}


SLIPS: dict[Mistake, Callable[[random.Random, Answers], dict[str, Any]]] = {
    Mistake.MILLION_SLIP: _wrong_unit(1_000_000, 50_000_000),
    Mistake.THOUSAND_SLIP: _wrong_unit(1_000, 20_000_000),
    Mistake.SWAPPED_DIGITS: _swapped,
    Mistake.DROPPED_ZERO: _shortened,
    Mistake.RAT_WRONG_YEAR: _last_year,
    Mistake.MEMBERS_SUM: _wrong_sum,
}
