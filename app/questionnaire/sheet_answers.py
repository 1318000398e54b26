"""The answers in an uploaded file: found by the template's hidden codes, else by the questions in a plain table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.errors import RuleBroken
from app.core.form_sheet import ANSWER, cell_name
from app.core.i18n import say
from app.core.parsing import fold_space
from app.core.spreadsheets import Cell, Sheet
from app.core.text import N_
from app.questionnaire.filling import Filling
from app.questionnaire.question import QuestionType
from app.questionnaire.questions import Questionnaire
from app.questionnaire.template_sheet import Mark, mark_of, read_mark

HEAD = 10
"""Rows and columns at the beginning of a sheet in which the mark is looked for."""
FEWEST = 2
"""Questions that a plain table must have before it is taken for one."""
LONGEST = 2_000  # characters of one answer: beyond it nobody has typed
MOST_UNKNOWN = 50
SHORT = 200
NUMBERED = re.compile(r"^\s*\d{1,3}\s*[.)]\s*")
IN_BRACKETS = re.compile(r"\([^)]*\)")
ERROR_CELL = re.compile(r"#(REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!)|Err:\d+")
FAULTY, A_DAY, TWICE = "faulty", "day", "twice"
"""Why a cell is not taken whatever is typed in it."""


@dataclass(frozen=True)
class FoundCell:
    """One answer as the file has it: ``typed`` as a person would type it, ``odd`` one of the words above or empty."""

    field: str
    cell: str
    typed: str
    odd: str = ""


@dataclass(frozen=True)
class UnknownRow:
    """A row that answers no question of this year. ``derived``: it answers one that follows from others."""

    cell: str
    label: str
    typed: str
    derived: bool


@dataclass(frozen=True)
class SheetAnswers:
    """What a file says. ``version`` is that of the draft with which the template was filled; None in a plain table."""

    sheet: str
    cells: tuple[FoundCell, ...]
    unknown: tuple[UnknownRow, ...]
    version: int | None
    other_edition: bool = False


def find_answers(sheets: Sequence[Sheet], filling: Filling) -> SheetAnswers:
    """The answers for ``filling`` in the one sheet that has them. Raises RuleBroken: another's file, or no such sheet."""
    for sheet in sheets:
        if marked := _mark_in(sheet):
            y, x, mark = marked
            _check_mark(mark, filling)
            return _by_code(sheet, y, x, mark, filling)
    tables = [table for sheet in sheets if (table := _by_label(sheet, filling.questionnaire))]
    if not tables:
        raise RuleBroken(
            N_(
                "Pertanyaan laporan tidak ditemukan di berkas ini. Unduh templat di halaman ini, isi kolom D, lalu unggah."
            ),
            field="berkas",
        )
    return max(tables, key=lambda table: len(table.cells))


def _mark_in(sheet: Sheet) -> tuple[int, int, Mark] | None:
    for y, row in enumerate(sheet.rows[:HEAD]):
        for x, cell in enumerate(row[:HEAD]):
            if mark := read_mark(cell):
                return y, x, mark
    return None


def _check_mark(mark: Mark, filling: Filling) -> None:
    if mark.cooperative_id != filling.cooperative.id:
        raise RuleBroken(
            N_("Berkas ini templat koperasi lain. Unggah berkas yang Anda unduh untuk %(name)s."),
            field="berkas",
            name=filling.cooperative.nama_koperasi,
        )
    if mark.year != filling.year:
        raise RuleBroken(
            N_(
                "Berkas ini templat tahun buku %(theirs)s, padahal halaman ini untuk tahun buku %(year)s. "
                "Unduh templat yang baru, atau buka laporan tahun itu."
            ),
            field="berkas",
            theirs=mark.year,
            year=filling.year,
        )


def _by_code(sheet: Sheet, top: int, left: int, mark: Mark, filling: Filling) -> SheetAnswers:
    """The lines whose code stands in the mark's column."""
    cells: list[FoundCell] = []
    unknown: list[UnknownRow] = []
    fields = filling.questionnaire.by_field
    for y, row in enumerate(sheet.rows[top + 1 :], start=top + 1):
        code, value = _at(row, left), _at(row, left + ANSWER)
        if not isinstance(code, str) or not code.strip():
            continue
        place = cell_name(y, left + ANSWER)
        if field := fields.get(code.strip()):
            cells.append(_found(field.name, field.type, place, value))
        elif (typed := typed_of(value)) and len(unknown) < MOST_UNKNOWN:
            label = fold_space(typed_of(_at(row, left + 2)))[:SHORT]
            unknown.append(UnknownRow(place, label or code[:SHORT], typed[:SHORT], derived=False))
    other = mark.edition != mark_of(filling).edition
    return SheetAnswers(sheet.name, _without_doubles(cells), tuple(unknown), mark.version, other)


