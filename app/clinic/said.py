"""Days, spans and ways to meet as visitors read them."""

from datetime import date, datetime

from babel.dates import format_date

from app.clinic.rules import Channel
from app.clinic.slots import Slot
from app.core.database import today
from app.core.formatting import clock
from app.core.i18n import _, locale, say
from app.core.text import N_

WORDS = {
    Channel.OFFICE: N_("di kantor"),
    Channel.PHONE: N_("telepon"),
    Channel.VIDEO: N_("video WhatsApp"),
    Channel.VISIT: N_("klinik keliling"),
}
"""How a way to meet is named in a line."""


def said_day(day: date, *, first: bool = True) -> str:
    """``Hari ini``, ``Besok``, ``Rabu 11 Maret``; ``first``: it begins a line."""
    left = (day - today()).days
    if left in (0, 1):
        word = (_("Hari ini"), _("Besok"))[left]
        return word if first else word.lower()
    return format_date(day, "EEEE d MMMM", locale=locale())


def said_shortly(day: date) -> str:
    """``besok``, ``Rabu``: where the whole day stands beside it."""
    near = 0 <= (day - today()).days <= 1
    return said_day(day, first=False) if near else format_date(day, "EEEE", locale=locale())


def said_span(starts_at: datetime, ends_at: datetime) -> str:
    """``09.00–09.45``."""
    return f"{clock(starts_at)}–{clock(ends_at)}"


def ways_of(slot: Slot) -> str:
    """``di kantor atau telepon``."""
    words = [say(WORDS[one]) for one in slot.channels]
    return _(" atau ").join(words)
