"""Settings: from the environment or ``instance/simpul.env``, checked once at start-up, the same names everywhere."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from dotenv import dotenv_values

from app.core.hosts import proxies
from app.core.text import N_

ROOT = Path(__file__).parents[2]
MEBIBYTE = 1 << 20
KEY_FILE = "secret.key"
TILES = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/[A-Za-z0-9._~/{}@?&=%+-]*")
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not chosen  # nosec B104


@dataclass(frozen=True)
class Setting:
    """One ``SIMPUL_…`` variable: its default, what it is for, and whether its value may be shown."""

    name: str
    default: str
    meaning: str
    secret: bool = False


SETTINGS = (
    Setting("DATABASE_URL", "", N_("Basis data; kosong = SQLite di folder instance"), secret=True),
    Setting("SECRET_KEY", "", N_("Kunci rahasia sesi dan tautan"), secret=True),
    Setting("OFFICE_NAME", "Dinas Koperasi dan UKM", N_("Nama kantor")),
    Setting("OFFICE_ADDRESS", "", N_("Alamat kantor")),
    Setting("OFFICE_PHONE", "", N_("Telepon kantor")),
    Setting("OFFICE_EMAIL", "", N_("Surel kantor")),
    Setting("OFFICE_HOURS", "Senin–Jumat, 08.00–15.30", N_("Jam layanan")),
    Setting("REGION", "35.73", N_("Kode wilayah kantor (Kemendagri)")),
    Setting(
        "SMTP_URL",
        "",
        N_("starttls:// atau smtps://pengguna:sandi@server:port; kosong = surel menunggu di kotak keluar"),
        secret=True,
    ),
    Setting("MAIL_FROM", "", N_("Alamat pengirim surel; kosong = surel kantor")),
    Setting(
        "BASE_URL",
        "",
        N_("Alamat situs, dipakai di tautan dan kode QR; kosong = jaringan dan porta di bawah"),
    ),
    Setting("TIMEZONE", "", N_("Zona waktu kantor; kosong = zona provinsinya")),
    Setting("HOST", "127.0.0.1", N_("Alamat jaringan tempat situs mendengarkan")),
    Setting("PORT", "8000", N_("Porta")),
    Setting(
        "PROXY",
        "",
        N_("Isi 1 bila proxy di komputer ini yang menulis X-Forwarded-For, atau alamat proxynya: 10.0.0.5"),
    ),
    Setting("INACTIVE_YEARS", "3", N_("Tahun tanpa RAT sampai koperasi disebut tidak aktif")),
    Setting(
        "REPORT_OPENS", "01-01", N_("Bulan-tanggal pengisian laporan dibuka, di tahun sesudah tahun buku")
    ),
    Setting("REPORT_DEADLINE", "04-30", N_("Bulan-tanggal batas melapor")),
    Setting("REPORT_CLOSES", "12-31", N_("Bulan-tanggal pengisian ditutup")),
    Setting(
        "REMIND_DAYS", "30,14,3", N_("Berapa hari sebelum batas koperasi diingatkan; “tidak” = tidak pernah")
    ),
    Setting("SAMPLE_SHARE", "10", N_("Persen laporan bersih yang diundi untuk diperiksa penuh")),
    Setting(
        "REQUEST_DAYS", "5", N_("Hari kerja untuk menjawab permohonan layanan yang tidak menyebut batas lain")
    ),
    Setting("REQUEST_EXTENSION", "5", N_("Hari kerja perpanjangan permohonan layanan, satu kali")),
    Setting(
        "INFORMATION_DAYS", "10", N_("Hari kerja untuk menjawab permohonan informasi publik (UU 14/2008)")
    ),
    Setting(
        "INFORMATION_EXTENSION", "7", N_("Hari kerja perpanjangan permohonan informasi publik, satu kali")
    ),
    Setting(
        "CLOSED_DAYS",
        "",
        N_("Hari kantor tutup di luar libur nasional dan cuti bersama, seperti 2026-04-01,2026-11-20"),
    ),
    Setting("CLUSTER_MONTHS", "3", N_("Tiap berapa bulan UKM dikelompokkan lagi; 0 = hanya bila diminta")),
    Setting(
        "TILE_URL",
        "",
        N_(
            "Alamat server peta, misalnya https://peta.contoh.go.id/{z}/{x}/{y}.png; kosong = garis wilayah saja"
        ),
    ),
    Setting("TILE_ATTRIBUTION", "", N_("Keterangan sumber peta, misalnya © kontributor OpenStreetMap")),
    Setting(
        "BACKUP_DIR",
        "",
        N_("Folder cadangan, misalnya di stik yang terpasang; kosong = folder instance/cadangan"),
    ),
    Setting("BACKUP_KEEP", "7,4,12", N_("Cadangan yang disimpan: harian, mingguan, bulanan")),
    Setting(
        "BACKUP_PASSPHRASE", "", N_("Sandi cadangan; bila diisi, setiap cadangan disandikan"), secret=True
    ),
    Setting("BACKUP_FIRST", "1", N_("Isi 0 bila migrasi boleh berjalan tanpa cadangan lebih dulu")),
    Setting("PG_TOOLS", "", N_("Folder pg_dump dan pg_restore; kosong = yang ditemukan di komputer ini")),
    Setting(
        "METRICS_TOKEN", "", N_("Kunci untuk membaca /metrics; kosong = alamat itu tertutup"), secret=True
    ),
    Setting("SECOND_SIGNATURE", "", N_("Isi 1 bila setiap laporan harus disetujui pengurus kedua")),
    Setting("PRODUCTION", "", N_("Isi 1 di server sungguhan: akun peragaan ditolak")),
    Setting("DEVELOPMENT", "", N_("Isi 1 untuk membuka lembar komponen")),
    Setting("SCHEDULER", "1", N_("Isi 0 bila cron yang menjalankan tugas berkala")),
    Setting("POOL_SIZE", "0", N_("Sambungan basis data per proses; 0 = bawaan")),
)

CENTRAL = frozenset("51 52 53 63 64 65 71 72 73 74 75 76".split())
EASTERN = frozenset("81 82 91 92 93 94 95 96".split())
"""The provinces (first two digits of the region) whose clocks are one and two hours ahead of Jakarta's."""

