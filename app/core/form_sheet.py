"""A worksheet to fill in: locked labels, open answer cells that say what they take, and a hidden mark of what it is for.

The first column is hidden: it holds the mark and a code for each line, so that the answers are found again in whatever
program the file was saved. Made for LibreOffice, Excel from 2010 on and WPS on a phone; prints on A4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any, Literal

from app.core.spreadsheets import Cell, Kind, new_workbook, write_cell

ANSWER = 3
"""How many columns right of the codes the answers stand: column D."""
WIDTHS = (1, 5, 30, 30, 26, 8, 56, 24)  # characters; the first is hidden
FORMATS = {"text": "@", "integer": "#,##0", "rupiah": "#,##0", "date": "dd-mm-yyyy"}
PAPER = "#F1ECDF"
ANSWER_GROUND = "#FFF8E6"
EDGE = "#B9AE97"
LINE_HEIGHT, TALLEST = 15.0, 400.0  # points; Excel's own limit is 409
LANDSCAPE_MARGIN = 0.5  # inches
A4 = 9
LISTS = "Daftar"


@dataclass(frozen=True)
class Takes:
    """What one answer cell takes, and the sentence of the program when something else is typed.

    ``kind``: one of ``choices``, a whole number or a day from ``least`` to ``most``, a text of so many characters. ``most``
    may be ``=TODAY()``.
    """

    kind: Literal["list", "integer", "date", "length"]
    message: str
    choices: tuple[str, ...] = ()
    least: int | date = 0
    most: int | date | str = 0


@dataclass(frozen=True)
class Entry:
    """One line: ``value`` stands in the answer cell, which is open for typing only when ``open``."""

    code: str
    number: str
    label: str
    value: Cell = None
    last: str = ""
    unit: str = ""
    help: str = ""
    example: str = ""
    kind: Kind = "text"
    takes: Takes | None = None
    open: bool = True


@dataclass(frozen=True)
class FormSheet:
    """All of it. ``headings`` are those of the seven visible columns; ``parts`` pairs a title with its entries."""

    name: str
    title: str
    lead: str
    mark: str
    headings: tuple[str, str, str, str, str, str, str]
    refusal: str  # the title above a cell's sentence, at most 32 characters
    parts: Sequence[tuple[str, Sequence[Entry]]]
    page_label: str  # with &P and &N for the page and the number of pages


def write_form_sheet(form: FormSheet) -> bytes:
    """The file; the same form gives the same bytes."""
    book, out = new_workbook()
    writer = _Writer(book, form)
    writer.write()
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, form: FormSheet) -> None:
        self.form, self.book = form, book
        self.sheet = book.add_worksheet(form.name)
        self.lists = book.add_worksheet(LISTS)
        self.lists.hide()
        self.known_lists: dict[tuple[str, ...], str] = {}
        text = {"text_wrap": True, "valign": "top", "font_size": 11}
        self.bold = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"font_size": 11})
        self.heading = book.add_format({**text, "bold": True, "bottom": 2})
        self.section = book.add_format({"bold": True, "bg_color": PAPER, "font_size": 12})
        self.label = book.add_format({**text, "bottom": 1, "bottom_color": EDGE})
        self.code = book.add_format({"font_color": "#999999"})
        answer = {**text, "border": 1, "border_color": EDGE, "font_size": 12}
        self.answers = {
            (kind, is_open): book.add_format(
                {
                    **answer,
                    "num_format": pattern,
                    "locked": not is_open,
                    "align": "left",
                    **({"bg_color": ANSWER_GROUND} if is_open else {}),
                }
            )
            for kind, pattern in FORMATS.items()
            for is_open in (True, False)
        }

    def write(self) -> None:
        """Head, lines, protection, page."""
        sheet, form = self.sheet, self.form
        for x, width in enumerate(WIDTHS):
            sheet.set_column(x, x, width, None, {"hidden": x == 0})
        sheet.write_string(0, 0, form.mark, self.code)
        sheet.write_string(0, 1, form.title, self.bold)
        sheet.write_string(1, 1, form.lead, self.plain)
        for x, title in enumerate(form.headings, start=1):
            sheet.write_string(2, x, title, self.heading)
        sheet.set_row(2, 2 * LINE_HEIGHT)
        y, first = 3, None
        for title, entries in form.parts:
            self._section(y, title)
            for below, entry in enumerate(entries, start=1):
                self._entry(y + below, entry)
                first = y + below if first is None and entry.open else first
            y += 1 + len(entries)
        self._protect_and_page(first)

    def _section(self, y: int, title: str) -> None:
        self.sheet.write_string(y, 1, title, self.section)
        for x in range(2, len(WIDTHS)):
            self.sheet.write_blank(y, x, None, self.section)
        self.sheet.set_row(y, 1.4 * LINE_HEIGHT)

    def _entry(self, y: int, entry: Entry) -> None:
        sheet = self.sheet
        cells = (
            entry.code,
            entry.number,
            entry.label,
            None,
            entry.last,
            entry.unit,
            entry.help,
            entry.example,
        )
        for x, text in enumerate(cells):
            if text is not None and x != ANSWER:
                sheet.write_string(y, x, text, self.label if x else self.code)
        answer = self.answers[entry.kind, entry.open]
        sheet.write_blank(y, ANSWER, None, answer)
        write_cell(sheet, y, ANSWER, entry.value, answer)
        lengths = [*cells[1:ANSWER], str(entry.value or ""), *cells[ANSWER + 1 :]]
        lines = max(
            ceil(1.15 * len(text or "") / width) for text, width in zip(lengths, WIDTHS[1:], strict=True)
        )
        sheet.set_row(y, min(TALLEST, max(1, lines) * LINE_HEIGHT + 3))
        if entry.takes and entry.open:
            sheet.data_validation(y, ANSWER, y, ANSWER, self._validation(entry.takes))

    def _validation(self, takes: Takes) -> dict[str, Any]:
        shared = {"error_title": self.form.refusal[:32], "error_message": takes.message[:255]}
        if takes.kind == "list":
            return {**shared, "validate": "list", "source": self._list(takes.choices)}
        between = {"criteria": "between", "minimum": takes.least, "maximum": takes.most}
        return {**shared, "validate": takes.kind, **between}

    def _list(self, choices: tuple[str, ...]) -> str:
        """Where the choices stand: each list once, in a column of its own of the hidden sheet."""
        if choices not in self.known_lists:
            x = len(self.known_lists)
            for y, choice in enumerate(choices):
                self.lists.write_string(y, x, choice)
            letter = column_name(x)
            self.known_lists[choices] = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
        return self.known_lists[choices]

    def _protect_and_page(self, first: int | None) -> None:
        sheet = self.sheet
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.freeze_panes(3, 0)
        if first is not None:
            sheet.set_selection(first, ANSWER, first, ANSWER)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        sheet.set_margins(*(LANDSCAPE_MARGIN,) * 4)
        sheet.set_footer(f"&R{self.form.page_label}")


def column_name(index: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    name, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell_name(y: int, x: int) -> str:
    """``D12`` for row 11 and column 3, both counted from 0."""
    return f"{column_name(x)}{y + 1}"
