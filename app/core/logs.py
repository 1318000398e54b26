"""The site's log: one line for each thing, as JSON for the machine that keeps it, as text for a person at a terminal."""

import re
import sys
from contextlib import suppress
from typing import TextIO

import structlog

TOLD_BY_POSTGRESQL = re.compile(r"DETAIL:.*?(?=\n\nThe above|\[SQL:|\Z)", re.DOTALL)
"""Where PostgreSQL quotes the row or the value that it refuses; a traceback may go on after it."""


class Steady:
    """A file to write to that never complains: a full disk takes the log's lines, and must not take the pages with them."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, text: str) -> None:
        """Write ``text`` if that is possible."""
        with suppress(OSError):
            self.file.write(text)

    def flush(self) -> None:
        """Likewise."""
        with suppress(OSError):
            self.file.flush()


def without_values(text: str) -> str:
    """``text`` of a fault without what people wrote, which a database likes to quote."""
    return TOLD_BY_POSTGRESQL.sub("DETAIL: … ", text)


def _hold_back(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A processor: nothing of the kind in any line."""
    return {key: without_values(one) if isinstance(one, str) else one for key, one in event.items()}


def configure() -> None:
    """Write to stderr, so that what a command prints stays clean. A fault's traceback stands in its line."""
    for_people = sys.stderr.isatty()
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if for_people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if for_people else [structlog.processors.format_exc_info]),
            _hold_back,
            last,
        ],
        logger_factory=_to_stderr,
    )


def _to_stderr(*_names: object) -> structlog.WriteLogger:
    """Whatever stderr is at that moment: tests and commands replace it."""
    return structlog.WriteLogger(Steady(sys.stderr))  # type: ignore[arg-type]
