"""Writing or deleting very many rows of searched tables: their index is made anew at the end, which takes a seventh of the
time that it takes row by row. PostgreSQL writes its index in batches anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from app.core.extensions import db
from app.core.search_index import statements
from app.core.writing import is_sqlite

CHANGES = ("insert", "delete", "update")


@contextmanager
def in_bulk(*names: str) -> Iterator[None]:
    """Inside ``writing()``: the index beside each table of ``names`` waits until the end. A failure on the way undoes all."""
    if not is_sqlite():
        yield
        return
    for name in names:
        for change in CHANGES:
            db.session.execute(text(f"DROP TRIGGER IF EXISTS search_{name}_{change}"))
    yield
    for name in names:
        db.session.execute(text(f"INSERT INTO search_{name} (search_{name}) VALUES ('rebuild')"))  # noqa: S608  # nosec B608
        _note_words(name)
        for statement in statements(name, "sqlite"):
            if statement.startswith("CREATE TRIGGER"):
                db.session.connection().exec_driver_sql(statement)


def _note_words(name: str) -> None:
    """As the triggers do: words of three letters and more."""
    held = " ".join(db.session.scalars(text(f"SELECT search_text FROM {name}")))  # noqa: S608 - our own names  # nosec B608
    words = sorted(word for word in set(held.split()) if len(word) > 2 and word.isascii() and word.isalpha())
    if words:
        db.session.execute(
            text(f"INSERT INTO search_{name}_word (word) VALUES (:word) ON CONFLICT (word) DO NOTHING"),  # noqa: S608  # nosec B608
            [{"word": word} for word in words],
        )
