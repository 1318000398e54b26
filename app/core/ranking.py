"""How well a row answers a question of a few words: plain Python, the same whichever database found the row."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

LONGEST = 100  # characters of a question that are read
MOST_WORDS = 12
NOTHING = 0.0
LEAST_LIKE = 0.72  # of 1: two spellings of one word, at most two letters of seven apart
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
    if not raw.isascii():
        raw = "".join(mark for mark in unicodedata.normalize("NFKD", raw) if not unicodedata.combining(mark))
    return NOT_WORD.sub(" ", APOSTROPHE.sub("", raw.lower())).strip()


def words_of(wanted: str) -> list[str]:
    """The folded words of a question, each once, in their order; a question of any length is cut to a bearable one."""
    return list(dict.fromkeys(fold(wanted[:LONGEST]).split()))[:MOST_WORDS]


def is_number(word: str) -> bool:
    """Whether ``word`` is (part of) a number, in which a near miss means another thing."""
    return any(character.isdigit() for character in word)


def closeness(wanted: Sequence[str], held: str) -> float:
    """How well a row with the text ``held`` (title, details, marks, a line each) answers the words ``wanted``.

    :data:`EXACT` and more when it holds every word, the more the better the title fits; below it, up to 100, when words
    differ by typos; :data:`NOTHING` when it means something else.
    """
    if not wanted:
        return NOTHING
    title, _, more = held.partition("\n")
    details = more.partition("\n")[0]
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


def telling(wanted: Sequence[str]) -> list[str]:
    """Those of the words that tell rows apart; all of them when none does."""
    return [word for word in wanted if not _is_generic(word)] or list(wanted)


def _with_typos(wanted: Sequence[str], title: Sequence[str], details: Sequence[str]) -> float:
    joined = map("".join, pairwise(title))  # "bungamelati" means "bunga melati"
    others = [*title, *joined, *details]
    listed = f" {' '.join(others)} "
    near = {word: _nearest(word, others, listed) for word in wanted}
    needed = telling(wanted)
    missed = sum(not near[word] for word in needed)
    if missed > (len(needed) // 3 if len(needed) < len(wanted) or len(needed) > 2 else 0):
        return fuzz.ratio("".join(wanted), "".join(title), score_cutoff=88)  # nothing, if less
    weights = {word: 1.0 if word in needed else 0.25 for word in wanted}
    return 100 * sum(near[word] * weights[word] for word in wanted) / sum(weights.values())


@lru_cache(maxsize=1000)  # the same few words are asked for each row of a search
def _is_generic(word: str) -> bool:
    """Whether ``word`` is, or is one typo away from, one that half the rows bear."""
    return word in GENERIC or (len(word) > 4 and max(fuzz.ratio(word, other) for other in GENERIC) >= 85)


def _nearest(word: str, others: Sequence[str], listed: str) -> float:
    """1 when ``word`` is among ``others`` (``listed``: with spaces around each), less with each typo in the likest, 0 for none.
    Numbers must agree.
    """
    begins = f" {word}" in listed
    if begins and f" {word} " in listed:
        return 1.0
    if is_number(word):
        return 0.0
    if begins:
        return 0.95
    if len(word) < 3:
        return 0.0
    least = 75 if len(word) <= 4 else LEAST_LIKE * 100
    found = process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=least)  # the loop runs in C
    return found[1] / 100 if found else 0.0
