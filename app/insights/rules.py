"""What is counted of a visit, and what of a search: plain Python.

Of a request only four coarse words are kept, each from a list: nobody can be told from others by them.
"""

import re
from enum import StrEnum
from functools import lru_cache

from app.core.ranking import fold
from app.core.text import N_

MINUTE_KEYS = 4000  # combinations that one minute's count may hold; further pages count together
MINUTE_WORDS = 500
OTHERS = "…"  # the page that stands for those beyond MINUTE_KEYS
LONGEST_PAGE, LONGEST_WORDS = 160, 60
SHOWN_FROM = 3  # times that something must have been searched to be shown
FORGET_AFTER = 90  # days after which searches are forgotten


class Device(StrEnum):
    """What a page was read on."""

    PHONE = "phone"
    DESK = "desk"


class Source(StrEnum):
    """Where a visitor came from; ``INSIDE``: from another page of this site."""

    INSIDE = "inside"
    DIRECT = "direct"
    SEARCH = "search"
    WHATSAPP = "whatsapp"
    SOCIAL = "social"
    OTHER = "other"


SOURCE_LABELS = {
    Source.DIRECT: N_("Langsung atau tidak diketahui"),
    Source.SEARCH: N_("Mesin pencari"),
    Source.WHATSAPP: N_("WhatsApp"),
    Source.SOCIAL: N_("Media sosial"),
    Source.OTHER: N_("Situs lain"),
}
DEVICE_LABELS = {Device.PHONE: N_("Ponsel"), Device.DESK: N_("Komputer")}
LANGUAGE_LABELS = {"id": N_("Bahasa Indonesia"), "en": N_("Bahasa Inggris")}
ROBOT = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|whatsapp/|curl|wget|python|go-http|java/|headless|lighthouse"
    r"|monitor|uptime|feed|archiver|scan|check",
    re.IGNORECASE,
)
PHONE = re.compile(r"Mobi|Android|iPhone|iPod|Opera Mini")
HOSTS = (
    (
        Source.SEARCH,
        re.compile(r"(^|\.)(google|bing|yahoo|duckduckgo|yandex|ecosia|startpage|baidu|brave)\."),
    ),
    (Source.WHATSAPP, re.compile(r"(^|\.)(whatsapp\.com|wa\.me|wl\.co)$|^com\.whatsapp")),
    (
        Source.SOCIAL,
        re.compile(
            r"(^|\.)(facebook|instagram|tiktok|youtube|twitter|linkedin|telegram|threads)\.|(^|\.)(x\.com|t\.co|t\.me|fb\.me|youtu\.be)$"
            r"|^com\.(facebook|instagram)"
        ),
    ),
)
NOT_A_LETTER = re.compile(r"[\W\d_]+")


@lru_cache(maxsize=1024)
def device_of(agent: str) -> Device | None:
    """Phone or desk, by the coarsest look at what a browser says of itself; None for a program that reads for nobody."""
    if len(agent) < 12 or ROBOT.search(agent):
        return None
    return Device.PHONE if PHONE.search(agent) else Device.DESK


@lru_cache(maxsize=1024)
def source_of_host(host: str, own: str) -> Source:
    """What kind of place a link stood in."""
    if host == own:
        return Source.INSIDE
    return next((source for source, pattern in HOSTS if pattern.search(host)), Source.OTHER)


def source_of(referrer: str, own: str) -> Source:
    """Where a visitor came from; only the host of ``referrer`` is looked at."""
    parts = referrer.split("/", 3)
    return source_of_host(parts[2].lower(), own.lower()) if len(parts) > 2 and parts[2] else Source.DIRECT


def words_kept(wanted: str) -> str:
    """A search as it may be kept: folded, without digits and signs, so that no number and no address is ever stored.

    Empty when nothing that tells something is left, or when it was an e-mail address.
    """
    if "@" in wanted:
        return ""
    words = NOT_A_LETTER.sub(" ", fold(wanted)).split()
    kept = " ".join(words)[:LONGEST_WORDS].strip()
    return kept if len(kept) > 2 else ""
