"""Reads one Excel or ODS file in a process of its own, and says in JSON what is in it, or in one word why not.

``python spreadsheet_guard.py < file > answer``. A 6 KB file with one cell at XFD1048576 makes the reader ask for 500 GB and
abort: here the site only loses this process. Limits of memory and time are set where the system has ``resource``.
Nothing of the site is imported, so that the process starts in milliseconds.
"""

import io
import json
import re
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_UNPACKED = 64 << 20
MAX_MEMBERS = 200
MEMORY = 1 << 30
SECONDS = 30

CELL = re.compile(
    rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/>]>'
)  # one with a value: an empty one ends in />
FULL_CELL = re.compile(rb"<c ([^>]*[^/>])>(.*?)</c>", re.DOTALL)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
VALUE = re.compile(rb"<v[^>]*>([^<]+)</v>")
SHEET_ID = re.compile(rb'<sheet [^>]*?\br:id="([^"]+)"')
RELATION = re.compile(rb"<Relationship [^>]*>")
ODS_ERROR = re.compile(rb'<table:table-cell [^>]*calcext:value-type="error"[^>]*>')
NOT_CALCULATED = "#BELUM-DIHITUNG!"
ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
WORD_OLE = "WordDocument".encode("utf-16-le")


class Refused(Exception):
    """The file is not read; the message is a word of ``spreadsheets.REFUSALS``."""


def limit_resources() -> None:
    """Bound this process, where the system can."""
    if resource is None:
        return
    limits = ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0))
    for what, most in limits:
        _, hard = resource.getrlimit(what)
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (soft, hard))


def column_number(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def check_zip(data: bytes) -> None:
    """Refuse what would unpack to too much, stands too far out, is locked, or is another kind of document."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
            raise Refused("too_large")
        names = {member.filename for member in members}
        if "content.xml" in names:
            check_ods(archive, names)
        elif not any(name.startswith("xl/") for name in names):
            raise Refused("not_a_spreadsheet")
        for name in names:
            if name.startswith("xl/worksheets/"):
                for cell in CELL.finditer(archive.read(name)):
                    if int(cell[2]) > MAX_ROWS or column_number(cell[1]) > MAX_COLUMNS:
                        raise Refused("too_many_rows")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        locked = isinstance(error, RuntimeError) and "password" in str(error)
        raise Refused("locked" if locked else "broken") from error


def check_ods(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse a locked OpenDocument file, and one that is a text or a drawing."""
    if "mimetype" in names and b"spreadsheet" not in archive.read("mimetype")[:200]:
        raise Refused("not_a_spreadsheet")
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refused("locked")


def check_ole(data: bytes) -> None:
    """Refuse a locked workbook and a Word document: both wear the same wrapper as an old Excel file."""
    if ENCRYPTED_OLE in data:
        raise Refused("locked")
    if WORD_OLE in data:
        raise Refused("not_a_spreadsheet")


def plain(value: Any) -> Any:
    """A cell as JSON holds it: days and times carry their kind."""
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, (time, timedelta)):
        return str(value)
    return None if value == "" else value


