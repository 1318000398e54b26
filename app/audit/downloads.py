"""Tables that tell everything about people leave the office only by a choice of somebody's, which stands in the trail."""

from collections.abc import Sequence

from flask import Response

from app.audit.services import record
from app.core.downloads import table_response
from app.core.spreadsheets import Cell, Column
from app.core.writing import writing


def whole_table(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, filename: str, suffix: str
) -> Response:
    """The table with its private columns as they are; who took it, and how many rows, is noted. Its view is ``@step_up``."""
    with writing():
        record("export.whole", kind="export", subject_id=None, name=filename, after={"baris": len(rows)})
    return table_response(columns, rows, filename=filename, suffix=suffix, whole=True)
