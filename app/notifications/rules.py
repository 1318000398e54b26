"""How long a message waits for its next try, and what its text is made of. Plain Python."""

from datetime import timedelta

LINK_MARK = "[[tautan]]"
"""Stands in a body where the one-time link comes in when the message is sent."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MOST_ATTEMPTS = len(BACK_OFF) + 1
"""About a day of tries; then a person must look."""
CLAIM = timedelta(minutes=10)
"""Longer than the slowest server can take with its six steps of 15 seconds."""
LONGEST = BACK_OFF[-1] + timedelta(hours=1)
"""No message waits longer for its next try, or for whoever sends it. A moment later than that was written by a clock that was
ahead: the message must not wait for the day that it showed."""


def wait_after(attempts: int) -> timedelta:
    """How long to leave a message alone after its ``attempts``-th failed try."""
    return BACK_OFF[max(0, min(attempts, len(BACK_OFF)) - 1)]


def filled_in(body: str, link: str | None) -> str:
    """``body`` as it is sent: with the link, or with a word in its place once the link is forgotten."""
    return body.replace(LINK_MARK, link or "(tautan sudah dihapus dari catatan)")
