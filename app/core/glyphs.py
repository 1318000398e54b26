"""What the bundled font of printed papers can draw, and what stands in for the rest."""

import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent.parent / "static" / "vendor" / "fonts"
REGULAR, BOLD = FONTS / "PlusJakartaSans-Regular.ttf", FONTS / "PlusJakartaSans-Bold.ttf"

UNKNOWN = "□"
SIMILAR = str.maketrans(
    {"✓": "√", "✔": "√", "☐": UNKNOWN, "ʼ": "’", "\u2011": "-", "\u202f": "\u00a0", "\t": " ", "\r": "\n"}
)


@cache
def _drawable() -> frozenset[int]:
    """Code points that both weights have."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools ships no types

    def of(font: Path) -> set[int]:
        with TTFont(font, lazy=True) as opened:
            return set(opened.getBestCmap())

    return frozenset(of(REGULAR) & of(BOLD))


def printable(text: str) -> str:
    """``text`` as the font can draw it: a similar sign, else the letter without its accent, else an empty square.

    Control and invisible formatting characters disappear; line ends stay.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(SIMILAR)
    return "".join(_drawn(char) for char in composed)


def _drawn(char: str) -> str:
    if char == "\n":
        return char
    if unicodedata.category(char).startswith("C") or unicodedata.combining(char):
        return ""
    if ord(char) in _drawable():
        return char
    plain = unicodedata.normalize("NFKD", char)[0]
    return plain if ord(plain) in _drawable() else UNKNOWN