REACH = {
    "target_session_attrs": "read-write",  # after a change of leaders an address may lead to one that only reads
    "connect_timeout": "5",  # s
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",  # ms; a machine that vanished says nothing, and nobody should wait for it for hours
}
"""How PostgreSQL is reached (libpq's parameters), unless the URL says otherwise."""
COUNTS_OF_DAYS = ("REQUEST_DAYS", "REQUEST_EXTENSION", "INFORMATION_DAYS", "INFORMATION_EXTENSION")


def instance_folder() -> Path:
    """Where this installation keeps its data: ``SIMPUL_INSTANCE``, else ``instance/`` beside the code."""
    return Path(os.environ.get("SIMPUL_INSTANCE") or ROOT / "instance").resolve()


def read_settings(folder: Path) -> dict[str, str]:
    """Each setting's text: the environment wins over ``simpul.env`` in ``folder``, which wins over the default."""
    stored = dotenv_values(folder / "simpul.env")
    values = {
        setting.name: os.environ.get(f"SIMPUL_{setting.name}")
        or stored.get(f"SIMPUL_{setting.name}")
        or setting.default
        for setting in SETTINGS
    }
    host = EVERYWHERE.get(values["HOST"], values["HOST"])
    host = f"[{host}]" if ":" in host else host
    return values | {"BASE_URL": values["BASE_URL"] or f"http://{host}:{values['PORT']}"}


def database_url(given: str, folder: Path) -> str:
    """``given`` as SQLAlchemy wants it (psycopg 3), or the SQLite file in ``folder``."""
    if not given:
        return f"sqlite:///{folder / 'simpul.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    return given


def reach(url: str) -> dict[str, str]:
    """What :data:`REACH` adds to a database URL; nothing for SQLite's."""
    given = parse_qs(urlsplit(url).query)
    return {} if url.startswith("sqlite") else {name: REACH[name] for name in REACH if name not in given}


def kept_secret(folder: Path) -> str:
    """The key in ``folder``'s ``secret.key``, made on the first start; readable by its owner only.

    It is on the disk before anybody uses it: without it no session, link or code of before is worth anything, so a power cut
    just after the first start must not leave an empty file. One that is empty counts as none.
    """
    file, new = folder / "secret.key", folder / f"secret.key.{os.getpid()}"
    if file.exists() and (kept := file.read_text().strip()):
        return kept
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as opened:
        opened.write(secrets.token_urlsafe(48))
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(new, file)  # of two that start at once, one is first
    except OSError:  # that it exists, or a disk without links
        if not file.exists() or not file.read_text().strip():
            new.replace(file)
    new.unlink(missing_ok=True)
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    return file.read_text().strip()


def whole(name: str, text: Any) -> int:
    """The figure that stands in a setting. Raises a ValueError that names the setting."""
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"SIMPUL_{name}: {text}") from None


def days_before(text: str) -> tuple[int, ...]:
    """``30,14,3``: days before a deadline, the farthest first; ``tidak``: none. Raises ValueError for anything else."""
    if text.strip().casefold() == "tidak":
        return ()
    days = {whole("REMIND_DAYS", part) for part in text.split(",")}
    if any(not 0 <= day <= 366 for day in days):
        raise ValueError(f"SIMPUL_REMIND_DAYS: {text}")
    return tuple(sorted(days, reverse=True))


