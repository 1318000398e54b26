"""No table that leaves the site holds a formula, whatever people write into their data."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from flask import url_for
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Listing
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.spreadsheets import Column, write_csv, write_xlsx
from app.core.writing import writing
from app.enterprises import services as enterprises
from app.enterprises.rules import Purpose
from app.programs.application_models import ProgramApplication
from app.questionnaire import services as questionnaire
from tests.enterprises.conftest import VALUES
from tests.programs.conftest import make_program  # noqa: F401 - a fixture
from tests.security.access_matrix import rows
from tests.support.answers import sound_for

EVIL = '=HYPERLINK("http://jahat.example","x");=1+1'
STARTS = re.compile(r"[\t\r\n]*[=+\-@]")
HARMLESS = re.compile(r"[+-]?[\d.,()/ -]*")
TABLES = {"text/csv": "csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx"}
TEXT = st.text(st.sampled_from("=+-@\t\r\n '\"|,;abc019"), max_size=12)


def cells_of(answer):
    """Every cell of a table as a spreadsheet would take it: of a workbook, which are formulas."""
    if TABLES[answer.mimetype] == "csv":
        text = answer.data.decode("utf-8-sig")
        separator = max(",;", key=text.splitlines()[0].count)
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        return cells + [piece for cell in cells for piece in cell.split(";")]  # where Excel in Indonesia cuts
    return cells_of_workbook(answer.data)


def cells_of_workbook(data):
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate} is a formula: {cell.value}"
                found.append(str(cell.value or ""))
    return found


def is_formula(cell):
    return bool(STARTS.match(cell)) and not HARMLESS.fullmatch(cell)


@pytest.fixture
def evil_data(make_cooperative, make_membership, make_program, make_user):  # noqa: F811 - the fixture
    """A cooperative, a UKM and a programme whose names are formulas; the parameters that lead to them."""
    year = today().year - 1
    manager_id, operator_id = make_user(Role.COOPERATIVE, name=EVIL).id, make_user(Role.OPERATOR).id
    cooperative_id = make_cooperative(
        nama_koperasi=EVIL,
        alamat=EVIL,
        nama_ketua=EVIL,
        kode_kelurahan="35.73.01.1001",
        listing=Listing.LISTED,
    ).id
    other_id = make_cooperative(nama_koperasi=f"{EVIL} dua", alamat="@SUM(1)").id
    make_membership(db.session.get_one(User, manager_id), db.session.get_one(Cooperative, cooperative_id))
    program = make_program(title=EVIL, slug="formula", audience=["cooperative"], quota=5)
    program_id = program.id
    with writing() as session:
        questionnaire.ensure_editions(today())
        manager, operator = session.get_one(User, manager_id), session.get_one(User, operator_id)
        cooperative = session.get_one(Cooperative, cooperative_id)
        report = questionnaire.start_report(cooperative, year=year, by=manager)
        answers = sound_for(
            year, nama_koperasi=EVIL, alamat=EVIL, nama_ketua="@SUM(1)", nama_pengelola="-1+1|cmd"
        )
        questionnaire.save_answers(report, values=answers, base_version=report.version, by=manager)
        questionnaire.submit(report, by=manager, declared_name="=1+1", declared_position="Ketua")
        enterprise = enterprises.add_enterprise(VALUES | {"name": EVIL, "products": EVIL, "owner_name": EVIL})
        enterprises.set_consents(enterprise, {Purpose.LISTING: True})
        enterprises.submit(enterprise)
        enterprises.verify(enterprise, by=operator)
        session.add(
            ProgramApplication(
                program_id=program_id, cooperative_id=cooperative_id, user_id=manager_id, name=EVIL, facts={},
                contact_name=EVIL, contact_phone="+62", answer=EVIL, agreed_at=now() - timedelta(days=1),
            )
        )  # fmt: skip
    assert other_id
    return {"program_id": program_id, "year": year, "suffix": "csv", "layout": "kementerian"}


def test_no_export_of_the_site_holds_a_formula(app, client_as, make_user, evil_data):
    """Every address that gives a table: by its ending, or by ``?format=``."""
    browser = client_as(make_user(Role.OPERATOR, Role.EDITOR, Role.ADMIN))
    browser.check_html = False
    tables, marked = [], set()
    for row in rows(app):
        known = {name: evil_data[name] for name in row.arguments if name in evil_data}
        if row.method != "GET" or known.keys() != row.arguments:
            continue
        for suffix in ("csv", "xlsx"):
            values = known | ({"suffix": suffix} if "suffix" in known else {"format": suffix})
            with app.test_request_context():
                address = url_for(row.endpoint, **values)
            answer = browser.get(address)
            if answer.status_code != 200 or answer.mimetype not in TABLES:
                continue
            cells = cells_of(answer)
            tables.append(address)
            if any("HYPERLINK" in cell for cell in cells):
                marked.add(row.rule)
            if answer.mimetype == "text/csv":
                assert not [cell for cell in cells if is_formula(cell)], address
    assert len(tables) >= 12, tables
    assert len(marked) >= 6, sorted(marked)


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_whatever_stands_in_a_cell_no_spreadsheet_runs_it(texts):
    columns = [Column(f"Kolom {number}") for number in range(len(texts))]
    text = write_csv(columns, [texts]).decode("utf-8-sig")
    separator = max(",;", key=text.splitlines()[0].count)
    last = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))[1]
    assert not [cell for cell in last if is_formula(cell)]
    cells_of_workbook(write_xlsx(columns, [texts], sheet_name="Uji"))


def test_tables_are_written_in_two_places_only():
    """A new way to write one would pass the protection by."""
    from pathlib import Path

    writers = {
        path.relative_to("app").as_posix()
        for path in Path("app").rglob("*.py")
        if re.search(
            r"csv\.(writer|DictWriter)\(|xlsxwriter\.Workbook\(|\.to_csv\(|\.to_excel\(", path.read_text()
        )
    }
    assert writers <= {"core/delimited.py", "core/spreadsheets.py"}
