"""Forms on paper: questions with boxes to write in, or with the answers in them. A question never breaks across pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.glyphs import printable
from app.core.pdf import Document
from app.core.sheet import INK, LEADING, MARGIN, SOFT, TEAL, Color

NUMBER_WIDTH, TEXT_WIDTH, GAP = 9.0, 80.0, 5.0
BOX_LEFT = NUMBER_WIDTH + TEXT_WIDTH + GAP
"""Millimetres from the left margin; the boxes end at the right one."""
ROW, INSET, PAD = 9.0, 2.0, 2.4
SIZE, SMALL, TINY = 10.0, 8.0, 7.0
EDGE: Color = (150, 140, 118)
LABEL_LINES, NOTE_LINES, ANSWER_LINES = 6, 12, 14
TICK, MOST_TICKS, ONE_COLUMN = 3.2, 40, 6
MOST_DIGITS = 20
DAY_GROUPS = (2, 2, 4)
LINES_FOR_LONG_TEXT = 2

BoxKind = Literal["text", "long", "amount", "day", "digits", "choices", "none"]


@dataclass(frozen=True)
class Box:
    """Where a person writes. ``before`` and ``behind`` stand in the box; ``parts`` name the groups of a day."""

    kind: BoxKind = "text"
    before: str = ""
    behind: str = ""
    choices: tuple[str, ...] = ()
    digits: int = 0
    parts: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True)
class Ask:
    """One question on paper. ``answer`` is None on an empty form."""

    number: str
    label: str
    notes: tuple[str, ...] = ()
    box: Box = Box()
    answer: str | None = None


class PaperForm(Document):
    """A :class:`Document` with questions."""

    def section(self, title: str, intro: str, asks: Sequence[Ask]) -> None:
        """A heading with its questions; the heading stands with the first of them."""
        if not asks:
            return
        head = 22.0 + 5 * len(self._wrapped(intro, 9.0, self._sheet.width))
        self._sheet.keep(min(head + self._height(asks[0]), 200.0))
        self.heading(title)
        if intro:
            self.paragraph(intro, soft=True)
        for ask in asks:
            self._ask(ask)
        self.space(4)

    def signature(self, labels: Sequence[str]) -> None:
        """Lines to sign on, side by side, each with what belongs there below it."""
        sheet = self._sheet
        sheet.keep(18)
        self.space(12)
        top, width = sheet.y, (sheet.width - GAP * (len(labels) - 1)) / len(labels)
        for index, label in enumerate(labels):
            left = index * (width + GAP)
            sheet.pen(size=SMALL)
            sheet.pdf.set_draw_color(*EDGE)
            sheet.pdf.line(MARGIN + left, top, MARGIN + left + width, top)
            sheet.y = top + 1
            sheet.write(label, size=SMALL, color=SOFT, indent=left, width=width, stay=True)
        sheet.y = top + 8

    def _wrapped(
        self, text: str, size: float, width: float, *, bold: bool = False, most: int = 99
    ) -> list[str]:
        """``text`` in the lines that it takes, at most ``most``."""
        self._sheet.pen(size=size, bold=bold)
        found = self._sheet.broken(text, width) if text else []
        return found if len(found) <= most else [*found[: most - 1], "…"]

    def _line(
        self,
        text: str,
        size: float,
        indent: float,
        *,
        bold: bool = False,
        color: Color = INK,
        leading: float = LEADING,
    ) -> None:
        """One line that is known to fit, and on to the next."""
        sheet = self._sheet
        height, top = size / sheet.pdf.k * leading, sheet.y
        sheet.pen(size=size, bold=bold, color=color)
        sheet.pdf.set_x(MARGIN + indent)
        sheet.pdf.cell(0, height, printable(text))
        sheet.y = top + height

    def _lines(self, ask: Ask) -> list[tuple[str, float, bool, Color]]:
        """What stands at the left: the label, then the notes."""
        left = [
            (line, SIZE, True, INK)
            for line in self._wrapped(ask.label, SIZE, TEXT_WIDTH, bold=True, most=LABEL_LINES)
        ]
        for note in ask.notes:
            left += [
                (line, SMALL, False, SOFT) for line in self._wrapped(note, SMALL, TEXT_WIDTH, most=NOTE_LINES)
            ]
        return left

    @property
    def _box_width(self) -> float:
        return self._sheet.width - BOX_LEFT

    def _height(self, ask: Ask) -> float:
        left = sum(size / self._sheet.pdf.k * LEADING for _, size, _, _ in self._lines(ask))
        return max(left, self._box_height(ask)) + 2 * PAD

    def _answer_lines(self, ask: Ask) -> list[str]:
        text = " ".join(part for part in (ask.answer, ask.box.behind if ask.answer else "") if part)
        return self._wrapped(text, SIZE, self._box_width - 2 * INSET, bold=True, most=ANSWER_LINES)

    def _box_height(self, ask: Ask) -> float:
        if ask.box.kind == "none" and not ask.answer:
            return 0.0
        if ask.answer is not None:
            return max(ROW, len(self._answer_lines(ask)) * SIZE / self._sheet.pdf.k * LEADING + 2 * INSET)
        match ask.box.kind:
            case "long":
                return ROW * LINES_FOR_LONG_TEXT
            case "day":
                return ROW + 4
            case "choices" if len(ask.box.choices) <= MOST_TICKS:
                return sum(height for _, height in self._choice_rows(ask.box))
            case _:
                return ROW

    def _choice_rows(self, box: Box) -> list[tuple[list[list[str]], float]]:
        """The choices in one or two columns, read downwards: each row's texts in lines, and its height."""
        columns = 1 if len(box.choices) <= ONE_COLUMN else 2
        deep = -(-len(box.choices) // columns)
        width = self._box_width / columns - TICK - 3
        rows = []
        for y in range(deep):
            texts = [self._wrapped(choice, SMALL, width, most=3) for choice in box.choices[y::deep]]
            rows.append((texts, max(map(len, texts)) * SMALL / self._sheet.pdf.k * 1.25 + 1.4))
        return rows

    def _ask(self, ask: Ask) -> None:
        sheet, height = self._sheet, self._height(ask)
        sheet.keep(height)
        top = sheet.y
        sheet.y = top + PAD
        sheet.write(ask.number, size=SIZE, bold=True, color=TEAL, width=NUMBER_WIDTH, stay=True)
        for line, size, bold, color in self._lines(ask):
            self._line(line, size, NUMBER_WIDTH, bold=bold, color=color)
        sheet.y = top + PAD
        if ask.answer is not None:
            self._draw_answer(ask)
        else:
            self._draw_box(ask.box)
        sheet.pen(size=SIZE)
        sheet.pdf.line(MARGIN, top + height, MARGIN + sheet.width, top + height)
        sheet.y = top + height

    def _draw_answer(self, ask: Ask) -> None:
        sheet, top = self._sheet, self._sheet.y
        if ask.box.kind != "none":
            self._frame(0, self._box_width, self._box_height(ask))
        sheet.y = top + INSET
        for line in self._answer_lines(ask):
            self._line(line, SIZE, BOX_LEFT + INSET, bold=True)

    def _draw_box(self, box: Box) -> None:
        match box.kind:
            case "none":
                pass
            case "digits" if box.digits <= MOST_DIGITS:
                side = self._box_width / box.digits
                for index in range(box.digits):
                    self._frame(index * side, side, ROW)
            case "day":
                self._draw_day(box)
            case "choices" if len(box.choices) <= MOST_TICKS:
                self._draw_choices(box)
            case _:
                self._frame(0, self._box_width, ROW * (LINES_FOR_LONG_TEXT if box.kind == "long" else 1))
                self._inside(box)

    def _frame(self, left: float, width: float, height: float) -> None:
        """An empty box at this height, ``left`` from where the boxes begin."""
        pdf = self._sheet.pdf
        self._sheet.pen(size=SIZE)
        pdf.set_draw_color(*EDGE)
        pdf.rect(MARGIN + BOX_LEFT + left, self._sheet.y, width, height, style="D")

    def _inside(self, box: Box) -> None:
        """The unit in a box: Rp at its left, people at its right."""
        sheet, top = self._sheet, self._sheet.y
        sheet.y = top + (ROW - SIZE / sheet.pdf.k * LEADING) / 2
        sheet.write(box.before, size=SIZE, color=SOFT, indent=BOX_LEFT + INSET, width=12, stay=True)
        width = self._box_width - INSET
        sheet.write(box.behind, size=SIZE, color=SOFT, indent=BOX_LEFT, width=width, right=True, stay=True)
        sheet.y = top

    def _draw_day(self, box: Box) -> None:
        sheet, top, left = self._sheet, self._sheet.y, 0.0
        side = (self._box_width - 2 * GAP) / sum(DAY_GROUPS)
        for digits, label in zip(DAY_GROUPS, box.parts, strict=True):
            for index in range(digits):
                sheet.y = top
                self._frame(left + index * side, side, ROW)
            sheet.y = top + ROW + 0.4
            sheet.write(
                label, size=TINY, color=SOFT, indent=BOX_LEFT + left, width=digits * side + GAP, stay=True
            )
            left += digits * side + GAP
        sheet.y = top

    def _draw_choices(self, box: Box) -> None:
        sheet = self._sheet
        rows = self._choice_rows(box)
        width = self._box_width / max(len(texts) for texts, _ in rows)
        for texts, height in rows:
            top = sheet.y
            for column, lines in enumerate(texts):
                left = column * width
                sheet.y = top
                self._frame(left, TICK, TICK)
                for line in lines:
                    self._line(line, SMALL, BOX_LEFT + left + TICK + 1.5, leading=1.25)
            sheet.y = top + height
