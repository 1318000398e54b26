"""The codes of the second step: six digits by the clock (TOTP, RFC 6238), and ten on paper. Plain Python."""

import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime

import pyotp

from app.core.parsing import fold_digits

STEP = 30
"""Seconds for which one code is shown."""
DRIFT = 1
"""Codes before and after that are taken as well: a telephone's clock may be half a minute off."""
DIGITS = 6
RECOVERY_CODES = 10
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
GROUP = 5
RECOVERY_LENGTH = 2 * GROUP
"""31 letters and digits, ten times: 49 bits, and each guess is paced."""


def new_secret() -> str:
    """160 bits, as authenticator apps take them."""
    return pyotp.random_base32()


def app_address(secret: str, *, account: str, issuer: str) -> str:
    """What the QR code holds: an authenticator app that reads it knows the secret."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer))


def in_groups(secret: str) -> str:
    """``ABCD EFGH …``: to type where no camera reads."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def code_at(secret: str, moment: datetime) -> str:
    """The six digits that an app shows at ``moment``."""
    return str(pyotp.TOTP(secret).at(int(moment.timestamp())))


def matching_step(secret: str, code: str, moment: datetime, *, after: int | None = None) -> int | None:
    """The half minute whose code this is, near ``moment`` and later than ``after``; None: no such code, or an old one."""
    here = int(moment.timestamp()) // STEP
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        right = hmac.compare_digest(str(pyotp.TOTP(secret).at(step * STEP)), code)
        if right and (after is None or step > after):
            found = step
    return found


def is_ahead(step: int, moment: datetime) -> bool:
    """Whether no code of ``step`` can be shown yet at ``moment``, however fast a telephone's clock goes."""
    return step > int(moment.timestamp()) // STEP + DRIFT


def new_recovery_codes() -> list[str]:
    """Ten codes, as they are stored: without the dash."""
    return ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]


def on_paper(code: str) -> str:
    """``ABCDE-FGHJK``."""
    return f"{code[:GROUP]}-{code[GROUP:]}"


def read_code(raw: str) -> str:
    """Six digits, or a code from the paper, out of what was typed; empty when it can be neither."""
    typed = "".join(_letters(fold_digits(raw[:100])))
    if len(typed) == DIGITS and typed.isascii() and typed.isdigit():
        return typed
    return typed if len(typed) == RECOVERY_LENGTH and set(typed) <= set(ALPHABET) else ""


def _letters(folded: str) -> Iterator[str]:
    return (character.upper() for character in folded if character.isalnum() and character.isascii())
