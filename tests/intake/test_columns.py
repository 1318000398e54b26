import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import RuleBroken
from app.core.spreadsheets import Sheet
from app.intake.columns import choose_sheet, propose_mapping
from app.intake.fields import (
    FIELDS,
    OWN_CAPITAL_PARTS,
    REGISTER_COLUMNS,
    REPORT_FIELDS,
    VOCABULARY,
    WHY_IGNORED,
)
from app.intake.headings import find_header, fold_heading, meaning_of

MINISTRY = (
    "NO|ID KOPERASI|NAMA KOPERASI|NO BADAN HUKUM|TANGGAL BADAN HUKUM|ALAMAT|DESA/KEL|KECAMATAN|KABUPATEN|PROVINSI|KODE POS|"
    "NO TELPON KANTOR|EMAIL|STATUS AKTIF|KETUA|NO TELPON KETUA|BENTUK KOPERASI|JENIS KOPERASI|KELOMPOK KOPERASI|SEKTOR USAHA|"
    "JUMLAH ANGGOTA|JUMLAH MANAJER|JUMLAH KARYAWAN|TANGGAL RAT|MODAL SENDIRI|MODAL LUAR|ASET|VOLUME USAHA|TAHUN REKAP|"
    "SISA HASIL USAHA"
).split("|")
MINISTRY_FIELDS = (
    "nomor_urut nik_koperasi nama_koperasi nomor_badan_hukum tanggal_badan_hukum alamat kode_kelurahan kode_kecamatan kabupaten "
    "provinsi kode_pos telepon_kantor email status_aktif nama_ketua telepon_ketua bentuk_koperasi jenis_koperasi "
    "kelompok_koperasi sektor_usaha jumlah_anggota jumlah_manajer jumlah_karyawan tanggal_rat modal_sendiri modal_luar aset "
    "volume_usaha tahun_buku shu"
).split()
PROVINCE = (
    "ID KOPERASI|NAMA KOPERASI|NO BADAN HUKUM|TANGGAL BADAN HUKUM|ALAMAT|DESA/KEL|KECAMATAN|KABUPATEN|NO TELPON 1|KETUA|"
    "NO TELPON KETUA|BENTUK KOPERASI|JENIS KOPERASI|KELOMPOK KOPERASI|JUMLAH ANGGOTA|JUMLAH KARYAWAN|JUMLAH MANAJER|TANGGAL RAT|"
    "STATUS RAT|MODAL SENDIRI|MODAL LUAR|ASET|VOLUME USAHA|SHU"
).split("|")
PROVINCE_FIELDS = (
    "nik_koperasi nama_koperasi nomor_badan_hukum tanggal_badan_hukum alamat kode_kelurahan kode_kecamatan kabupaten "
    "telepon_kantor nama_ketua telepon_ketua bentuk_koperasi jenis_koperasi kelompok_koperasi jumlah_anggota jumlah_karyawan "
    "jumlah_manajer tanggal_rat status_rat modal_sendiri modal_luar aset volume_usaha shu"
).split()
CAMEL = (
    "nikKoperasi namaKoperasi noBadanHukum tglBadanHukum alamat kelurahan kecamatan namaManager noTelp namaKetua telpKetua "
    "bentukKoperasi jenisKoperasi kelompokKoperasi jumlahAnggota anggotaPria anggotaWanita jmlKaryawan jmlManager tglRat "
    "statusRat modalSendiri modalLuar asset volumeUsaha shu tahunBuku createdAt"
).split()
CAMEL_FIELDS = [
    *"nik_koperasi nama_koperasi nomor_badan_hukum tanggal_badan_hukum alamat kode_kelurahan kode_kecamatan nama_pengelola".split(),
    *"telepon_kantor nama_ketua telepon_ketua bentuk_koperasi jenis_koperasi kelompok_koperasi jumlah_anggota".split(),
    *"anggota_pria anggota_wanita jumlah_karyawan jumlah_manajer tanggal_rat status_rat modal_sendiri modal_luar aset".split(),
    *"volume_usaha shu tahun_buku".split(),
    None,
]


def mapping_of(*rows):
    header = find_header(rows)
    assert header is not None
    return propose_mapping(header, rows[header.last + 1 :])


@pytest.mark.parametrize(
    ("headings", "fields"), [(MINISTRY, MINISTRY_FIELDS), (PROVINCE, PROVINCE_FIELDS), (CAMEL, CAMEL_FIELDS)]
)
def test_the_known_forms_are_mapped_whole(headings, fields):
    mapping = mapping_of(headings)
    assert mapping.fields == fields
    assert all(column.confidence == 1.0 for column in mapping.columns if column.field)


