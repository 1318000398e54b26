"""A dozen programmes of the fictional office, in every state, with dates around today."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from app.accounts.models import User
from app.core.database import now, today
from app.core.extensions import db
from app.core.search import searchable
from app.files.models import WEBP
from app.files.prepared import Prepared
from app.files.services import keep
from app.programs import rules
from app.programs.models import Program
from app.programs.rules import State
from app.programs.services import KIND, free_slug
from app.programs.times import FIRST, LAST, instant

CONTACT = {
    "contact_name": "Kenanga Contoh, bidang pemberdayaan",
    "contact_phone": "+6281200000142",
    "contact_email": "program@contoh.example",
}
HALL = {"place": "Aula Dinas, lantai 2", "place_address": "Jalan Simpang Tali 8"}
STEPS = """## Sesudah Anda mendaftar

1. **Tiga hari kerja:** petugas menghubungi Anda lewat pesan di akun.
2. **Hari pelaksanaan:** bawa yang diminta di bawah; datang 15 menit lebih awal.
3. **Sesudahnya:** bahan dan tanda ikut serta bisa diunduh.
"""
FOOD = [
    {"text": "NIB", "note": ""},
    {"text": "Foto KTP pemilik", "note": "JPG atau PDF, dihapus setelah selesai"},
]


def _one(
    title: str, kind: str, audience: list[str], summary: str, body: str, *, days: dict[str, int], **more: Any
) -> dict[str, Any]:
    """``days``: published, deadline, starts, ends as days from today."""
    return {
        "title": title,
        "kind": kind,
        "audience": audience,
        "summary": summary,
        "body": body,
        "days": days,
    } | more


PROGRAMS = (
    _one(
        "Sertifikasi halal gratis untuk usaha makanan dan minuman",
        "certification",
        ["enterprise"],
        "Dinas membayar biaya sertifikat dan menemani Anda mengisi berkasnya, dari pendaftaran sampai sertifikat terbit.",
        "Untuk usaha **mikro dan kecil** yang belum punya sertifikat halal.\n\n" + STEPS,
        days={"published": -14, "deadline": 4},
        cost="Gratis",
        quota=120,
        takes_applications=True,
        requirements=[
            *FOOD,
            {"text": "Daftar bahan dan mereknya", "note": "Tulis tangan lalu difoto juga boleh"},
        ],
    ),
    _one(
        "Pelatihan menyusun laporan keuangan koperasi",
        "training",
        ["cooperative"],
        "Dua hari berlatih menyusun neraca dan perhitungan hasil usaha dari buku harian koperasi Anda sendiri.",
        "Bawa buku kas tiga bulan terakhir. Setiap meja didampingi seorang pelatih.\n\n" + STEPS,
        days={"published": -6, "deadline": 12, "starts": 20, "ends": 21},
        cost="Gratis",
        quota=20,
        takes_applications=True,
        requirements=[
            {"text": "Buku kas tiga bulan terakhir", "note": ""},
            {"text": "Kalkulator", "note": ""},
        ],
        **HALL,
    ),
    _one(
        "Bazar Ramai di Alun-Alun",
        "fair",
        ["enterprise", "cooperative", "public"],
        "Tiga hari bazar produk UKM dan koperasi; warga masuk gratis, stan untuk 40 usaha.",
        "Stan 2 × 2 meter dengan meja, kursi, dan listrik. Sampah dibawa pulang sendiri.\n\n- Buka 09.00–21.00\n- Ada panggung kecil",
        days={"published": -3, "deadline": 9, "starts": 25, "ends": 27},
        cost="Gratis",
        quota=40,
        takes_applications=True,
        place="Alun-Alun Contoh",
        place_address="Jalan Lingkar Rekaan",
    ),
    _one(
        "Dana bergulir untuk koperasi simpan pinjam",
        "capital",
        ["cooperative"],
        "Pinjaman sampai Rp200.000.000 dengan bunga rendah untuk koperasi yang sehat dan rajin RAT.",
        "Ajukan bersama **laporan dua tahun terakhir** dan hasil penilaian kesehatan.\n\n> Periksa syarat terbaru dengan petugas.",
        days={"published": -30, "deadline": 45},
        requirements=[
            {"text": "Laporan tahunan dua tahun terakhir", "note": ""},
            {"text": "Berita acara RAT", "note": ""},
        ],
    ),
    _one(
        "Pendampingan NIB lewat OSS",
        "certification",
        ["enterprise"],
        "Petugas menemani Anda membuat NIB sampai terbit, setiap Selasa dan Kamis pagi.",
        "Datang tanpa janji, pukul 08.30–11.30. Rata-rata selesai dalam 40 menit.",
        days={"published": -90},
        cost="Gratis",
        **HALL,
    ),
    _one(
        "Hibah alat kemasan untuk usaha mikro",
        "grant",
        ["enterprise"],
        "Lima puluh alat segel dan timbangan digital untuk usaha mikro yang sudah ber-NIB.",
        "Dipilih menurut urutan kelengkapan berkas, bukan undian.\n\n" + STEPS,
        days={"published": -5, "deadline": 6},
        quota=50,
        takes_applications=True,
        requirements=FOOD,
        kecamatan=2,
    ),
    _one(
        "Klinik digital: buka toko di lokapasar",
        "training",
        ["enterprise"],
        "Setengah hari: membuat akun, memotret produk, dan memasang tiga barang pertama Anda.",
        "Bawa ponsel dan tiga barang yang mau dijual.",
        days={"published": 3, "deadline": 24, "starts": 30, "ends": 30},
        quota=25,
        takes_applications=True,
        state=State.SCHEDULED,
        **HALL,
    ),
    _one(
        "Lokakarya kemasan ramah lingkungan",
        "training",
        ["enterprise", "cooperative"],
        "Memilih bahan dan ukuran kemasan yang murah dikirim dan mudah didaur ulang.",
        "",
        days={"deadline": 60},
        state=State.DRAFT,
        contact_phone="",
        contact_email="",
    ),
    _one(
        "Pameran kerajinan antarkota",
        "fair",
        ["enterprise"],
        "",
        "Menunggu surat dari panitia.",
        days={},
        state=State.DRAFT,
    ),
    _one(
        "Pelatihan pengawas koperasi",
        "training",
        ["cooperative"],
        "Tugas pengawas, cara memeriksa kas, dan menulis laporan untuk rapat anggota.",
        STEPS,
        days={"published": -40, "deadline": -6, "starts": -1, "ends": 1},
        quota=30,
        takes_applications=True,
        **HALL,
    ),
    _one(
        "Bazar akhir tahun",
        "fair",
        ["enterprise", "public"],
        "Dua hari bazar penutup tahun di halaman Dinas.",
        "Terima kasih kepada 36 usaha yang ikut.",
        days={"published": -120, "deadline": -90, "starts": -80, "ends": -79},
        place="Halaman Dinas",
    ),
    _one(
        "Studi banding koperasi susu",
        "training",
        ["cooperative"],
        "Kunjungan sehari ke koperasi susu di kabupaten tetangga.",
        "Berangkat pukul 06.00 dari halaman Dinas.",
        days={"published": -20, "deadline": 15, "starts": 22, "ends": 22},
        state=State.WITHDRAWN,
        withdrawn_reason="Tuan rumah menunda karena penyakit mulut dan kuku di kandang. Kami umumkan lagi bila aman.",
    ),
)


PICTURES = {
    "Pelatihan menyusun laporan keuangan koperasi": (
        "buku",
        "Gambar buku kas yang terbuka, sebuah kalkulator, dan pensil.",
    ),
    "Bazar Ramai di Alun-Alun": (
        "bazar",
        "Gambar tiga stan bazar beratap garis-garis di bawah untaian bendera.",
    ),
}
"""Title → drawing in ``pictures``, and what it shows."""
SIZE = (960, 540)


def write_programs(editor: User, kecamatan: list[str]) -> None:
    """Every programme of :data:`PROGRAMS`, written by ``editor``; ``kecamatan`` are the codes of the city's."""
    for values in PROGRAMS:
        program = _program(dict(values), editor, kecamatan)
        db.session.add(program)
        db.session.flush()
        if program.title in PICTURES:
            name, program.picture_alt = PICTURES[program.title]
            keep(_picture(name), about=(KIND, program.id), public=True, by=editor)


