"""What people type, read strictly the Indonesian way: figures, days and telephone numbers.

Blank is ``None``. What could mean two things is refused, never guessed: a wrong zero costs more than a second look. Each
refusal is an :class:`Unreadable` whose ``text`` says what to write instead.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from functools import lru_cache

import phonenumbers

from app.core.unreadable import SAYS
from app.core.unreadable import Unreadable as Unreadable

MAX_RUPIAH = 10**15  # a thousand trillion: above any cooperative, below what JavaScript counts exactly
MAX_INTEGER = 10**9
SHOWN = 40  # characters of the input that an error repeats

MINUS_SIGNS = dict.fromkeys(map(ord, "−–—‒﹣－‐‑"), "-")
FULL_WIDTH = {ord(wide): plain for wide, plain in zip("．，（）／＋", ".,()/+", strict=True)}

PLAIN = re.compile(r"(\d+)(?:,0{1,2}|,-|\.-)?")
GROUPED = re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,0{1,2}|,-|\.-)?")
SPACED = re.compile(r"([1-9]\d{0,2}(?: \d{3})+)(?:,0{1,2}|,-)?")
ENGLISH = re.compile(r"([1-9]\d{0,2}(?:,\d{3}){2,})(?:\.0{1,2})?|([1-9]\d{0,2}(?:,\d{3})+)\.0{1,2}")
WITH_SEN = re.compile(r"(\d+|[1-9]\d{0,2}(?:\.\d{3})+),(\d{1,2})")
ONE_MARK = re.compile(r"(\d+)([.,])(\d+)")
IN_WORDS = re.compile(r"[\d.,]+ ?(ribu|rb|juta|jt|miliar|milyar|m|triliun|t)\.?", re.IGNORECASE)
MONEY_MARK = re.compile(r"(?:rp\.?|idr) ?", re.IGNORECASE)

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january",
            "februari feb pebruari february",
            "maret mar march",
            "april apr",
            "mei may",
            "juni jun june",
            "juli jul july",
            "agustus agu agt ags aug august",
            "september sep sept",
            "oktober okt oct october",
            "november nov nopember",
            "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}
SHORT_MONTHS = {month: SAYS[f"month_{month}"] for month in (2, 4, 6, 9, 11)}
WEEKDAY = re.compile(r"^(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|ahad),? ", re.IGNORECASE)
MIDNIGHT = re.compile(r"[ T]00[:.]00([:.]00(\.0+)?)?$")
DAY_FIRST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
MONTH_NAMED = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{2}|\d{4})", re.IGNORECASE)
YEARS = range(1900, 2101)

NATIONAL_DIGITS = range(8, 13)  # digits after 0 or +62: the questionnaire's own rule


def fold_space(raw: str) -> str:
    """``raw`` on one line: runs of white space become one space; invisible and control characters go; accents are joined.

    What is left can be stored anywhere (PostgreSQL refuses NUL, JSON refuses lone surrogates).
    """
    visible = (_visible(character) for character in unicodedata.normalize("NFC", raw))
    return " ".join("".join(visible).split())


def fold_lines(raw: str) -> str:
    """Like :func:`fold_space`, but the lines of what a person wrote stay lines."""
    return "\n".join(fold_space(line) for line in raw.splitlines()).strip()


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in {"Cc", "Cf", "Cs"} else character


def fold_digits(raw: str) -> str:
    """``fold_space``, with the digits of any script, the signs and the brackets in their ASCII form."""
    folded = fold_space(raw).translate(MINUS_SIGNS).translate(FULL_WIDTH)
    return "".join(str(unicodedata.decimal(character, character)) for character in folded)


def _quoted(raw: str) -> str:
    """``raw`` as an error repeats it: one line, not too long."""
    folded = fold_space(raw)
    return folded if len(folded) <= SHOWN else folded[: SHOWN - 1] + "…"


def parse_integer(raw: str) -> int | None:
    """A whole number such as ``1.250``, ``1250`` or ``-3``; ``None`` when blank. Raises Unreadable."""
    return _parse_number(raw, money=False, round_sen=False)


def parse_rupiah(raw: str, *, round_sen: bool = False) -> int | None:
    """Whole rupiah: ``1.250.000``, ``1250000``, ``Rp 1.250.000,00``, ``Rp 50.000,-``, ``-3.500.000``, ``(3.500.000)``.

    ``1,250,000`` and ``1,250.00`` can only be English grouping, so they are read; ``1.25``, ``1,250`` and ``12500.00`` could
    mean two amounts, so they are refused. Sen other than ``,00`` are refused, because a form must keep what was typed;
    ``round_sen`` rounds them half up instead, for files that a machine wrote. Raises Unreadable.
    """
    return _parse_number(raw, money=True, round_sen=round_sen)


def _parse_number(raw: str, *, money: bool, round_sen: bool) -> int | None:
    text = fold_digits(raw)
    if not text:
        return None
    negative, body = _without_sign(text, money=money)
    if match := PLAIN.fullmatch(body) or GROUPED.fullmatch(body) or SPACED.fullmatch(body):
        digits = re.sub(r"[. ]", "", match[1])
    elif match := ENGLISH.fullmatch(body):
        digits = (match[1] or match[2]).replace(",", "")
    elif round_sen and (match := WITH_SEN.fullmatch(body)):
        whole, sen = match[1].replace(".", ""), int(match[2].ljust(2, "0"))
        digits = str(_bounded(whole, raw, money=money) + (sen >= 50))
    else:
        raise _why_not(body, raw, money=money)
    value = _bounded(digits, raw, money=money)
    return -value if negative else value


def _without_sign(text: str, *, money: bool) -> tuple[bool, str]:
    """Whether ``text`` is negative, and what is left without its sign, brackets and ``Rp``."""
    negative = False
    for _ in range(3):  # a sign, brackets and Rp stand in any order: -Rp3, Rp -3, (Rp 3), Rp (3)
        if money and (mark := MONEY_MARK.match(text)):
            text = text[mark.end() :]
        if not negative and text[:1] == "-" and len(text) > 1:
            negative, text = True, text[1:].lstrip()
        elif not negative and text[:1] == "(" and text[-1:] == ")":
            negative, text = True, text[1:-1].strip()
    if not negative:
        text = text.removeprefix("+").lstrip()
    return negative, text


def _bounded(digits: str, raw: str, *, money: bool) -> int:
    most = MAX_RUPIAH if money else MAX_INTEGER
    if len(digits.lstrip("0")) > len(str(most)) or int(digits) > most:
        raise Unreadable(SAYS["too_large"], raw=_quoted(raw))
    return int(digits)


def _why_not(body: str, raw: str, *, money: bool) -> Unreadable:
    """The sentence for a figure that none of the accepted forms fits."""
    shown = _quoted(raw)
    if IN_WORDS.fullmatch(body):
        return Unreadable(SAYS["in_words"], raw=shown)
    match = WITH_SEN.fullmatch(body)
    if match and money and len(match[1]) > 3:
        whole = match[1]
        return Unreadable(SAYS["sen"], raw=shown, whole=whole)
    if match and money:
        return Unreadable(SAYS["not_whole"], raw=shown)
    if match := ONE_MARK.fullmatch(body):
        return _two_meanings(match, shown, money=money)
    if re.fullmatch(r"[\d., ]+", body):
        return Unreadable(
            SAYS["mark"],
            raw=shown,
        )
    if money:
        return Unreadable(SAYS["no_amount"], raw=shown)
    return Unreadable(SAYS["no_number"], raw=shown)


def _two_meanings(match: re.Match[str], shown: str, *, money: bool) -> Unreadable:
    """``1.25`` and ``1,250``: a fraction, or digits that belong together?"""
    whole, fraction = match[1], match[3]
    if match[2] == ",":
        fraction = fraction.rstrip("0")
    parts = {
        "raw": shown,
        "fraction": _quoted(f"{whole},{fraction}" if fraction else whole),
        "joined": _quoted(whole + match[3]),
    }
    if money:
        return Unreadable(
            SAYS["two_amounts"],
            **parts,
        )
    return Unreadable(SAYS["two_numbers"], **parts)


def parse_date(raw: str) -> date | None:
    """A day: ``17-08-2025``, ``17/8/2025``, ``17.8.2025``, ``2025-08-17``, ``17 Agustus 2025``. Raises Unreadable.

    Day before month, as written here. Two-digit years are refused. A midnight behind an ISO day, as databases write it, is
    dropped.
    """
    text = MIDNIGHT.sub("", WEEKDAY.sub("", fold_digits(raw), count=1))
    if not text:
        return None
    if match := YEAR_FIRST.fullmatch(text):
        year, month, day = match[1], int(match[3]), int(match[4])
    elif match := DAY_FIRST.fullmatch(text):
        year, month, day = match[4], int(match[3]), int(match[1])
    elif (match := MONTH_NAMED.fullmatch(text)) and match[2].lower() in MONTHS:
        year, month, day = match[3], MONTHS[match[2].lower()], int(match[1])
    else:
        raise Unreadable(
            SAYS["no_day"],
            raw=_quoted(raw),
        )
    if len(year) == 2:
        raise Unreadable(SAYS["short_year"], raw=_quoted(raw))
    return _calendar_day(int(year), month, day)


def _calendar_day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise Unreadable(SAYS["far_year"], year=f"{year:04}")
    if not 1 <= month <= 12:
        raise Unreadable(SAYS["no_month"], month=month)
    last = monthrange(year, month)[1]
    if last < day <= 31:
        raise Unreadable(SHORT_MONTHS[month], year=str(year), last=last)
    if not 1 <= day <= 31:
        raise Unreadable(SAYS["no_such_day"], day=day, last=last)
    return date(year, month, day)


def parse_phone(raw: str) -> str | None:
    """An Indonesian number, mobile or landline, in E.164: ``0341-551234`` → ``+62341551234``. Raises Unreadable.

    The questionnaire's rule: 0 or +62, then 8–12 digits. ``62812…`` and ``812…`` (a leading zero that a spreadsheet ate) can
    only be mobile numbers, so they are read. Extensions and second numbers are refused: they would be lost.
    """
    text = fold_digits(raw)
    if not text:
        return None
    digits = re.sub(r"[ ().-]", "", text)
    match = re.fullmatch(r"(?:\+62|62(?=\d{9})|0|(?=8\d{8}))0?([1-9]\d*)", digits)
    if re.search(r"[/;,]|\bx\b|ext", text, re.IGNORECASE):
        raise Unreadable(
            SAYS["two_phones"],
            raw=_quoted(raw),
        )
    if not match or len(match[1]) not in NATIONAL_DIGITS:
        raise Unreadable(
            SAYS["no_phone"],
            raw=_quoted(raw),
        )
    return phonenumbers.format_number(_indonesian(match[1]), phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def phone_for_people(e164: str) -> str:
    """``+6281234567890`` as written on paper: ``0812-3456-7890``. What is no Indonesian number comes back unchanged."""
    match = re.fullmatch(r"\+62([1-9]\d{7,11})", e164)
    if not match:
        return e164
    written = phonenumbers.format_number(_indonesian(match[1]), phonenumbers.PhoneNumberFormat.NATIONAL)
    return written if re.sub(r"\D", "", written) == "0" + match[1] else "0" + match[1]


def _indonesian(national: str) -> phonenumbers.PhoneNumber:
    return phonenumbers.PhoneNumber(country_code=62, national_number=int(national))
