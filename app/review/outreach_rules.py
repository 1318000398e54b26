"""Reaching those who have not filed: by what way, with what result, and when they are reminded. Plain Python."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from app.core.text import N_


class Way(StrEnum):
    """By what the office reached out; the values are what the form sends."""

    WHATSAPP = "wa"
    PHONE = "telepon"
    EMAIL = "surel"
    VISIT = "kunjungan"
    LETTER = "surat"


class Result(StrEnum):
    """What came of it."""

    WILL_FILE = "akan"
    NEEDS_HELP = "bantuan"
    NO_ANSWER = "diam"
    WRONG_NUMBER = "salah"
    STOPPED = "berhenti"


WAY_NAMES = {
    Way.WHATSAPP: N_("WhatsApp"),
    Way.PHONE: N_("Telepon"),
    Way.EMAIL: N_("Surel"),
    Way.VISIT: N_("Kunjungan"),
    Way.LETTER: N_("Surat"),
}
RESULT_NAMES = {
    Result.WILL_FILE: N_("Akan melapor"),
    Result.NEEDS_HELP: N_("Minta dibantu mengisi"),
    Result.NO_ANSWER: N_("Belum dijawab"),
    Result.WRONG_NUMBER: N_("Nomor atau alamat keliru"),
    Result.STOPPED: N_("Koperasi sudah tidak berjalan"),
}


def stage(today: date, due: date, days: Collection[int]) -> int | None:
    """Which of the reminders ``days`` before ``due`` is the one to send on ``today``; None when it is too early or too late.

    A day on which the site was off is made up for on the next: the nearest reminder whose day has come is sent, and those
    that were missed before it are not.
    """
    left = (due - today).days
    return min((day for day in days if left <= day), default=None) if left >= 0 else None


def is_mobile(e164: str | None) -> bool:
    """Whether a number can have WhatsApp: Indonesian mobile numbers begin with 8."""
    return bool(e164 and e164.startswith("+628"))


def whatsapp_address(e164: str, text: str) -> str:
    """A link that opens WhatsApp at this number with ``text`` ready to be sent; no gateway, no cost, a person sends it."""
    return f"https://wa.me/{e164.removeprefix('+')}?text={quote(text, safe='')}"
