"""The A4 sheet under a printed paper: pens, letterhead, page foot, on fpdf2 (loaded when the first sheet is made)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.core import knot
from app.core.glyphs import BOLD, REGULAR, printable
from app.core.qr import QUIET_ZONE, dark_runs, qr_matrix

if TYPE_CHECKING:
    from fpdf import FPDF

Color = tuple[int, int, int]
INK, SOFT, TEAL, AMBER = (28, 43, 45), (76, 90, 91), (11, 93, 91), (224, 161, 27)
LINE, WASH, WHITE, BLACK = (222, 214, 197), (241, 236, 223), (255, 255, 255), (0, 0, 0)

FAMILY = "jakarta"
LEADING = 1.45
MARGIN = 20.0
"""Millimetres at the left and the right; all lengths here are millimetres, type sizes are points."""
TOP, BOTTOM, KNOT_WIDTH = 13.0, 26.0, 13.0
TABLE_SIZE, GAP = 9.5, 4
TALLEST_CELL = 30
"""Lines of one table cell; a row must fit on a page."""
PAGES = "\x00\x00\x00"
"""Stands for the number of pages, up to three digits, until it is known; ``printable`` removes it, so nobody can type it."""


class Figure(str):
    """A value that stands at the right edge of its column: rupiah, a count."""

    __slots__ = ()


@dataclass(frozen=True)
class Letterhead:
    """Who sends the paper: the office's name, then the lines of its address, telephone, site."""

    name: str
    lines: tuple[str, ...] = ()


