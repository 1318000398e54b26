import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.parsing import fold_space
from app.intake import cells, figures
from app.intake.cells import CellProblem, SourceId

ANY_CELL = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(max_size=40)
    | st.text("0123456789.,-/ Rp()E+'", max_size=20)
)


@pytest.mark.parametrize(
    "blank", [None, "", "  ", "-", "--", "–", "N/A", "null", "0000-00-00", " \n", "'-", float("nan")]
)
def test_every_way_to_say_nothing_is_blank(blank):
    assert cells.text_of(blank) == "" or blank == "'-"
    assert cells.read_text(blank if blank != "'-" else None, 50) is None


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("Jl. A,\r\n No. 1", "Jl. A, No. 1"),
        (8091.0, "8091"),
        (1.5, "1.5"),
        (True, "ya"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, 3, 4), "2020-01-02"),  # noqa: DTZ001
        ("'0812", "0812"),
        ("'=x", "=x"),
        ("Jum'at", "Jum'at"),
        ("a\x00b\u200bc", "abc"),
    ],
)
def test_a_cell_is_one_line_of_text(cell, text):
    assert cells.text_of(cell) == text


@given(st.text(max_size=60))
def test_the_quick_way_to_fold_space_gives_what_the_thorough_one_gives(text):
    folded = fold_space(text)
    if folded.lower() not in cells.BLANK and not folded.startswith("'"):
        assert cells.text_of(text) == folded


def test_long_texts_are_cut_and_told():
    problem = cells.read_text("abc " * 100, 10)
    assert isinstance(problem, CellProblem)
    assert problem.value == "abc abc ab"
    assert "10" in str(problem.text)


@pytest.mark.parametrize("error", ["#REF!", "#value!", " #DIV/0! "])
def test_a_broken_formula_is_told_by_every_reader(error):
    for read in (cells.read_name, figures.read_rupiah, figures.read_count):
        assert isinstance(read(error), CellProblem)
    assert isinstance(figures.read_date(error, latest=date.max), CellProblem)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("KOPERASI MELATI\nJAYA", "Koperasi Melati Jaya"),
        ("Koperasi melati", "Koperasi melati"),
        ("...", None),
        ("-", None),
        (8.0, "8"),
    ],
)
def test_names_are_shown_as_names(cell, read):
    assert cells.read_name(cell) == read


def test_tidak_ada_is_an_answer_about_the_manager():
    assert cells.read_person("TIDAK ADA") == "Tidak Ada"
    assert cells.read_person("tidak ada") == "tidak ada"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("3573010000001", "3573010000001"),
        ("'3573010000001", "3573010000001"),
        ("35 7301 000.0001", "3573010000001"),
        (3573010000001.0, "3573010000001"),
        (3573010000001, "3573010000001"),
        ("12", SourceId("12")),
        (12.0, SourceId("12")),
        ("KOP-00012", SourceId("KOP-00012")),
        ("-", None),
        (None, None),
    ],
)
def test_thirteen_digits_are_a_nik_and_other_ids_are_the_files_own(cell, read):
    assert cells.read_nik(cell) == read


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("3,57301E+12", "hilang"),
        ("3.573E+12", "hilang"),
        ("3573011203800001", "NIK penduduk"),
        ("x" * 80, "bukan NIK"),
    ],
)
def test_a_nik_with_lost_digits_or_of_a_person_is_not_taken(cell, said):
    problem = cells.read_nik(cell)
    assert isinstance(problem, CellProblem)
    assert problem.value is None
    assert said in str(problem.text)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("+6281234567890", "+6281234567890"),
        (81234567890.0, "+6281234567890"),
        (6281234567890, "+6281234567890"),
        ("'081234567890", "+6281234567890"),
        ("Telp. (0341) 551234", "+62341551234"),
        ("HP: 081234567890", "+6281234567890"),
        ("0", None),
        ("-", None),
    ],
)
def test_telephone_numbers_are_read_as_people_and_spreadsheets_leave_them(cell, read):
    assert cells.read_phone(cell) == read


def test_of_two_numbers_the_first_readable_is_kept_and_that_is_told():
    problem = cells.read_phone("551234 / 0812-3456-7890")
    assert isinstance(problem, CellProblem)
    assert problem.value == "+6281234567890"
    assert "Hanya satu nomor" in str(problem.text)


@pytest.mark.parametrize("cell", ["12", "tidak punya", "8,12E+11", "123456/78"])
def test_an_unreadable_telephone_number_is_told(cell):
    problem = cells.read_phone(cell)
    assert isinstance(problem, CellProblem)
    assert problem.value is None


def test_choices_are_found_by_their_word_or_by_a_spelling():
    options, spellings = ["Simpan Pinjam", "Kop. Lainnya"], {"ksp": "Simpan Pinjam", "kud": "KUD"}
    assert cells.read_choice("SIMPAN  PINJAM", options, spellings) == "Simpan Pinjam"
    assert cells.read_choice("KSP", options, spellings) == "Simpan Pinjam"
    assert cells.read_choice("kop lainnya", options, spellings) == "Kop. Lainnya"
    assert cells.read_choice("", options, spellings) is None
    for unknown in ("dagang", "KUD"):
        assert isinstance(cells.read_choice(unknown, options, spellings), CellProblem)


def test_addresses_of_mail_and_postal_codes_are_checked():
    assert cells.read_email("Surel: Melati@Contoh.Example ; lain@x.example") == "melati@contoh.example"
    assert isinstance(cells.read_email("tidak ada"), CellProblem)
    assert cells.read_email("-") is None
    assert cells.read_postal_code(65126.0) == "65126"
    assert cells.read_postal_code("0") is None
    assert isinstance(cells.read_postal_code("6512"), CellProblem)


def test_a_legal_number_that_excel_took_for_a_day_is_told():
    assert cells.read_legal_number("8091/BH/KWK-10/22") == "8091/BH/KWK-10/22"
    assert cells.read_legal_number(8091.0) == "8091"
    assert cells.read_legal_number("./.") is None
    assert isinstance(cells.read_legal_number(date(1998, 12, 10)), CellProblem)


READERS = [
    cells.text_of,
    cells.shown,
    cells.read_name,
    cells.read_person,
    cells.read_legal_number,
    cells.read_nik,
    cells.read_phone,
    cells.read_email,
    cells.read_postal_code,
    figures.read_count,
    figures.read_rupiah,
    lambda cell: figures.read_date(cell, latest=date(2026, 8, 17)),
    lambda cell: figures.read_year(cell, latest=2026),
    lambda cell: cells.read_choice(cell, ["Jasa"], {}),
]


@given(ANY_CELL)
def test_no_cell_makes_a_reader_fail(cell):
    for read in READERS:
        value = read(cell)
        if isinstance(value, CellProblem):
            assert str(value.text)
            value = value.value
        assert value is None or isinstance(value, (str, int, date, SourceId))
        if isinstance(value, str):
            assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in value)


@given(st.integers(10**12, 10**13 - 1))
def test_a_nik_is_the_same_as_text_as_number_and_as_float(nik):
    assert cells.read_nik(str(nik)) == cells.read_nik(nik) == cells.read_nik(float(nik)) == str(nik)
