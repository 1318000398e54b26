"""Hashing with argon2id. Always outside of the write unit: the whole site would wait in line behind it."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from app.accounts.models import User
from app.accounts.password_rules import LONGEST, personal_words
from app.core.office import office

_at_once = threading.BoundedSemaphore(
    4
)  # each takes 19 MiB: 32 threads at once would take a small server's memory


@cache
def _hasher(time_cost: int, memory_cost: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1)


def hasher() -> PasswordHasher:
    """Argon2id with the parameters of the settings."""
    config = current_app.config
    return _hasher(config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_COST"])


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("a password that nobody has")


def _as_typed(password: str) -> bytes:
    """The same letters give the same bytes, whichever keyboard composed them (NFKC, as NIST SP 800-63B advises)."""
    return unicodedata.normalize("NFKC", password[: LONGEST * 4]).encode("utf-8", "surrogatepass")


def hash_password(password: str) -> str:
    """What is stored of ``password``."""
    with _at_once:
        return hasher().hash(_as_typed(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``.

    Without a stored hash (no such account, no password yet) it takes as long and says no.
    """
    with _at_once:
        nobodys = _nobodys_hash(
            hasher()
        )  # also when not needed: the first unknown account must not be the slow one
        try:
            right = hasher().verify(stored or nobodys, _as_typed(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with other parameters than today's."""
    return hasher().check_needs_rehash(stored)


def own_words(user: User) -> frozenset[str]:
    """Words that must not carry the password of ``user``: of the name, the addresses, and the office."""
    site = office()
    phone = user.phone or ""
    return personal_words(user.name, user.email, phone, phone[3:], site.full_name, site.city)
