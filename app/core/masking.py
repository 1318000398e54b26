"""What stands in a table for something about a person that the table does not need to tell. Plain Python."""

from enum import StrEnum

MASKED = "disamarkan"
"""In the place of what cannot be shortened."""
DOTS = "•••"
LEFT = 3  # characters of a number by which its owner knows it again


class Private(StrEnum):
    """What about a person a column holds."""

    PERSON = "person"  # a name
    NUMBER = "number"  # of a telephone, or one that an office gave
    EMAIL = "email"
    TEXT = "text"  # an address, a place on earth, words of one's own


def masked(kind: Private, value: object) -> object:
    """``value`` so that who knows it recognises it and nobody else learns it; nothing stays nothing."""
    text = "" if value is None else str(value).strip()
    if not text:
        return value
    match kind:
        case Private.PERSON:
            return " ".join(f"{word[0].upper()}." for word in text.split()[:4])
        case Private.NUMBER:
            return f"{DOTS}{text[-LEFT:]}" if len(text) > 2 * LEFT else DOTS
        case Private.EMAIL:
            name, at, domain = text.rpartition("@")
            return f"{name[:1]}{DOTS}{at}{domain}" if at else MASKED
        case Private.TEXT:
            return MASKED
