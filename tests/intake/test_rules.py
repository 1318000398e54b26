from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.spreadsheet_guard import NOT_CALCULATED
from app.intake.columns import propose_mapping
from app.intake.headings import Header
from app.intake.rules import read_row, read_rows
from tests.intake.tables import context, read, read_one
from tests.intake.test_cells import ANY_CELL
from tests.intake.test_columns import MINISTRY


def test_a_row_of_the_ministrys_export_is_read_whole():
    row = [
        1, 3573010000001.0, "KOPERASI MELATI JAYA", "518/09/BH/KANKOP", 36526, "Jl. Contoh 1", "Oro Oro Dowo", "KLOJEN",
        "KOTA MALANG", "JAWA TIMUR", 65119.0, "0341-551234", "melati@contoh.example", "Aktif", "SITI CONTOH", 81234567890.0,
        "Primer Kabupaten/Kota", "Simpan Pinjam", "KPRI", "Jasa Lainnya", 25.0, 1.0, 3.0, date(2025, 3, 1), "1.250.000",
        "Rp 500.000,00", 1750000.0, "2,500,000.00", 2024.0, "-50.000",
    ]  # fmt: skip
    reading = read_one(MINISTRY, row)
    assert (reading.problems, reading.notes, reading.refused, reading.skipped) == ((), (), None, None)
    assert reading.year == 2024
    assert reading.register_values() == {
        "nik_koperasi": "3573010000001",
        "nama_koperasi": "Koperasi Melati Jaya",
        "nomor_badan_hukum": "518/09/BH/KANKOP",
        "tanggal_badan_hukum": "2000-01-01",
        "alamat": "Jl. Contoh 1",
        "kode_kelurahan": "35.73.02.1008",
        "kode_kecamatan": "35.73.02",
        "telepon_kantor": "+62341551234",
        "nama_ketua": "Siti Contoh",
        "telepon_ketua": "+6281234567890",
        "bentuk_koperasi": "Primer Kabupaten/Kota",
        "jenis_koperasi": "Simpan Pinjam",
        "kelompok_koperasi": "Kop. Pegawai Negeri (KPRI)",
        "sektor_usaha": "Jasa Lainnya",
        "email": "melati@contoh.example",
        "last_rat": "2025-03-01",
    }
    answers = reading.report_values()
    assert answers["status_rat"] == "Sudah RAT"
    figures = ("jumlah_anggota", "modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")
    assert [answers[code] for code in figures] == [25, 1250000, 500000, 1750000, 2500000, -50000]
    assert "email" not in answers
    assert reading.values["kode_pos"] == "65119"


def test_a_row_without_a_year_answers_no_report():
    reading = read_one("Nama koperasi|Modal sendiri", "Koperasi A|1.000.000")
    assert reading.year is None
    assert reading.report_values() == {}
    assert reading.values["modal_sendiri"] == 1000000


@pytest.mark.parametrize(("year_is", "year"), [("book", 2020), ("rat", 2019)])
def test_a_year_column_is_the_book_year_or_the_year_after(year_is, year):
    assert read_one("Nama koperasi|Tahun", "Koperasi A|2020", year_is=year_is).year == year


def test_a_year_that_cannot_be_read_is_told_and_makes_no_report():
    reading = read_one("Nama koperasi|Tahun", "Koperasi A|2019/2020")
    assert (reading.year, [problem.field for problem in reading.problems]) == (None, ["tahun_buku"])


def test_parts_add_up_to_their_totals():
    reading = read_one(
        "tahun|nama_koperasi|jml_anggota_l|jml_anggota_p|simpanan_pokok|simpanan_wajib|cadangan|simpanan_lainnya",
        "2019|Koperasi A|26|13|3800000|209499750|31642405|22705365",
        year_is="rat",
    )
    assert reading.values["jumlah_anggota"] == 39
    assert reading.values["modal_sendiri"] == 267_647_520
    assert reading.report_values()["simpanan_lainnya"] == 22_705_365
    assert reading.notes == ()


def test_a_part_that_is_missing_counts_nothing_and_is_told():
    reading = read_one("nama_koperasi|simpanan_pokok|simpanan_wajib", "Koperasi A|100|200")
    assert reading.values["modal_sendiri"] == 300
    assert "2 bagian" in str(reading.notes[0])


def test_a_part_that_cannot_be_read_leaves_the_total_open():
    reading = read_one("nama_koperasi|simpanan_pokok|simpanan_wajib", "Koperasi A|100|1.25")
    assert "modal_sendiri" not in reading.values
    assert [problem.field for problem in reading.problems] == ["simpanan_wajib"]


def test_totals_that_do_not_fit_their_parts_are_told():
    members = read_one("nama koperasi|jumlah anggota|anggota pria|anggota wanita", "Koperasi A|40|26|13")
    assert members.values["jumlah_anggota"] == 40
    assert "anggota_pria" not in members.values
    assert "40" in str(members.notes[0])
    capital = read_one("nama koperasi|modal sendiri|simpanan pokok|simpanan wajib", "Koperasi A|500|100|200")
    assert capital.values["modal_sendiri"] == 500
    assert "tidak sama" in str(capital.notes[0])


@pytest.mark.parametrize(
    ("held", "year", "status"),
    [
        ("2020-03-01", "2019", "Sudah RAT"),
        ("2019-03-01", "2019", None),
        ("2022-03-01", "2019", None),
        ("", "2019", None),
    ],
)
def test_only_a_meeting_in_the_year_after_was_about_the_book_year(held, year, status):
    reading = read_one("nama koperasi|tahun|tanggal rat", f"Koperasi A|{year}|{held}")
    assert reading.report_values().get("status_rat") == status


