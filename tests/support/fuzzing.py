"""How many examples a law is tried on."""

from hypothesis import settings


def examples(number: int) -> int:
    """``number`` where the profile tries a hundred of what says nothing, and in proportion elsewhere; at least three."""
    return max(3, number * settings.default.max_examples // 100)  # type: ignore[union-attr]
