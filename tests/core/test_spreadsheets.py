import csv
import io
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import delimited, spreadsheet_guard, spreadsheets
from app.core.errors import RuleBroken
from app.core.spreadsheets import Column, Sheet, read_sheets, write_csv, write_xlsx
from tests.support import workbooks
from tests.support.fuzzing import examples

TABLE = "id,nama,alamat\n1,Koperasi Melati,Jl. Contoh 1\n2,Koperasi Mawar,Jl. Contoh 2\n"
ROWS = [
    ["id", "nama", "alamat"],
    ["1", "Koperasi Melati", "Jl. Contoh 1"],
    ["2", "Koperasi Mawar", "Jl. Contoh 2"],
]


def refusal(data, name="berkas"):
    with pytest.raises(RuleBroken) as caught:
        read_sheets(data, name)
    assert caught.value.field == "file"
    return str(caught.value)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_text_table_is_read_whatever_its_separator_letters_and_line_ends(separator, encoding, line_end):
    data = TABLE.replace(",", separator).replace("\n", line_end).encode(encoding)
    assert read_sheets(data, "daftar.csv") == [Sheet("daftar", ROWS)]


def test_accents_survive_utf8_and_latin():
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert (
            read_sheets("nama,kota\nKafé “Kita”,Bogor\n".encode(encoding), "x")[0].rows[1][0] == "Kafé “Kita”"
        )


def test_line_breaks_inside_a_cell_do_not_cut_the_row():
    rows = read_sheets(b'nama,alamat\n"Koperasi\nMelati","Jl. A,\r\nNo. 1"\n', "x.csv")[0].rows
    assert rows == [["nama", "alamat"], ["Koperasi\nMelati", "Jl. A,\r\nNo. 1"]]


def test_commas_in_addresses_do_not_outvote_the_semicolons():
    data = b"nama;alamat\nA;Jl. Satu, RT 1, RW 2\nB;Jl. Dua, RT 3, RW 4\nC;Jl. Tiga\n"
    assert all(len(row) == 2 for row in read_sheets(data, "x.csv")[0].rows)


def test_a_title_above_the_table_does_not_hide_the_separator():
    data = b"DATA KOPERASI, TAHUN 2024\n\nno;nama;alamat\n1;A;Jl. Satu\n2;B;Jl. Dua\n"
    assert read_sheets(data, "x.csv")[0].rows[3] == ["1", "A", "Jl. Satu"]


def test_excels_own_line_that_names_the_separator_is_no_row():
    assert read_sheets(b"sep=;\r\na;b\r\n1;2\r\n", "x.csv")[0].rows == [["a", "b"], ["1", "2"]]


def test_a_quotation_mark_that_is_never_closed_is_told():
    assert "tanda kutip" in refusal(b'a,b\n1,"' + b"x" * 200_000)


def test_too_many_rows_or_columns_are_told_with_what_to_do():
    assert "20.000 baris" in refusal(b"a,b\n" * 20_001)
    assert "Bagi" in refusal(b"," * 300)
    assert "paling besar 10 MB" in refusal(b"a" * (10 << 20) + b"b")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "kosong"),
        (b" \r\n\n", "kosong"),
        (b"\xef\xbb\xbf", "kosong"),
        (b"%PDF-1.7 ...", "berkas PDF"),
        (b"\x89PNG\r\n", "berkas PNG"),
        (b"\xff\xd8\xff\xe0 ....", "berkas JPEG"),
        (bytes(range(1, 32)) * 50, "bukan lembar kerja"),
        (b"PK\x03\x04 not a zip", "rusak"),
        (b"\xd0\xcf\x11\xe0 not a workbook", "rusak"),
        (workbooks.word_document(), "bukan lembar kerja"),
        (workbooks.encrypted_office(), "sandi"),
        (workbooks.ods("", manifest="<m:encryption-data/>"), "sandi"),
        (workbooks.ods("", mimetype="application/vnd.oasis.opendocument.text"), "bukan lembar kerja"),
        (b"<html><table></table></html>", "bukan lembar kerja"),
    ],
)
def test_what_is_no_readable_spreadsheet_is_refused_with_a_sentence(data, said):
    assert said in refusal(data, "koperasi.xlsx")


