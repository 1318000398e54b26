"""Who may help whom, how long a locked account waits, and which part of an address is a network. Plain Python."""

import ipaddress
from collections.abc import Set
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email

from app.core.access import STAFF, Role
from app.core.parsing import Unreadable, fold_space, parse_phone
from app.core.text import N_

FREE_TRIES = 5
"""Wrong tries that cost nothing but themselves."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
"""How long an account rests after the fifth, sixth … wrong try; the last one repeats."""
LOOK_BACK = timedelta(hours=24)
"""Older tries are forgotten, and deleted."""

NETWORK_TRIES = 60
NETWORK_WINDOW = timedelta(minutes=10)
"""More wrong tries than NETWORK_TRIES inside this stretch make a network busy."""
NETWORK_GAP = timedelta(seconds=3)
"""Between two tries from a busy network: 20 a minute, where a spraying program would make thousands."""
SLACK = timedelta(minutes=1)
"""How far ahead of ours another machine's clock may be. Tries noted later than that come from a clock that was set back since:
nobody waits for the day that it showed."""

LINKS_AN_HOUR = 3
"""E-mails with a one-time link that one account gets within an hour, however often somebody asks."""

CODE_TRIES = 5
"""After so many wrong tries a one-time code is dead (DESIGN: it is short, so it must not be guessed)."""
CODE_DIGITS = 8

MAX_EMAIL = 254


def wait_after(tries: int) -> timedelta:
    """How long an account rests after ``tries`` wrong tries in a row."""
    if tries < FREE_TRIES:
        return timedelta(0)
    return WAITS[min(tries - FREE_TRIES, len(WAITS) - 1)]


def network_of(address: str | None) -> str:
    """The network that an address belongs to: /24 of IPv4, /56 of IPv6 (what one line is usually given).

    Addresses that make no sense share one network, named ``-``.
    """
    try:
        ip = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "-"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))


def read_email(raw: str) -> str | None:
    """An e-mail address in lower case; ``None`` when blank. Raises Unreadable."""
    folded = fold_space(raw)
    if not folded:
        return None
    try:
        address = validate_email(folded, check_deliverability=False).normalized.lower()
    except (EmailNotValidError, ValueError) as wrong:
        raise Unreadable(
            N_("Surel “%(raw)s” tidak lengkap. Contoh: melati@contoh.co.id."), raw=folded[:60]
        ) from wrong
    if len(address) > MAX_EMAIL:
        raise Unreadable(N_("Surel “%(raw)s” tidak lengkap. Contoh: melati@contoh.co.id."), raw=folded[:60])
    return address


def read_identifier(raw: str) -> str | None:
    """What a person signs in with: an e-mail address, or a telephone number in E.164; ``None`` when blank.

    Raises Unreadable for what can be neither.
    """
    folded = fold_space(raw)
    if not folded:
        return None
    if "@" in folded:
        return read_email(folded)
    if not any(character.isdigit() for character in folded):
        raise Unreadable(N_("Tulis alamat surel lengkap atau nomor telepon, seperti yang didaftarkan."))
    return parse_phone(folded)


def is_staff(roles: Set[Role]) -> bool:
    """Whether someone with ``roles`` works in the office."""
    return bool(roles & STAFF)


def may_help(helper: Set[Role], person: Set[Role]) -> bool:
    """Whether ``helper`` may see ``person``'s account, correct its contacts, and hand out a one-time link.

    Admins help everyone. Operators help those outside the office: whoever could reset an admin's password would be admin.
    """
    return Role.ADMIN in helper or (Role.OPERATOR in helper and not is_staff(person))
