"""By which names this site answers: the one of its base URL, and the machine's own; and which proxies it believes. Plain Python.

Whoever writes another name into a request (DNS rebinding, poisoned links) is told so, and nothing is looked at. Without a base
URL that others can reach, the site is tried out on one machine or in an office whose names nobody knows: then any name will do.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

NETLOC = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([A-Za-z0-9_.-]{1,253}))(?::\d{0,5})?")
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def hostname(netloc: str) -> str:
    """``Koperasi.Contoh.go.id:8000`` without its port, in lower case; empty for what is no name."""
    match = NETLOC.fullmatch(netloc)
    return (match[1] or match[2]).lower() if match else ""


@lru_cache(maxsize=256)
def answers_to(host: str, base_url: str) -> bool:
    """Whether a site at ``base_url`` answers a request for ``host`` (of the Host header)."""
    own = hostname(urlsplit(base_url).netloc)
    return not own or own in LOCAL or hostname(host) in LOCAL | {own}


@lru_cache(maxsize=8)
def proxies(setting: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Whose word about the visitor counts: none, ``1`` for a proxy on this machine, or ``10.0.0.5,10.0.1.0/28``.

    Raises:
        ValueError: something else.
    """
    named = "127.0.0.0/8,::1" if setting.strip() == "1" else setting
    try:
        return tuple(ip_network(part.strip()) for part in named.split(",") if part.strip())
    except ValueError as wrong:
        raise ValueError(f"SIMPUL_PROXY: {wrong}") from None


@lru_cache(maxsize=1024)
def is_proxy(address: str, setting: str) -> bool:
    """Whether a connection from ``address`` is one of a proxy that the ``setting`` names."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in proxies(setting))
