"""The whole way of two real public lists, from bytes to plan and back."""

from collections import Counter
from datetime import date

import pytest

from app.core.spreadsheets import Column, read_sheets, write_xlsx
from app.intake.columns import choose_sheet
from app.intake.matching import Kind
from app.intake.rules import Context, YearIs, read_rows
from app.regions.queries import office_region
from tests.intake.simulation import Office
from tests.intake.tables import CHOICES
from tests.support.real import real_file


def readings_of(data, name, region, year_is):
    chosen = choose_sheet(read_sheets(data, name))
    context = Context(office_region(region), date(2026, 8, 17), YearIs(year_is), CHOICES)
    return chosen, list(read_rows(chosen.sheet.rows, chosen.header, chosen.mapping, context))


@pytest.fixture(scope="module")
def bogor():
    return readings_of(real_file("kota_bogor_koperasi_2022.csv"), "bogor.csv", "32.71", "book")


@pytest.fixture(scope="module")
def subang():
    return readings_of(real_file("subang_koperasi_rat_2019_2020.csv"), "subang.csv", "32.13", "rat")


def test_a_citys_four_hundred_rows_are_all_accounted_for(bogor):
    chosen, readings = bogor
    assert chosen.mapping.fields == [
        "id_sumber",
        "nama_koperasi",
        "nomor_badan_hukum",
        "alamat",
        "kode_kecamatan",
    ]
    assert len(readings) == 400
    assert all(reading.name and "\n" not in reading.name for reading in readings)
    assert sum(reading.name.isupper() for reading in readings) == 1  # an abbreviation and a number
    assert not any("nik_koperasi" in reading.values for reading in readings)
    assert not any(
        "kode_kelurahan" in reading.values or "tempat_lain" in reading.values for reading in readings
    )
    assert Counter(reading.values["kode_kecamatan"] for reading in readings) == {
        "32.71.03": 127, "32.71.06": 101, "32.71.04": 98, "32.71.05": 40, "32.71.02": 22, "32.71.01": 12,
    }  # fmt: skip


def test_a_citys_list_imported_twice_changes_nothing(bogor):
    office = Office()
    first = Counter(outcome.kind for outcome in office.take(bogor[1]))
    assert first == {Kind.NEW: 395, Kind.DOUBTFUL: 5}
    assert len(office.cooperatives) == 395
    second = Counter(outcome.kind for outcome in office.look(bogor[1]))
    assert second == {Kind.UNCHANGED: 395, Kind.DOUBTFUL: 5}


def test_repeated_legal_numbers_of_the_city_are_told(bogor):
    outcomes = Office().look(bogor[1])
    assert (
        sum(any("Nomor badan hukum" in str(text) for text in outcome.warnings) for outcome in outcomes) == 27
    )


def test_the_citys_list_as_a_workbook_reads_the_same(bogor):
    sheet = read_sheets(real_file("kota_bogor_koperasi_2022.csv"), "x.csv")[0]
    workbook = write_xlsx(
        [Column(str(title)) for title in sheet.rows[0]],
        sheet.rows[1:],
        sheet_name="Koperasi",
        title="Koperasi",
    )
    _, readings = readings_of(workbook, "x.xlsx", "32.71", "book")
    assert [reading.values for reading in readings] == [reading.values for reading in bogor[1]]


def test_two_meeting_years_become_two_book_years_of_ten_cooperatives(subang):
    chosen, readings = subang
    assert chosen.mapping.places["tahun_buku"] == 1
    assert Counter(reading.year for reading in readings) == {2018: 10, 2019: 10}
    office = Office()
    assert Counter(outcome.kind for outcome in office.take(readings)) == {Kind.NEW: 20}
    assert len(office.cooperatives) == 10
    assert all(sorted(reports) == [2018, 2019] for reports in office.reports.values())
    assert Counter(outcome.kind for outcome in office.look(readings)) == {Kind.UNCHANGED: 20}


def test_the_regencys_parts_become_own_capital_and_nothing_becomes_aset_or_shu(subang):
    for reading in subang[1]:
        answers = reading.report_values()
        parts = [
            answers[code] for code in ("simpanan_pokok", "simpanan_wajib", "cadangan", "simpanan_lainnya")
        ]
        assert answers["modal_sendiri"] == sum(parts)
        assert answers["jumlah_anggota"] == answers["anggota_pria"] + answers["anggota_wanita"]
        assert answers["status_rat"] == "Sudah RAT"
        assert not {"aset", "shu"} & set(answers)
        assert answers["kode_kecamatan"].startswith("32.13.")
