"""Text tables: which letters, which separator, and a way to write them that no spreadsheet takes for formulas."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.core.errors import RuleBroken
from app.core.spreadsheet_guard import MAX_COLUMNS, MAX_ROWS
from app.core.text import N_

SEPARATORS = ",;\t|"
SAMPLE_ROWS = 60
SAMPLE = 100_000  # characters
MOST_ROWS = f"{MAX_ROWS:,}".replace(",", ".")  # as a sentence writes it
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
SEP_LINE = re.compile(r"sep=(.)[\r\n]+", re.IGNORECASE)  # Excel's own first line that names the separator
# What a spreadsheet would run as a formula. Telephone numbers and negative amounts begin alike but hold only digits.
# So do the wide letters that East Asian keyboards write.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
# Excel cuts at the separator of its own country, in Indonesia the semicolon, and then knows no quotation marks of ours.
CUT = re.compile(r"[;\t\r\n|]")
INSIDE = re.compile(r"([;\t\r\n|]\s*)('*[=+\-@＝＋－＠])")
INSIDE_QUOTED = re.compile(r"([;\t\r\n|]\s*)'('*[=+\-@＝＋－＠])")
HARMLESS = re.compile(r"\+[0-9]{6,15}|-[0-9]+")


def decode(data: bytes) -> str:
    """The text of ``data``: UTF-8 or UTF-16, by mark or by look, else Windows Latin. Raises RuleBroken for what is no text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _text(data.decode(encoding, errors="replace"))
    even, odd = data[:2000:2].count(0), data[1:2000:2].count(0)
    if even + odd > len(data[:2000]) // 8:  # Latin letters in UTF-16 are half zeros
        return _text(data.decode("utf-16-le" if odd > even else "utf-16-be", errors="replace"))
    try:
        return _text(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _text(data.decode("cp1252", errors="replace"))


def _text(decoded: str) -> str:
    if len(CONTROL.findall(decoded)) > len(decoded) // 500:
        raise RuleBroken(
            N_(
                "Berkas ini bukan lembar kerja. Pilih berkas CSV, Excel (.xlsx, .xls), atau "
                "LibreOffice (.ods)."
            ),
            field="file",
        )
    return decoded


def separator_of(text: str) -> str:
    """The separator that cuts the first rows into the most equal pieces."""

    def fitness(separator: str) -> tuple[float, int]:
        widths = Counter(len(row) for row in _first_rows(text, separator) if any(row))
        width, rows = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]), default=(1, 0))
        return (rows / max(1, widths.total()) if width > 1 else 0.0, width)

    return max(SEPARATORS, key=fitness)


def _first_rows(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text[:SAMPLE], newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # a broken row says nothing of the separator; read_rows reports it
    return rows


def read_rows(text: str) -> list[list[str]]:
    """The rows of a text table; line breaks inside quoted cells stay, what :func:`protected` added goes.

    Raises RuleBroken for too many rows or columns, and for a quotation mark that is never closed.
    """
    if named := SEP_LINE.match(text):
        text, separator = text[named.end() :], named[1]
    else:
        separator = separator_of(text)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(rows) >= MAX_ROWS or len(row) > MAX_COLUMNS:
                raise RuleBroken(
                    N_(
                        "Berkas ini lebih dari %(rows)s baris atau %(columns)s kolom. "
                        "Bagi menjadi beberapa berkas, lalu unggah satu per satu."
                    ),
                    field="file",
                    rows=MOST_ROWS,
                    columns=MAX_COLUMNS,
                )
            rows.append([unprotected(cell) for cell in row])
    except csv.Error as error:
        raise RuleBroken(
            N_(
                "Baris %(row)s tidak terbaca: mungkin ada tanda kutip yang tidak ditutup. "
                "Perbaiki baris itu, atau simpan berkas sebagai XLSX."
            ),
            field="file",
            row=len(rows) + 1,
        ) from error
    return rows


def protected(cell: str) -> str:
    """``cell`` so that no spreadsheet runs it as a formula; :func:`unprotected` gives it back exactly."""
    inside = (
        INSIDE.sub(r"\1'\2", cell) if CUT.search(cell) else cell
    )  # few hold one, and looking for it costs less
    return f"'{inside}" if FORMULA.match(inside) and not HARMLESS.fullmatch(cell) else inside


def unprotected(cell: str) -> str:
    """The cell that :func:`protected` wrote."""
    whole = INSIDE_QUOTED.sub(r"\1\2", cell)
    return whole[1:] if whole.startswith("'") and FORMULA.match(whole) else whole


def write_rows(rows: Iterable[Sequence[Any]], separator: str) -> bytes:
    """``rows`` as UTF-8 with a mark (Excel needs it), lines ended as the standard says."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
