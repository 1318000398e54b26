"""How well a row answers a question of a few words: plain Python, the same whichever database found the row."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

LONGEST = 100  # characters of a question that are read
MOST_WORDS = 12
NOTHING = 0.0
EXACT = 100.0  # from here on, every word stands in the row as it was typed
APOSTROPHE = re.compile(r"(?<=\w)['’‘`ʼ](?=\w)")
NOT_WORD = re.compile(r"[^a-z0-9]+")

# What stands in every second name tells two rows apart badly: such a word may be missing or wrong.
GENERIC = frozenset(
    re.findall(
        r"\S+",
        """
        koperasi kop kopkar ksp kspps ksu kud kpri kpn primer primkop sekunder konsumen produsen pemasaran jasa simpan
        pinjam pembiayaan syariah serba usaha unit desa karyawan pegawai republik indonesia wanita kelurahan kecamatan
        kota kabupaten toko warung cv pt ud
        """,
    )
)


def fold(raw: str) -> str:
    """Lower case, no accents, words of letters and digits with one space between; *Ma'arif* is one word."""
    letters = (mark for mark in unicodedata.normalize("NFKD", raw) if not unicodedata.combining(mark))
    return NOT_WORD.sub(" ", APOSTROPHE.sub("", "".join(letters).lower())).strip()


def words_of(wanted: str) -> list[str]:
    """The folded words of a question, each once, in their order; a question of any length is cut to a bearable one."""
    return list(dict.fromkeys(fold(wanted[:LONGEST]).split()))[:MOST_WORDS]


def is_number(word: str) -> bool:
    """Whether ``word`` is (part of) a number, in which a near miss means another thing."""
    return any(character.isdigit() for character in word)


def closeness(wanted: Sequence[str], held: str) -> float:
    """How well a row with the text ``held`` (title, line break, details) answers the words ``wanted``.

    :data:`EXACT` and more when it holds every word, the more the better the title fits; below it, up to 100, when words
    differ by typos; :data:`NOTHING` when it means something else.
    """
    if not wanted:
        return NOTHING
    title, _, details = held.partition("\n")
    padded, everything = f" {title} ", f" {title} {details} "
    if all(word in everything if len(word) >= 3 else f" {word}" in everything for word in wanted):
        placed = sum(_place(word, padded, everything) for word in wanted) / len(wanted)
        return EXACT + 10 * placed + fuzz.ratio(" ".join(wanted), title) / 20
    return min(_with_typos(wanted, title.split(), details.split()), EXACT)


def _place(word: str, title: str, everything: str) -> float:
    """A whole word of the title counts most, a piece of some detail least."""
    ways = (
        (f" {word} ", title, 1.0),
        (f" {word}", title, 0.9),
        (word, title, 0.7),
        (f" {word} ", everything, 0.6),
    )
    return next((worth for form, held, worth in ways if form in held), 0.4)


def _with_typos(wanted: Sequence[str], title: Sequence[str], details: Sequence[str]) -> float:
    together = fuzz.ratio("".join(wanted), "".join(title))
    joined = map("".join, pairwise(title))  # "bungamelati" means "bunga melati"
    others = (*title, *joined, *details)
    near = {word: max((_near(word, other) for other in others), default=0.0) for word in wanted}
    telling = [word for word in wanted if not _is_generic(word)] or list(wanted)
    missed = sum(not near[word] for word in telling)
    if missed > (len(telling) // 3 if len(telling) < len(wanted) or len(telling) > 2 else 0):
        return together if together >= 88 else NOTHING
    weights = {word: 1.0 if word in telling else 0.25 for word in wanted}
    return 100 * sum(near[word] * weights[word] for word in wanted) / sum(weights.values())


def _is_generic(word: str) -> bool:
    return word in GENERIC or (len(word) > 4 and _nearest(word, GENERIC) >= 0.85)


def _nearest(word: str, others: Iterable[str]) -> float:
    return max((fuzz.ratio(word, other) for other in others), default=0.0) / 100


def _near(word: str, other: str) -> float:
    """1 for the same word, less with each typo, 0 for another word. Numbers must agree, but for one slip in a long one."""
    if word == other:
        return 1.0
    if is_number(word):
        alike = len(word) == len(other) >= 8 and fuzz.ratio(word, other) >= 90
        return 0.9 if alike and other.isdigit() else 0.0
    if other.startswith(word):
        return 0.95
    if len(word) < 3:
        return 0.0
    score = fuzz.ratio(word, other) / 100
    if len(word) >= 5 and len(other) > len(word) + 1:
        score = max(score, 0.9 * fuzz.ratio(word, other[: len(word)]) / 100)
    return score if score >= (0.75 if len(word) <= 4 else 0.72) else 0.0
