"""Words to SQLite's planner, which keeps no statistics here; PostgreSQL has its own and is told little."""

from typing import Any

from sqlalchemy import ColumnElement, func, literal
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from app.core.writing import is_sqlite


def likely(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """``condition``, which most rows fulfil: no reason to look for those first."""
    return func.likely(condition) if is_sqlite() else condition


def unindexed(column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[Any]:
    """``column``, by which nothing is to be looked up: the rows come another way."""
    if not is_sqlite():
        return column.expression
    return UnaryExpression(column.expression, operator=custom_op("+"), type_=column.type)


def written_out(column: InstrumentedAttribute[Any] | ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    """That ``column`` is ``value``, written into the statement itself: an index of those rows alone then answers for it, and the
    rows are not read to see whether it is so. For a constant, never for what somebody typed.
    """
    return column == literal(value, column.type, literal_execute=True)
