"""Under which name this site may ask for passkeys. Plain Python.

A passkey belongs to a name, and browsers hand it out over https only, or on the very machine as ``localhost``; never to a bare
number such as 127.0.0.1 (WebAuthn, 5.1.3: the name has to be a domain).
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.core.hosts import hostname

LOCALHOST = "localhost"
DEFAULT_PORT = ":443"


@dataclass(frozen=True)
class Party:
    """Who asks, as browsers know it: the name that keys are made for, and the one origin whose answers count."""

    name: str
    origin: str


def party_at(host: str, scheme: str, base_url: str) -> Party | None:
    """Who asks when a page was opened at ``host`` (of the Host header); None where no browser would answer."""
    name, base = hostname(host), urlsplit(base_url)
    if name == LOCALHOST:
        return Party(name, f"{scheme}://{host.lower()}")
    if base.scheme == "https" and name == hostname(base.netloc) and not _is_number(name):
        return Party(name, "https://" + base.netloc.lower().removesuffix(DEFAULT_PORT))
    return None


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
