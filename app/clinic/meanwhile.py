"""What somebody else changed in the clinic's calendar since a page was drawn is noticed, and never written over unseen."""

import hashlib
from collections.abc import Mapping
from typing import Any

from app.core.errors import RuleBroken
from app.core.text import N_


class Outdated(RuleBroken):
    """Somebody else was quicker: nothing was written, and the person decides again."""


def mark_of(values: Mapping[str, Any]) -> str:
    """Tells these values from any others: a page of them carries it, and its form sends it back."""
    shown = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def check(seen: str, *, stands: Mapping[str, Any], wanted: Mapping[str, Any] | None = None) -> None:
    """Raises Outdated when the page with the mark ``seen`` showed something else than what ``stands``, unless that is what is
    ``wanted`` already, as when a form is sent twice. Without a mark nothing was shown."""
    if seen and seen != mark_of(stands) and stands != wanted:
        raise Outdated(N_("Data ini baru saja diubah orang lain"))
