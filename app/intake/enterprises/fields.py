"""What a column of a list of UKM can mean. Codes are the register's own columns, but for those that are read into several."""

from collections.abc import Mapping
from pathlib import Path

from app.core.text import N_
from app.intake.catalogue import Catalogue, Field, Kind, load

FIELDS: Mapping[str, Field] = {
    field.code: field
    for field in (
        Field("name", N_("Nama usaha"), Kind.NAME, 150),
        Field("owner_name", N_("Nama pemilik"), Kind.PERSON, 100),
        Field("owner_phone", N_("Telepon pemilik"), Kind.PHONE),
        Field("whatsapp", N_("WhatsApp untuk pembeli"), Kind.PHONE),
        Field("owner_email", N_("Surel"), Kind.EMAIL, 254),
        Field("products", N_("Hasil atau jualan"), Kind.TEXT, 500),
        Field("activity", N_("Bidang usaha (sektor)"), Kind.SECTOR, 120),
        Field("kbli", N_("Kode KBLI"), Kind.LABEL, 20),
        Field("address", N_("Alamat"), Kind.TEXT, 255),
        Field("kode_kelurahan", N_("Kelurahan atau desa"), Kind.PLACE, 100),
        Field("kode_kecamatan", N_("Kecamatan"), Kind.PLACE, 100),
        Field("kabupaten", N_("Kabupaten atau kota"), Kind.PLACE, 100),
        Field("provinsi", N_("Provinsi"), Kind.LABEL, 100),
        Field("latitude", N_("Lintang (latitude)"), Kind.LATITUDE),
        Field("longitude", N_("Bujur (longitude)"), Kind.LONGITUDE),
        Field("point", N_("Lintang dan bujur, satu kolom"), Kind.POINT),
        Field("nib", N_("NIB: nomor, atau punya dan tidak"), Kind.NIB),
        Field("sales", N_("Penjualan setahun"), Kind.AMOUNT),
        Field("sales_monthly", N_("Penjualan sebulan"), Kind.AMOUNT),
        Field("capital", N_("Modal usaha, tanpa tanah dan bangunan"), Kind.AMOUNT),
        Field("workers", N_("Jumlah pekerja"), Kind.COUNT),
        Field("workers_men", N_("Pekerja pria"), Kind.COUNT),
        Field("workers_women", N_("Pekerja wanita"), Kind.COUNT),
        Field("start_year", N_("Tahun mulai usaha"), Kind.YEAR),
        Field("legal_form", N_("Bentuk usaha"), Kind.CHOICE),
        Field("owner_sex", N_("Jenis kelamin pemilik"), Kind.CHOICE),
        Field("owner_education", N_("Pendidikan pemilik"), Kind.CHOICE),
        Field("owner_age", N_("Usia pemilik"), Kind.AGE),
        Field("digital", N_("Adopsi digital"), Kind.CHOICES),
        Field("instagram", N_("Instagram"), Kind.LINK),
        Field("marketplace", N_("Lokapasar (marketplace)"), Kind.LINK),
        Field("website", N_("Situs sendiri"), Kind.LINK),
        Field("funding", N_("Sumber modal"), Kind.CHOICES),
        Field("needs", N_("Kebutuhan"), Kind.CHOICES),
        Field("power", N_("Listrik"), Kind.CHOICE),
        Field("internet", N_("Internet"), Kind.CHOICE),
        Field("road", N_("Jalan ke tempat usaha"), Kind.CHOICE),
        Field("water", N_("Air bersih"), Kind.CHOICE),
        Field("source_id", N_("Nomor usaha di berkas ini"), Kind.LABEL, 60),
        Field("nomor_urut", N_("Nomor urut"), Kind.LABEL, 20),
    )
}

# Columns of the register that a row fills, with their words where no field of the file bears the same name.
VALUES = {
    **{code: field.label for code, field in FIELDS.items()},
    "contacts": N_("Kontak"),
    "sales_band": N_("Penjualan setahun"),
    "capital_band": N_("Modal usaha"),
    "has_nib": N_("Punya NIB"),
    "nib": N_("NIB"),
    "owner_age_band": N_("Usia pemilik"),
    "infrastructure": N_("Prasarana"),
    "sector": N_("Kategori KBLI"),
    "sector_version": N_("Versi KBLI"),
}

WHY_IGNORED = {
    "identity": N_("Nomor induk penduduk (NIK) tidak boleh masuk; tidak diambil dan tidak disimpan."),
    "family": N_("Data keluarga pemilik tidak diperlukan; tidak diambil dan tidak disimpan."),
    "belief": N_("Data yang bersifat sangat pribadi tidak diperlukan; tidak diambil dan tidak disimpan."),
    "health": N_("Data kesehatan hanya diisi pemiliknya sendiri; tidak diambil dan tidak disimpan."),
    "birth": N_("Tanggal lahir tidak diperlukan; tidak diambil dan tidak disimpan."),
    "money": N_("Data keuangan pribadi tidak diperlukan; tidak diambil dan tidak disimpan."),
    "assets": N_(
        "Aset termasuk tanah dan bangunan, jadi bukan modal usaha menurut PP 7/2021; tidak diambil."
    ),
    "profit": N_("Laba atau pendapatan bukan penjualan; tidak diambil."),
    "scale": N_("Kelas dihitung dari penjualan atau modal (PP 7/2021); tidak diambil."),
    "output": N_("Harga dan kapasitas diisi pemilik per produk; tidak diambil."),
    "licences": N_("Izin selain NIB belum ada tempatnya; tidak diambil."),
    "member": N_("Keanggotaan koperasi dinyatakan pemiliknya sendiri; tidak diambil."),
    "year_of_list": N_("Tahun pendataan, bukan tahun mulai usaha; tidak diambil."),
    "record_keeping": N_("Tidak ada tempatnya di data UKM; tidak diambil."),
}

ENTERPRISES = Catalogue(
    FIELDS,
    load(Path(__file__).with_name("columns.toml"), WHY_IGNORED),
    needed=(
        frozenset({"name"}),
        frozenset({"products", "address"}),
        frozenset({"products", "kode_kelurahan"}),
        frozenset({"products", "kode_kecamatan"}),
        frozenset({"owner_name", "address"}),
        frozenset({"owner_name", "products"}),
        frozenset({"activity", "address"}),
        frozenset({"activity", "kode_kecamatan"}),
    ),
    no_table=N_(
        "Baris judul tabel tidak ditemukan. Beri judul pada setiap kolom, paling sedikit “Nama usaha”, atau "
        "“Produk” dan “Alamat”, lalu unggah lagi."
    ),
    no_column=N_(
        "Pilih kolom yang berisi nama usaha, atau hasil usaha bersama alamat atau kelurahan. Tanpa itu, baris tidak "
        "dapat dikenali."
    ),
    secret=frozenset({"identity", "family", "belief", "health", "birth", "money"}),
    once={
        "start_year": N_(
            "Semua baris menyebut tahun yang sama: tahun data, bukan tahun mulai usaha; tidak diambil."
        )
    },
)
