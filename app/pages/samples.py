"""What the components page shows: each component's states, with invented people, cooperatives and figures."""

STATUSES = {
    "laporan": ("missing", "draft", "submitted", "returned", "approved"),
    "koperasi": ("aktif", "tidak_aktif", "bubar", "belum_diketahui"),
    "klaim": ("waiting", "accepted", "refused"),
    "impor": ("new", "changed", "unchanged", "doubtful", "refused"),
    "akun": ("active", "inactive", "invited", "locked"),
    "bukti dan temuan": ("valid", "replaced", "error", "warning"),
}
PLACES = [
    {"group": "Karangwuni", "choices": [("99.01.01", "Karangwuni Lor"), ("99.01.02", "Karangwuni Kidul")]},
    {"group": "Tirta Utara", "choices": [("99.01.07", "Sumberbening"), ("99.01.08", "Watu Tengah")]},
]
FLASHES = [
    (
        "done",
        "Laporan 2025 sudah kami terima",
        "Nomor bukti SMP-25-0613. Petugas memeriksa dalam 5 hari kerja.",
    ),
    (
        "warning",
        "Belum tersimpan ke server",
        "Jaringan putus sejak 14.02. Isian Anda masih ada di halaman ini; simpan lagi begitu tersambung.",
    ),
    (
        "danger",
        "Jawaban ini diubah orang lain pukul 13.58",
        "Belum ada yang ditimpa. Pilih jawaban yang dipakai.",
    ),
    ("info", "", "Loket tutup Kamis, 19 Maret. Situs tetap bisa dipakai."),
]
COOPERATIVES = [
    ("Koperasi Konsumen Melati Jaya", "submitted", "9 Mar 2026", "713.750.000", "18.600.000"),
    ("KSP Tunas Harapan", "returned", "8 Mar 2026", "12.408.550.000", "391.200.000"),
    ("Kopkar Teh Wangi Lestari Abadi", "approved", "2 Mar 2026", "4.086.000.000", "−52.400.000"),
    ("Koppontren Nurul Ilmu Contoh", "draft", "1 Mar 2026", "–", "–"),
]
QUESTIONS = [
    {
        "code": "modal_sendiri",
        "number": 20,
        "label": "Modal sendiri",
        "type": "amount",
        "value": 428_750_000,
        "hint": "Simpanan pokok, simpanan wajib, cadangan, dan hibah.",
        "last": "Rp412.500.000",
        "help": "Neraca, sisi kanan, baris “Jumlah kekayaan bersih” atau “Jumlah ekuitas”.",
    },
    {
        "code": "aset",
        "number": 22,
        "label": "Aset",
        "type": "amount",
        "value": 71_375_000,
        "hint": "Semua yang dimiliki koperasi pada 31 Desember 2025.",
        "last": "Rp698.200.000",
        "help": "Neraca, sisi kiri, baris paling bawah: “Jumlah aktiva” atau “Jumlah aset”.",
        "warnings": [
            {
                "title": "Mengapa berbeda jauh dari tahun lalu?",
                "text": "Modal sendiri + modal luar = Rp713.750.000, sepuluh kali angka ini. Mungkin kurang satu nol.",
                "fixes": [("713750000", "Ubah menjadi Rp713.750.000")],
            }
        ],
    },
    {
        "code": "volume_usaha",
        "number": 23,
        "label": "Volume usaha",
        "type": "amount",
        "value": "1.25",
        "hint": "Nilai semua penjualan dan jasa selama 2025.",
        "error": "“1.25” bisa berarti 1,25 atau 125. Tulis angka penuh, misalnya 1.250.000.000.",
        "last": "Rp1.184.300.000",
        "remark": "Tampaknya masih dalam juta.",
    },
    {
        "code": "shu",
        "number": 24,
        "label": "Sisa hasil usaha (SHU)",
        "type": "amount",
        "signed": True,
        "hint": "Boleh minus kalau rugi. Contoh: -3.500.000.",
        "last": "Rp21.340.000",
    },
    {
        "code": "tanggal_rat",
        "number": 18,
        "label": "Tanggal RAT terakhir",
        "type": "date",
        "value": "2026-02-21",
        "words": "21 Februari 2026",
        "last": "22 Februari 2025",
        "last_button": False,
    },
    {
        "code": "status_rat",
        "number": 19,
        "label": "Status RAT",
        "type": "radios",
        "value": "sudah",
        "choices": [("sudah", "Sudah RAT"), ("belum", "Belum RAT", "Laporan tetap bisa dikirim.")],
        "last": "Sudah RAT",
    },
    {
        "code": "alamat",
        "number": 5,
        "label": "Alamat",
        "type": "textarea",
        "rows": 2,
        "value": "Jalan Simpang Tali 8",
        "last": "Jalan Simpang Tali 8, Karangwuni Lor",
    },
    {
        "code": "nama_koperasi",
        "number": 2,
        "label": "Nama koperasi",
        "value": "Koperasi Konsumen Melati Jaya",
        "locked": True,
        "last": "Koperasi Konsumen Melati Jaya",
    },
]
MEMBERS = {
    "parts": [
        {"name": "anggota_pria", "label": "Pria", "value": 71},
        {"name": "anggota_wanita", "label": "Wanita", "value": 113},
    ],
    "total": "184",
}
STEPS = [
    {"name": "Identitas", "count": "7 dari 7 terjawab", "url": "#k-langkah", "state": "done"},
    {"name": "Pengurus & kegiatan", "count": "7 dari 7 terjawab", "url": "#k-langkah", "state": "done"},
    {"name": "Keanggotaan & RAT", "count": "4 dari 5 terjawab", "url": "#k-langkah", "error": True},
    {"name": "Keuangan", "count": "3 dari 5 terjawab", "url": "#k-langkah", "state": "now"},
]
EVENTS = [
    {"text": "Laporan 2025 dikirim lagi", "when": "9 Maret 2026", "iso": "2026-03-09", "now": True},
    {
        "text": "Dikembalikan, 3 pertanyaan dibuka",
        "when": "3 Maret 2026",
        "iso": "2026-03-03",
        "who": "Wulan Sari",
        "note": "Volume usaha tampaknya masih dalam juta.",
    },
    {"text": "Laporan 2024 disetujui", "when": "11 April 2025", "iso": "2025-04-11", "url": "#k-langkah"},
]
COMPARED = [
    {
        "code": "aset",
        "number": 22,
        "label": "Aset",
        "changed": True,
        "markable": True,
        "marked": True,
        "comment": "Lampirkan halaman neraca. Kalau kendaraan memang dijual, sebutkan tanggal dan nilainya.",
        "values": [
            {"label": "2024", "value": "698.200.000"},
            {"label": "Dikembalikan 3 Mar", "value": "713.750.000"},
            {"label": "Sekarang", "value": "71.375.000", "now": True, "delta": "−90% dari 2024"},
        ],
        "findings": [
            {
                "title": "Aset sepersepuluh dari tahun lalu",
                "text": "Aset Rp71.375.000, padahal modal sendiri + modal luar Rp713.750.000. Kemungkinan kurang satu nol.",
                "quote": "Ada aset yang dijual atau dihapus",
            }
        ],
    },
    {
        "code": "shu",
        "number": 24,
        "label": "Sisa hasil usaha (SHU)",
        "markable": True,
        "values": [
            {"label": "2024", "value": "21.340.000"},
            {"label": "Dikembalikan 3 Mar", "value": "1.250", "was": True},
            {"label": "Sekarang", "value": "18.600.000", "now": True, "delta": "−12,8%"},
        ],
    },
    {
        "code": "alamat",
        "number": 5,
        "label": "Alamat",
        "comment": "Sudah dicek di berita acara.",
        "values": [
            {"label": "2024", "value": ""},
            {"label": "Dikembalikan 3 Mar", "value": "Jalan Simpang Tali 8"},
            {"label": "Sekarang", "value": "Jalan Simpang Tali 8, Karangwuni Lor", "now": True},
        ],
    },
]
OUTCOMES = [
    {"kind": "new", "line": "Baris 12", "title": "Koperasi Jasa Angin Timur"},
    {
        "kind": "changed",
        "line": "Baris 14",
        "title": "KSP Tunas Harapan",
        "href": "#k-impor",
        "changes": [
            ("Alamat", "Jalan Simpang Tali 8", "Jalan Simpang Tali 10"),
            ("Telepon kantor", "", "(0300) 555-0199"),
        ],
    },
    {"kind": "unchanged", "line": "Baris 15", "title": "KUD Sumber Rejeki Makmur"},
    {
        "kind": "doubtful",
        "line": "Baris 21",
        "title": "Kopkar Teh Wangi",
        "reasons": ["Nomor badan hukum sama dengan Kopkar Teh Wangi Lestari Abadi, tetapi namanya berbeda."],
    },
    {
        "kind": "refused",
        "line": "Baris 33",
        "title": "(tanpa nama)",
        "reasons": ["Nama koperasi kosong.", "Tanggal badan hukum 31-02-2019 tidak ada."],
    },
]
COLUMNS = [
    {
        "index": 1,
        "heading": "NAMA KOPERASI",
        "samples": ["KSP TUNAS HARAPAN", "KUD SUMBER REJEKI"],
        "value": "nama_koperasi",
    },
    {
        "index": 2,
        "heading": "No. BH",
        "samples": ["518/09/BH/CONTOH", "71/BH/REKAAN"],
        "value": "nomor_badan_hukum",
    },
    {"index": 3, "heading": "Ket", "samples": ["ya", "tidak", "ya"], "value": "", "sure": False},
]
YEARS = [
    ("2021", 540, "540"),
    ("2022", 588, "588"),
    ("2023", 651, "651"),
    ("2024", 698, "698"),
    ("2025", 71, "71"),
]
MEMBERS_BY_YEAR = [("2021", 88_010), ("2022", 90_400), ("2023", 91_120), ("2024", 94_800), ("2025", 96_204)]


def samples() -> dict[str, object]:
    """The ``sample`` of ``pages/komponen.html``."""
    return {
        "statuses": STATUSES,
        "places": PLACES,
        "flashes": FLASHES,
        "cooperatives": COOPERATIVES,
        "questions": QUESTIONS,
        "members": MEMBERS,
        "steps": STEPS,
        "events": EVENTS,
        "compared": COMPARED,
        "outcomes": OUTCOMES,
        "columns": COLUMNS,
        "codes": [
            ("nama_koperasi", "Nama koperasi"),
            ("nomor_badan_hukum", "Nomor badan hukum"),
            ("alamat", "Alamat"),
        ],
        "years": YEARS,
        "members_by_year": MEMBERS_BY_YEAR,
        "facts": [
            ("Jenis", "Konsumen"),
            ("Anggota", "184"),
            ("Kecamatan", "Karangwuni"),
            ("RAT tepat waktu", "4 dari 5 tahun"),
        ],
        "cooperative": "Koperasi Konsumen Melati Jaya",
    }