def test_the_layouts_that_the_site_exports_are_mapped_whole():
    for name, fields in (("kementerian", MINISTRY_FIELDS), ("provinsi", PROVINCE_FIELDS)):
        path = next(Path("app").rglob("layouts.csv"), None)
        if path is None:
            pytest.skip("the layouts are not in the project yet")
        with path.open(encoding="utf-8") as table:
            headings = [row["judul"] for row in csv.DictReader(table) if row["layout"] == name]
        assert mapping_of(headings).fields == fields


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("No.", "nomor_urut"),
        ("NAMA  KOPERASI", "nama_koperasi"),
        ("Nama Kopersi", "nama_koperasi"),
        ("No. BH", "nomor_badan_hukum"),
        ("Tgl. Badan Hukum", "tanggal_badan_hukum"),
        ("Kelurahan/Desa", "kode_kelurahan"),
        ("Jml. Anggota (orang)", "jumlah_anggota"),
        ("jml_anggota_l", "anggota_pria"),
        ("Anggota P", "anggota_wanita"),
        ("MODAL SENDIRI (Rp)", "modal_sendiri"),
        ("Total Aktiva", "aset"),
        ("Volume\nUsaha", "volume_usaha"),
        ("SHU (Rp.)", "shu"),
        ("No HP", "telepon_ketua"),
        ("E-mail", "email"),
        ("Pendapatan", None),
        ("Kas", None),
        ("warna kesukaan", None),
        ("", None),
    ],
)
def test_headings_are_recognised_however_they_are_shortened(heading, field):
    assert meaning_of(heading).field == field


def test_a_mobile_number_is_never_taken_for_the_public_office_number():
    for heading in ("HP", "No. HP", "WA", "no whatsapp", "Nomor HP Ketua"):
        assert meaning_of(heading).field == "telepon_ketua"


def test_income_is_not_shu_and_cash_is_not_aset_and_that_is_told():
    columns = mapping_of(["Nama koperasi", "Pendapatan", "Kas"], ["A", 1, 2]).columns
    assert [column.field for column in columns[1:]] == [None, None]
    assert "bukan SHU" in str(columns[1].note)
    assert "aset" in str(columns[2].note)


def test_an_unknown_heading_is_told_and_an_empty_column_is_not():
    columns = mapping_of(["Nama koperasi", "Warna", "Rasa", ""], ["A", "merah", None, None]).columns
    assert "tidak dikenal" in str(columns[1].note)
    assert columns[2].note is None
    assert columns[3].note is None


@given(st.text(max_size=200))
def test_any_heading_has_one_meaning_or_none(heading):
    meaning = meaning_of(heading)
    assert meaning.field is None or meaning.field in FIELDS
    assert 0.0 <= meaning.confidence <= 1.0
    assert fold_heading(heading) == " ".join(fold_heading(heading).split())


def test_the_header_is_found_below_title_rows():
    rows = [
        ["DAFTAR KOPERASI KOTA CONTOH"],
        ["Tahun 2025", None],
        [],
        MINISTRY,
        ["1", "2", "3"],
        ["1", None, "Koperasi Melati"],
    ]
    header = find_header(rows)
    assert (header.first, header.last) == (3, 3)


def test_a_header_over_two_rows_is_put_together():
    above = ["NO", "NAMA KOPERASI", "BADAN HUKUM", None, "JUMLAH ANGGOTA", None, None, "ALAMAT"]
    below = [None, None, "NOMOR", "TANGGAL", "L", "P", "JML", None]
    rows = [
        ["DAFTAR KOPERASI"],
        above,
        below,
        ["1", "Koperasi Melati", "1/BH/2000", "2000-01-02", "1", "2", "3", "Jl. A 1"],
    ]
    header = find_header(rows)
    assert (header.first, header.last) == (1, 2)
    assert propose_mapping(header, rows[3:]).fields == [
        "nomor_urut", "nama_koperasi", "nomor_badan_hukum", "tanggal_badan_hukum", "anggota_pria", "anggota_wanita",
        "jumlah_anggota", "alamat",
    ]  # fmt: skip


def test_the_first_row_of_data_is_not_taken_for_a_second_heading_row():
    rows = [["Nama koperasi", "Kecamatan"], ["Koperasi Melati", "Klojen"], ["Koperasi Mawar", "Sukun"]]
    assert find_header(rows).last == 0


