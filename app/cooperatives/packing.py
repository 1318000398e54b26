"""Columns of a row as JSON keeps them, and back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table

from app.core.database import Base, UtcDateTime


def pack(row: Base, columns: Iterable[str]) -> dict[str, Any]:
    """The values of ``columns``; moments and days as ISO text."""
    values = {name: getattr(row, name) for name in columns}
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in values.items()
    }


def unpack(table: Table, column: str, value: Any) -> Any:
    """A value of ``column`` that :func:`pack` packed."""
    kind = table.c[column].type
    if value is not None and isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if value is not None and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
