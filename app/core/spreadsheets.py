"""Spreadsheets in and out. The kind of a file is told by its content, never by its name."""

import io
import json
import re
import subprocess  # nosec B404
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from app.core import delimited, spreadsheet_guard
from app.core.errors import RuleBroken
from app.core.masking import Private
from app.core.text import N_

Cell = str | int | float | bool | date | datetime | None
Kind = Literal["text", "integer", "rupiah", "date"]

MAX_BYTES = 10 << 20
PATIENCE = spreadsheet_guard.SECONDS + 15  # seconds; the child's own limit counts only its work
GUARD = Path(spreadsheet_guard.__file__)
EXACT = 10**15  # Excel keeps 15 digits of a number
LONGEST_TEXT = 32_767  # characters in one Excel cell
FORMATS = {"text": "@", "integer": "0", "rupiah": "#,##0", "date": "dd/mm/yyyy"}
WIDTHS = {"text": 24, "integer": 12, "rupiah": 20, "date": 14}
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")

NOT_A_SPREADSHEET = N_(
    "Berkas ini bukan lembar kerja. Pilih berkas CSV, Excel (.xlsx, .xls), atau LibreOffice (.ods)."
)
REFUSALS = {
    "too_large": N_(
        "Isi berkas ini terlalu besar. Hapus gambar dan lembar yang tidak perlu, atau bagi berkasnya."
    ),
    "too_many_rows": N_(
        "Berkas ini lebih dari %(rows)s baris atau %(columns)s kolom, atau ada isian yang letaknya sangat jauh. "
        "Hapus isian itu, atau bagi menjadi beberapa berkas."
    ),
    "locked": N_("Berkas ini dikunci dengan sandi. Buka di Excel, hapus sandinya, simpan, lalu unggah lagi."),
    "broken": N_("Berkas ini rusak atau terpotong. Buka dan simpan ulang sebagai XLSX, lalu unggah lagi."),
    "not_a_spreadsheet": NOT_A_SPREADSHEET,
}
OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "GZ"),
)


@dataclass(frozen=True)
class Sheet:
    """One visible sheet. Rows begin at the sheet's first row, so ``rows[i]`` is row ``i + 1`` on the screen."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Column:
    """A column to write: its title, what stands in it, its width in characters, and what it tells about a person."""

    title: str
    kind: Kind = "text"
    width: int | None = None
    private: Private | None = None


def read_sheets(data: bytes, filename: str) -> list[Sheet]:
    """The sheets of a CSV, XLSX, XLSB, XLS, ODS file, or of an HTML table that bears the name of one.

    Cells of a CSV are texts; a formula gives the value that the file remembers. Takes up to seconds: call it outside
    ``writing()``. Raises RuleBroken (field ``file``) with what to do, whatever the bytes are.
    """
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise RuleBroken(N_("Berkas ini kosong. Pilih berkas yang berisi data."), field="file")
    if len(data) > MAX_BYTES:
        raise RuleBroken(
            N_("Berkas ini %(size)s MB; paling besar %(most)s MB. Bagi menjadi beberapa berkas."),
            field="file",
            size=-(-len(data) >> 20),
            most=MAX_BYTES >> 20,
        )
    for start, kind in OTHER_KINDS:
        if data.startswith(start):
            raise RuleBroken(
                N_(
                    "Ini berkas %(kind)s, bukan lembar kerja. Pilih berkas CSV, Excel (.xlsx, .xls), "
                    "atau LibreOffice (.ods)."
                ),
                field="file",
                kind=kind,
            )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")) or _looks_like_html(data):
        return _read_guarded(data)
    rows = delimited.read_rows(delimited.decode(data))
    return [Sheet(Path(filename).stem or "CSV", [[cell or None for cell in row] for row in rows])]


def _looks_like_html(data: bytes) -> bool:
    start = data[:4000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith(b"<") and any(tag in data[:200_000].lower() for tag in (b"<table", b"<tr"))


def _read_guarded(data: bytes) -> list[Sheet]:
    """The sheets as the guarded process read them. Its end by a signal or a limit is the file's fault."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script; the file goes through a pipe  # nosec B603
            [sys.executable, "-I", str(GUARD)], input=data, capture_output=True, timeout=PATIENCE, check=False
        )
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"refused": "broken"}
        if done.returncode < 0:  # aborted for want of memory, or out of time
            answer = {"refused": "too_large"}
    except subprocess.TimeoutExpired:
        answer = {"refused": "too_large"}
    if "refused" in answer:
        raise RuleBroken(
            REFUSALS[answer["refused"]],
            field="file",
            rows=delimited.MOST_ROWS,
            columns=spreadsheet_guard.MAX_COLUMNS,
        )
    return [
        Sheet(sheet["name"], [[_cell(raw) for raw in row] for row in sheet["rows"]])
        for sheet in answer["sheets"]
    ]


def _cell(raw: Any) -> Cell:
    if isinstance(raw, dict):
        return date.fromisoformat(raw["day"]) if "day" in raw else datetime.fromisoformat(raw["moment"])
    return raw  # type: ignore[no-any-return]  # JSON holds only the other kinds of Cell


def write_xlsx(
    columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, sheet_name: str, title: str | None = None
) -> bytes:
    """One sheet with a heading row that stays in view; the same rows give the same bytes on every machine.

    Texts are written as texts whatever they look like: NIK and telephone numbers keep their zeros, ``=1+1`` is no formula.
    """
    book, out = new_workbook()
    sheet = book.add_worksheet(FORBIDDEN_IN_NAMES.sub(" ", sheet_name).strip()[:31] or "Data")
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    first = 0
    if title:
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 13}))
        first = 2
    for x, column in enumerate(columns):
        cell_format = book.add_format({"num_format": FORMATS[column.kind]})
        sheet.set_column(x, x, column.width or WIDTHS[column.kind], cell_format)
        sheet.write_string(first, x, column.title, heading)
    formats = [book.add_format({"num_format": FORMATS[column.kind]}) for column in columns]
    last = first
    for last, row in enumerate(rows, start=first + 1):
        for x, (value, cell_format) in enumerate(zip(row, formats, strict=True)):
            write_cell(sheet, last, x, value, cell_format)
    sheet.freeze_panes(first + 1, 0)
    if columns:
        sheet.autofilter(first, 0, last, len(columns) - 1)
    book.close()
    return out.getvalue()


def new_workbook() -> tuple[Any, io.BytesIO]:
    """An empty XlsxWriter workbook that makes no formula of any text, and the bytes it leaves when it is closed."""
    import xlsxwriter  # heavy; loaded when first used

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - a constant, no moment
    return book, out


def write_cell(sheet: Any, y: int, x: int, value: Any, cell_format: Any) -> None:
    """Write ``value`` as what it is: a day as a day, a figure that Excel keeps exactly as a figure, all else as text."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        sheet.write_datetime(y, x, value.replace(tzinfo=None), cell_format)
    elif isinstance(value, date):
        sheet.write_datetime(y, x, value, cell_format)
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < EXACT:
        sheet.write_number(y, x, value, cell_format)
    else:
        sheet.write_string(y, x, str(value)[:LONGEST_TEXT], cell_format)


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> bytes:
    """UTF-8 with a mark; days as ``2026-08-17``. Text that a spreadsheet would run is quoted by ``'``, see ``delimited``."""
    written = [[delimited.protected(column.title) for column in columns]]
    written += [[_csv_cell(value) for value in row] for row in rows]
    return delimited.write_rows(written, delimiter)


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return delimited.protected(value) if isinstance(value, str) else str(value)
