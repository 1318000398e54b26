"""One digest for all rows of a table, the same whichever database holds them and in whatever order they come."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

SIZE = 1 << 256


def digest_of_rows(rows: Iterable[Sequence[Any]]) -> tuple[int, str]:
    """How many rows, and the sum of their SHA-256 digests: databases order text differently, a sum needs no order."""
    number, total = 0, 0
    for row in rows:
        number += 1
        total += int.from_bytes(hashlib.sha256(as_bytes(row)).digest())
    return number, f"{total % SIZE:064x}"


def as_bytes(row: Sequence[Any]) -> bytes:
    """A row in a form in which equal values look equal."""
    return json.dumps([plain(value) for value in row], sort_keys=True, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def plain(value: Any) -> Any:
    """``value`` without what a database is free to change: 1.0 and 1 are one figure to JSON columns, as are their spellings."""
    match value:
        case None | str() | bool() | int():
            return value
        case float() if value.is_integer() and abs(value) < 1e300:
            return int(value)
        case Decimal():
            return f"d{value.normalize():f}"
        case datetime():
            return f"t{value.isoformat()}"
        case date():
            return f"t{value.isoformat()}"
        case bytes() | memoryview():
            return f"b{hashlib.sha256(value).hexdigest()}"
        case dict():
            return {str(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            return value if isinstance(value, float) else str(value)
