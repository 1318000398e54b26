"""Columns and cells of lists of UKM, read without a database."""

from datetime import date

import pytest

from app.core.errors import RuleBroken
from app.core.spreadsheets import Sheet
from app.enterprises.rules import CAPITAL_BANDS, SALES_BANDS
from app.intake.cells import CellProblem
from app.intake.columns import choose_sheet
from app.intake.enterprises import answers
from app.intake.enterprises.amounts import read_band
from app.intake.enterprises.fields import ENTERPRISES, FIELDS, VALUES, WHY_IGNORED
from app.intake.enterprises.points import Locator, read_degrees, read_pair
from app.intake.enterprises.reading import Context
from app.intake.enterprises.rows import read_rows
from app.intake.enterprises.sectors import CATEGORIES, read_activity
from app.intake.headings import fold_heading, meaning_of
from app.intake.identity import REMOVED, masked
from app.regions.borders import kecamatan_at
from app.regions.centroids import centroids
from app.regions.queries import office_region

MALANG = office_region("35.73")


def read(headings, *rows):
    table = [line.split("|") for line in (headings, *rows)]
    chosen = choose_sheet([Sheet("UKM", table)], ENTERPRISES)
    return list(read_rows(table, chosen.header, chosen.mapping, Context(MALANG, date(2026, 11, 22))))


def test_the_vocabulary_names_only_fields_that_exist_and_no_heading_twice():
    vocabulary = ENTERPRISES.vocabulary
    assert set(vocabulary.fields) == set(FIELDS)
    headings = [one for headings in vocabulary.fields.values() for one in headings] + list(vocabulary.ignored)
    assert sorted(headings) == sorted(set(headings))
    assert set(vocabulary.ignored.values()) == set(WHY_IGNORED)
    assert [one for one in headings if fold_heading(one, ENTERPRISES) != one] == []
    assert ENTERPRISES.secret <= set(WHY_IGNORED)
    assert set(answers.OPTIONS) <= set(vocabulary.choices)
    for code, options in answers.OPTIONS.items():
        assert set(answers.SPELLINGS[code].values()) <= set(options), code
    assert set(FIELDS) <= set(VALUES)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Nama UMKM", "name"),
        ("NAMA USAHA/MERK", "name"),
        ("namaPemilikUsaha", "owner_name"),
        ("Nama Pelaku Usaha", "owner_name"),
        ("No. Telp/WA", "owner_phone"),
        ("Nomor WhatsApp", "whatsapp"),
        ("Jenis Usaha", "activity"),
        ("Kategori", "activity"),
        ("Desa/Kelurahan", "kode_kelurahan"),
        ("Kec.", "kode_kecamatan"),
        ("Alamat Usaha", "address"),
        ("Lat", "latitude"),
        ("Longitude", "longitude"),
        ("Titik Koordinat (Lat, Long)", "point"),
        ("Omzet/Tahun (Rp)", "sales"),
        ("Omset per Bulan", "sales_monthly"),
        ("Modal Usaha (Rp)", "capital"),
        ("Jml Tenaga Kerja", "workers"),
        ("TK (L)", "workers_men"),
        ("L/P", "owner_sex"),
        ("Jenis Kelamin Pemilik", "owner_sex"),
        ("Thn Berdiri", "start_year"),
        ("Pendidikan Terakhir", "owner_education"),
        ("NIK", None),
        ("No. KTP", None),
        ("Agama", None),
        ("Skala Usaha", None),
        ("Total Aset", None),
    ],
)
def test_headings_in_many_spellings_are_recognised(heading, field):
    meaning = meaning_of(heading, ENTERPRISES)
    assert meaning.field == field
    assert (meaning.note is not None) == (field is None)


def test_a_table_needs_a_name_or_what_else_tells_businesses_apart():
    assert choose_sheet([Sheet("A", [["Produk", "Alamat"], ["Kue", "Jl. Uji"]])], ENTERPRISES)
    with pytest.raises(RuleBroken, match="Nama usaha"):
        choose_sheet([Sheet("A", [["Alamat", "Kecamatan"], ["Jl. Uji", "Klojen"]])], ENTERPRISES)