@lru_cache(maxsize=8)
def days_named(text: str) -> frozenset[date]:
    """``2026-04-01,2026-11-20`` as days; none for an empty text. Raises ValueError for anything else."""
    return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())


def tile_url(text: str) -> str:
    """The address of a server of map tiles, empty for none. Raises ValueError for what names no one server and tile."""
    address = text.strip()
    if address and not (TILES.fullmatch(address) and all(part in address for part in ("{z}", "{x}", "{y}"))):
        raise ValueError(f"SIMPUL_TILE_URL: {text}")
    return address


def zone_of(region: str) -> str:
    """The time zone of the province in which ``region`` lies."""
    province = region.strip()[:2]
    if province in EASTERN:
        return "Asia/Jayapura"
    return "Asia/Makassar" if province in CENTRAL else "Asia/Jakarta"


def working_days(settings: Mapping[str, Any], name: str) -> int:
    """A setting that counts working days. Raises ValueError when it is none, or none that people would wait."""
    if not 1 <= (days := whole(name, settings[name])) <= 250:
        raise ValueError(f"SIMPUL_{name}: {days}")
    return days


def flask_config(folder: Path, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of the application. ``overrides`` (tests) win over everything, by the same names."""
    settings: dict[str, Any] = read_settings(folder) | dict(overrides)
    settings["TIMEZONE"] = settings["TIMEZONE"] or zone_of(str(settings["REGION"]))
    url = database_url(str(settings["DATABASE_URL"]), folder)
    days_named(str(settings["CLOSED_DAYS"]))
    proxies(str(settings["PROXY"]))
    pool = (
        max(0, whole("POOL_SIZE", settings["POOL_SIZE"])) or 33
    )  # more than a process has threads: nobody waits for a connection and is refused
    secure = str(settings["BASE_URL"]).startswith("https://")
    return (
        settings
        | {
            "SECRET_KEY": settings["SECRET_KEY"] or kept_secret(folder),
            "SECRET_KEY_GIVEN": bool(settings["SECRET_KEY"]),
            "INACTIVE_YEARS": whole("INACTIVE_YEARS", settings["INACTIVE_YEARS"]),
            "REMIND_DAYS": days_before(str(settings["REMIND_DAYS"])),
            "SAMPLE_SHARE": min(100, max(0, whole("SAMPLE_SHARE", settings["SAMPLE_SHARE"]))),
            **{name: working_days(settings, name) for name in COUNTS_OF_DAYS},
            "CLUSTER_MONTHS": min(120, max(0, whole("CLUSTER_MONTHS", settings["CLUSTER_MONTHS"]))),
            "TILE_URL": tile_url(str(settings["TILE_URL"])),
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": {
                "pool_size": pool,
                "max_overflow": 0,
                "pool_timeout": 5,
                "connect_args": reach(url),
                "hide_parameters": True,  # what people wrote does not stand in the log when a statement fails
                "pool_pre_ping": not url.startswith("sqlite"),  # a file does not hang up
            },
            "MAX_CONTENT_LENGTH": settings.get("MAX_CONTENT_LENGTH", 8 * MEBIBYTE),
            "MAX_FORM_MEMORY_SIZE": 2 * MEBIBYTE,
            "MAX_FORM_PARTS": 4000,
            "SESSION_COOKIE_NAME": "simpul",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": 14 * 24 * 3600,
            # An answer gives the session's cookie only when it changes something: one that was asked for before a sign-in and
            # arrives after it would take the new session away again.
            "SESSION_REFRESH_EACH_REQUEST": False,
            "SESSION_PROTECTION": None,  # it notes each new network as "not fresh", which nothing asks for
            "REMEMBER_COOKIE_SECURE": secure,
            "REMEMBER_COOKIE_HTTPONLY": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session: a form left open overnight must still save
            "WTF_CSRF_SSL_STRICT": False,
            "BABEL_DEFAULT_LOCALE": "id",
            "BABEL_DEFAULT_TIMEZONE": settings["TIMEZONE"],
            "COMPRESS_ALGORITHM": ["br", "gzip"],
            "COMPRESS_BR_LEVEL": 4,
            "COMPRESS_LEVEL": 4,  # of gzip: a third of the time of its usual 6 for 1 % more bytes
            "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,  # core.caching has answered these already
            "COMPRESS_MIMETYPES": [
                "text/html",
                "application/json",
                "image/svg+xml",
                "application/atom+xml",
                "text/csv",
            ],
            "ARGON2_MEMORY_COST": settings.get("ARGON2_MEMORY_COST", 19 * 1024),  # KiB; OWASP's second choice
            "ARGON2_TIME_COST": settings.get("ARGON2_TIME_COST", 2),
        }
    )