def _by_label(sheet: Sheet, questionnaire: Questionnaire) -> SheetAnswers | None:
    """The column that names most questions, and the first column right of it that answers one of them."""
    known = _labels(questionnaire)
    width = min(HEAD, max((len(row) for row in sheet.rows), default=0))
    named = {x: [y for y, row in enumerate(sheet.rows) if _plain(_at(row, x)) in known] for x in range(width)}
    left = max(named, key=lambda x: len(named[x]), default=0)
    if len(named.get(left, ())) < FEWEST:
        return None
    answered = [
        x for y in named[left] for x in range(left + 1, len(sheet.rows[y])) if typed_of(sheet.rows[y][x])
    ]
    right = min(answered, default=left + 1)
    cells: list[FoundCell] = []
    unknown: list[UnknownRow] = []
    for y, row in enumerate(sheet.rows[named[left][0] :], start=named[left][0]):
        label, value = _at(row, left), _at(row, right)
        name = known.get(_plain(label))
        if name and (field := questionnaire.by_field.get(name)):
            cells.append(_found(field.name, field.type, cell_name(y, right), value))
        elif (typed := typed_of(value)) and typed_of(label) and len(unknown) < MOST_UNKNOWN:
            shown = fold_space(typed_of(label))[:SHORT]
            unknown.append(UnknownRow(cell_name(y, right), shown, typed[:SHORT], derived=name is not None))
    return SheetAnswers(sheet.name, _without_doubles(cells), tuple(unknown), None)


def _labels(questionnaire: Questionnaire) -> dict[str, str]:
    """How a question may be named in a plain table → its field, or the code of one that follows from others."""
    named: dict[str, str] = {}
    for question in questionnaire.questions:
        inputs: Iterable[tuple[str, str]] = [(field.name, field.label) for field in question.fields]
        for name, label in (*inputs, (question.code, question.label)):
            for text in (name, label, say(label), IN_BRACKETS.sub(" ", label)):
                named.setdefault(_plain(text), name)
    named.pop("", None)
    return named


def _plain(label: Cell) -> str:
    """A label without its number, capitals, marks and spaces."""
    text = NUMBERED.sub("", label) if isinstance(label, str) else ""
    return "".join(character for character in text.casefold() if character.isalnum())


def _at(row: Sequence[Cell], x: int) -> Cell:
    return row[x] if x < len(row) else None


def _found(field: str, kind: QuestionType, cell: str, value: Cell) -> FoundCell:
    typed = typed_of(value)[:LONGEST]
    odd = ""
    if ERROR_CELL.fullmatch(typed):
        odd = FAULTY
    elif isinstance(value, date) and kind is not QuestionType.DATE:
        odd = A_DAY
    return FoundCell(field, cell, typed, odd)


def typed_of(value: Cell) -> str:
    """A cell as a person would type it: whole numbers in full, fractions with a comma, days as 17-08-2025."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return f"{value:.0f}" if value.is_integer() else repr(value).replace(".", ",")
        case datetime() | date():
            return f"{value.day:02}-{value.month:02}-{value.year:04}"
        case _:
            return fold_space(value)


def _without_doubles(cells: Sequence[FoundCell]) -> tuple[FoundCell, ...]:
    """Each field once. Where two cells answer it differently, neither is taken."""
    kept: dict[str, FoundCell] = {}
    for one in cells:
        first = kept.setdefault(one.field, one)
        if first is not one and one.typed and one.typed != first.typed:
            both = f"{first.cell}, {one.cell}"
            kept[one.field] = (
                FoundCell(one.field, both, f"{first.typed} / {one.typed}", TWICE) if first.typed else one
            )
    return tuple(kept.values())


def to_json(found: SheetAnswers) -> Mapping[str, object]:
    """As the database keeps it until the person has decided."""
    return {
        "sheet": found.sheet[:SHORT],
        "cells": [[one.field, one.cell, one.typed, one.odd] for one in found.cells],
        "unknown": [[one.cell, one.label, one.typed, one.derived] for one in found.unknown],
        "version": found.version,
        "other_edition": found.other_edition,
    }


def from_json(stored: Mapping[str, list[list[str]]]) -> SheetAnswers:
    """What :func:`to_json` wrote."""
    return SheetAnswers(
        str(stored["sheet"]),
        tuple(FoundCell(*one) for one in stored["cells"]),
        tuple(
            UnknownRow(cell, label, typed, bool(derived)) for cell, label, typed, derived in stored["unknown"]
        ),
        stored["version"],  # type: ignore[arg-type]
        bool(stored["other_edition"]),
    )
