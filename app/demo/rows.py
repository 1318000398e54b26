"""Writing many rows at once. The verbs of the features do one thing at a time for a person who waits; a whole city would take
them minutes. What is written here must look as if they had done it: tests/demo/test_loader.py holds it against their rules.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import insert

from app.core.database import Base
from app.core.extensions import db
from app.core.writing import is_sqlite

Row = dict[str, Any]
TOGETHER = {"render_nulls": True}  # else a row with a blank begins a statement of its own


class Actor(NamedTuple):
    """Who did something: an account's id and name."""

    id: int | None
    name: str


def write(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Put ``rows`` (column → value, all with the same columns) into the table of ``model``."""
    if rows:
        db.session.execute(insert(model), rows, execution_options=TOGETHER)


def write_numbered(model: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """As :func:`write`; returns the ids in the order of ``rows``."""
    if not rows:
        return []
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows, execution_options=TOGETHER))


def write_many(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """As :func:`write`, for thousands of rows, past the ORM. A blank in a JSON column would be kept as JSON's null."""
    statement: Any = insert(model.__table__)  # type: ignore[arg-type]
    if not is_sqlite():
        # nobody needs what it returns: asked so, PostgreSQL takes many rows with one statement
        statement = statement.returning(*model.__table__.primary_key)
    if rows:
        db.session.execute(statement, rows)


def note(at: datetime, kind: str, template: str, params: Mapping[str, Any], actor_name: str) -> Row:
    """A row of a cooperative's timeline; ``template`` is one that the features themselves write there."""
    return {
        "at": at,
        "kind": kind,
        "template": template,
        "params": dict(params),
        "actor_name": actor_name,
        "link": None,
    }