def read(data: bytes) -> list[dict[str, Any]]:
    """Every visible sheet: its name and its rows, from the first row and column on."""
    from python_calamine import (  # heavy, and only once the limits stand
        CalamineError,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
        load_workbook,
    )

    try:
        book = load_workbook(io.BytesIO(with_errors(data) if data.startswith(b"PK") else data))
        lost = lost_cells(data) if data.startswith(b"PK") else {}
        return [
            {"name": sheet.name, "rows": marked(rows_of(book.get_sheet_by_name(sheet.name)), lost.get(y, {}))}
            for y, sheet in enumerate(book.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    except PasswordError as error:
        raise Refused("locked") from error
    except (CalamineError, ValueError, OSError, IndexError, KeyError) as error:
        raise Refused("broken") from error


def with_errors(data: bytes) -> bytes:
    """An ODS file in which a failed formula holds the text that it shows, such as ``#DIV/0!``, instead of an empty one; any
    other file as it is."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    content = archive.read("content.xml") if "content.xml" in archive.namelist() else b""
    if not ODS_ERROR.search(content):
        return data
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for name in {*archive.namelist()} & {"mimetype", "META-INF/manifest.xml"}:
            copy.writestr(name, archive.read(name))
        shown = ODS_ERROR.sub(lambda cell: cell[0].replace(b' office:string-value=""', b""), content)
        copy.writestr("content.xml", shown)
    return out.getvalue()


def lost_cells(data: bytes) -> dict[int, dict[tuple[int, int], str]]:
    """What the reader takes for blank cells of an XLSX file, by sheet and place (all from 0): errors such as ``#REF!``, and
    formulas that the program which wrote the file has not calculated."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    targets = {}
    for relation in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        key, target = (re.search(rb'\b%b="([^"]+)"' % part, relation) for part in (b"Id", b"Target"))
        if key and target:
            targets[key[1]] = target[1].decode("utf-8", "replace").removeprefix("/xl/")
    found = {}
    for y, key in enumerate(SHEET_ID.findall(archive.read("xl/workbook.xml"))):
        if (member := f"xl/{targets.get(key, '')}") in names:
            found[y] = lost_in(archive.read(member))
    return found


def lost_in(sheet: bytes) -> dict[tuple[int, int], str]:
    """The same for the XML of one sheet."""
    found: dict[tuple[int, int], str] = {}
    if b't="e"' not in sheet and b"<f" not in sheet:
        return found
    for cell in FULL_CELL.finditer(sheet):
        is_error = b't="e"' in cell[1]
        if not is_error and (b"<f" not in cell[2] or (b' t="' in b" " + cell[1] and b't="n"' not in cell[1])):
            continue
        value, place = VALUE.search(cell[2]), PLACE.search(cell[1])
        if place and (is_error or not value):
            word = value[1].decode("ascii", "replace") if value else NOT_CALCULATED
            found[int(place[2]) - 1, column_number(place[1]) - 1] = word
    return found


def marked(rows: list[list[Any]], lost: dict[tuple[int, int], str]) -> list[list[Any]]:
    """``rows`` with a word in each cell that only looks blank."""
    for (y, x), word in lost.items():
        rows += [[] for _ in range(y + 1 - len(rows))]
        rows[y] += [None] * (x + 1 - len(rows[y]))
        if rows[y][x] is None:
            rows[y][x] = word
    return rows


def rows_of(sheet: Any) -> list[list[Any]]:
    """The cells of one sheet, without empty cells at the ends of rows and empty rows at the end."""
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise Refused("too_many_rows")
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise Refused("too_large")
    rows = []
    for cells in sheet.to_python(skip_empty_area=False):
        row = [plain(cell) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


class HtmlTable(HTMLParser):
    """The rows of all tables of a page: many web programs send one under the name of an Excel file."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str | None]] = []
        self.words: list[str] | None = None  # of the cell that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.close_cell()
            self.rows.append([])
        elif tag in ("td", "th"):
            self.close_cell()
            self.words = []
            span = dict(attrs).get("colspan") or "1"
            self.spanned = min(int(span), MAX_COLUMNS) - 1 if span.isdecimal() else 0
        elif tag in ("br", "p", "div"):
            self.handle_data("\n")
        if len(self.rows) > MAX_ROWS or (self.rows and len(self.rows[-1]) > MAX_COLUMNS):
            raise Refused("too_many_rows")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.close_cell()

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def close_cell(self) -> None:
        if self.words is not None:
            if not self.rows:
                self.rows.append([])
            self.rows[-1] += ["".join(self.words).strip() or None] + [None] * self.spanned
            self.words = None


def read_html(data: bytes) -> list[dict[str, Any]]:
    """The tables of a web page, one below the other, as one sheet of texts."""
    for encoding in ("utf-8-sig", "cp1252", "latin-1"):
        try:
            page = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    table = HtmlTable()
    table.feed(page)
    table.close()
    table.close_cell()
    if not any(table.rows):
        raise Refused("not_a_spreadsheet")
    return [{"name": "HTML", "rows": table.rows}]


def main() -> None:
    """Read from the standard input, answer on the standard output; never with a traceback."""
    limit_resources()
    answer: dict[str, Any]
    try:
        data = sys.stdin.buffer.read()
        if data.startswith(b"PK"):
            check_zip(data)
        elif data.startswith(b"\xd0\xcf"):
            check_ole(data)
        answer = {"sheets": read(data) if data.startswith((b"PK", b"\xd0\xcf")) else read_html(data)}
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    except MemoryError:
        answer = {"refused": "too_large"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
