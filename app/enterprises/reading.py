"""Reading what people type about a UKM. Each reader takes text and gives a value, None for blank; it raises Unreadable."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from app.core.parsing import Unreadable, fold_space, parse_integer, parse_phone
from app.core.text import N_

FIRST_YEAR = 1900
MOST_WORKERS = 100_000
LONGEST_LINK = 300
HOST = re.compile(r"(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,24}", re.IGNORECASE)
ACCOUNT = re.compile(r"@?([A-Za-z0-9._]{1,30})")
TIME = re.compile(r"([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9]))?|(24)(?:[.:]00)?")

WHATSAPP = re.compile(
    r"(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?(?:.*&)?phone=)\+?([0-9]+)", re.IGNORECASE
)
PAIR = re.compile(r"(-?[0-9]{1,3}\.[0-9]+)\s*[,;\s]\s*(-?[0-9]{1,3}\.[0-9]+)")

NO_LINK = N_("Tautan “%(raw)s” tidak lengkap. Contoh: tokopedia.com/nama-toko.")
Reader = Callable[[str], object]


def read_link(raw: str) -> str | None:
    """An address on the web, with ``https://`` in front where none was written. Other schemes are refused."""
    text = raw.strip()
    if not text:
        return None
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise Unreadable(NO_LINK, raw=raw[:60]) from wrong
    fits = (
        parts.scheme in ("http", "https")
        and HOST.fullmatch(host)
        and port is None
        and parts.username is None
        and len(text) <= LONGEST_LINK
        and not re.search(r"[\s<>\"'`\\]", text)
    )
    if not fits:
        raise Unreadable(NO_LINK, raw=raw[:60])
    return text


def read_instagram(raw: str) -> str | None:
    """``@nama``, ``nama`` or the whole address."""
    text = raw.strip()
    if not text:
        return None
    if (match := ACCOUNT.fullmatch(text)) and not text.lower().endswith((".com", ".id")):
        return f"https://www.instagram.com/{match[1]}"
    link = read_link(text)
    host = urlsplit(link or "").hostname or ""
    if host not in ("instagram.com", "www.instagram.com"):
        raise Unreadable(N_("Tulis nama akun Instagram, misalnya @keripikmelati."))
    return link


def read_whatsapp(raw: str) -> str | None:
    """A telephone number, also as the link that WhatsApp gives to share it."""
    match = WHATSAPP.match(raw.strip())
    return parse_phone(f"+{match[1]}" if match else raw)


def read_nib(raw: str) -> str | None:
    """13 digits; spaces and dots between them do not matter."""
    digits = re.sub(r"[\s.-]", "", raw)
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{13}", digits):
        raise Unreadable(N_("NIB terdiri dari 13 angka; “%(raw)s” bukan."), raw=raw.strip()[:40])
    return digits


def read_year(raw: str, *, this_year: int) -> int | None:
    """The year in which the business began."""
    text = fold_space(raw)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= this_year:
        raise Unreadable(
            N_("Tulis tahun empat angka, %(first)s sampai %(last)s."), first=FIRST_YEAR, last=this_year
        )
    return int(text)


def read_count(raw: str) -> int | None:
    """How many people work there."""
    count = parse_integer(raw)
    if count is not None and not 0 <= count <= MOST_WORKERS:
        raise Unreadable(N_("Jumlah pekerja 0 sampai 100.000."))
    return count


def read_degrees(raw: str, *, most: float) -> float | None:
    """Degrees north or east as a decimal number, ``-7.9666`` or ``-7,9666``."""
    text = fold_space(raw).replace("−", "-").replace(",", ".")
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,15})?", text) or abs(float(text)) > most:
        raise Unreadable(N_("Koordinat “%(raw)s” tidak terbaca. Contoh: -7.96662."), raw=raw.strip()[:40])
    return round(float(text), 6)


def part_degrees(raw: str) -> tuple[str, str] | None:
    """Both numbers where a map's ``-7.95123, 112.65123`` was pasted into one field; None for anything else."""
    match = PAIR.fullmatch(fold_space(raw).replace("−", "-"))
    return (match[1], match[2]) if match else None


def read_time(raw: str) -> str | None:
    """``8.00``, ``08:00`` or ``8`` → ``08:00``; a day ends at ``24:00``."""
    text = fold_space(raw)
    if not text:
        return None
    match = TIME.fullmatch(text)
    if not match:
        raise Unreadable(N_("Jam “%(raw)s” tidak terbaca. Contoh: 08.00."), raw=text[:20])
    return "24:00" if match[3] else f"{int(match[1]):02}:{match[2] or '00'}"
