"""What the yearly report tells the features above it, without knowing them."""

from collections.abc import Collection
from dataclasses import dataclass

from blinker import Signal

report_moved = Signal()
"""Sent with a Report inside the write unit that moved it, before the move is flushed, so that what a receiver changes in the
report is written with it; ``event``: the ReportEvent."""

findings_renewed = Signal()
"""Sent with a Report that waits for review, inside the write unit, when its checks say something else because the year before
it was filed anew or imported."""

correction_shown = Signal()
"""Sent with a Report that was sent back when its form is drawn; ``codes``: the questions to correct. A receiver returns code →
:class:`Aid`, or nothing, and must not write."""


@dataclass(frozen=True)
class Aid:
    """Where a cooperative finds help with one question: words in the reader's language, and the address that they lead to."""

    text: str
    url: str


def aids_for(report: object, codes: Collection[str]) -> dict[str, Aid]:
    """The help that features above offer with the questions of a report that was sent back."""
    found: dict[str, Aid] = {}
    for _receiver, offered in correction_shown.send(report, codes=codes):
        found |= offered or {}
    return found
