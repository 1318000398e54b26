"""A year's reports in the column order of the ministry and the province."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from app.cooperatives.models import Cooperative
from app.core.errors import RuleBroken
from app.core.spreadsheets import read_sheets
from app.core.writing import writing
from app.questionnaire import exports, services
from app.questionnaire.rules import Status
from tests.support.answers import sound


@pytest.fixture
def approved(make_desk):
    """An approved report of a cooperative with e-mail and sector in the register."""
    desk = make_desk(email="melati@uji.example", sektor_usaha="Perdagangan")
    desk.approve()
    return desk


def row_of(year, layout, **options):
    table = exports.year_table(year, layout, **options)
    (row,) = table.rows
    return dict(zip([column.title for column in table.columns], row, strict=True))


def test_the_ministrys_layout_has_its_thirty_columns_in_order(approved):
    table = exports.year_table(2025, "kementerian")
    assert [column.title for column in table.columns][:4] == [
        "NO",
        "ID KOPERASI",
        "NAMA KOPERASI",
        "NO BADAN HUKUM",
    ]
    assert len(table.columns) == 30
    assert row_of(2025, "kementerian") == {
        "NO": 1,
        "ID KOPERASI": "3573010000001",
        "NAMA KOPERASI": "Koperasi Konsumen Uji Melati",
        "NO BADAN HUKUM": "518/01/BH/UJI/2001",
        "TANGGAL BADAN HUKUM": date(2001, 5, 17),
        "ALAMAT": "Jalan Uji Coba 1",
        "DESA/KEL": "Balearjosari",
        "KECAMATAN": "Blimbing",
        "KABUPATEN": "Kota Malang",
        "PROVINSI": "Jawa Timur",
        "KODE POS": "65126",
        "NO TELPON KANTOR": "(0341) 555014",
        "EMAIL": "melati@uji.example",
        "STATUS AKTIF": "Aktif",
        "KETUA": "Cempaka Uji",
        "NO TELPON KETUA": "0812-0000-0001",
        "BENTUK KOPERASI": "Primer Kabupaten/Kota",
        "JENIS KOPERASI": "Konsumen",
        "KELOMPOK KOPERASI": "Kop. Serba Usaha",
        "SEKTOR USAHA": "Perdagangan",
        "JUMLAH ANGGOTA": 100,
        "JUMLAH MANAJER": 1,
        "JUMLAH KARYAWAN": 4,
        "TANGGAL RAT": date(2026, 3, 14),
        "MODAL SENDIRI": 400_000_000,
        "MODAL LUAR": 100_000_000,
        "ASET": 500_000_000,
        "VOLUME USAHA": 900_000_000,
        "TAHUN REKAP": 2025,
        "SISA HASIL USAHA": 25_000_000,
    }


def test_the_provinces_layout_has_its_twenty_four(approved):
    row = row_of(2025, "provinsi")
    assert len(row) == 24
    assert (row["STATUS RAT"], row["SHU"], row["KABUPATEN"]) == ("Sudah RAT", 25_000_000, "Kota Malang")


@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_headings_are_those_of_the_reference_list(approved, layout):
    lines = csv.DictReader(exports.LAYOUTS_CSV.read_text(encoding="utf-8").splitlines())
    expected = [line["judul"] for line in lines if line["layout"] == layout]
    assert [column.title for column in exports.year_table(2025, layout).columns] == expected


def test_only_approved_reports_go_out_unless_all_that_were_filed_are_asked_for(make_desk):
    make_desk().save(**sound())
    make_desk().file()
    returned = make_desk()
    returned.file()
    returned.move(Status.RETURNED, reason="Periksa.", codes=["aset"])
    make_desk().approve()
    imported = make_desk()
    with writing():
        services.import_report(imported.cooperative, year=2025, answers=sound())
    assert len(exports.year_table(2025, "provinsi").rows) == 1
    assert len(exports.year_table(2025, "provinsi", every_filed=True).rows) == 3


def test_a_row_says_how_the_cooperative_stands_today(approved):
    assert row_of(2025, "kementerian")["STATUS AKTIF"] == "Aktif"
    with writing() as session:
        cooperative = session.get_one(Cooperative, approved.cooperative.id)
        cooperative.dissolved_on, cooperative.dissolved_decree = date(2026, 1, 5), "Keputusan uji"
    assert row_of(2025, "kementerian")["STATUS AKTIF"] == "Bubar"


def test_rows_stand_by_name(make_desk):
    for name in ("Koperasi Wijaya Uji", "Koperasi Anggrek Uji", "Koperasi Melati Uji"):
        make_desk(nama_koperasi=name).approve(nama_koperasi=name)
    names = [row[1] for row in exports.year_table(2025, "provinsi").rows]
    assert names == ["Koperasi Anggrek Uji", "Koperasi Melati Uji", "Koperasi Wijaya Uji"]


def test_what_an_incomplete_report_lacks_stays_blank(make_desk):
    desk = make_desk(nama_koperasi="Koperasi Impor Uji")
    with writing():
        services.import_report(desk.cooperative, year=2023, answers={"aset": 5_000_000})
    desk.move(Status.APPROVED, year=2023)
    row = row_of(2023, "kementerian")
    assert (row["ASET"], row["SISA HASIL USAHA"], row["DESA/KEL"], row["TANGGAL RAT"]) == (
        5_000_000,
        None,
        None,
        None,
    )


def test_a_year_without_questions_is_named(app):
    with pytest.raises(RuleBroken, match="2001"):
        exports.year_table(2001, "provinsi")


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("layout", exports.LAYOUTS)
def test_the_command_writes_a_file_that_reads_back_alike(approved, command, tmp_path, layout, suffix):
    out = tmp_path / f"data.{suffix}"
    done = command("report", "export", "--year", "2025", "--layout", layout, out)
    assert (done.exit_code, done.output) == (0, f"1 laporan tahun buku 2025 ditulis ke {out}.\n")
    (sheet,) = read_sheets(out.read_bytes(), out.name)
    headings, row = sheet.rows[:2]
    assert headings == [column.title for column in exports.year_table(2025, layout).columns]
    assert str(row[headings.index("ASET")]).removesuffix(".0") == "500000000"


def test_the_same_export_twice_gives_the_same_bytes(approved):
    assert exports.year_file(2025, "kementerian", "xlsx") == exports.year_file(2025, "kementerian", "xlsx")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--year", "2001", "--layout", "provinsi", "x.csv"), "tahun buku 2001"),
        (("--year", "2025", "--layout", "provinsi", "x.pdf"), ".xlsx atau .csv"),
        (("--year", "2025", "--layout", "provinsi", "/tidak/ada/x.csv"), "tidak dapat ditulis"),
        (("--year", "2025", "--layout", "kabupaten", "x.csv"), "kabupaten"),
    ],
)
def test_the_command_fails_with_a_sentence(approved, command, monkeypatch, tmp_path, arguments, words):
    monkeypatch.chdir(tmp_path)
    done = command("report", "export", *arguments)
    assert done.exit_code != 0
    assert words in done.output + done.stderr
    assert not list(Path(tmp_path).iterdir())


def test_the_check_command_lists_every_report_with_what_is_odd_in_it(make_desk, command, tmp_path):
    make_desk(nama_koperasi="Koperasi Anggrek Uji").save(
        **sound(nama_koperasi="Koperasi Anggrek Uji", aset=50_000_000)
    )
    make_desk(nama_koperasi="Koperasi Melati Uji").approve(nama_koperasi="Koperasi Melati Uji")
    imported = make_desk(
        nama_koperasi="Koperasi Wijaya Uji", name_key="wijaya uji", nomor_badan_hukum="1/BH/UJI"
    )
    with writing():
        services.import_report(imported.cooperative, year=2024, answers={"modal_sendiri": 292_900_000})
        services.import_report(imported.cooperative, year=2025, answers={"modal_sendiri": 29_290_000})
    out = tmp_path / "temuan.json"
    done = command("report", "check", "--year", "2025", "--json", out)
    assert done.exit_code == 0
    assert "3 laporan diperiksa, 2 di antaranya dengan temuan" in done.output
    first, second, third = json.loads(out.read_text(encoding="utf-8"))
    assert set(first) == {"nomor_badan_hukum", "nama_koperasi", "status", "findings"}
    assert (first["nama_koperasi"], first["status"]) == ("Koperasi Anggrek Uji", "draft")
    assert {"code", "severity", "questions", "message", "score"} <= set(first["findings"][0])
    assert second == {
        "nomor_badan_hukum": sound()["nomor_badan_hukum"],
        "nama_koperasi": "Koperasi Melati Uji",
        "status": "approved",
        "findings": [],
    }
    assert third["nomor_badan_hukum"] == "1/BH/UJI"
    assert "kurang_nol" in {finding["code"] for finding in third["findings"]}


def test_checking_a_year_without_reports_fails_with_a_sentence(app, command, tmp_path):
    done = command("report", "check", "--year", "2001", "--json", tmp_path / "x.json")
    assert done.exit_code == 1
    assert "tahun buku 2001" in done.stderr
