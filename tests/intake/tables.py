"""Rows of invented tables, read as an import reads them."""

from datetime import date

from app.intake.columns import propose_mapping
from app.intake.headings import find_header
from app.intake.rules import Context, YearIs, read_rows
from app.regions.queries import office_region

TODAY = date(2026, 8, 17)
CHOICES = {
    "bentuk_koperasi": ["Primer Kabupaten/Kota", "Primer Provinsi", "Sekunder Provinsi"],
    "jenis_koperasi": ["Simpan Pinjam", "Konsumen", "Produsen", "Jasa", "Pemasaran"],
    "kelompok_koperasi": ["Kop. Lainnya", "Kop. Pegawai Negeri (KPRI)", "KUD"],
    "status_rat": ["Sudah RAT", "Belum RAT"],
}


def context(region="35.73", year_is="book"):
    return Context(office_region(region), TODAY, YearIs(year_is), CHOICES)


def read(headings, *rows, region="35.73", year_is="book"):
    """The rows under ``headings`` (cells, or a text cut at ``|``), each read."""
    table = [cut(headings), *map(cut, rows)]
    header = find_header(table)
    assert header is not None
    mapping = propose_mapping(header, table[header.last + 1 :])
    return list(read_rows(table, header, mapping, context(region, year_is)))


def read_one(headings, row, **options):
    (reading,) = read(headings, row, **options)
    return reading


def cut(row):
    return [cell.strip() for cell in row.split("|")] if isinstance(row, str) else row