def test_a_word_document_of_today_is_no_spreadsheet():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "bukan lembar kerja" in refusal(out.getvalue(), "koperasi.xlsx")


def test_old_excel_files_are_read_with_texts_numbers_and_days():
    data = workbooks.xls(
        [["NAMA", "NIK", "TANGGAL"], ["Koperasi é", 3573010000001.0, ("date", 43831)], [None, "0812"]]
    )
    assert read_sheets(data, "x") == [
        Sheet(
            "Data",
            [["NAMA", "NIK", "TANGGAL"], ["Koperasi é", 3573010000001.0, date(2020, 1, 1)], [None, "0812"]],
        )
    ]


def test_opendocument_files_are_read_and_their_million_empty_rows_cost_nothing():
    filled = workbooks.ods_row("NAMA", 5, ("2020-01-02",))
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert read_sheets(workbooks.ods(filled + empty), "x")[0].rows == [["NAMA", 5.0, date(2020, 1, 2)]]


def test_a_web_page_under_the_name_of_an_excel_file_is_read_as_its_table():
    page = b"<table><tr><th>NAMA<th colspan=2>ANGGOTA</tr><tr><td>Koperasi &amp; <b>Mitra</b></td><td>5<td>6</table>"
    assert read_sheets(page, "ekspor.xls")[0].rows == [
        ["NAMA", "ANGGOTA", None],
        ["Koperasi & Mitra", "5", "6"],
    ]


@pytest.mark.parametrize("reference", ["XFD1048576", "A20001", "GS1"])
def test_one_cell_far_out_is_refused_before_it_costs_memory(reference):
    assert "letaknya sangat jauh" in refusal(workbooks.xlsx_with_cell(reference))


