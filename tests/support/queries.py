"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from app.core.extensions import db


@dataclass
class Queries:
    """The statements seen so far, transaction control left out."""

    statements: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        """How many."""
        return len(self.statements)


@contextmanager
def count_queries() -> Iterator[Queries]:
    """Watch every statement that reaches the database inside the block."""
    seen = Queries()

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            seen.statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", watch)
