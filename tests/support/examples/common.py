"""What the examples of every feature share."""

from typing import Any

from sqlalchemy import Select

from app.core.extensions import db

Values = dict[str, Any]


def first(query: Select[Any]) -> Any:
    """The first value, on every machine the same; an error that shows the query when the demonstration has none."""
    found = db.session.scalar(query.order_by(query.selected_columns[0]).limit(1))
    if found is None:
        raise LookupError(f"the demonstration data lack an example: {query}")
    return found
