"""The chain of salted digests that makes the trail tamper-evident. Plain Python.

Each entry's digest covers the one before it and a digest of its values; the values stand beside it with their salt. So a
person's values can be erased (UU PDP 27/2022) while the chain stays whole.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

START = "0" * 64
UNSTORABLE = {
    0: None,
    **dict.fromkeys(range(0xD800, 0xE000)),
}  # NUL and lone surrogates: PostgreSQL takes neither


def canonical(value: object) -> str:
    """One spelling for equal values, whatever the order of their keys."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def storable(text: str) -> str:
    """``text`` as both databases give it back unchanged."""
    return text.translate(UNSTORABLE)


def plain(value: Any) -> Any:
    """``value`` as it comes back out of a JSON column of either database, so that its digest can be checked again.

    Dates, enums and decimals become text, tuples and sets lists; a whole float becomes an integer.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=canonical)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return storable(str(value))


def values_digest(salt: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """SHA-256 over salt and values; without the salt, guessing a short value proves nothing."""
    return hashlib.sha256(f"{salt}|{canonical(before)}|{canonical(after)}".encode()).hexdigest()


def entry_digest(previous: str, header: Mapping[str, Any], of_values: str) -> str:
    """The digest of one entry, chained to ``previous`` (:data:`START` for the first)."""
    return hashlib.sha256(f"{previous}|{canonical(header)}|{of_values}".encode()).hexdigest()


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names whose values differ, sorted."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
