"""How figures, days and moments are written for people."""

import re
from datetime import date, datetime

from babel.dates import format_date, format_datetime
from num2words import num2words

from app.core.database import office_zone
from app.core.i18n import locale

ONE_THOUSAND = re.compile(
    r"(^|juta |miliar |triliun )satu ribu"
)  # the library says it in the middle of a figure
MINUS = "\u2212"
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def number(value: int | None) -> str:
    """``1.250.000``, with a true minus; a dash when unknown."""
    if value is None:
        return "–"
    grouped = f"{abs(value):,}"
    if locale() == "id":
        grouped = grouped.replace(",", ".")
    return f"{MINUS}{grouped}" if value < 0 else grouped


def rupiah(value: int | None) -> str:
    """``Rp1.250.000``: whole rupiah, never shortened to millions."""
    if value is None:
        return "–"
    return f"{MINUS}Rp{number(-value)}" if value < 0 else f"Rp{number(value)}"


def terbilang(value: int | None) -> str:
    """``value`` rupiah in Indonesian words, so that a person hears a missing zero. Empty when unknown."""
    if value is None:
        return ""
    words = ONE_THOUSAND.sub(r"\1seribu", str(num2words(abs(value), lang="id"))) + " rupiah"
    return f"minus {words}" if value < 0 else words


def long_date(value: date | None) -> str:
    """``17 Agustus 2026``."""
    return format_date(value, "d MMMM y", locale=locale()) if value else "–"


def weekday_date(day: date) -> str:
    """``Sabtu, 14 Maret 2026``."""
    return format_date(day, "EEEE, d MMMM y", locale=locale())


def short_date(value: date | None) -> str:
    """``17 Agt 2026``."""
    return format_date(value, "d MMM y", locale=locale()) if value else "–"


def clock(value: datetime) -> str:
    """``14.02`` on the office's clock."""
    return value.astimezone(office_zone()).strftime("%H.%M" if locale() == "id" else "%H:%M")


def moment(value: datetime | None) -> str:
    """``17 Agustus 2026, 14.02 WIB``."""
    if value is None:
        return "–"
    zone = office_zone()
    local = value.astimezone(zone)
    day = format_datetime(local, "d MMMM y", locale=locale(), tzinfo=zone)
    return f"{day}, {clock(value)} {ZONES.get(str(zone), local.tzname())}"


FILTERS = (number, rupiah, terbilang, long_date, short_date, clock, moment)
