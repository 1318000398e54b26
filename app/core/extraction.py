"""Finding the words for people in TOML data, for the translators' catalogue (``[tool.babel]`` in pyproject.toml)."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

SPOKEN = frozenset(
    {"label", "title", "intro", "hint", "help", "where", "missing", "message", "reason", "unit"}
)
LISTED = "choices"  # holds texts, or names a list of them that stands elsewhere
Found = tuple[int, str, str, list[str]]


def extract_toml(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Babel's extractor: yields (line, function, message, comments) for every text under a key of :data:`SPOKEN`.

    Option ``keys`` names further keys, with spaces between.
    """
    source = fileobj.read().decode()
    keys = SPOKEN | set(str(options.get("keys", "")).split())
    for message in texts(tomllib.loads(source), keys):
        yield line_of(message, source), "", message, []


def texts(value: object, keys: Collection[str]) -> Iterator[str]:
    """The texts under ``keys``, however deep, and the entries of every list under :data:`LISTED`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str) and inner.strip():
                yield inner
            elif key == LISTED:
                yield from entries(inner)
            yield from texts(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, keys)


def entries(choices: object) -> Iterator[str]:
    """Texts that stand in a list, or in lists by name. Choices with codes are tables and speak through their labels."""
    for listed in choices.values() if isinstance(choices, Mapping) else [choices]:
        if isinstance(listed, list):
            yield from (entry for entry in listed if isinstance(entry, str))


def line_of(message: str, source: str) -> int:
    """The line where ``message`` begins, or 1 when the file spells it with escapes."""
    first = message.strip().splitlines()[0]
    return source.count("\n", 0, max(source.find(first), 0)) + 1
