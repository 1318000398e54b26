"""The office's pages as an editor keeps them: most looked at, one too long ago, one never; a little news."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from app.accounts.models import User
from app.content import seeds, services
from app.content.models import ContentPage
from app.content.rules import Kind
from app.core.database import now, today
from app.core.extensions import db

UNITS = {
    "legal": "Bidang Kelembagaan",
    "business": "Bidang Usaha Mikro",
    "capital": "Bidang Usaha Mikro",
}
NOT_YET = frozenset({"klinik-usaha"})
LONG_AGO = frozenset({"kredit-usaha-rakyat"})

ABOUT: tuple[Mapping[str, Any], ...] = (
    {
        "section": "vision",
        "slug": "visi-misi-contoh",
        "position": 20,
        "title": "Visi dan misi",
        "body": "Contoh untuk peragaan: *Koperasi yang dipercaya anggotanya, usaha kecil yang naik kelas.*\n\n"
        "1. Melayani dengan syarat yang jelas dan waktu yang ditepati.\n2. Membuka data sejauh boleh dibuka.",
    },
    {
        "section": "structure",
        "slug": "struktur-contoh",
        "position": 30,
        "title": "Struktur organisasi",
        "body": "Contoh untuk peragaan.\n\n- **Sekretariat**: surat, kepegawaian, keuangan.\n"
        "- **Bidang Kelembagaan**: badan hukum, pengawasan, laporan koperasi.\n"
        "- **Bidang Usaha Mikro**: pendampingan, izin, dan modal.",
    },
    {
        "section": "people",
        "slug": "pejabat-contoh",
        "position": 40,
        "title": "Pejabat",
        "body": "Nama rekaan untuk peragaan.\n\n| Jabatan | Nama |\n|---|---|\n| Kepala dinas | Cendana Contoh |\n"
        "| Sekretaris | Meranti Contoh |\n| Kepala Bidang Kelembagaan | Trembesi Contoh |",
    },
)
NEWS: tuple[tuple[int, Mapping[str, Any]], ...] = (
    (
        3,
        {
            "title": "Pendampingan mengisi laporan dibuka di lima kecamatan",
            "summary": "Petugas hadir di kantor kecamatan setiap Rabu pagi; bawa buku RAT dan neraca.",
            "body": "Bila angka di neraca membingungkan, datang saja. Petugas membantu mengisi [laporan tahunan](/laporan), "
            "Anda yang memeriksa dan mengirim.\n\n- Rabu, 09.00–11.30\n- Bawa buku RAT, neraca, dan daftar anggota",
            "title_en": "Help with the annual report in five districts",
            "summary_en": "Officers are at the district offices on Wednesday mornings; bring the RAT book and the balance sheet.",
            "body_en": "If the figures in the balance sheet puzzle you, just come. An officer helps with the "
            "[annual report](/laporan); you check and send it.\n\n- Wednesdays, 09.00–11.30\n"
            "- Bring the RAT book, the balance sheet, and the list of members",
        },
    ),
    (
        16,
        {
            "title": "Syarat setiap layanan sekarang ada di situs",
            "summary": "Tidak perlu menelepon dulu: daftar syaratnya bisa dicentang di ponsel dan dicetak.",
            "body": "Semua [layanan](/layanan) kantor kini punya halaman sendiri dengan syarat, langkah, lama, dan biaya.",
        },
    ),
    (
        41,
        {
            "title": "Kantor tutup pada hari libur nasional dan cuti bersama",
            "summary": "Permohonan lewat situs tetap bisa dikirim; dihitung mulai hari kerja berikutnya.",
            "body": "Jam layanan biasa ada di halaman [tentang kantor](/tentang).",
        },
    ),
)
INFORMATION: Mapping[str, Any] = {
    "section": "berkala",
    "slug": "ringkasan-kegiatan-contoh",
    "position": 30,
    "title": "Ringkasan kegiatan (contoh)",
    "summary": "Jumlah koperasi yang didampingi dan pelatihan yang diadakan; rekaan untuk peragaan.",
    "body": "Contoh isi untuk peragaan. Kantor yang sebenarnya mengunggah laporan kinerjanya di sini.",
    "details": {"documents": [{"text": "Daftar koperasi", "note": "/koperasi"}]},
}


def write_pages(editor: User) -> None:
    """The standing pages, looked at by ``editor`` at different times; fictional ones about the office; news."""
    seeds.ensure_pages()
    moment = now()
    _look_after(editor, moment)
    for values in ABOUT:
        _publish(Kind.ABOUT, values, editor, moment - timedelta(days=120))
    _publish(Kind.INFORMATION, INFORMATION, editor, moment - timedelta(days=60))
    for days, values in NEWS:
        _publish(Kind.NEWS, values, editor, moment - timedelta(days=days))
    services.create_page(
        Kind.NEWS,
        {"title": "Pasar UKM akhir pekan (draf)", "body": "Menunggu tanggal dari panitia."},
        by=editor,
        is_demo=True,
    )


def _look_after(editor: User, moment: datetime) -> None:
    query = select(ContentPage).where(ContentPage.seed.is_not(None)).order_by(ContentPage.id)
    for place, page in enumerate(db.session.scalars(query).all()):
        page.owner_id = editor.id
        page.unit = UNITS.get(page.section, "")
        if page.slug not in NOT_YET and page.publish_at is not None:
            days = 200 if page.slug in LONG_AGO else 12 + 7 * place
            services.mark_checked(page, by=editor, at=moment - timedelta(days=days))


def _publish(kind: Kind, values: Mapping[str, Any], editor: User, at: datetime) -> None:
    page = services.create_page(kind, values, by=editor, is_demo=True)
    services.publish(page, at=at)
    page.updated_at = at
    if kind is not Kind.NEWS:
        services.mark_checked(page, by=editor, at=at)


def forget_checks() -> None:
    """What demonstration people said that they checked was checked by nobody, and the units were invented."""
    people = select(User.id).where(User.is_demo)
    db.session.execute(
        update(ContentPage)
        .where(ContentPage.checked_by_id.in_(people))
        .values(checked_at=None, checked_by_id=None, due_on=today(), unit="")
        .execution_options(synchronize_session=False)
    )
