"""Figures, days and years in cells; the other kinds are in ``cells``."""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.core.parsing import MAX_RUPIAH, MONTHS, Unreadable, parse_date, parse_integer, parse_rupiah
from app.core.spreadsheets import Cell
from app.core.text import N_
from app.intake.cells import SCIENTIFIC, CellProblem, broken_formula, problem, shown, text_of

FIRST_SERIAL = date(1899, 12, 30)  # day 0 of Excel's calendar, for days after February 1900
SERIALS = range(10_000, 80_000)  # 1927 to 2119: below stand years and counts
OLDEST = date(1945, 1, 1)
SHORT_YEARS_FROM = 45  # /45 to /99 are 19xx: no cooperative is older than 1945
# Decimals as programs write them: at least four digits before the point, one zero behind it, or more than a thousand's group.
MACHINE_DECIMAL = re.compile(r"-?(?:\d{4,}\.(?:\d\d?|\d{4,8})|\d+\.(?:0|\d{4,8})|0\.0{1,8})")
SHORT_DATE = re.compile(r"(\d{1,2})([-/. ])(\w{1,9})\.?\2(\d{2})")
MONTH_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
CLOCK = re.compile(r"[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
COUNTED = re.compile(r"\s*(?:orang|org|jiwa|karyawan|anggota)\.?$", re.IGNORECASE)


def read_count(cell: Cell) -> int | CellProblem | None:
    """A number of people, 0 or more."""
    text = COUNTED.sub("", text_of(cell))
    if text.lower() == "nihil":
        return 0
    read = _number(cell, text, parse_integer)
    if isinstance(read, Decimal):
        if read != read.to_integral_value():
            return problem(N_("“%(raw)s” bukan bilangan bulat."), raw=shown(cell))
        read = int(read)
    if isinstance(read, int) and not 0 <= read < 10**9:
        return problem(N_("“%(raw)s” tidak mungkin untuk jumlah orang."), raw=shown(cell))
    return read


def read_rupiah(cell: Cell) -> int | CellProblem | None:
    """Whole rupiah; sen that a machine wrote are rounded half up."""
    text = text_of(cell)
    if text.lower() == "nihil":
        return 0
    read = _number(cell, text, lambda raw: parse_rupiah(raw, round_sen=True))
    if isinstance(read, Decimal) and abs(read) <= MAX_RUPIAH:
        return int(read.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if isinstance(read, Decimal):
        return problem(N_("“%(raw)s” terlalu besar. Periksa jumlah nolnya."), raw=shown(cell))
    return read


def _number(cell: Cell, text: str, parse: Callable[[str], int | None]) -> int | Decimal | CellProblem | None:
    """A figure: a number cell as it is, a text as machines write decimals, else as ``parse`` reads it."""
    if broken := broken_formula(cell):
        return broken
    if isinstance(cell, (date, datetime)):
        return problem(N_("Sel ini berisi tanggal (%(raw)s), bukan angka."), raw=shown(cell))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return Decimal(repr(cell)) if math.isfinite(cell) else None
    if MACHINE_DECIMAL.fullmatch(text) and text.isascii():
        return Decimal(text)
    if SCIENTIFIC.fullmatch(text):
        return problem(
            N_("Sebagian angka hilang karena Excel menulisnya %(raw)s; tulis angkanya penuh."), raw=text
        )
    try:
        read: int | None = parse(text)
    except Unreadable as error:
        return CellProblem(error.text)
    return read


def read_date(cell: Cell, *, latest: date, earliest: date = OLDEST) -> date | CellProblem | None:
    """A day, also as Excel's serial number, with a two-digit year, or with a clock behind it, between two days."""
    read = _any_date(cell)
    if isinstance(read, date) and not earliest <= read <= latest:
        said = N_("Tanggal %(raw)s belum terjadi.") if read > latest else N_("Tanggal %(raw)s terlalu lama.")
        return problem(said, raw=shown(read))
    return read


def _any_date(cell: Cell) -> date | CellProblem | None:
    if broken := broken_formula(cell):
        return broken
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if not text or text == "0":
        return None
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and text.isascii() and int(float(text)) in SERIALS:
        return FIRST_SERIAL + timedelta(days=int(float(text)))
    if YEAR.fullmatch(text):
        return problem(N_("“%(raw)s” hanya tahun, bukan tanggal."), raw=text)
    text = CLOCK.sub("", text)
    try:
        return parse_date(_with_full_year(text))
    except Unreadable as error:
        return _month_first(text) or CellProblem(error.text)


def _with_full_year(text: str) -> str:
    """``17-Agu-98`` as ``17-Agu-1998``; anything else as it was."""
    match = SHORT_DATE.fullmatch(text)
    if not match or not (match[3].isdecimal() or match[3].lower() in MONTHS):
        return text
    year = int(match[4]) + (1900 if int(match[4]) >= SHORT_YEARS_FROM else 2000)
    mark = " " if not match[3].isdecimal() else match[2].replace(" ", "-")
    return f"{match[1]}{mark}{match[3]}{mark}{year}"


def _month_first(text: str) -> date | None:
    """``2/21/2020``: a day above 12 in the middle can only be American."""
    match = MONTH_FIRST.fullmatch(text)
    if match and text.isascii() and int(match[3]) > 12:
        try:
            return date(int(match[4]), int(match[1]), int(match[3]))
        except ValueError:
            return None
    return None


def read_year(cell: Cell, *, latest: int) -> int | CellProblem | None:
    """A year from 1945 to ``latest``: ``2019``, ``2019.0``, ``Tahun 2019``, or the year of a day."""
    if isinstance(cell, (date, datetime)):
        found = {cell.year}
    else:
        text = text_of(cell)
        if not text:
            return None
        found = {int(year) for year in YEAR.findall(text)} if text.isascii() else set()
    if len(found) != 1 or not OLDEST.year <= max(found) <= latest:
        return problem(
            N_("“%(raw)s” bukan tahun antara 1945 dan %(latest)s."), raw=shown(cell), latest=str(latest)
        )
    return found.pop()
