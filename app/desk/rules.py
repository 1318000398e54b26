"""What a request is, what may become of it, how soon it is due, and what a register may tell. Plain Python."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from app.cooperatives.rules import years_before
from app.core.text import N_, Text


class Kind(StrEnum):
    """What is asked for; a request for public information follows UU 14/2008."""

    SERVICE = "service"
    INFORMATION = "information"


class Channel(StrEnum):
    """How a request came in."""

    WEBSITE = "website"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"


class AnswerBy(StrEnum):
    """How the requester wants to be answered; the status page always has the answer as well."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"


class Requester(StrEnum):
    """Who asks for public information (PerKI 1/2021): a person, or a body with a legal standing of its own."""

    PERSON = "person"
    BODY = "body"


class Copy(StrEnum):
    """In which form public information is wanted."""

    DIGITAL = "digital"
    PAPER = "paper"
    LOOK = "look"


class Outcome(StrEnum):
    """What became of a request."""

    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    REFERRED = "referred"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """One thing that happened to a request."""

    RECEIVED = "received"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    RELEASED = "released"
    NOTE = "note"
    MESSAGE = "message"
    REPLY = "reply"
    EXTENDED = "extended"
    CLOSED = "closed"
    REOPENED = "reopened"
    RATED = "rated"


KIND_NAMES = {Kind.SERVICE: N_("Layanan"), Kind.INFORMATION: N_("Informasi publik")}
CHANNEL_NAMES = {
    Channel.WEBSITE: N_("Situs"),
    Channel.PHONE: N_("Telepon"),
    Channel.VISIT: N_("Tatap muka"),
    Channel.LETTER: N_("Dokumen"),
}
ANSWER_NAMES = {
    AnswerBy.EMAIL: N_("Surel"),
    AnswerBy.WHATSAPP: N_("WhatsApp"),
    AnswerBy.PHONE: N_("Telepon"),
    AnswerBy.VISIT: N_("Datang ke kantor"),
    AnswerBy.LETTER: N_("Surat"),
}
REQUESTER_NAMES = {
    Requester.PERSON: N_("Perorangan"),
    Requester.BODY: N_("Lembaga atau badan hukum"),
}
COPY_NAMES = {
    Copy.DIGITAL: N_("Salinan digital"),
    Copy.PAPER: N_("Salinan cetak"),
    Copy.LOOK: N_("Melihat atau membaca di kantor"),
}
OUTCOME_NAMES = {
    Kind.SERVICE: {
        Outcome.DONE: N_("Selesai"),
        Outcome.REFUSED: N_("Ditolak"),
        Outcome.REFERRED: N_("Dialihkan"),
        Outcome.WITHDRAWN: N_("Dicabut"),
    },
    Kind.INFORMATION: {
        Outcome.DONE: N_("Diberikan seluruhnya"),
        Outcome.PARTLY: N_("Diberikan sebagian"),
        Outcome.REFUSED: N_("Ditolak"),
        Outcome.REFERRED: N_("Dialihkan"),
        Outcome.WITHDRAWN: N_("Dicabut"),
    },
}
GROUNDS = {
    "17a": N_("Menghambat penegakan hukum (pasal 17 huruf a)"),
    "17b": N_("Mengganggu hak kekayaan intelektual atau persaingan usaha (pasal 17 huruf b)"),
    "17c": N_("Membahayakan pertahanan dan keamanan negara (pasal 17 huruf c)"),
    "17d": N_("Mengungkapkan kekayaan alam Indonesia (pasal 17 huruf d)"),
    "17e": N_("Merugikan ketahanan ekonomi nasional (pasal 17 huruf e)"),
    "17f": N_("Merugikan hubungan luar negeri (pasal 17 huruf f)"),
    "17g": N_("Isi akta pribadi atau wasiat seseorang (pasal 17 huruf g)"),
    "17h": N_("Mengungkapkan rahasia pribadi (pasal 17 huruf h)"),
    "17i": N_("Surat antarbadan publik yang sifatnya rahasia (pasal 17 huruf i)"),
    "17j": N_("Tidak boleh dibuka menurut undang-undang lain (pasal 17 huruf j)"),
    "6-3e": N_("Belum dikuasai atau didokumentasikan (pasal 6 ayat 3 huruf e)"),
}
"""On what UU 14/2008 lets a public body withhold information."""

RATINGS = {
    5: N_("Sangat puas"),
    4: N_("Puas"),
    3: N_("Cukup"),
    2: N_("Kurang puas"),
    1: N_("Tidak puas"),
}
MOST_FILES = 3  # of one message
MOST_FILES_IN_ALL = 12  # of one request
LONGEST = 4000  # characters of a question, a message or a note
SHORTEST_QUESTION = 10
A_DAY = 5  # requests that one telephone number or address may send in a day
A_DAY_REPLIES = 20  # messages that one request may get from its requester in a day
REPLY_DAYS = 30  # calendar days after the closing in which the requester may still write
KEPT_YEARS = 2
FEW = 5  # a count below it says too much about single people


def number_of(kind: Kind, year: int, place: int) -> str:
    """``PL-26-0042``: *permohonan layanan*; ``PI-26-0007``: *permohonan informasi*."""
    return f"{'PI' if kind is Kind.INFORMATION else 'PL'}-{year % 100:02}-{place:04}"


def due_words(left: int) -> Text:
    """How far the due date is, in words; ``left`` are working days, negative when it is past."""
    if left < 0:
        return Text(N_("lewat %(days)s hari kerja"), {"days": -left})
    if left == 0:
        return Text(N_("hari ini"))
    return Text(N_("sisa %(days)s hari kerja"), {"days": left})


def erased_before(today: date) -> date:
    """What requesters said about themselves is erased where the request was closed before this day."""
    return years_before(today, KEPT_YEARS)


def may_reply(closed_on: date | None, today: date) -> bool:
    """Whether the requester may still write."""
    return closed_on is None or today <= closed_on + timedelta(days=REPLY_DAYS)


def shown_counts(counts: Sequence[int]) -> list[int | None]:
    """The cells of one row of a public register whose sum is public too; None where the figure must not be told.

    A count below :data:`FEW` is withheld. If only one is, the sum would give it away: then the smallest other one is
    withheld as well, and where there is none, nothing of the row is told.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < FEW}
    if len(hidden) == 1:
        others = [place for place, count in enumerate(counts) if count and place not in hidden]
        hidden |= {min(others, key=lambda place: counts[place])} if others else set()
    return [None if place in hidden else count for place, count in enumerate(counts)]


def shown_sum(counts: Sequence[int]) -> int | None:
    """The sum of a row, withheld when it is itself small."""
    total = sum(counts)
    return None if 0 < total < FEW else total


def normalise_number(typed: str) -> str | None:
    """A number as it is printed; None when it cannot be one."""
    found = re.fullmatch(r"(P[LI])[\s./-]*(\d{2})[\s./-]*(\d{1,7})", typed.strip().upper())
    return (
        f"{found[1]}-{found[2]}-{int(found[3]):04}"
        if found and found[3].isascii() and found[2].isascii()
        else None
    )