def test_a_table_without_a_name_column_has_no_header():
    assert find_header([["NO", "ALAMAT", "KECAMATAN"], ["1", "Jl. A", "Klojen"]]) is None
    assert find_header([]) is None


def test_an_id_column_without_niks_is_the_files_own_number():
    columns = mapping_of(["id_koperasi", "nama_koperasi"], ["1", "A"], ["2", "B"]).columns
    assert columns[0].field == "id_sumber"
    assert "13 angka" in str(columns[0].note)
    assert mapping_of(["id_koperasi", "nama_koperasi"], ["3573010000001", "A"]).fields[0] == "nik_koperasi"
    assert mapping_of(["id_koperasi", "nama_koperasi"], ["3,57E+12", "A"]).fields[0] == "nik_koperasi"


def test_a_second_column_for_the_same_field_is_left_out_and_told():
    columns = mapping_of(
        ["Nama koperasi", "Telepon", "No telp kantor"], ["A", "0341551234", "0341551235"]
    ).columns
    assert [column.field for column in columns] == ["nama_koperasi", "telepon_kantor", None]
    assert "Telepon kantor" in str(columns[2].note)
    both = mapping_of(["NIK", "ID Koperasi", "Nama"], ["3573010000001", "3573010000001", "A"])
    assert both.fields == ["nik_koperasi", "id_sumber", "nama_koperasi"]


def test_cells_that_do_not_read_as_their_heading_says_lower_the_confidence():
    columns = mapping_of(
        ["Nama koperasi", "Tanggal RAT", "Tangal RAT terakir"], ["A", "sudah", "ya"], ["B", "belum", "ya"]
    ).columns
    assert (columns[1].field, columns[1].confidence) == ("tanggal_rat", 0.5)
    assert "tidak terbaca" in str(columns[1].note)
    assert columns[2].field is None


def test_a_person_may_correct_the_mapping():
    mapping = mapping_of(["Nama koperasi", "Warna"], ["A", "3573010000001"])
    corrected = mapping.with_fields(["nama_koperasi", "nik_koperasi"])
    assert corrected.fields == ["nama_koperasi", "nik_koperasi"]
    assert corrected.columns[1].confidence == 1.0
    assert mapping.with_fields(["nama_koperasi"]).fields == ["nama_koperasi", None]
    assert mapping.with_fields(["nama_koperasi", ""]).places == {"nama_koperasi": 0}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (["nama_koperasi", "nama_koperasi"], "“Nama koperasi” dipilih untuk dua kolom"),
        ([None, "alamat"], "nama koperasi"),
        (["nama_koperasi", "warna"], "tidak dikenal"),
    ],
)
def test_a_wrong_correction_is_refused_with_what_to_do(fields, said):
    with pytest.raises(RuleBroken, match=said):
        mapping_of(["Nama koperasi", "Warna"]).with_fields(fields)


def test_the_sheet_with_the_table_is_chosen_and_the_others_are_named():
    sheets = [
        Sheet("Petunjuk", [["Isi lembar Data"]]),
        Sheet("Ringkas", [["Nama koperasi"], ["A"]]),
        Sheet("Data", [["No", "Nama koperasi", "Kecamatan"], ["1", "A", "Klojen"]]),
    ]
    chosen = choose_sheet(sheets)
    assert chosen.sheet.name == "Data"
    assert chosen.others == ("Petunjuk", "Ringkas")
    assert chosen.mapping.columns[2].samples == ("Klojen",)


@pytest.mark.parametrize(
    ("rows", "said"), [([], "kosong"), ([[None, " "]], "kosong"), ([["a", "b"]], "“Nama koperasi”")]
)
def test_a_file_without_a_table_is_refused_with_what_to_do(rows, said):
    with pytest.raises(RuleBroken, match=said):
        choose_sheet([Sheet("Data", rows)])


def test_the_vocabulary_names_only_fields_that_exist_and_no_heading_twice():
    assert set(VOCABULARY.fields) == set(FIELDS)
    headings = [heading for headings in VOCABULARY.fields.values() for heading in headings] + list(
        VOCABULARY.ignored
    )
    assert sorted(headings) == sorted(set(headings))
    assert set(VOCABULARY.ignored.values()) == set(WHY_IGNORED)
    assert all(fold_heading(heading) == heading for heading in headings)


def test_every_field_that_is_stored_can_be_mapped():
    made = {"tempat_lain"}
    assert set(REPORT_FIELDS) | set(REGISTER_COLUMNS.values()) - made <= set(FIELDS)
    assert set(OWN_CAPITAL_PARTS) <= set(REPORT_FIELDS)
