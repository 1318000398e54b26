"""Cells as machines and people leave them, read one by one; what cannot be read is told, never guessed.

Each reader answers the value, ``None`` for a blank, or a :class:`CellProblem`. Figures and days are in ``figures``. Stricter
reading of what a person types into a form is in ``app.core.parsing``, on which both rest.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.cooperatives.names import display_name, display_person, fold_letters
from app.cooperatives.rules import is_nik
from app.core.parsing import Unreadable, fold_space, parse_phone
from app.core.spreadsheet_guard import NOT_CALCULATED
from app.core.spreadsheets import Cell
from app.core.text import N_, Text

BLANK = {
    "", "-", "--", "---", "–", "—", ".", "..", "...", "…", "?", "n/a", "na", "null", "none", "nan", "kosong", "#n/a",
    "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "00-00-0000", "0/0/0000", "1900-01-00", "00/01/1900",
}  # fmt: skip
FORMULA_ERRORS = {"#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#####"}
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
SHOWN = 40
LONGEST_REMEMBERED = 100


@dataclass(frozen=True)
class CellProblem:
    """Why a cell was not taken, or not whole; ``value`` is what could be kept of it."""

    text: Text
    value: Any = None


def problem(template: str, **params: object) -> CellProblem:
    """A cell of which nothing is kept, and why."""
    return CellProblem(Text(template, params))


def text_of(cell: Cell) -> str:
    """A cell as one line of text, empty for every way to say "nothing here". Never raises."""
    if cell is None or isinstance(cell, bool):
        return {True: "ya", False: "tidak", None: ""}[cell]
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()[:10]
    text = str(cell)
    return _line(text) if len(text) > LONGEST_REMEMBERED else _remembered(text)


def _line(text: str) -> str:
    text = (
        " ".join(text.split()) if text.isascii() and text.isprintable() else fold_space(text)
    )  # the same, but 10× as fast
    if (
        text.startswith("'") and text[1:2] in "0123456789+=@-"
    ):  # the quote that keeps a spreadsheet from counting
        text = text[1:]
    return "" if text.lower() in BLANK else text


_remembered = lru_cache(maxsize=16_384)(
    _line
)  # lists repeat themselves, and each cell is looked at several times


def shown(cell: Cell) -> str:
    """The cell as a message repeats it."""
    text = text_of(cell)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def broken_formula(cell: Cell) -> CellProblem | None:
    """The problem of a cell that holds an error of the spreadsheet, or a formula never calculated, instead of a value."""
    if cell == NOT_CALCULATED:
        return problem(N_("Rumus di sel ini belum dihitung. Buka berkas di Excel, simpan, lalu unggah lagi."))
    if isinstance(cell, str) and cell.strip().lower() in FORMULA_ERRORS:
        return problem(N_("Rumus di sel ini rusak (%(raw)s)."), raw=cell.strip())
    return None


def read_text(cell: Cell, longest: int) -> str | CellProblem | None:
    """One line of at most ``longest`` characters; a longer one is cut and told."""
    if broken := broken_formula(cell):
        return broken
    text = text_of(cell)
    if len(text) > longest:
        cut = text[:longest].rstrip()
        said = Text(N_("Terlalu panjang; hanya %(longest)s huruf pertama diambil."), {"longest": longest})
        return CellProblem(said, cut)
    return text or None


def _shown_as(cell: Cell, longest: int, show: Callable[[str], str]) -> str | CellProblem | None:
    read = read_text(cell, longest)
    if isinstance(read, CellProblem):
        return CellProblem(read.text, show(read.value) if read.value else None)
    return show(read) if read and re.search(r"\w", read) else None


def read_name(cell: Cell, longest: int = 150) -> str | CellProblem | None:
    """A cooperative's name, not in capitals throughout."""
    return _shown_as(cell, longest, display_name)


def read_person(cell: Cell, longest: int = 100) -> str | CellProblem | None:
    """A person's name, not in capitals throughout. ``tidak ada`` is an answer and stays."""
    return _shown_as(cell, longest, display_person)


