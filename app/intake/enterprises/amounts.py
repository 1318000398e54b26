"""Money as lists of UKM write it: figures, *50 juta*, *Rp 50–300 juta*, *di bawah 50 jt*. What is kept is its band."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.cooperatives.names import fold_letters
from app.core.parsing import MAX_RUPIAH
from app.core.spreadsheets import Cell
from app.core.text import N_
from app.enterprises.rules import Band
from app.intake.cells import CellProblem, problem, shown, text_of
from app.intake.figures import read_rupiah

SIZES = {
    "ribu": 10**3, "rb": 10**3, "k": 10**3, "juta": 10**6, "jt": 10**6, "miliar": 10**9, "milyar": 10**9, "m": 10**9,
    "triliun": 10**12, "t": 10**12,
}  # fmt: skip
FIGURE = r"(?:rp\.?\s*)?(\d+(?:[.,]\d+)*)\s*(ribu|rb|k|juta|jt|miliar|milyar|triliun|m|t)?\b\.?(?:,-)?"
ONE = re.compile(FIGURE, re.IGNORECASE)
TWO = re.compile(rf"{FIGURE}\s*(?:-|–|—|s/d|sd|s\.d\.?|sampai(?: dengan)?|hingga)\s*{FIGURE}", re.IGNORECASE)
BELOW = re.compile(
    r"^(?:<=?|≤|di ?bawah|kurang dari|maks(?:imal|\.)?|sampai(?: dengan)?|hingga|s/d|paling banyak)\s*",
    re.IGNORECASE,
)
ABOVE = re.compile(r"^(?:>=?|≥|di ?atas|lebih dari|minimal|min\.?|paling sedikit)\s*", re.IGNORECASE)
PERIOD = re.compile(r"\s*(?:/|per|se)\s*(?:(?P<year>tahun|thn|th)|bulan|bln|bl)\.?$", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """A sum between ``low`` and ``high`` rupiah, both possible; ``high`` is None without an upper limit."""

    low: int
    high: int | None


def read_amount(cell: Cell) -> Amount | CellProblem | None:
    """A figure, or a range in words. Zero says nothing: lists write it where nobody asked."""
    text = PERIOD.sub("", text_of(cell))
    if not text or isinstance(cell, (int, float)):
        return _exactly(cell)
    if (match := TWO.fullmatch(text)) and (both := _range(match)):
        return both
    for bound in (BELOW, ABOVE):
        if (mark := bound.match(text)) and (one := ONE.fullmatch(text[mark.end() :].strip())):
            value = _value(one[1], one[2])
            if value:
                return Amount(0, value) if bound is BELOW else Amount(value + 1, None)
    if (one := ONE.fullmatch(text)) and one[2] and (value := _value(one[1], one[2])):
        return Amount(value, value)
    return _exactly(text)


def _exactly(cell: Cell) -> Amount | CellProblem | None:
    read = read_rupiah(cell)
    if isinstance(read, CellProblem):
        return read
    if read is not None and read < 0:
        return problem(N_("“%(raw)s” tidak mungkin: jumlahnya kurang dari nol."), raw=shown(cell))
    return Amount(read, read) if read else None


def _range(match: re.Match[str]) -> Amount | None:
    """*50 – 300 juta*: the size of the second figure holds for both where the first has none."""
    low, high = _value(match[1], match[2] or match[4]), _value(match[3], match[4])
    return Amount(low + 1, high) if low is not None and high and low < high else None


def _value(figure: str, size: str | None) -> int | None:
    """The rupiah of ``1,5`` *miliar*, ``50.000.000``; None for what is no figure."""
    if size:
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", figure):
            figure = figure.replace(".", "")
        if figure.count(",") + figure.count(".") > 1:
            return None
        value = round(float(figure.replace(",", ".")) * SIZES[size.lower()])
    else:
        read = read_rupiah(figure)
        if not isinstance(read, int):
            return None
        value = read
    return value if value <= MAX_RUPIAH else None


@lru_cache(maxsize=4)
def _named(bands: tuple[Band, ...]) -> dict[str, str]:
    """Folded code or name of a band → its code."""
    return {fold_letters(word): band.code for band in bands for word in (band.code, band.name)}


def read_band(cell: Cell, bands: tuple[Band, ...], *, times: int = 1) -> str | CellProblem | None:
    """The band in which the amount of a cell lies, ``times`` as much; also by the band's own code or name.

    A cell that says by itself whether it means a month or a year is believed. A range that reaches into several bands is
    told, not guessed.
    """
    text = text_of(cell)
    if not text:
        return None
    if period := PERIOD.search(text):
        times = 1 if period["year"] else 12
    if times == 1 and (named := _named(bands).get(fold_letters(text))):
        return named
    read = read_amount(cell)
    if read is None or isinstance(read, CellProblem):
        return read
    low = band_of(read.low * times, bands)
    high = bands[-1] if read.high is None else band_of(read.high * times, bands)
    if low is not high:
        return problem(N_("“%(raw)s” mencakup beberapa rentang; tidak diambil."), raw=shown(cell))
    return low.code


def band_of(rupiah: int, bands: tuple[Band, ...]) -> Band:
    """The band of an amount."""
    return next(band for band in bands if band.most is None or rupiah <= band.most)
