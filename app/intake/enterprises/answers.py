"""Cells that answer the register's own questions: NIB, age, year, choices, links. None for a blank, a CellProblem for nonsense."""

import re
from collections.abc import Mapping

from app.cooperatives.names import fold_letters
from app.core.parsing import Unreadable
from app.core.spreadsheets import Cell
from app.core.text import N_, Text
from app.enterprises import reading, rules
from app.intake.cells import CellProblem, problem, read_choice, shown, text_of
from app.intake.enterprises.fields import ENTERPRISES
from app.intake.figures import read_count, read_year

NIB_DIGITS = 13
HAS_NIB, NO_NIB = "yes", "no"
AGES = (("<25", 24), ("25-34", 34), ("35-44", 44), ("45-54", 54), ("55+", 130))
YOUNGEST, OLDEST = 10, 110
SEPARATORS = re.compile(r"\s*(?:[,;/|+&]|\bdan\b|\n)\s*", re.IGNORECASE)
# First and last division of each section of KBLI 2020.
SECTIONS = {
    "A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47), "H": (49, 53),
    "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82), "O": (84, 84), "P": (85, 85),
    "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99),
}  # fmt: skip
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "owner_sex": tuple(rules.SEXES),
    "owner_education": tuple(rules.EDUCATION),
    "legal_form": tuple(rules.LEGAL_FORMS),
    "digital": tuple(rules.DIGITAL),
    "funding": tuple(rules.FUNDING),
    "needs": tuple(rules.NEEDS),
    **{code: tuple(levels) for code, (_label, levels) in rules.INFRASTRUCTURE.items()},
}


def _spellings(code: str) -> dict[str, str]:
    """Folded spelling → choice, the words of the register's own screens among them."""
    names: Mapping[str, str] = {
        "owner_sex": rules.SEXES,
        "owner_education": rules.EDUCATION,
        "legal_form": rules.LEGAL_FORMS,
        "digital": rules.DIGITAL,
        "funding": rules.FUNDING,
        "needs": rules.NEEDS,
    }.get(code) or rules.INFRASTRUCTURE[code][1]
    return {fold_letters(name): choice for choice, name in names.items()} | dict(
        ENTERPRISES.vocabulary.choices[code]
    )


SPELLINGS = {code: _spellings(code) for code in OPTIONS}


def read_one(code: str, cell: Cell) -> str | CellProblem | None:
    """One of the choices of a field."""
    return read_choice(cell, OPTIONS[code], SPELLINGS[code])


def read_several(code: str, cell: Cell) -> list[str] | CellProblem | None:
    """Several choices in one cell: *WA, Shopee dan QRIS*. What is not known is told, the others are kept."""
    whole = read_choice(cell, OPTIONS[code], SPELLINGS[code])
    if not isinstance(whole, CellProblem):
        return None if whole is None else [whole]
    found: list[str] = []
    unknown: list[str] = []
    for part in filter(None, SEPARATORS.split(text_of(cell))):
        read = read_choice(part, OPTIONS[code], SPELLINGS[code])
        if isinstance(read, str):
            found.append(read)
        elif part:
            unknown.append(part)
    kept = list(dict.fromkeys(found))
    if code == "digital" and len(kept) > 1 and "none" in kept:
        kept.remove("none")
    if unknown:
        said = Text(N_("“%(raw)s” tidak ada di daftar pilihan."), {"raw": ", ".join(unknown)[:60]})
        return CellProblem(said, kept or None)
    return kept


def read_nib(cell: Cell) -> str | CellProblem | None:
    """The number, else ``yes`` or ``no``. A number that lost digits still says that there is one."""
    text = text_of(cell)
    digits = re.sub(r"[\s.\-']", "", text)
    if digits.isascii() and digits.isdigit() and len(digits) > 4:
        try:
            return reading.read_nib(digits)
        except Unreadable as error:
            return CellProblem(error.text, HAS_NIB)
    if re.fullmatch(r"\d+[.,]?\d*e\+?\d+", text, re.IGNORECASE):
        said = N_("Sebagian angka NIB hilang karena Excel menulisnya %(raw)s; tulis ulang sebagai teks.")
        return CellProblem(Text(said, {"raw": shown(cell)}), HAS_NIB)
    return read_choice(cell, (HAS_NIB, NO_NIB), ENTERPRISES.vocabulary.choices["nib"])


def read_age(cell: Cell) -> str | CellProblem | None:
    """The band of an age in years, or a band as it stands."""
    text = re.sub(r"\s*(?:tahun|thn|th)\.?$", "", text_of(cell), flags=re.IGNORECASE)
    if text in dict(AGES):
        return text
    read = read_count(text)
    if isinstance(read, CellProblem) or read is None:
        return read
    if not YOUNGEST <= read <= OLDEST:
        return problem(N_("“%(raw)s” tidak mungkin untuk usia."), raw=shown(cell))
    return next(band for band, most in AGES if read <= most)


def read_workers(cell: Cell) -> int | CellProblem | None:
    """How many people work there."""
    read = read_count(cell)
    if isinstance(read, int) and read > reading.MOST_WORKERS:
        return problem(N_("“%(raw)s” tidak mungkin untuk jumlah orang."), raw=shown(cell))
    return read


def read_start(cell: Cell, *, first: int, latest: int) -> int | CellProblem | None:
    """The year in which it began."""
    read = read_year(cell, latest=latest)
    if isinstance(read, int) and read < first:
        return problem(
            N_("“%(raw)s” bukan tahun antara 1945 dan %(latest)s."), raw=shown(cell), latest=str(latest)
        )
    return read


def read_link(code: str, cell: Cell) -> str | CellProblem | None:
    """An address on the web, or the name of an account on Instagram."""
    text = text_of(cell)
    if fold_letters(text) in ENTERPRISES.vocabulary.choices["nib"]:
        return None  # "ada", "belum": no address
    try:
        return reading.read_instagram(text) if code == "instagram" else reading.read_link(text)
    except Unreadable as error:
        return CellProblem(error.text)


def read_section(cell: Cell) -> str | None:
    """The section letter of KBLI 2020 that a code of two to five digits, or the letter itself, says."""
    text = text_of(cell).strip().upper()
    if text in SECTIONS:
        return text
    digits = re.sub(r"\D", "", text.partition(" ")[0])
    if not 2 <= len(digits) <= 5:
        return None
    division = int(digits[:2])
    return next((letter for letter, (low, high) in SECTIONS.items() if low <= division <= high), None)
