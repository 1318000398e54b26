"""What a page of the form hands to its script, so that the row checks run while somebody types (static/js/checks/live.js)."""

import json
from typing import Any, NamedTuple

from app.questionnaire.feed import feed_address
from app.questionnaire.filling import Filling
from app.questionnaire.lines import offered_reasons


class Whys(NamedTuple):
    """The answers to "why?" that can be chosen, value and words: about a figure, and about another answer."""

    figure: list[tuple[str, str]]
    answer: list[tuple[str, str]]


def whys() -> Whys:
    """For the component ``live_checks``."""
    return Whys(offered_reasons(figure=True), offered_reasons(figure=False))


def live_state(filling: Filling, *, all_missing: bool = False) -> dict[str, Any]:
    """The report as the checks see it: what stands, last year's, the day; ``all``: what is still to come is an error too."""
    return {
        "feed": feed_address(filling.edition),
        "year": filling.year,
        "today": filling.today.isoformat(),
        "answers": dict(filling.answers),
        "last": dict(filling.last.answers) if filling.last else None,
        "all": all_missing,
    }


def live_attributes(filling: Filling, *, all_missing: bool = False) -> dict[str, str]:
    """:func:`live_state` on the form's own tag."""
    state = live_state(filling, all_missing=all_missing)
    return {"data-checks": json.dumps(state, ensure_ascii=False, separators=(",", ":"))}