def test_a_far_cell_in_an_unusual_spelling_ends_the_reader_but_not_the_site():
    disguised = workbooks.xlsx_with_cell("A1").replace(b"A1", b"A1")
    assert read_sheets(disguised, "x")
    hidden = workbooks.xlsx_with_cell("XFD1048576", "t='inlineStr' ><is><t>x</t></is></c>")
    with zipfile.ZipFile(io.BytesIO(hidden)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'r="XFD1048576"', b"r='XFD1048576'")
    parts[sheet] = parts[sheet].replace(
        b"<row", b"<row r='1'><c r='A1' t='inlineStr'><is><t>a</t></is></c></row><row"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert "terlalu besar" in refusal(out.getvalue())


def test_a_far_cell_that_holds_only_a_format_is_no_reason_to_refuse():
    assert read_sheets(workbooks.xlsx_with_cell("XFD1048576", 's="0"/>'), "x")[0].rows == []


def test_bombs_are_refused():
    assert "terlalu besar" in refusal(
        workbooks.xlsx_with_cell("A1", members=[("xl/media/a.png", b"\0" * (70 << 20))])
    )
    many = [(f"xl/media/{i}.png", b"") for i in range(250)]
    assert "terlalu besar" in refusal(workbooks.xlsx_with_cell("A1", members=many))
    assert refusal(workbooks.ods(workbooks.ods_row(*["a"] * 1000, repeated=90_000)))
    assert "letaknya sangat jauh" in refusal(workbooks.xls([["a"]] + [[]] * 20_000 + [["b"]]))


def test_a_reader_that_hangs_is_ended(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)")
    monkeypatch.setattr(spreadsheets, "GUARD", slow)
    monkeypatch.setattr(spreadsheets, "PATIENCE", 0.2)
    assert "terlalu besar" in refusal(workbooks.ods(""))


def test_only_visible_sheets_are_read():
    xlsxwriter = pytest.importorskip("xlsxwriter")
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("Satu").write("B3", "x")
    book.add_worksheet("Daftar").hide()
    book.add_worksheet("Dua")
    book.close()
    assert read_sheets(out.getvalue(), "x") == [Sheet("Satu", [[], [], [None, "x"]]), Sheet("Dua", [])]


COLUMNS = [
    Column("Nama"),
    Column("NIK"),
    Column("Anggota", "integer"),
    Column("Aset", "rupiah"),
    Column("RAT", "date"),
]
RECORDS = [
    ["=1+1", "0573010000001", 25, 9_007_199_254_740_993, date(2026, 2, 21)],
    ["@Koperasi\nMelati", "+628123456789", None, -5, None],
]


def test_a_written_workbook_reads_back_with_its_kinds_and_no_formula():
    data = write_xlsx(COLUMNS, RECORDS, sheet_name="Koperasi 2025", title="Daftar koperasi")
    (sheet,) = read_sheets(data, "x.xlsx")
    assert sheet.name == "Koperasi 2025"
    assert sheet.rows[0] == ["Daftar koperasi"]
    assert sheet.rows[2] == [column.title for column in COLUMNS]
    assert sheet.rows[3] == ["=1+1", "0573010000001", 25.0, "9007199254740993", date(2026, 2, 21)]
    assert sheet.rows[4] == ["@Koperasi\nMelati", "+628123456789", None, -5.0]


def test_the_same_rows_give_the_same_bytes():
    assert write_xlsx(COLUMNS, RECORDS, sheet_name="A") == write_xlsx(COLUMNS, iter(RECORDS), sheet_name="A")


def test_any_sheet_name_becomes_one_that_excel_takes():
    for name in ("", "[]:*?/\\", "Lembar / 2025: koperasi yang belum melapor", "'kutip'"):
        (sheet,) = read_sheets(write_xlsx([Column("A")], [["x"]], sheet_name=name), "x")
        assert 1 <= len(sheet.name) <= 31


def test_a_moment_is_written_as_the_clock_shows_it():
    data = write_xlsx([Column("Saat", "date")], [[datetime(2026, 1, 2, 14, 2)]], sheet_name="A")  # noqa: DTZ001
    assert read_sheets(data, "x")[0].rows[1] == [datetime(2026, 1, 2, 14, 2)]  # noqa: DTZ001


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "'=1", "=cmd|' /C calc'!A0", "+62 811-x", "＝1+1"],
)
def test_text_that_a_spreadsheet_would_run_is_quoted_in_csv(cell):
    text = write_csv([Column("A")], [[cell]]).decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text.split("\r\n", 1)[1], newline="")))[0].startswith("'")


@pytest.mark.parametrize("name", ["Toko;=1+1", 'Toko;=HYPERLINK("http://a.example","b")', "a, b\n=1+1"])
def test_no_program_that_cuts_elsewhere_finds_a_formula_in_the_middle_of_a_cell(name):
    text = write_csv([Column("Nomor"), Column("Nama")], [["1", name]]).decode("utf-8-sig")
    pieces = re.split(
        r"[;\r\n]+", text
    )  # an Indonesian Excel: quotation marks inside a piece are letters to it
    assert not [piece for piece in pieces if piece.startswith("=")]


def test_negative_amounts_and_telephone_numbers_stay_bare_in_csv():
    text = write_csv(COLUMNS, [["-", "+628123456789", -5, -1_000, date(2026, 2, 21)]]).decode("utf-8-sig")
    assert text.splitlines()[1] == "'-,+628123456789,-5,-1000,2026-02-21"


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30) | st.sampled_from(
    [
        "=1",
        "'=1",
        "''-x",
        "+62811",
        "-5",
        "a\nb",
        'a"b',
        "a;b,c",
        "@",
        "'",
        "\tx",
        "01",
        "a;=1",
        "a; '=1\n-b",
        ";'=",
        "\t=",
        "＝1",
    ]
)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from([",", ";"]))
def test_what_is_written_as_csv_reads_back_exactly(rows, separator):
    written = write_csv([Column("nama"), Column("alamat"), Column("telepon")], rows, delimiter=separator)
    body = delimited.decode(written)
    assert [
        [delimited.unprotected(cell) for cell in row]
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=separator)
    ][1:] == rows


@given(TEXTS)
def test_quoting_a_cell_is_undone_exactly(cell):
    assert delimited.unprotected(delimited.protected(cell)) == cell


