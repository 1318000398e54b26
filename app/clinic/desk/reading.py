"""Reading what the office types about the clinic: a form keeps what was typed, so that nothing is typed twice."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.parsing import Unreadable, fold_space, parse_date
from app.core.text import N_, Text
from app.enterprises.reading import read_time

Sent = MultiDict[str, str]
Problems = dict[str, Text]
LONGEST_LINE, LONGEST_TEXT = 200, 1000  # characters of one input that are read at all
WEEKDAYS = (
    N_("Senin"),
    N_("Selasa"),
    N_("Rabu"),
    N_("Kamis"),
    N_("Jumat"),
    N_("Sabtu"),
    N_("Minggu"),
)


def shown_clock(minutes: int | None) -> str:
    """``540`` → ``09.00``; empty where there is none."""
    return "" if minutes is None else f"{minutes // 60:02}.{minutes % 60:02}"


@dataclass
class Reading:
    """What was typed, and what is wrong with it. ``seen`` is the mark of what the page showed before."""

    typed: dict[str, Any]
    problems: Problems = field(default_factory=dict)
    seen: str = field(default="", kw_only=True)

    def clock(self, name: str) -> int | None:
        """Minutes from midnight; None when blank or unreadable."""
        try:
            text = read_time(self.typed[name])
        except Unreadable as wrong:
            self.problems[name] = wrong.text
            return None
        return int(text[:2]) * 60 + int(text[3:]) if text else None

    def day(self, name: str) -> date | None:
        """A day; None when blank or unreadable."""
        try:
            return parse_date(self.typed[name])
        except Unreadable as wrong:
            self.problems[name] = wrong.text
            return None

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number in its range; ``least`` where it is not one, with the problem noted."""
        text = self.typed[name]
        if text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most:
            return int(text)
        self.problems[name] = Text(N_("Isi angka %(least)s sampai %(most)s."), {"least": least, "most": most})
        return least

    def several(self, name: str, known: Collection[str]) -> list[str]:
        """The chosen codes that exist, in the order of their list."""
        return [one for one in known if one in self.typed[name]]

    def need(self, name: str, sentence: str) -> None:
        """Note ``sentence`` where nothing was given and nothing else is wrong."""
        if not self.typed[name]:
            self.problems.setdefault(name, Text(sentence))


def read_mark(sent: Sent) -> str:
    """The mark of what the page showed, as its form sends it back."""
    return sent.get("semula", "")[:16]


def read_lines(sent: Sent, names: Collection[str]) -> dict[str, Any]:
    """Each of these inputs on one line."""
    return {name: fold_space(sent.get(name, "")[:LONGEST_LINE]) for name in names}
