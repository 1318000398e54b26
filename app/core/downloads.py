"""A table as a file to download: made whole before it is sent, since a stream that breaks half-way looks complete."""

from collections.abc import Sequence

from flask import Response

from app.core.spreadsheets import Cell, Column, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, filename: str, suffix: str
) -> Response:
    """``rows`` under ``columns`` as ``<filename>.csv`` or ``.xlsx``."""
    if suffix == "xlsx":
        return file_response(write_xlsx(columns, rows, sheet_name=filename[:31]), f"{filename}.xlsx", XLSX)
    return file_response(write_csv(columns, rows), f"{filename}.csv", "text/csv; charset=utf-8")


def file_response(content: bytes, filename: str, mimetype: str, *, inline: bool = False) -> Response:
    """``content`` as a file; never kept by a shared cache."""
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{filename}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