class Sheet:
    """Pages with a letterhead and a foot. Every text that it is given passes ``printable``."""

    def __init__(self, *, title: str, office: Letterhead, footnote: str, page_label: str) -> None:
        self.title, self.office, self.footnote, self.page_label = title, office, footnote, page_label
        self.opens = True  # the next page is the first of a paper
        self.lines: dict[tuple[object, ...], list[str]] = {}
        self.pdf = _file(self)

    @property
    def width(self) -> float:
        """Millimetres between the margins."""
        return float(self.pdf.epw)

    @property
    def y(self) -> float:
        """How far down the page the next thing stands."""
        return self.pdf.get_y()

    @y.setter
    def y(self, millimetres: float) -> None:
        self.pdf.set_y(millimetres)

    def keep(self, height: float) -> None:
        """Start a new page unless ``height`` is left on this one."""
        if self.pdf.will_page_break(height):
            self.pdf.add_page()

    def pen(self, *, size: float, bold: bool = False, color: Color = INK) -> None:
        """Type and hairlines for what follows."""
        self.pdf.set_font(FAMILY, "B" if bold else "", size)
        self.pdf.set_text_color(*color)
        self.pdf.set_draw_color(*LINE)
        self.pdf.set_line_width(0.2)

    def write(
        self,
        text: str,
        *,
        size: float,
        bold: bool = False,
        color: Color = INK,
        indent: float = 0,
        width: float = 0,
        leading: float = LEADING,
        right: bool = False,
        link: str = "",
        stay: bool = False,
    ) -> None:
        """Wrapped lines, ``indent`` from the left margin, to the right margin or ``width`` wide; ``stay`` at this height."""
        if not text:
            return
        self.pen(size=size, bold=bold, color=color)
        top, broad = self.y, width or self.width - indent
        for line in self.broken(text, broad):
            self.pdf.set_x(MARGIN + indent)
            self.pdf.cell(
                broad,
                size / self.pdf.k * leading,
                line,
                align="R" if right else "L",
                link=link or None,
                new_x="LMARGIN",
                new_y="NEXT",
            )
        if stay:
            self.y = top

    def broken(self, text: str, width: float) -> list[str]:
        """``text`` in lines of ``width``, with the pen as it is; a file of many letters says most of it again and again."""
        pdf = self.pdf
        key = (text, width, pdf.font_style, pdf.font_size_pt, pdf.char_spacing)
        if key not in self.lines:
            self.lines[key] = cast(
                list[str],
                pdf.multi_cell(width, text=printable(text), align="L", dry_run=True, output="LINES"),
            )
        return self.lines[key]

    def write_big(self, code: str, *, indent: float, width: float) -> None:
        """``code`` on one line, letters set apart, as large as fits into ``width`` up to 26 points."""
        self.pen(size=26, bold=True)
        self.pdf.set_char_spacing(1)
        shrink = min(1, width / (self.pdf.get_string_width(printable(code)) or width))
        self.pdf.set_char_spacing(shrink)
        self.write(code, size=26 * shrink, bold=True, color=TEAL, indent=indent, width=width + 3)
        self.pdf.set_char_spacing(0)

    def rows(
        self,
        shares: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        headings: bool = False,
        labels: bool = False,
    ) -> None:
        """Cells with hairlines between the rows; the first row may be headings, the first column pale labels."""
        from fpdf.fonts import FontFace

        self.pen(size=TABLE_SIZE)
        label, last = FontFace(color=SOFT), len(shares) - 1
        widths = [self.width * share / sum(shares) for share in shares]
        with self.pdf.table(
            borders_layout="HORIZONTAL_LINES",
            col_widths=widths,
            first_row_as_headings=headings,
            headings_style=FontFace(emphasis="BOLD"),
            line_height=TABLE_SIZE / self.pdf.k * LEADING,
            text_align="LEFT",
            v_align="TOP",
        ) as table:
            for cells in rows:
                row = table.row()
                for index, cell in enumerate(cells):
                    gap = 0 if index == last else GAP
                    row.cell(
                        self._clipped(printable(cell), widths[index] - gap),
                        align="RIGHT" if isinstance(cell, Figure) else None,
                        style=label if labels and index == 0 else None,
                        padding=(1.4, gap, 1.4, 0),
                    )

    def _clipped(self, text: str, width: float) -> str:
        """``text`` without what no page could hold."""
        if len(text) < 2 * TALLEST_CELL:
            return text
        lines = cast(
            list[str], self.pdf.multi_cell(width, text=text, align="L", dry_run=True, output="LINES")
        )
        return text if len(lines) <= TALLEST_CELL else "\n".join(lines[: TALLEST_CELL - 1]) + "\n…"

    def wash(self, height: float) -> None:
        """A pale ground from margin to margin: "look here"."""
        self.pdf.set_fill_color(*WASH)
        self.pdf.rect(MARGIN, self.y, self.width, height, style="F", round_corners=True, corner_radius=2.5)

    def draw_qr(self, url: str, *, indent: float, side: float) -> None:
        """Black on a white square, quiet zone included; a tap on it opens the address."""
        pdf, matrix, x, y = self.pdf, qr_matrix(url), MARGIN + indent, self.y
        module = side / (len(matrix) + 2 * QUIET_ZONE)
        pdf.set_fill_color(*WHITE)
        pdf.rect(x, y, side, side, style="F")
        pdf.set_fill_color(*BLACK)
        for column, row, length in dark_runs(matrix):
            left, top = x + (column + QUIET_ZONE) * module, y + (row + QUIET_ZONE) * module
            pdf.rect(left, top, length * module, module, style="F")
        pdf.link(x, y, side, side, url)

    def draw_head(self) -> None:
        """First page of a paper: the two strands tied, then the office. Following pages: the paper's title."""
        opens, self.opens = self.opens, False
        if not opens:
            self.y = TOP
            self.write(self.title, size=8.5, color=SOFT)
            self.pdf.line(MARGIN, self.y + 1, MARGIN + self.width, self.y + 1)
            self.y += 6
            return
        self._draw_strands()
        self.y = TOP + KNOT_WIDTH / 2 + 4
        self.write(self.office.name, size=12, bold=True, leading=1.3)
        for line in self.office.lines:
            self.write(line, size=8.5, color=SOFT)
        self.y += 9

    def _draw_strands(self) -> None:
        """The knot at the left margin; its strands run on to the edges of the page."""
        pdf, unit = self.pdf, KNOT_WIDTH / knot.WIDTH
        pdf.set_line_width(knot.STROKE * unit)
        for color, path, start, end in (
            (TEAL, knot.TEAL, 0.0, MARGIN),
            (AMBER, knot.AMBER, MARGIN + KNOT_WIDTH, pdf.w),
        ):
            pdf.set_draw_color(*color)
            for height in knot.LOOSE_ENDS:
                pdf.line(start, TOP + height * unit, end, TOP + height * unit)
            for piece in knot.strokes(path):
                pdf.polyline([(MARGIN + x * unit, TOP + y * unit) for x, y in piece])

    def draw_foot(self) -> None:
        """The footnote at the left, the page's number at the right."""
        self.y = -19
        self.write(self.footnote, size=8, color=SOFT, width=self.width - 40, stay=True)
        self.pen(size=8, color=SOFT)
        self.pdf.set_x(MARGIN + self.width - 40)
        label = printable(self.page_label) % {"page": self.pdf.page_no(), "pages": PAGES}
        self.pdf.cell(40, 8 / self.pdf.k * LEADING, label, align="R")


def _file(sheet: Sheet) -> "FPDF":
    """An empty A4 file with our fonts, which asks ``sheet`` to draw the head and the foot of each page."""
    from fpdf import FPDF

    class File(FPDF):
        def header(self) -> None:
            sheet.draw_head()

        def footer(self) -> None:
            sheet.draw_foot()

    file = File(format="A4")
    file.add_font(FAMILY, "", REGULAR)
    file.add_font(FAMILY, "B", BOLD)
    file.alias_nb_pages(PAGES)
    file.set_margins(MARGIN, TOP)
    file.set_auto_page_break(auto=True, margin=BOTTOM)
    file.c_margin = 0
    return file