def test_a_year_that_all_rows_share_is_that_of_the_list():
    shared = read("Nama Usaha|Tahun", *(f"Toko Uji {letter}|2022" for letter in "ABC"))
    assert not [one for one in shared if "start_year" in one.values]
    differing = read("Nama Usaha|Tahun", "Toko Uji A|2019", "Toko Uji B|2020", "Toko Uji C|2020")
    assert [one.values["start_year"] for one in differing] == [2019, 2020, 2020]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("3573010101010001", REMOVED),
        ("NIK: 357301 010101 0001 (Budi)", f"NIK: {REMOVED} (Budi)"),
        ("35.73.01.010101.0001", REMOVED),
        (3573010101010001, REMOVED),
        ("131.3057343860943", "131.3057343860943"),
        ("-0.9540322440029886", "-0.9540322440029886"),
        ("081234567890", "081234567890"),
        (None, None),
    ],
)
def test_identity_numbers_are_masked_and_coordinates_are_not(cell, kept):
    assert masked(cell) == kept


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        ("50 juta", "sampai-50jt"),
        ("Rp 50.000.001", "sampai-300jt"),
        (300_000_000, "sampai-300jt"),
        ("50-300 juta", "sampai-300jt"),
        ("di bawah 50jt", "sampai-50jt"),
        ("1,5 M", "sampai-2m"),
        ("> 50 miliar", "lebih-50m"),
        ("10 juta/bulan", "sampai-300jt"),
        ("Lebih dari Rp50 juta sampai Rp300 juta", "sampai-300jt"),
        ("sampai-15m", "sampai-15m"),
        ("0", None),
        ("-", None),
    ],
)
def test_amounts_in_words_and_figures_find_their_band(cell, band):
    assert read_band(cell, SALES_BANDS) == band


@pytest.mark.parametrize("cell", ["< 300 juta", "> 2 M", "banyak", "-5", "1.25"])
def test_an_amount_that_may_be_in_several_bands_is_told(cell):
    assert isinstance(read_band(cell, SALES_BANDS), CellProblem)


def test_a_month_counts_twelve_times_and_capital_has_bands_of_its_own():
    assert read_band("5 juta", SALES_BANDS, times=12) == "sampai-300jt"
    assert read_band("5 juta", CAPITAL_BANDS) == "sampai-10jt"


@pytest.mark.parametrize(
    ("word", "products", "name", "code", "spelling"),
    [
        ("Kulier", "", "", "warung-makan", 92),
        ("Kulener", "", "", "warung-makan", 85),
        ("Perdangan", "", "", "toko", 90),
        ("Kuliner", "Keripik tempe", "", "makanan-kemasan", 100),
        ("Jasa", "", "Bengkel Uji", "bengkel", 100),
        ("Jasa", "", "Uji Sejahtera", None, 100),
        ("", "Makanan ringan", "", "makanan-kemasan", 100),
        ("Pertanian, ternak, dan ikan", "", "", "pertanian", 100),
        ("xyz", "", "", None, 0),
    ],
)
def test_a_sector_is_read_with_how_sure(word, products, name, code, spelling):
    found = read_activity(word, products, name)
    assert (found.code, int(found.spelling * 100)) == (code, spelling)
    assert (found.confidence > 0) == (code is not None)
    if code is None:
        assert found.note


def test_no_category_means_what_the_register_does_not_know():
    known = {code for category in CATEGORIES.values() for code in (category.usual, *category.others) if code}
    assert all(read_activity(code, "", "").code == code for code in known)


