"""What the register holds of a cooperative, field by field: labels, what may stand there, and who may see it.

Codes, labels and limits are those of questions 1–14 (DOMAIN.md). The register is laxer than the report: a cooperative that
the office knows only by name may stand in it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_

BENTUK = (
    "Primer Kabupaten/Kota",
    "Primer Provinsi",
    "Primer Nasional",
    "Sekunder Kabupaten/Kota",
    "Sekunder Provinsi",
)
JENIS = ("Simpan Pinjam", "Konsumen", "Produsen", "Jasa", "Pemasaran")
KELOMPOK = (
    "K.B.P.R",
    "Kop. Angkatan Darat",
    "Kop. Angkutan Darat",
    "Kop. Jamu Gendong",
    "Kop. Kepolisian",
    "Kop. Lainnya",
    "Kop. Nelayan",
    "Kop. Pasar",
    "Kop. Pedagang Kaki Lima",
    "Kop. Pegawai Negeri (KPRI)",
    "Kop. Pemuda",
    "Kop. Perkebunan",
    "Kop. Pertanian",
    "Kop. Perumahan",
    "Kop. Peternakan",
    "Kop. Profesi",
    "Kop. Sekunder",
    "Kop. Serba Usaha",
    "Kop. Simpan Pinjam",
    "Kop. Simpan Pinjam dan Pembiayaan Syariah",
    "Kop. Wanita",
    "Kop. Wredatama",
    "Kopinkra",
    "Kopkar",
    "Koppontren",
    "Kopti",
    "KUD",
)
OLDEST = date(1945, 1, 1)
NOBODY = "tidak ada"  # as question 8 takes it


class Kind(StrEnum):
    """How a field is filled in and read."""

    TEXT = "text"
    NIK = "nik"
    DATE = "date"
    PHONE = "phone"
    EMAIL = "email"
    CHOICE = "choice"
    PLACE = "place"


@dataclass(frozen=True)
class RegisterField:
    """One column of the register as people see it. ``public`` fields are shown to everybody."""

    code: str
    label: str
    kind: Kind = Kind.TEXT
    public: bool = True
    hint: str = ""
    missing: str = ""
    shortest: int = 0
    longest: int = 120
    choices: tuple[str, ...] = ()


FIELDS = (
    RegisterField(
        "nama_koperasi",
        N_("Nama koperasi"),
        hint=N_("Nama lengkap seperti di akta, tanpa disingkat."),
        missing=N_("Isi nama koperasi. Namanya ada di akta pendirian, pasal 1."),
        shortest=3,
        longest=150,
    ),
    RegisterField(
        "nik_koperasi",
        N_("Nomor Induk Koperasi (NIK)"),
        Kind.NIK,
        hint=N_("Tiga belas angka. Kosongkan kalau koperasi belum punya."),
    ),
    RegisterField(
        "nomor_badan_hukum",
        N_("Nomor badan hukum"),
        hint=N_("Salin persis, dengan titik dan garis miringnya."),
        missing=N_("Isi nomor badan hukum. Nomornya ada di surat pengesahan badan hukum."),
        shortest=5,
        longest=80,
    ),
    RegisterField(
        "tanggal_badan_hukum",
        N_("Tanggal badan hukum"),
        Kind.DATE,
        hint=N_("Tanggal surat pengesahan, bukan tanggal rapat pendirian."),
    ),
    RegisterField(
        "alamat",
        N_("Alamat"),
        hint=N_("Jalan, nomor, RT dan RW kantor koperasi."),
        missing=N_("Isi alamat kantor koperasi: jalan, nomor, RT dan RW."),
        shortest=5,
        longest=255,
    ),
    RegisterField(
        "kode_kelurahan",
        N_("Kelurahan"),
        Kind.PLACE,
        hint=N_("Kelurahan atau desa tempat kantor koperasi."),
        missing=N_("Pilih kelurahan tempat kantor koperasi."),
    ),
    RegisterField(
        "nama_pengelola",
        N_("Nama pengelola (manajer)"),
        public=False,
        hint=N_("Tulis “tidak ada” kalau pengurus mengelola sendiri."),
        shortest=3,
        longest=100,
    ),
    RegisterField(
        "telepon_kantor",
        N_("Telepon kantor"),
        Kind.PHONE,
        hint=N_("Nomor yang boleh dilihat umum."),
    ),
    RegisterField(
        "nama_ketua",
        N_("Nama ketua"),
        hint=N_("Ketua pengurus yang sekarang."),
        missing=N_("Isi nama ketua. Namanya ada di susunan pengurus di buku RAT."),
        shortest=3,
        longest=100,
    ),
    RegisterField(
        "telepon_ketua",
        N_("Telepon ketua"),
        Kind.PHONE,
        public=False,
        hint=N_("Hanya untuk petugas Dinas. Tidak pernah ditampilkan."),
    ),
    RegisterField("bentuk_koperasi", N_("Bentuk koperasi"), Kind.CHOICE, choices=BENTUK),
    RegisterField(
        "jenis_koperasi",
        N_("Jenis koperasi"),
        Kind.CHOICE,
        missing=N_("Pilih jenis koperasi. Jenisnya ada di akta pendirian, pasal tentang usaha."),
        choices=JENIS,
    ),
    RegisterField("kelompok_koperasi", N_("Kelompok koperasi"), Kind.CHOICE, choices=KELOMPOK),
    RegisterField(
        "email",
        N_("Surel koperasi"),
        Kind.EMAIL,
        public=False,
        hint=N_("Untuk surat-menyurat dengan Dinas."),
    ),
)
BY_CODE = {field.code: field for field in FIELDS}
LABELS = {field.code: field.label for field in FIELDS} | {
    "kode_kecamatan": N_("Kecamatan"),
    "source_id": N_("Nomor di berkas sumber"),
    "sektor_usaha": N_("Sektor usaha"),
    "tempat_lain": N_("Tempat di luar wilayah"),
    "last_rat": N_("Tanggal RAT terakhir"),
}
PROPOSAL = ("nama_koperasi", "nomor_badan_hukum", "kode_kelurahan", "alamat", "nama_ketua", "jenis_koperasi")
PROPOSAL_OPTIONAL = ("tanggal_badan_hukum", "telepon_kantor")
