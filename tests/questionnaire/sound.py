"""A sound report and the one of the year before, out of the shared vectors."""

import json
from datetime import date
from pathlib import Path

VECTORS = json.loads((Path(__file__).parent / "vectors/checks.json").read_text(encoding="utf-8"))
YEAR = VECTORS["year"]
TODAY = date.fromisoformat(VECTORS["today"])
PLACES = VECTORS["places"]


def laid_over(answers, changes):
    """``answers`` with ``changes``; None takes an answer away."""
    return {key: value for key, value in {**answers, **changes}.items() if value is not None}


def sound(**changes):
    """Answers without anything odd, but for ``changes``."""
    return laid_over(VECTORS["answers"], changes)


def last_year(**changes):
    """The answers of the year before, but for ``changes``."""
    return laid_over(VECTORS["last"], changes)