def _picture(name: str) -> Prepared:
    """A drawing of ours as an upload would have become: the large one, and the small one of half its size."""
    folder = Path(__file__).with_name("pictures")
    large, small = (folder / f"{name}{suffix}.webp" for suffix in ("", "-kecil"))
    return Prepared(large.name, WEBP, large.read_bytes(), *SIZE, small=small.read_bytes())


def _program(values: dict[str, Any], editor: User, kecamatan: list[str]) -> Program:
    days: dict[str, int] = values.pop("days")
    values = CONTACT | values
    values["kecamatan"] = kecamatan[: values.get("kecamatan", 0)]
    period = {
        "deadline": _day(days, "deadline", LAST),
        "starts_at": _day(days, "starts", time(8, 30) if days.get("starts") == days.get("ends") else FIRST),
        "ends_at": _day(days, "ends", time(12, 0) if days.get("starts") == days.get("ends") else LAST),
    }
    state = values.setdefault("state", State.PUBLISHED)
    published = _day(days, "published", time(8, 0))
    written = min(published or now(), now()) - timedelta(days=2)
    program = Program(
        **values,
        **period,
        slug=free_slug(values["title"]),
        search_text=searchable(
            values["title"], values["summary"], rules.KINDS[values["kind"]], values["body"]
        ),
        closes_at=rules.closes_at(**period),
        publish_at=published,
        announced_at=published if state is not State.SCHEDULED else None,
        created_at=written,
        created_by_id=editor.id,
        changed_at=max(written, published or written) if state is State.PUBLISHED else written,
        changed_by_name=editor.name,
        is_demo=True,
    )
    if state is State.WITHDRAWN:
        program.withdrawn_at = program.changed_at = now() - timedelta(days=3)
    return program


def _day(days: dict[str, int], name: str, at: time) -> datetime | None:
    """So many days from today, at that time of the office's clock."""
    return instant(today() + timedelta(days=days[name]), at) if name in days else None
