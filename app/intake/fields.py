"""What a column of a list of cooperatives can mean. Codes of questions are the questionnaire's own."""

from collections.abc import Mapping
from pathlib import Path

from app.core.text import N_
from app.intake.catalogue import Catalogue, Field, Kind, load

FIELDS: Mapping[str, Field] = {
    field.code: field
    for field in (
        Field("nik_koperasi", N_("Nomor Induk Koperasi (NIK)"), Kind.NIK),
        Field("nama_koperasi", N_("Nama koperasi"), Kind.NAME, 150),
        Field("nomor_badan_hukum", N_("Nomor badan hukum"), Kind.LEGAL_NUMBER, 120),
        Field("tanggal_badan_hukum", N_("Tanggal badan hukum"), Kind.DATE),
        Field("alamat", N_("Alamat"), Kind.TEXT, 255),
        Field("kode_kelurahan", N_("Kelurahan"), Kind.PLACE, 100),
        Field("kode_kecamatan", N_("Kecamatan"), Kind.PLACE, 100),
        Field("kabupaten", N_("Kabupaten atau kota"), Kind.PLACE, 100),
        Field("provinsi", N_("Provinsi"), Kind.LABEL, 100),
        Field("kode_pos", N_("Kode pos"), Kind.POSTAL_CODE),
        Field("nama_pengelola", N_("Nama pengelola (manajer)"), Kind.PERSON, 100),
        Field("telepon_kantor", N_("Telepon kantor"), Kind.PHONE),
        Field("email", N_("Surel"), Kind.EMAIL, 254),
        Field("nama_ketua", N_("Nama ketua"), Kind.PERSON, 100),
        Field("telepon_ketua", N_("Telepon ketua"), Kind.PHONE),
        Field("bentuk_koperasi", N_("Bentuk koperasi"), Kind.CHOICE),
        Field("jenis_koperasi", N_("Jenis koperasi"), Kind.CHOICE),
        Field("kelompok_koperasi", N_("Kelompok koperasi"), Kind.CHOICE),
        Field("sektor_usaha", N_("Sektor usaha"), Kind.TEXT, 120),
        Field("status_aktif", N_("Status aktif"), Kind.LABEL, 60),
        Field("tahun_buku", N_("Tahun"), Kind.YEAR),
        Field("jumlah_anggota", N_("Jumlah anggota"), Kind.COUNT),
        Field("anggota_pria", N_("Anggota pria"), Kind.COUNT),
        Field("anggota_wanita", N_("Anggota wanita"), Kind.COUNT),
        Field("jumlah_karyawan", N_("Jumlah karyawan"), Kind.COUNT),
        Field("jumlah_manajer", N_("Jumlah manajer"), Kind.COUNT),
        Field("tanggal_rat", N_("Tanggal RAT terakhir"), Kind.DATE),
        Field("status_rat", N_("Status RAT tahun buku ini"), Kind.CHOICE),
        Field("modal_sendiri", N_("Modal sendiri"), Kind.RUPIAH),
        Field("simpanan_pokok", N_("Simpanan pokok"), Kind.RUPIAH),
        Field("simpanan_wajib", N_("Simpanan wajib"), Kind.RUPIAH),
        Field("cadangan", N_("Cadangan"), Kind.RUPIAH),
        Field("simpanan_lainnya", N_("Simpanan lainnya"), Kind.RUPIAH),
        Field("modal_luar", N_("Modal luar"), Kind.RUPIAH),
        Field("aset", N_("Aset"), Kind.RUPIAH),
        Field("volume_usaha", N_("Volume usaha"), Kind.RUPIAH),
        Field("shu", N_("Sisa hasil usaha (SHU)"), Kind.RUPIAH),
        Field("id_sumber", N_("Nomor koperasi di berkas ini"), Kind.LABEL, 60),
        Field("nomor_urut", N_("Nomor urut"), Kind.LABEL, 20),
    )
}
OWN_CAPITAL_PARTS = ("simpanan_pokok", "simpanan_wajib", "cadangan", "simpanan_lainnya")
MEMBER_PARTS = ("anggota_pria", "anggota_wanita")

# Questions of the yearly report that a row with a year answers, in their order; the parts go with their totals.
REPORT_FIELDS = (
    "nik_koperasi", "nama_koperasi", "nomor_badan_hukum", "tanggal_badan_hukum", "alamat", "kode_kelurahan", "kode_kecamatan",
    "nama_pengelola", "telepon_kantor", "nama_ketua", "telepon_ketua", "bentuk_koperasi", "jenis_koperasi", "kelompok_koperasi",
    "jumlah_anggota", *MEMBER_PARTS, "jumlah_karyawan", "jumlah_manajer", "tanggal_rat", "status_rat",
    "modal_sendiri", *OWN_CAPITAL_PARTS, "modal_luar", "aset", "volume_usaha", "shu",
)  # fmt: skip

# Columns of the register that a row fills, and the value of the row that fills each.
REGISTER_COLUMNS = {
    **{code: code for code in REPORT_FIELDS[:14]},
    "source_id": "id_sumber",
    "sektor_usaha": "sektor_usaha",
    "email": "email",
    "tempat_lain": "tempat_lain",
    "last_rat": "tanggal_rat",
}

WHY_IGNORED = {
    "income": N_("Pendapatan bukan SHU dan bukan volume usaha; tidak diambil."),
    "cash": N_("Kas hanya sebagian dari aset; tidak diambil."),
    "meeting_id": N_("Nomor rapat milik berkas ini; tidak diambil."),
    "place_on_map": N_("Letak di peta belum dipakai untuk koperasi; tidak diambil."),
    "record_keeping": N_("Tidak ada tempatnya di data koperasi; tidak diambil."),
}


COOPERATIVES = Catalogue(
    FIELDS,
    load(Path(__file__).with_name("columns.toml"), WHY_IGNORED),
    needed=(frozenset({"nama_koperasi"}),),
    no_table=N_(
        "Baris judul tabel tidak ditemukan. Beri judul pada setiap kolom, paling sedikit "
        "“Nama koperasi”, lalu unggah lagi."
    ),
    no_column=N_("Pilih kolom yang berisi nama koperasi. Tanpa nama, baris tidak dapat dikenali."),
)
VOCABULARY = COOPERATIVES.vocabulary
