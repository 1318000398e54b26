"""Which passwords are too easy. Plain Python.

BSSN regulation 4/2021 asks for twelve characters; length alone admits ``koperasi2025!!``. So a password is weighed in
pieces, as a guessing program would build it: a common word weighs two; a name of the person or the office, a keyboard row, a
year, a repetition one; every other letter or digit one; every kind of sign one. Less than :data:`LEAST_WEIGHT` is too easy:
four common words with a sign between them are enough, three with a year are not. No digit or capital is demanded, since
that makes passwords that people write on the monitor.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from app.core.text import N_, Text

SHORTEST, LONGEST = 12, 256
LEAST_WEIGHT = 9
LIST = Path(__file__).with_name("common_passwords.txt")

LEET = str.maketrans("0134578@$!", "oleastbasi")
LEET_SIGNS = "@$!"
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6y7u8i9o0p",
)
AGAIN = re.compile(r"(.{2,}?)\1+")
YEAR = re.compile(r"(?:19[3-9]|20[0-4])\d")
WORD = re.compile(r"[^\W_]+")
SIGN = re.compile(rf"[^\w{LEET_SIGNS}]|_")
SHORTEST_WORD = 3
SHORTEST_NAME = 4
SHORTEST_RUN = 4


@cache
def common_words() -> frozenset[str]:
    """The shipped list."""
    lines = (line.strip() for line in LIST.read_text(encoding="utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _runs() -> frozenset[str]:
    """Four neighbours on a keyboard or in the alphabet, forwards and backwards."""
    both = [row for one in ROWS for row in (one, one[::-1])]
    return frozenset(row[i : i + SHORTEST_RUN] for row in both for i in range(len(row) - SHORTEST_RUN + 1))


def personal_words(*texts: str | None) -> frozenset[str]:
    """The words of names and addresses that must not carry a password: four letters or digits and more."""
    words = (word for text in texts for word in WORD.findall((text or "").lower()))
    return frozenset(word for word in words if len(word) >= SHORTEST_NAME)


def password_problem(password: str, *, personal: Iterable[str] = ()) -> Text | None:
    """Why ``password`` may not be chosen, or None. ``personal`` comes from :func:`personal_words`."""
    if len(password) < SHORTEST:
        missing = SHORTEST - len(password)
        return Text(N_("Sandi paling sedikit 12 karakter; kurang %(missing)s lagi."), {"missing": missing})
    if len(password) > LONGEST:
        return Text(N_("Sandi paling panjang 256 karakter."))
    known = dict.fromkeys(common_words(), 2)
    if weight(password, known) < LEAST_WEIGHT:
        return Text(
            N_(
                "Sandi ini mudah ditebak: isinya kata umum, urutan, atau pengulangan. "
                "Rangkai beberapa kata yang tidak berhubungan, misalnya empat kata dengan spasi."
            )
        )
    if weight(password, known | dict.fromkeys(personal, 1)) < LEAST_WEIGHT:
        return Text(
            N_(
                "Sandi ini mudah ditebak: isinya nama, surel, nomor telepon, atau nama kantor. Pilih kata lain."
            )
        )
    return None


def weight(password: str, words: Mapping[str, int]) -> int:
    """The least weight of ``password``, whichever way it is cut; ``words`` weigh what they map to."""
    signs = set(SIGN.findall(password))
    return _least(SIGN.sub("", password.lower()), words) + len(signs)


def _least(text: str, words: Mapping[str, int]) -> int:
    """Goes through ``text`` once; ``best[i]`` is the least weight of its first ``i`` characters."""
    letters = text.translate(LEET)  # p4ssw0rd
    longest = max(map(len, words), default=0)
    best = [0]
    for end in range(1, len(text) + 1):
        ways = [best[end - 1] + 1]
        ways += [best[start] + 1 for start in _pattern_starts(text, end)]
        for start in range(max(0, end - longest), end - SHORTEST_WORD + 1):
            for piece in (text[start:end], letters[start:end]):
                if piece in words:
                    ways.append(best[start] + words[piece])
        best.append(min(ways))
    if match := AGAIN.fullmatch(text):
        return min(best[-1], _least(match[1], words) + 1)
    return best[-1]


def _pattern_starts(text: str, end: int) -> Iterator[int]:
    """Where a year, a run or one repeated character that ends at ``end`` may begin."""
    if end >= 4 and YEAR.fullmatch(text, end - 4, end):
        yield end - 4
    start = end - 1
    while start > 0 and text[start - 1] == text[end - 1]:
        start -= 1
    if end - start >= SHORTEST_WORD:
        yield start
    start = end - SHORTEST_RUN
    while start >= 0 and text[start : start + SHORTEST_RUN] in _runs():
        yield start
        start -= 1
