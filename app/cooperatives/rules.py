"""What the register knows about a cooperative's number, standing and people. Names are in ``names.py``."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache

from app.core.text import N_

KEY_LENGTH = 120  # of a normalised legal number, as its column holds it


class LegalFamily(StrEnum):
    """Who numbered a *badan hukum*, read off its pattern. ``OTHER`` is a family too: no number is ever refused."""

    AHU = "ahu"  # Ministry of Law, since 2019
    MKUKM = "mkukm"  # Ministry of Cooperatives
    KWK_KDK_DK = "kwk_kdk_dk"  # its former provincial and district offices
    ROMAWI = "romawi"  # city offices, with a Roman numeral for the service
    DINAS = "dinas"  # city offices, by the archive code of cooperatives (518, 180 …)
    OTHER = "other"


# As read off 400 real numbers of one city; the first pattern that matches names the family.
FAMILY_PATTERNS = (
    (LegalFamily.AHU, r"AHU-\d{7}\.AH\.01\.\d{2}\.\s*TAHUN\s*\d{4}$"),
    (LegalFamily.MKUKM, r"\d{1,7}[A-Z]?/(?:BH|PAD|BHP)(?:/PAD)?/M\.?KUKM\.?\d?/[IVXLC\d]+/\d{4}$"),
    (
        LegalFamily.KWK_KDK_DK,
        r"\d{1,6}[A-Z]?\s*/\s*(?:BH|PAD)(?:/PAD)?\s*[/.]\s*(?:KWK|KDK|DK|KKK)[-./ ]?[\w./\-]+$",
    ),
    (LegalFamily.ROMAWI, r"[\d.\-/A-Z]{1,12}?/?B\.?H(?:/PAD)?/[IVXLC]+[.\-?]?[\w./\- ]*$"),
    (LegalFamily.DINAS, r"(?:518|180|188|503|412)[./\-]?\d*[./].*$"),
    # the same families with the slips that occur: the word that names the office decides
    (LegalFamily.AHU, r"AHU\b"),
    (LegalFamily.MKUKM, r".*\bM\W?KUKM"),
    (LegalFamily.KWK_KDK_DK, r".*(?:KWK|KDK|KKK|\bDK\b)"),
    (LegalFamily.DINAS, r".*(?:DISKOP|KANKOP|DAGKOP|\b518\b)"),
)
FAMILIES = tuple((family, re.compile(pattern)) for family, pattern in FAMILY_PATTERNS)

MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
TOKEN = re.compile(r"[A-Z]+|[0-9]+")
SILENT = {"NO", "NOMOR", "NOMER"}  # words in front of a number that say nothing
OLDEST_SHORT_YEAR = 45  # no cooperative is older than 1945, so /96 is 1996 and /07 is 2007


def legal_family(raw: str) -> LegalFamily:
    """The family of a legal number as it was written. Never raises: what fits no pattern is ``OTHER``."""
    written = " ".join(raw.upper().split())
    return next((family for family, pattern in FAMILIES if pattern.match(written)), LegalFamily.OTHER)


@lru_cache(maxsize=65_536)
def normalise_legal_number(raw: str) -> str:
    """The key by which spellings of one legal number meet: ``8091/BH/KWK-10/22`` and ``8091/B.H/KWK10/22`` are one.

    Case, blanks, points, dashes and slashes fold, zeros in front fall away, ``/VI/96`` is ``/VI/1996``, and ``TAHUN`` and
    a leading ``No.`` are silent. Empty when ``raw`` holds neither letter nor digit. Normalising twice changes nothing.
    """
    tokens = TOKEN.findall(unicodedata.normalize("NFKD", raw).upper())
    tokens = [
        token.lstrip("0") or "0" if token.isdigit() else token
        for token in tokens
        if token not in ("TAHUN", "TH")
    ]
    while tokens and tokens[0] in SILENT:
        del tokens[0]
    key: list[str] = []
    for token in tokens:
        if (key[-1:], token) in ((["M"], "KUKM"), (["B"], "H")):
            key[-1] += token
        else:
            key.append(token)
    if _ends_in_short_year(key):
        key[-1] = str(int(key[-1]) + (1900 if int(key[-1]) >= OLDEST_SHORT_YEAR else 2000))
    return _cut(key)


def _ends_in_short_year(tokens: Sequence[str]) -> bool:
    return len(tokens) > 1 and tokens[-2] in MONTHS and tokens[-1].isdigit() and len(tokens[-1]) <= 2


def _cut(tokens: list[str]) -> str:
    """The tokens with slashes between, no longer than the column; only whole tokens go, unless one is too long itself."""
    if len("/".join(tokens)) > KEY_LENGTH:
        while len(tokens) > 1 and (len("/".join(tokens)) > KEY_LENGTH or _ends_in_short_year(tokens)):
            tokens.pop()
    return "/".join(tokens)[:KEY_LENGTH]


class Status(StrEnum):
    """How a cooperative stands. Only *bubar* is somebody's act; the other three follow from dates."""

    ACTIVE = "aktif"
    INACTIVE = "tidak_aktif"
    UNKNOWN = "belum_diketahui"
    DISSOLVED = "bubar"


