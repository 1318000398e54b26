"""``INSERT … ON CONFLICT``, which both databases speak in the same words but SQLAlchemy keeps in two dialects."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.core.writing import is_sqlite


def insert_into(table: Any) -> Any:
    """An insert into a model or table, in the dialect that runs, with ``on_conflict_do_nothing`` and ``…_do_update``."""
    return sqlite.insert(table) if is_sqlite() else postgresql.insert(table)
