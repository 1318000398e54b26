"""What a UKM is: its states, the codes of its answers, and its class by PP 7/2021. Plain Python."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.cooperatives.rules import years_before
from app.core.text import N_


class State(StrEnum):
    """Where a listing stands. ``hidden`` is verified, but its owner (or the office) keeps it out of sight."""

    DRAFT = "draft"
    WAITING = "waiting"
    RETURNED = "returned"
    LISTED = "listed"
    HIDDEN = "hidden"
    MERGED = "merged"
    DELETED = "deleted"


class Origin(StrEnum):
    """How a listing came into the register."""

    OWNER = "owner"
    CALLER = "caller"
    VISITOR = "visitor"
    IMPORT = "import"


class Currency(StrEnum):
    """How current a listing is: after a year without a word it says so, after two it leaves the public list."""

    CURRENT = "current"
    UNCONFIRMED = "unconfirmed"
    EXPIRED = "expired"


class Purpose(StrEnum):
    """What an owner can agree to, each by itself."""

    LISTING = "listing"
    WHATSAPP = "whatsapp"
    PHONE = "phone"
    EMAIL = "email"
    LINKS = "links"
    LOCATION = "location"
    PROGRAMMES = "programmes"
    STATISTICS = "statistics"


PURPOSES = {
    Purpose.LISTING: N_(
        "Usaha saya tampil di daftar umum: nama usaha, produk, kecamatan, kelas, dan punya NIB atau tidak."
    ),
    Purpose.WHATSAPP: N_("Nomor WhatsApp usaha tampil untuk umum."),
    Purpose.PHONE: N_("Nomor telepon usaha tampil untuk umum."),
    Purpose.EMAIL: N_("Surel usaha tampil untuk umum."),
    Purpose.LINKS: N_("Tautan media sosial, lokapasar, dan situs tampil untuk umum."),
    Purpose.LOCATION: N_("Letak usaha tampil lebih teliti daripada kecamatan."),
    Purpose.PROGRAMMES: N_("Dinas boleh mengabari saya tentang program yang cocok."),
    Purpose.STATISTICS: N_("Data usaha saya ikut dihitung dalam statistik umum, tanpa nama."),
}
"""Purpose → what the owner says by agreeing."""

CHANNELS = {
    "whatsapp": (N_("WhatsApp untuk pembeli"), Purpose.WHATSAPP),
    "phone": (N_("Telepon usaha"), Purpose.PHONE),
    "email": (N_("Surel usaha"), Purpose.EMAIL),
    "instagram": (N_("Instagram"), Purpose.LINKS),
    "marketplace": (N_("Lokapasar (marketplace)"), Purpose.LINKS),
    "website": (N_("Situs sendiri"), Purpose.LINKS),
}
"""Channel → its name, and the consent without which it is not public."""


class Precision(StrEnum):
    """How finely the place is published."""

    EXACT = "exact"
    KELURAHAN = "kelurahan"
    KECAMATAN = "kecamatan"


class SizeClass(StrEnum):
    """PP 7/2021 art. 35."""

    MIKRO = "mikro"
    KECIL = "kecil"
    MENENGAH = "menengah"


class SizeCriterion(StrEnum):
    """By what the class was found."""

    SALES = "sales"
    CAPITAL = "capital"


@dataclass(frozen=True)
class Band:
    """A range of rupiah that people choose instead of telling the figure; ``most`` is inclusive, None: no upper limit."""

    code: str
    name: str
    most: int | None


MILLION = 1_000_000
BILLION = 1_000 * MILLION

SALES_BANDS = (
    Band("sampai-50jt", N_("Sampai Rp50 juta setahun"), 50 * MILLION),
    Band("sampai-300jt", N_("Lebih dari Rp50 juta sampai Rp300 juta"), 300 * MILLION),
    Band("sampai-2m", N_("Lebih dari Rp300 juta sampai Rp2 miliar"), 2 * BILLION),
    Band("sampai-15m", N_("Lebih dari Rp2 miliar sampai Rp15 miliar"), 15 * BILLION),
    Band("sampai-50m", N_("Lebih dari Rp15 miliar sampai Rp50 miliar"), 50 * BILLION),
    Band("lebih-50m", N_("Lebih dari Rp50 miliar"), None),
)
"""Yearly sales. Every limit of a class is the limit of a band, so that a band never straddles two classes."""

CAPITAL_BANDS = (
    Band("sampai-10jt", N_("Sampai Rp10 juta"), 10 * MILLION),
    Band("sampai-100jt", N_("Lebih dari Rp10 juta sampai Rp100 juta"), 100 * MILLION),
    Band("sampai-1m", N_("Lebih dari Rp100 juta sampai Rp1 miliar"), BILLION),
    Band("sampai-5m", N_("Lebih dari Rp1 miliar sampai Rp5 miliar"), 5 * BILLION),
    Band("sampai-10m", N_("Lebih dari Rp5 miliar sampai Rp10 miliar"), 10 * BILLION),
    Band("lebih-10m", N_("Lebih dari Rp10 miliar"), None),
)
"""Capital without land and building."""

MOST_SALES = {SizeClass.MIKRO: 2 * BILLION, SizeClass.KECIL: 15 * BILLION, SizeClass.MENENGAH: 50 * BILLION}
MOST_CAPITAL = {SizeClass.MIKRO: BILLION, SizeClass.KECIL: 5 * BILLION, SizeClass.MENENGAH: 10 * BILLION}
"""PP 7/2021 art. 35, rupiah, inclusive."""


def class_by(criterion: SizeCriterion, rupiah: int) -> SizeClass | None:
    """The class that one figure says; None for a large enterprise, which is no UMKM."""
    limits = MOST_SALES if criterion is SizeCriterion.SALES else MOST_CAPITAL
    return next((size for size, most in limits.items() if rupiah <= most), None)


def size_class(
    sales_band: str | None, capital_band: str | None
) -> tuple[SizeClass, SizeCriterion] | tuple[None, None]:
    """The class and the criterion used; nothing when neither figure is known, or the business is larger than a UMKM.

    Yearly sales decide where they are known: they are the criterion for support to a business that runs; capital is the one
    for founding it (PP 7/2021 art. 35).
    """
    for criterion, bands, chosen in (
        (SizeCriterion.SALES, SALES_BANDS, sales_band),
        (SizeCriterion.CAPITAL, CAPITAL_BANDS, capital_band),
    ):
        band = next((band for band in bands if band.code == chosen), None)
        if band is not None:
            found = class_by(criterion, band.most) if band.most is not None else None
            return (found, criterion) if found else (None, None)
    return None, None


def currency(confirmed_on: date, today: date) -> Currency:
    """How current a listing is that its owner last confirmed on that day."""
    if confirmed_on <= years_before(today, 2):
        return Currency.EXPIRED
    return Currency.UNCONFIRMED if confirmed_on <= years_before(today, 1) else Currency.CURRENT


LEGAL_FORMS = {
    "perorangan": N_("Perorangan (belum berbadan hukum)"),
    "pt_perorangan": N_("PT perorangan"),
    "cv": N_("CV"),
    "pt": N_("PT"),
    "firma": N_("Firma"),
    "kelompok": N_("Kelompok usaha bersama"),
    "lainnya": N_("Lainnya"),
}

DIGITAL = {
    "none": N_("Belum memakai"),
    "chat_sales": N_("Jualan lewat chat"),
    "social_media": N_("Media sosial"),
    "marketplace": N_("Lokapasar (marketplace)"),
    "own_site": N_("Situs sendiri"),
    "digital_payment": N_("Pembayaran digital (QRIS)"),
    "digital_bookkeeping": N_("Pembukuan digital"),
}
"""Digital adoption, from nothing upwards."""

INFRASTRUCTURE = {
    "power": (
        N_("Listrik"),
        {"ada": N_("Ada, cukup"), "kurang": N_("Ada, sering padam atau kurang"), "tidak": N_("Tidak ada")},
    ),
    "internet": (
        N_("Internet"),
        {"ada": N_("Lancar"), "kurang": N_("Sering lambat atau putus"), "tidak": N_("Tidak ada")},
    ),
    "road": (
        N_("Jalan ke tempat usaha"),
        {"ada": N_("Bisa dilalui mobil"), "kurang": N_("Hanya motor"), "tidak": N_("Hanya jalan kaki")},
    ),
    "water": (
        N_("Air bersih"),
        {"ada": N_("Ada, cukup"), "kurang": N_("Ada, kurang"), "tidak": N_("Tidak ada")},
    ),
}

AGE_BANDS = {
    "<25": N_("Di bawah 25 tahun"),
    "25-34": N_("25–34 tahun"),
    "35-44": N_("35–44 tahun"),
    "45-54": N_("45–54 tahun"),
    "55+": N_("55 tahun ke atas"),
}
SEXES = {"perempuan": N_("Perempuan"), "laki_laki": N_("Laki-laki")}
EDUCATION = {
    "sd": N_("SD atau sederajat"),
    "smp": N_("SMP atau sederajat"),
    "sma": N_("SMA/SMK atau sederajat"),
    "diploma": N_("Diploma"),
    "sarjana": N_("Sarjana atau lebih"),
    "tidak_sekolah": N_("Tidak bersekolah"),
}
DISABILITY = {"tidak": N_("Tidak"), "ya": N_("Ya, penyandang disabilitas")}

FUNDING = {
    "sendiri": N_("Modal sendiri"),
    "keluarga": N_("Keluarga atau teman"),
    "koperasi": N_("Koperasi"),
    "kur": N_("KUR"),
    "bank": N_("Kredit bank lain"),
    "pinjol": N_("Pinjaman daring"),
    "hibah": N_("Hibah atau bantuan pemerintah"),
    "investor": N_("Investor atau mitra"),
}
NEEDS = {
    "pelatihan": N_("Pelatihan"),
    "modal": N_("Modal"),
    "pasar": N_("Pasar dan pembeli"),
    "izin": N_("Izin dan sertifikat (NIB, PIRT, halal)"),
    "alat": N_("Alat dan mesin"),
    "kemasan": N_("Kemasan dan merek"),
    "digital": N_("Jualan digital"),
    "pembukuan": N_("Pembukuan"),
}

STATE_NAMES = {
    State.DRAFT: N_("Belum dikirim"),
    State.WAITING: N_("Menunggu pemeriksaan"),
    State.RETURNED: N_("Dikembalikan"),
    State.LISTED: N_("Tampil di daftar umum"),
    State.HIDDEN: N_("Terdaftar, tidak tampil"),
    State.MERGED: N_("Digabung"),
    State.DELETED: N_("Dihapus"),
}
CLASS_NAMES = {
    SizeClass.MIKRO: N_("Mikro"),
    SizeClass.KECIL: N_("Kecil"),
    SizeClass.MENENGAH: N_("Menengah"),
}
CRITERION_NAMES = {
    SizeCriterion.SALES: N_("menurut penjualan setahun"),
    SizeCriterion.CAPITAL: N_("menurut modal usaha"),
}
ORIGIN_NAMES = {
    Origin.OWNER: N_("Didaftarkan pemilik"),
    Origin.CALLER: N_("Didaftarkan lewat telepon"),
    Origin.VISITOR: N_("Didaftarkan di kantor"),
    Origin.IMPORT: N_("Dari berkas impor"),
}
PRECISIONS = {
    Precision.KECAMATAN: N_("Kecamatan saja"),
    Precision.KELURAHAN: N_("Sampai kelurahan"),
    Precision.EXACT: N_("Titik tepat di peta"),
}

AVAILABILITY = {
    "ready": N_("Siap dibeli"),
    "order": N_("Dibuat sesuai pesanan"),
    "season": N_("Musiman"),
    "out": N_("Sedang habis"),
}