def test_what_the_row_says_about_its_meeting_stands():
    reading = read_one("nama koperasi|tahun|tanggal rat|status rat", "Koperasi A|2019|2020-03-01|belum")
    assert reading.report_values()["status_rat"] == "Belum RAT"


def test_a_cell_that_cannot_be_read_is_told_and_the_row_still_counts():
    reading = read_one(
        "nama koperasi|tanggal rat|modal luar|jenis koperasi", "Koperasi A|kemarin|1.25|dagang"
    )
    assert reading.values == {"nama_koperasi": "Koperasi A"}
    assert [(problem.field, problem.raw) for problem in reading.problems] == [
        ("tanggal_rat", "kemarin"), ("modal_luar", "1.25"), ("jenis_koperasi", "dagang"),
    ]  # fmt: skip
    assert reading.refused is None


def test_the_files_own_id_is_kept_as_its_own():
    reading = read("nik|nama koperasi", "3573010000001|Koperasi A", "12|Koperasi B")[1]
    assert reading.register_values() == {"nama_koperasi": "Koperasi B", "source_id": "12"}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("||", "kosong"),
        ("-|0000-00-00|", "kosong"),
        ("|JUMLAH||1.000.000", "jumlah"),
        ("TOTAL||1|2", "jumlah"),
        ("Jumlah seluruhnya|||5", "jumlah"),
        ("No|Nama koperasi|Alamat|Modal luar", "terulang"),
        ("1|2|3|4", "Nomor kolom"),
        ("(1)|(2)|(3)|(4)", "Nomor kolom"),
        ("||Kepala Dinas Contoh|", "Catatan"),
        ("*) angka sementara", "Catatan"),
    ],
)
def test_rows_that_are_no_cooperatives_are_skipped_with_a_reason(row, why):
    _, reading = read("No|Nama koperasi|Alamat|Modal luar", "1|Koperasi A|Jl. A 1|5", row)
    assert reading.refused is None
    assert why in str(reading.skipped)


def test_a_row_that_should_name_a_cooperative_is_refused():
    _, reading = read("No|Nama koperasi|Alamat|Modal luar", "1|Koperasi A|Jl. A 1|5", "2||Jl. B 2|7.000")
    assert reading.skipped is None
    assert "tidak memuat nama koperasi" in str(reading.refused)
    assert reading.raw == ("2", "", "Jl. B 2", "7.000")


def test_a_cooperative_may_be_called_total_when_it_has_a_number():
    reading = read_one("Nama koperasi|No badan hukum", "Total Karya|518/1/BH/2000")
    assert reading.name == "Total Karya"


def test_rows_bear_the_numbers_that_a_spreadsheet_shows():
    assert [reading.number for reading in read("Nama koperasi|Alamat", "A|x", "|", "B|y")] == [2, 3, 4]


def test_short_rows_and_long_rows_are_read():
    short, long = read("Nama koperasi|Alamat", ["Koperasi A"], ["Koperasi B", "Jl. B 1", "lebih", None])
    assert (short.name, long.name) == ("Koperasi A", "Koperasi B")


HEADINGS = [
    "ID Koperasi", "Nama koperasi", "No badan hukum", "Tgl badan hukum", "Alamat", "Kelurahan", "Kecamatan", "Kabupaten", "Email",
    "Telepon", "HP", "Bentuk koperasi", "Jenis koperasi", "Status RAT", "Tanggal RAT", "Tahun", "Jumlah anggota", "Anggota L",
    "Anggota P", "Modal sendiri", "Simpanan pokok", "Simpanan wajib", "Aset", "SHU", "Kode pos", "Sektor usaha",
]  # fmt: skip
CELLS = ANY_CELL | st.sampled_from(
    ["Klojen", "JUMLAH", "Kota Malang", "Kab. X", "Sudah RAT", "2024", "#REF!", "Koperasi A"]
)


@given(st.lists(st.lists(CELLS, max_size=30), max_size=8), st.sampled_from(["book", "rat"]))
def test_any_row_is_accounted_for_exactly_once(rows, year_is):
    table = [HEADINGS, *rows]
    header = Header(0, 0, tuple(HEADINGS), 1.0)
    mapping = propose_mapping(header, rows)
    readings = list(read_rows(table, header, mapping, context(year_is=year_is)))
    assert [reading.number for reading in readings] == list(range(2, len(table) + 1))
    for reading in readings:
        verdicts = [reading.skipped is not None, reading.refused is not None, bool(reading.name)]
        assert sum(verdicts) == 1
        assert all(str(problem.text) for problem in reading.problems)
        assert all(str(note) for note in reading.notes)
        assert all(isinstance(value, (str, int)) and value != "" for value in reading.values.values())


@given(st.lists(CELLS, min_size=26, max_size=26))
def test_reading_a_row_twice_gives_the_same(cells):
    header = Header(0, 0, tuple(HEADINGS), 1.0)
    mapping = propose_mapping(header, [])
    assert repr(read_row(2, cells, mapping, context())) == repr(read_row(2, cells, mapping, context()))


def test_a_broken_formula_is_told_whatever_the_column():
    row = ["#REF!", "Koperasi Melati", "#NAME?", NOT_CALCULATED, "2024"]
    reading = read_one(["Telepon", "Nama Koperasi", "Kelurahan", "Aset", "Tahun Buku"], row)
    assert [problem.field for problem in reading.problems] == ["telepon_kantor", "aset", "kode_kelurahan"]
    assert set(reading.values) == {"nama_koperasi"}