STATUS_LABELS = {
    Status.ACTIVE: N_("Aktif"),
    Status.INACTIVE: N_("Tidak aktif"),
    Status.UNKNOWN: N_("Belum diketahui"),
    Status.DISSOLVED: N_("Bubar"),
}


def years_before(today: date, years: int) -> date:
    """The same day ``years`` earlier; 29 February becomes the 28th."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)


def cooperative_status(
    dissolved_on: date | None, last_rat: date | None, founded_on: date | None, *, years: int, today: date
) -> Status:
    """*Tidak aktif* when the latest RAT, else the founding, lies more than ``years`` years before ``today``.

    ``years`` is the office's own choice (2, 3 or 5 are in use; no law fixes it). A date in the future says nothing.
    """
    if dissolved_on is not None and dissolved_on <= today:
        return Status.DISSOLVED
    known = [day for day in (last_rat, founded_on) if day is not None and day <= today]
    if not known:
        return Status.UNKNOWN
    return Status.INACTIVE if known[0] < years_before(today, years) else Status.ACTIVE


RAT_LONG_AGO, RAT_UNKNOWN = "lama", "belum"
RAT_YEARS = 3  # the calendar years, this one and those before, that a list of cooperatives tells apart


def rat_choices(today: date) -> tuple[str, ...]:
    """By what a list tells when the latest RAT was: its year, longer ago, or that no RAT is known."""
    return (*(str(today.year - ago) for ago in range(RAT_YEARS)), RAT_LONG_AGO, RAT_UNKNOWN)


class Position(StrEnum):
    """What a person is in a cooperative. The value is stored and shown: the words are the law's own."""

    CHAIR = "Ketua"
    SECRETARY = "Sekretaris"
    TREASURER = "Bendahara"
    MANAGER = "Manajer"
    SUPERVISOR = "Pengawas"
    STAFF = "Staf"


POSITION_LABELS = {
    Position.CHAIR: N_("Ketua"),
    Position.SECRETARY: N_("Sekretaris"),
    Position.TREASURER: N_("Bendahara"),
    Position.MANAGER: N_("Manajer"),
    Position.SUPERVISOR: N_("Pengawas"),
    Position.STAFF: N_("Staf"),
}

NIK = re.compile(r"[0-9]{13}")


def is_nik(raw: str) -> bool:
    """Whether ``raw`` can be a *Nomor Induk Koperasi*: exactly 13 digits. Other "IDs" are a source's own."""
    return NIK.fullmatch(raw) is not None


# Letters and digits that no print and no handwriting confuses: without 0 O 1 I L. 31 of them, a prime, so that the
# check character finds every single wrong character and every swapped pair.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_PAYLOAD = 11
CODE_GROUP = 4


def _check_character(payload: str) -> str:
    weighted = sum(place * CODE_ALPHABET.index(character) for place, character in enumerate(payload, start=2))
    return CODE_ALPHABET[weighted % len(CODE_ALPHABET)]


def new_activation_code(choose: Callable[[str], str] = secrets.choice) -> str:
    """Twelve characters, eleven of them chance (54 bits) and the last a check; printed by :func:`format_activation_code`."""
    payload = "".join(choose(CODE_ALPHABET) for _ in range(CODE_PAYLOAD))
    return payload + _check_character(payload)


def format_activation_code(code: str) -> str:
    """``ABCD-EFGH-JKMN``: groups that a person can read out."""
    return "-".join(code[i : i + CODE_GROUP] for i in range(0, len(code), CODE_GROUP))


def normalise_activation_code(raw: str) -> str | None:
    """The code that a person typed, whatever the case, blanks, dashes or points; None when it cannot be one of ours."""
    code = re.sub(r"[\s.\-–—_]", "", raw.upper())
    if len(code) != CODE_PAYLOAD + 1 or not set(code) <= set(CODE_ALPHABET):
        return None
    return code if _check_character(code[:CODE_PAYLOAD]) == code[-1] else None