@pytest.mark.parametrize(
    ("latitude", "longitude", "pair", "told"),
    [
        ("-7,9500", "112,6500", "", None),
        ("", "", "-7.95, 112.65", None),
        ("", "", "https://maps.google.com/?q=-7.95,112.65", None),
        ("7°57'0\"S", "112°39'0\"E", "", None),
        ("112.65", "-7.95", "", "tertukar"),
        ("7.95", "112.65", "", "minus"),
        ("-0.95", "131.3", "", "di luar Kota Malang"),
        ("-8.1", "112.63", "", "di luar Kota Malang"),
        ("-7950000", "112650000", "", "tidak ada di bumi"),
        ("-7.95", "", "", "tidak terbaca"),
        ("utara", "timur", "", "tidak terbaca"),
        ("0", "0", "", "tidak diisi"),
        ("", "", "", "tidak diisi"),
    ],
)
def test_a_point_is_taken_as_it_stands_or_told(latitude, longitude, pair, told):
    found = Locator(MALANG).locate(latitude, longitude, pair, ())
    if told is None:
        assert (found.point, found.kecamatan, found.note) == ((-7.95, 112.65), "35.73.01", None)
    else:
        assert found.point is None
        assert told in str(found.note)


def test_figures_in_the_wrong_cells_still_tell_where_a_row_lies():
    row = ("Toko Uji", "Jl. Uji -0.9571287843856437", "131.30889048274676")
    found = Locator(MALANG).locate("131.30889048274676", "", "", row)
    assert found.is_outside
    assert "di luar Kota Malang" in str(found.note)


def test_where_no_borders_are_known_a_point_in_the_country_is_believed():
    found = Locator(office_region("32.71")).locate("-6.6", "106.8", "", ())
    assert (found.point, found.kecamatan) == ((-6.6, 106.8), None)
    assert Locator(office_region("32.71")).locate("48.85", "2.35", "", ()).is_outside


def test_the_middle_of_every_kelurahan_lies_in_its_kecamatan():
    middles = {
        code: point for code, point in centroids().items() if code.startswith("35.73.") and len(code) == 13
    }
    assert len(middles) == 57
    assert [code for code, point in middles.items() if kecamatan_at("35.73", *point) != code[:8]] == []
    assert kecamatan_at("35.73", -7.80, 112.63) is None
    assert read_degrees("entah") is None
    assert read_pair("-7.95") is None


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (answers.read_nib, "1234567890123", "1234567890123"),
        (answers.read_nib, "Ada", "yes"),
        (answers.read_nib, "belum", "no"),
        (answers.read_age, "34 tahun", "25-34"),
        (answers.read_age, "55", "55+"),
        (answers.read_section, "10794", "C"),
        (answers.read_section, "G", "G"),
        (answers.read_section, "99999x", "U"),
        (answers.read_section, "entah", None),
    ],
)
def test_answers_are_read(reader, cell, value):
    assert reader(cell) == value


def test_a_nib_that_lost_a_digit_still_says_that_there_is_one():
    read_ = answers.read_nib("123456789012")
    assert isinstance(read_, CellProblem)
    assert read_.value == "yes"


def test_several_choices_in_one_cell_are_taken_apart():
    assert answers.read_several("digital", "WA, Shopee dan QRIS") == [
        "chat_sales",
        "marketplace",
        "digital_payment",
    ]
    read_ = answers.read_several("digital", "Instagram / radio")
    assert isinstance(read_, CellProblem)
    assert read_.value == ["social_media"]


def test_workers_are_completed_from_their_total_and_never_guessed():
    found = read(
        "Nama Usaha|Tenaga Kerja|Tenaga Kerja L|Tenaga Kerja P",
        "Toko Uji A|5|2|",
        "Toko Uji B|4||",
        "Toko Uji C|9|2|3",
        "Toko Uji D|0||",
    )
    counted = [(one.values.get("workers_men"), one.values.get("workers_women")) for one in found]
    assert counted == [(2, 3), (None, None), (2, 3), (0, 0)]
    told = [any("pekerja" in str(note) for note in one.notes) for one in found]
    assert told == [False, True, True, False]


def test_a_place_that_is_not_here_stays_in_the_private_address_and_is_told():
    (one,) = read("Nama Usaha|Alamat|Kelurahan|Kecamatan", "Toko Uji|Jl. Uji 1|Entah Di Mana|Klojen")
    assert one.values["address"] == "Jl. Uji 1 (Entah Di Mana)"
    assert "kode_kelurahan" not in one.values
    assert one.notes
