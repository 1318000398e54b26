"""Printed papers: one quiet A4 layout for receipts and letters.

The same words and the same ``created`` give the same bytes, so a receipt can be made again at any time instead of being
kept. Words come translated and figures formatted; any text may be handed in, whatever people typed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.glyphs import printable
from app.core.sheet import INK, SOFT, TEAL, Figure, Letterhead, Sheet
from app.core.text import N_

__all__ = ["Column", "Document", "Figure", "Letterhead", "grouped"]

BODY, NOTE, SMALL = 10.5, 9.0, 8.5
"""Type sizes in points."""


@dataclass(frozen=True)
class Column:
    """A table column: its heading, and its share of the width relative to the other columns'."""

    heading: str
    share: float = 1.0


def grouped(code: str, size: int = 4) -> str:
    """``9f86d081884c`` as ``9f86 d081 884c``: long codes in groups that a person can compare."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


class Document:
    """One paper, written from top to bottom; :meth:`bytes` ends it.

    ``created`` (with a time zone) is what the file says of its making. ``titled``: the title also stands on the paper.
    ``language`` is the BCP 47 code of the words. Raises ValueError when ``created`` has no time zone.
    """

    def __init__(
        self,
        *,
        title: str,
        office: Letterhead,
        created: datetime,
        language: str = "id",
        page_label: str = N_("Halaman %(page)s dari %(pages)s"),
        footnote: str = "",
        titled: bool = True,
    ) -> None:
        if created.tzinfo is None:
            raise ValueError("created needs a time zone: the bytes must not depend on the machine's")
        self._sheet = Sheet(title=title, office=office, footnote=footnote, page_label=page_label)
        pdf = self._sheet.pdf
        pdf.set_title(printable(title))
        pdf.set_author(printable(office.name))
        pdf.set_creator("Simpul")
        pdf.set_lang(language)
        pdf.set_creation_date(created)
        self._titled = titled
        self.another()

    def another(self) -> None:
        """Begin a paper of its own on a new page, with letterhead and title: many letters in one file."""
        self._sheet.opens = True
        self._sheet.pdf.add_page()
        if self._titled:
            self._sheet.write(self._sheet.title, size=19, bold=True, leading=1.2)
        self.space(3)

    def heading(self, text: str) -> None:
        """A heading of the second level, never alone at the foot of a page."""
        self._sheet.keep(26)
        self.space(3)
        self._sheet.write(text, size=12.5, bold=True, leading=1.2)
        self.space(1.5)

    def paragraph(self, text: str, *, soft: bool = False) -> None:
        """Running text; ``soft`` is smaller and paler, for notes."""
        if soft:
            self._sheet.write(text, size=NOTE, color=SOFT)
        else:
            self._sheet.write(text, size=BODY)
        self.space(2)

    def address(self, lines: Iterable[str]) -> None:
        """To whom a letter goes: a pale first line ("Kepada"), the name in bold, then the rest."""
        for number, line in enumerate(lines):
            if number == 0:
                self._sheet.write(line, size=BODY, color=SOFT)
            else:
                self._sheet.write(line, size=BODY, bold=number == 1)
        self.space(4)

    def steps(self, items: Iterable[str]) -> None:
        """Numbered instructions, one sentence or two each."""
        for number, item in enumerate(items, 1):
            self._sheet.keep(12)
            self._sheet.write(f"{number}.", size=BODY, bold=True, color=TEAL, stay=True)
            self._sheet.write(item, size=BODY, indent=8)
            self.space(1.2)
        self.space(2)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Label and value, one pair a row, hairlines between; a ``Figure`` stands at the right edge."""
        self._sheet.rows((1, 2), list(rows), labels=True)
        self.space(4)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
        """Rows under bold headings that are repeated on every page; a cell that is a ``Figure`` stands right.

        The heading of a column whose first cell is a figure stands right as well.
        """
        cells = list(rows)
        first = cells[0] if cells else [""] * len(columns)
        headings = [
            Figure(column.heading) if isinstance(cell, Figure) else column.heading
            for column, cell in zip(columns, first, strict=True)
        ]
        self._sheet.rows([column.share for column in columns], [headings, *cells], headings=True)
        self.space(4)

    def code_box(self, label: str, code: str, *, note: str = "", link: str = "") -> None:
        """The one thing to look for on the paper: a code in big type on a wash, the QR code of ``link`` beside it."""
        sheet, height = self._sheet, 46.0 if link else 34.0
        sheet.keep(height + 2)
        self.space(2)
        top, width = sheet.y, sheet.width - 14 - (height if link else 0)
        sheet.wash(height)
        if link:
            sheet.y = top + 4
            sheet.draw_qr(link, indent=sheet.width - height + 4, side=height - 8)
        sheet.y = top + 6
        sheet.write(label, size=NOTE, color=SOFT, indent=7, width=width)
        sheet.write_big(code, indent=7, width=width)
        sheet.write(note, size=SMALL, color=SOFT, indent=7, width=width)
        sheet.write(link, size=SMALL, color=SOFT, indent=7, width=width, link=link)
        sheet.y = top + height
        self.space(6)

    def qr(self, url: str, caption: str, *, side: float = 34.0) -> None:
        """A QR code by itself, ``side`` millimetres wide, with its caption and its address at its right."""
        sheet = self._sheet
        sheet.keep(side)
        top = sheet.y
        sheet.draw_qr(url, indent=0, side=side)
        sheet.y = top + side / 4
        sheet.write(caption, size=BODY, indent=side + 5)
        sheet.write(url, size=SMALL, color=SOFT, indent=side + 5, link=url)
        sheet.y = max(top + side, sheet.y)
        self.space(4)

    def banner(self, text: str, *, size: float, bold: bool = False, soft: bool = False) -> None:
        """Centred lines that are read from afar; ``size`` in points."""
        sheet = self._sheet
        sheet.pen(size=size, bold=bold)
        for line in sheet.broken(text, sheet.width):
            sheet.pen(size=size, bold=bold)
            indent = (sheet.width - sheet.pdf.get_string_width(printable(line))) / 2
            sheet.write(
                line,
                size=size,
                bold=bold,
                color=SOFT if soft else INK,
                indent=max(0.0, indent - 1),
                leading=1.25,
            )

    def great_qr(self, url: str, *, side: float) -> None:
        """A QR code in the middle of the page, ``side`` millimetres wide, to be scanned from a step away."""
        sheet = self._sheet
        sheet.keep(side)
        top = sheet.y
        sheet.draw_qr(url, indent=(sheet.width - side) / 2, side=side)
        sheet.y = top + side

    def space(self, millimetres: float) -> None:
        """Leave room before what follows."""
        self._sheet.y += millimetres

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self._sheet.pdf.output())
