"""The settings as they are in force, with secrets masked."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from flask import current_app

from app.core.config import SETTINGS
from app.core.office import office
from app.core.text import N_, Text

FROM_ENVIRONMENT, FROM_FILE, BUILT_IN = N_("lingkungan"), N_("simpul.env"), N_("bawaan")
FILLED, EMPTY = N_("(terisi, disembunyikan)"), N_("(kosong)")


@dataclass(frozen=True)
class Shown:
    """One setting for the screen; ``value`` and ``source`` are message ids where they are words of ours."""

    name: str
    meaning: str
    value: str
    source: str


def settings() -> list[Shown]:
    """Every ``SIMPUL_…`` setting: what it is for, its value (never a secret), and where it comes from."""
    stored = dotenv_values(Path(current_app.instance_path) / "simpul.env")
    shown = []
    for setting in SETTINGS:
        name = f"SIMPUL_{setting.name}"
        value = str(current_app.config[setting.name])
        if setting.secret:
            value = FILLED if value else EMPTY
        source = FROM_ENVIRONMENT if os.environ.get(name) else FROM_FILE if stored.get(name) else BUILT_IN
        shown.append(Shown(name, setting.meaning, value or EMPTY, source))
    return shown


def remarks() -> list[Text]:
    """What an admin should change before real people come."""
    config = current_app.config
    found = []
    if only_here := office().only_here:
        found.append(
            Text(
                N_(
                    "Tautan dan kode QR memakai %(address)s, yang hanya terbuka di komputer ini. Isi SIMPUL_BASE_URL."
                ),
                {"address": only_here},
            )
        )
    if not config["BASE_URL"].startswith("https://"):
        found.append(
            Text(
                N_(
                    "Alamat situs bukan https: sandi lewat jaringan tanpa pengaman. Pasang TLS di depan situs."
                )
            )
        )
    if not config["SMTP_URL"]:
        found.append(Text(N_("Surel belum diatur (SIMPUL_SMTP_URL): pesan menunggu di kotak keluar.")))
    elif not (config["MAIL_FROM"] or config["OFFICE_EMAIL"]):
        found.append(Text(N_("Alamat pengirim surel belum diisi (SIMPUL_MAIL_FROM).")))
    elif _password_in_the_open(config["SMTP_URL"]):
        found.append(Text(N_("Sandi server surel dikirim tanpa pengaman. Pakai starttls:// atau smtps://.")))
    return found


def _password_in_the_open(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "smtp" and bool(parts.password) and host not in ("localhost", "127.0.0.1", "::1")
