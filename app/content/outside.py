"""Asking other sites, politely, whether an address still leads somewhere: HEAD only, a short wait, one after the other."""

import http.client
import ipaddress
import socket
import ssl
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.content.models import Trouble

WAIT = 6.0  # seconds for one answer
PAUSE = 0.3  # seconds between two questions to the same site
GONE = frozenset({404, 410})
AGENT = "Simpul-tautan/1.0 (+{base})"


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an address, and the answer's number or the fault's name."""

    trouble: Trouble
    note: str


class SameManners(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to places that may be asked."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        """Raises URLError for a place inside."""
        _outside(newurl)
        made = super().redirect_request(req, fp, code, msg, headers, newurl)
        if made is not None:
            made.method = "HEAD"
        return made


class Visitor:
    """Asks addresses of other sites. ``base`` names us in each question, so that their owners know who came."""

    def __init__(self, base: str) -> None:
        self.agent = AGENT.format(base=base)
        self.last: dict[str, float] = {}
        self.opener = urllib.request.build_opener(SameManners())

    def ask(self, address: str) -> Wrong | None:
        """What is wrong with ``address``; None when it answers, also when it answers that robots may not look."""
        host = urlsplit(address).netloc
        time.sleep(max(0.0, self.last.get(host, 0.0) + PAUSE - time.monotonic()))
        self.last[host] = time.monotonic()
        try:
            _outside(address)
            request = urllib.request.Request(address, method="HEAD", headers={"User-Agent": self.agent})  # noqa: S310
            with self.opener.open(request, timeout=WAIT):
                return None
        except urllib.error.HTTPError as answer:
            answer.close()
            return Wrong(Trouble.GONE, str(answer.code)) if answer.code in GONE else None
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as fault:
            return Wrong(_kind_of(fault), _name_of(fault))


def _outside(address: str) -> None:
    """Raises URLError when ``address`` is none of the world's: our own network is not asked on anybody's behalf."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise urllib.error.URLError("alamat")
    for found in socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM):
        if not ipaddress.ip_address(str(found[4][0]).partition("%")[0]).is_global:
            raise urllib.error.URLError("alamat dalam jaringan sendiri")


def _kind_of(fault: Exception) -> Trouble:
    reason = getattr(fault, "reason", fault)
    return Trouble.UNKNOWN if isinstance(reason, socket.gaierror) else Trouble.SILENT


def _name_of(fault: Exception) -> str:
    reason = getattr(fault, "reason", fault)
    if isinstance(reason, ssl.SSLError):
        return "TLS"
    return str(reason if isinstance(reason, str) else type(reason).__name__)[:200]