def only_sheets_or_a_sentence(data):
    try:
        sheets = read_sheets(data, "berkas.csv")
    except RuleBroken as refused:
        sheets, told = [], str(refused.text)
    else:
        told = "read"
    assert told
    for sheet in sheets:
        assert all(isinstance(row, list) for row in sheet.rows)


@given(
    st.binary(max_size=3000) | st.text(max_size=1000).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_give_sheets_or_a_sentence(data):
    only_sheets_or_a_sentence(data)


GOOD_FILES = (
    workbooks.xls([["NAMA", 1.0], ["A", ("date", 5)]]),
    workbooks.ods(workbooks.ods_row("NAMA", 1)),
    write_xlsx([Column("NAMA"), Column("RAT", "date")], [["A", date(2026, 1, 1)]], sheet_name="A"),
    b"<table><tr><td>a</td></tr></table>",
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(GOOD_FILES), st.integers(0), st.binary(min_size=1, max_size=20), st.booleans())
def test_a_damaged_workbook_gives_sheets_or_a_sentence(data, place, damage, cut):
    place %= len(data)
    only_sheets_or_a_sentence(data[:place] if cut else data[:place] + damage + data[place + len(damage) :])


def test_the_guard_answers_in_its_own_process_too(monkeypatch):
    """The same verdicts without the process around them, so that every refusal is seen where it is made."""
    for data, word in (
        (workbooks.xlsx_with_cell("XFD1048576"), "too_many_rows"),
        (workbooks.xlsx_with_cell("A1", members=[("a", b"\0" * (70 << 20))]), "too_large"),
        (workbooks.ods("", manifest="<m:encryption-data/>"), "locked"),
        (b"PK\x03\x04", "broken"),
    ):
        with pytest.raises(spreadsheet_guard.Refused, match=word):
            spreadsheet_guard.check_zip(data)
    for data, word in (
        (workbooks.encrypted_office(), "locked"),
        (workbooks.word_document(), "not_a_spreadsheet"),
    ):
        with pytest.raises(spreadsheet_guard.Refused, match=word):
            spreadsheet_guard.check_ole(data)
    assert spreadsheet_guard.column_number(b"XFD") == 16_384
    assert spreadsheet_guard.read(workbooks.xls([["a", ("date", 43831)]])) == [
        {"name": "Data", "rows": [["a", {"day": "2020-01-01"}]]}
    ]
    monkeypatch.setattr(spreadsheet_guard, "resource", None)
    spreadsheet_guard.limit_resources()


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=10))
def test_any_text_fits_into_a_workbook(texts):
    (sheet,) = read_sheets(write_xlsx([Column("Nama")], [[text] for text in texts], sheet_name="A"), "x")
    kept = [row[0] if row else None for row in sheet.rows[1:]]
    printable = [text if text.isprintable() and text else None for text in texts]
    assert all(read == text for read, text in zip(kept, printable, strict=False) if text is not None)


def test_a_formula_without_a_value_is_no_blank_cell():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    book.add_worksheet("Sampul")
    sheet = book.add_worksheet("Daftar")
    sheet.write_row(0, 0, ["nama", "aset", "shu"])
    sheet.write_string(1, 0, "Koperasi Melati")
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(1, 2, "=2*3", None, 6)
    book.close()
    read = read_sheets(out.getvalue(), "x.xlsx")[1].rows
    assert read[1] == ["Koperasi Melati", "#DIV/0!", 6]
    never_calculated = openpyxl.load_workbook(out)
    again = io.BytesIO()
    never_calculated.save(again)
    read = read_sheets(again.getvalue(), "x.xlsx")[1].rows
    assert read[1][2] == spreadsheet_guard.NOT_CALCULATED


def test_a_failed_formula_of_an_ods_file_is_no_blank_cell():
    failed = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    row = workbooks.ods_row("Koperasi Melati", 5).replace("</table:table-row>", f"{failed}</table:table-row>")
    assert read_sheets(workbooks.ods(row), "x.ods")[0].rows == [["Koperasi Melati", 5.0, "#DIV/0!"]]
