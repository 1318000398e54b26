"""A table as a file to download: made whole before it is sent, since a stream that breaks half-way looks complete."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask import Response

from app.core.masking import MASKED, masked
from app.core.spreadsheets import Cell, Column, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    filename: str,
    suffix: str,
    whole: bool = False,
) -> Response:
    """``rows`` under ``columns`` as ``<filename>.csv`` or ``.xlsx``. What is private is masked, and its heading says so, unless the
    ``whole`` is wanted: see ``audit.downloads``."""
    if not whole:
        columns, rows = _headed(columns), _told(columns, rows)
    if suffix == "xlsx":
        return file_response(write_xlsx(columns, rows, sheet_name=filename[:31]), f"{filename}.xlsx", XLSX)
    return file_response(write_csv(columns, rows), f"{filename}.csv", "text/csv; charset=utf-8")


def _headed(columns: Sequence[Column]) -> list[Column]:
    return [
        replace(column, title=f"{column.title} ({MASKED})") if column.private else column
        for column in columns
    ]


def _told(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[list[Any]]:
    kinds = [column.private for column in columns]
    for row in rows:
        yield [masked(kind, cell) if kind else cell for kind, cell in zip(kinds, row, strict=True)]


def file_response(content: bytes, filename: str, mimetype: str, *, inline: bool = False) -> Response:
    """``content`` as a file; never kept by a shared cache."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
