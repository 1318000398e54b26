"""The report as a worksheet, as a person fetches it, types into it, saves it elsewhere and brings it back."""

import io
import re
from datetime import date

import openpyxl

from app.core.extensions import db
from app.core.spreadsheets import read_sheets
from app.questionnaire.filling import find_filling
from app.questionnaire.sheet_answers import find_answers
from app.questionnaire.sheet_comparison import compare
from tests.support import workbooks

YEAR = 2025


def address(desk, view="unggah", year=YEAR):
    return f"/laporan/{desk.slug}/{year}/{view}"


def fetched(desk, client_as):
    answer = client_as(desk.member).get(address(desk, "templat.xlsx"))
    assert answer.status_code == 200
    return answer.data


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_by_code(data):
    """Code → its row in the template."""
    sheet = opened(data).worksheets[0]
    return {sheet.cell(y, 1).value: y for y in range(2, sheet.max_row + 1) if sheet.cell(y, 1).value}


def typed_into(data, **answers):
    """The template as a person saves it after typing ``answers`` into column D."""
    book, rows = opened(data), rows_by_code(data)
    for code, value in answers.items():
        book.worksheets[0].cell(rows[code], 4).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(browser, desk, data, name="isian.xlsx", year=YEAR):
    head = f'--x\r\nContent-Disposition: form-data; name="berkas"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return browser.post(address(desk, year=year), data=body, content_type="multipart/form-data; boundary=x")


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def hidden(answer, name):
    return re.search(rf'name="{name}" value="([^"]*)"', answer.get_data(as_text=True))[1]


def ticked(answer):
    """The answers that the page would take, as its form stands."""
    return set(re.findall(r'name="ambil_(\w+)" value="1" checked', answer.get_data(as_text=True)))


def offered_ticks(answer):
    return set(re.findall(r'name="ambil_(\w+)"', answer.get_data(as_text=True)))


def take(browser, desk, page, *fields, **changes):
    form = {"versi": hidden(page, "versi"), "berkas": hidden(page, "berkas")}
    form |= {f"ambil_{field}": "1" for field in fields} | changes
    return browser.post(address(desk, "banding"), data=form)


def filling_of(desk):
    db.session.rollback()
    return find_filling(desk.member_id, desk.slug, YEAR)


def compared(desk, sheets):
    """What the comparison says of ``sheets``, by field."""
    filling = filling_of(desk)
    lines = compare(filling, find_answers(sheets, filling)).lines
    return {line.field.name: line for line in lines}


def as_xls(data):
    rows = read_sheets(data, "x")[0].rows
    plain = [[_old_excel(cell) for cell in row] for row in rows]
    return workbooks.xls(plain)


def _old_excel(cell):
    if isinstance(cell, date):
        return ("date", float((date(cell.year, cell.month, cell.day) - date(1899, 12, 30)).days))
    return None if cell is None else cell[:200] if isinstance(cell, str) else float(cell)


def as_ods(data):
    rows = read_sheets(data, "x")[0].rows
    cells = [[_open_document(cell) for cell in row] for row in rows]
    return workbooks.ods("".join(workbooks.ods_row(*row) for row in cells))


def _open_document(cell):
    if isinstance(cell, date):
        return (f"{cell:%Y-%m-%d}",)
    if isinstance(cell, str):
        return cell.replace("&", "&amp;").replace("<", "&lt;")
    return "" if cell is None else cell


def as_csv(data, grouping="."):
    rows = read_sheets(data, "x")[0].rows
    shown = [[_as_shown(cell, grouping) for cell in row] for row in rows]
    lines = (";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in shown)
    return "\r\n".join(lines).encode("utf-8")


def _as_shown(cell, grouping):
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    if isinstance(cell, (int, float)):
        return f"{cell:,.0f}".replace(",", grouping)
    return "" if cell is None else cell
