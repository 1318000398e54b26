"""The template of the report: what it holds, what can be typed in it, how it prints."""

import io
import re
import zipfile
from datetime import datetime

from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Edition
from app.questionnaire.questions import standard
from app.questionnaire.rules import Status
from app.questionnaire.template_sheet import read_mark
from tests.support.answers import sound
from tests.support.worksheets import (
    YEAR,
    address,
    fetched,
    opened,
    rows_by_code,
    take,
    typed_into,
    upload,
    words,
)


def test_the_template_holds_the_draft_last_years_answers_help_and_examples(desk, client_as):
    with writing():
        services.import_report(
            desk.cooperative, year=2024, answers={"aset": 480_000_000, "jumlah_anggota": 90}
        )
    desk.save(aset=500_000_000, tanggal_badan_hukum="2001-05-17", kode_kelurahan="35.73.01.1001")
    data = fetched(desk, client_as)
    sheet, rows = opened(data).worksheets[0], rows_by_code(data)
    assert sheet.cell(rows["aset"], 4).value == 500_000_000
    assert sheet.cell(rows["aset"], 5).value == "Rp480.000.000"
    assert sheet.cell(rows["anggota_pria"], 5).value == "90 (jumlah)"
    assert "neraca" in sheet.cell(rows["aset"], 7).value.lower()
    assert sheet.cell(rows["tanggal_badan_hukum"], 4).value == datetime(2001, 5, 17)  # noqa: DTZ001 - as openpyxl reads a day
    assert sheet.cell(rows["kode_kelurahan"], 4).value == "Balearjosari"
    assert sheet.cell(rows["nik_koperasi"], 8).value == "3573010000001"


def test_only_the_answer_cells_can_be_typed_in_and_the_mark_is_hidden(desk, client_as):
    data = fetched(desk, client_as)
    sheet, rows = opened(data).worksheets[0], rows_by_code(data)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    open_cells = {(c.row, c.column) for line in sheet.iter_rows() for c in line if not c.protection.locked}
    assert open_cells == {(y, 4) for y in rows.values()}
    assert sheet.column_dimensions["A"].hidden
    mark = read_mark(sheet["A1"].value)
    assert (mark.cooperative_id, mark.year, mark.version) == (desk.cooperative_id, YEAR, 0)


def test_choices_and_kelurahan_are_lists_and_figures_and_days_are_checked_in_plain_words(desk, client_as):
    data = fetched(desk, client_as)
    book, rows = opened(data), rows_by_code(data)
    rules = {str(rule.sqref): rule for rule in book.worksheets[0].data_validations.dataValidation}
    choice = rules[f"D{rows['jenis_koperasi']}"]
    column = re.search(r"\$([A-Z])\$1:", choice.formula1)[1]
    assert [cell.value for cell in book.worksheets[1][column] if cell.value][:2] == [
        "Simpan Pinjam",
        "Konsumen",
    ]
    assert rules[f"D{rows['kode_kelurahan']}"].formula1.endswith("$57")
    assert rules[f"D{rows['aset']}"].type == "whole"
    assert "rupiah penuh" in rules[f"D{rows['aset']}"].error
    assert rules[f"D{rows['tanggal_rat']}"].formula2 == "TODAY()"
    assert book.worksheets[1].sheet_state == "hidden"
    assert all(len(rule.error) <= 255 and len(rule.errorTitle) <= 32 for rule in rules.values())


def test_the_template_prints_on_a4_with_its_headings_on_every_page(desk, client_as):
    sheet = opened(fetched(desk, client_as)).worksheets[0]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"


def test_a_question_that_staff_added_stands_in_the_template_and_comes_back(desk, client_as):
    added = {
        "code": "jumlah_cabang",
        "section": 4,
        "label": "Jumlah kantor cabang",
        "type": "integer",
        "min": 0,
    }
    edition = db.session.query(Edition).filter_by(year=YEAR).one()
    with writing() as session:
        edition = session.get_one(Edition, edition.id)
        edition.questions = standard().with_question(added).to_json()
        edition.digest = "f" * 64
    data = fetched(desk, client_as)
    browser = client_as(desk.member)
    page = upload(browser, desk, typed_into(data, jumlah_cabang=3))
    take(browser, desk, browser.get(page.location), "jumlah_cabang")
    assert desk.report().answers["jumlah_cabang"] == 3


def test_no_answer_becomes_a_formula(desk, client_as):
    evil = '=HYPERLINK("http://contoh.invalid","x")'
    desk.save(nama_ketua=evil, alamat="@SUM(1+1)", nama_pengelola="+62", nomor_badan_hukum="-1+1")
    archive = zipfile.ZipFile(io.BytesIO(fetched(desk, client_as)))
    sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


def test_the_same_draft_gives_the_same_template(desk, client_as):
    desk.save(**sound())
    assert fetched(desk, client_as) == fetched(desk, client_as)


def test_of_a_returned_report_only_the_reopened_answers_can_be_typed_in(desk, client_as):
    desk.file()
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    data = fetched(desk, client_as)
    sheet, rows = opened(data).worksheets[0], rows_by_code(data)
    assert not sheet.cell(rows["aset"], 4).protection.locked
    assert sheet.cell(rows["modal_luar"], 4).protection.locked


def test_a_report_that_is_locked_has_no_template_and_takes_no_file(desk, client_as):
    data = fetched(desk, client_as)
    desk.file()
    browser = client_as(desk.member)
    assert browser.get(address(desk, "templat.xlsx")).location.endswith("/unggah")
    assert upload(browser, desk, data).location.endswith("/unggah")
    page = browser.get(address(desk))
    assert "Petugas sedang memeriksanya" in words(page)
    assert 'type="file"' not in page.get_data(as_text=True)