def read_legal_number(cell: Cell, longest: int = 120) -> str | CellProblem | None:
    """A legal number as it was written, whatever its pattern. One that Excel took for a day is lost, and told."""
    if isinstance(cell, (date, datetime)):
        return problem(
            N_("Excel mengubah nomor ini menjadi tanggal (%(raw)s); tulis ulang sebagai teks."),
            raw=shown(cell),
        )
    read = read_text(cell, longest)
    return None if isinstance(read, str) and not re.search(r"\w", read) else read


@dataclass(frozen=True)
class SourceId:
    """A number that the file itself gave a cooperative: no NIK, and no key in our register."""

    value: str


def read_nik(cell: Cell) -> str | SourceId | CellProblem | None:
    """The NIK when the cell holds 13 digits; another short "ID" is the source's own. Lost digits and personal NIKs are told."""
    text = text_of(cell)
    digits = re.sub(r"[\s.\-']", "", text)
    if SCIENTIFIC.fullmatch(text) and len(digits) > 4:
        return problem(
            N_("Sebagian angka NIK hilang karena Excel menulisnya %(raw)s; tulis ulang sebagai teks."),
            raw=text,
        )
    if is_nik(digits):
        return digits
    if digits.isdecimal() and len(digits) == 16:
        return problem(N_("16 angka adalah NIK penduduk, bukan NIK koperasi; tidak disimpan."))
    if not text:
        return None
    if len(text) > 60:
        return problem(N_("“%(raw)s” bukan NIK koperasi (13 angka)."), raw=shown(cell))
    return SourceId(text)


def read_phone(cell: Cell) -> str | CellProblem | None:
    """An Indonesian number in E.164. Of two numbers in one cell the first that can be read is kept, and that is told."""
    text = re.sub(r"^(?:telp?|tlp|hp|wa|no)\b[ .:]*", "", text_of(cell), flags=re.IGNORECASE)
    if text.strip("0") == "":
        return None
    if SCIENTIFIC.fullmatch(text):
        return problem(
            N_("Sebagian angka hilang karena Excel menulisnya %(raw)s; tulis angkanya penuh."), raw=text
        )
    try:
        return parse_phone(text)
    except Unreadable as error:
        for part in re.split(r"[/;,&]|\b(?:dan|atau)\b", text)[:5]:
            try:
                if first := parse_phone(part):
                    said = Text(N_("Hanya satu nomor diambil dari “%(raw)s”."), {"raw": shown(cell)})
                    return CellProblem(said, first)
            except Unreadable:
                continue
        return CellProblem(error.text)


def read_choice(cell: Cell, options: Sequence[str], spellings: Mapping[str, str]) -> str | CellProblem | None:
    """One of ``options``, by its own word or by one of its spellings, whatever the case and the marks."""
    folded = fold_letters(text_of(cell))
    if not folded:
        return None
    known = {fold_letters(option): option for option in options}
    choice = known.get(folded) or known.get(fold_letters(spellings.get(folded, "")))
    if choice is None:
        return problem(N_("“%(raw)s” tidak ada di daftar pilihan."), raw=shown(cell))
    return choice


def read_email(cell: Cell, longest: int = 254) -> str | CellProblem | None:
    """An e-mail address in small letters; the first when there are several."""
    text = text_of(cell).lower()
    if not text:
        return None
    found = EMAIL.search(text)
    if not found or len(found[0]) > longest:
        return problem(N_("“%(raw)s” bukan alamat surel."), raw=shown(cell))
    return found[0]


def read_postal_code(cell: Cell) -> str | CellProblem | None:
    """Five digits."""
    text = text_of(cell)
    if not text or text == "0":
        return None
    return (
        text
        if re.fullmatch(r"[0-9]{5}", text)
        else problem(N_("“%(raw)s” bukan kode pos (5 angka)."), raw=shown(cell))
    )
