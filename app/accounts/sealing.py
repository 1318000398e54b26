"""Sealing what the site must read again (an app's secret): XSalsa20-Poly1305 of libsodium, under a key derived from the site's.

A stolen database without the site's key shows nothing; a sealed text that was moved to another row does not open.
"""

import base64

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from app.accounts.digests import keyed_digest


class Unsealable(Exception):
    """It was sealed with another key, for something else, or was changed."""


def seal(text: str, *, purpose: str, owner: int) -> str:
    """``text`` as it may be stored, to be opened for the same ``purpose`` and ``owner`` only."""
    return base64.b64encode(_box(purpose, owner).encrypt(text.encode())).decode()


def unseal(sealed: str, *, purpose: str, owner: int) -> str:
    """What :func:`seal` was given. Raises Unsealable."""
    try:
        return bytes(_box(purpose, owner).decrypt(base64.b64decode(sealed, validate=True))).decode()
    except (CryptoError, ValueError) as problem:
        raise Unsealable from problem


def _box(purpose: str, owner: int) -> SecretBox:
    """HMAC-SHA-256 under the site's key gives each purpose and owner 32 bytes of its own."""
    return SecretBox(bytes.fromhex(keyed_digest("seal", purpose, str(owner))))
