"""The site's log: one line for each thing, as JSON for the machine that keeps it, as text for a person at a terminal."""

import sys
from contextlib import suppress
from typing import TextIO

import structlog


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
            last,
        ],
        logger_factory=_to_stderr,
    )


def _to_stderr(*_names: object) -> structlog.WriteLogger:
    """Whatever stderr is at that moment: tests and commands replace it."""
    return structlog.WriteLogger(Steady(sys.stderr))  # type: ignore[arg-type]
