"""Headings of tables: folded to plain words, and recognised although no two offices write them alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from app.cooperatives.names import fold_letters
from app.core.spreadsheets import Cell
from app.core.text import Text
from app.intake.catalogue import Catalogue, sorted_words
from app.intake.cells import text_of
from app.intake.fields import COOPERATIVES

SEARCHED_ROWS = 40  # title rows above a table are few
NEAR = 86.0  # of 100: a heading with a typo is still that heading
LONGEST_HEADING = 120
TWO_ROWS = 0.6  # what a second heading row must be worth: more than half a known heading
UNITS = re.compile(r"\((?:rp\.?|rupiah|orang|org|jiwa|dalam rupiah|idr|unit)\)", re.IGNORECASE)
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Header:
    """The heading rows, ``first`` to ``last`` (0-based, mostly one); each column's title, empty where none is; how well known."""

    first: int
    last: int
    titles: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Meaning:
    """What a heading is taken for: a field or None, how sure (0 to 1), and why a known one is not taken.

    The cells below a ``is_secret`` one are nobody's business here.
    """

    field: str | None
    confidence: float
    note: Text | None = None
    is_secret: bool = False


def fold_heading(raw: str, catalogue: Catalogue = COOPERATIVES) -> str:
    """Small letters, camelCase cut apart, units in brackets gone, short words in full, each word once."""
    text = UNITS.sub(" ", raw[:LONGEST_HEADING])
    if " " not in text.strip():
        text = HUMP.sub(" ", text)
    words = " ".join(catalogue.vocabulary.words.get(word, word) for word in fold_letters(text).split())
    return " ".join(dict.fromkeys(words.split()))


def meaning_of(title: str, catalogue: Catalogue = COOPERATIVES) -> Meaning:
    """What ``title`` means; ``Meaning(None, 0)`` for a heading that nobody knows."""
    heading = sorted_words(fold_heading(title, catalogue))
    if not heading:
        return Meaning(None, 0.0)
    confidence = 1.0
    if heading not in catalogue.known and heading not in catalogue.ignored:
        near = process.extractOne(heading, catalogue.misspellable, scorer=fuzz.ratio, score_cutoff=NEAR)
        if near is None:
            return Meaning(None, 0.0)
        heading, confidence = near[0], near[1] / 100
    if heading in catalogue.known:
        return Meaning(catalogue.known[heading], confidence)
    known_as = catalogue.ignored[heading]
    is_secret = catalogue.vocabulary.ignored[known_as] in catalogue.secret
    return Meaning(None, confidence, catalogue.vocabulary.why_ignored(known_as), is_secret)


def find_header(rows: Sequence[Sequence[Cell]], catalogue: Catalogue = COOPERATIVES) -> Header | None:
    """The heading row among the first rows: the one with most known headings, those among them that are needed.

    A heading over two rows (*Jumlah anggota* above *L* and *P*) is put together. None when no row names what is needed.
    """
    best: Header | None = None
    for y in range(min(len(rows), SEARCHED_ROWS)):
        titles = [text_of(cell) for cell in rows[y]]
        if not any(titles):
            continue
        candidates = [_as_header(y, y, titles, catalogue)]
        if y + 1 < len(rows) and _may_be_second_row(rows[y + 1]):
            below = [text_of(cell) for cell in rows[y + 1]]
            candidates.append(_as_header(y, y + 1, _joined(titles, below, catalogue), catalogue))
        for header in filter(None, candidates):
            if best is None or header.score > best.score:
                best = header
    return best


def _as_header(first: int, last: int, titles: Sequence[str], catalogue: Catalogue) -> Header | None:
    meanings = [meaning_of(title, catalogue) for title in titles]
    fields = frozenset(meaning.field for meaning in meanings if meaning.field)
    if not catalogue.suffices(fields):
        return None
    score = len(fields) + sum(0.5 for meaning in meanings if meaning.note)
    return Header(first, last, tuple(titles), score - TWO_ROWS * (last - first))


def _may_be_second_row(row: Sequence[Cell]) -> bool:
    """Whether a row can continue headings: words only, and a gap where the heading above spans both rows."""
    texts = [text_of(cell) for cell in row]
    words = [text for text in texts if text]
    return (
        bool(words)
        and all(isinstance(cell, str) or cell is None for cell in row)
        and not any(map(_has_digit, words))
    )


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _joined(above: Sequence[str], below: Sequence[str], catalogue: Catalogue) -> list[str]:
    """Two heading rows as one: a title that spans several columns is repeated before each word below it."""
    width = max(len(above), len(below))
    tops = [*above, *[""] * (width - len(above))]
    bottoms = [*below, *[""] * (width - len(below))]
    titles, spanning = [], ""
    for top, bottom in zip(tops, bottoms, strict=True):
        spanning = top or (spanning if bottom else "")
        together = f"{spanning} {bottom}".strip()
        knows_more = meaning_of(together, catalogue).field or not meaning_of(bottom, catalogue).field
        titles.append(together if not bottom or knows_more else bottom)
    return titles
