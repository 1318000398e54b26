"""What the office writes to owners of UKM. Plain Indonesian text; the outbox adds the signature."""

from urllib.parse import quote

from sqlalchemy import exists, select

from app.accounts.links import site_url
from app.core.extensions import db
from app.core.office import office
from app.enterprises.links import link_address
from app.enterprises.models import Enterprise
from app.enterprises.rules import State
from app.notifications.rules import LINK_MARK
from app.notifications.services import erase, queue_email

LOST = "/ukm/tautan"
SALUTATION = "Yth. Pemilik {name},"  # with which every letter begins
LINK = """Yth. Pemilik {name},

Pendaftaran usaha Anda di Simpul sudah tersimpan. Lanjutkan, ubah, atau lihat hasilnya kapan saja lewat tautan ini:

{link}

Tautan ini kunci data usaha Anda. Jangan berikan kepada orang lain."""

LISTED = """Yth. Pemilik {name},

Pendaftaran usaha Anda sudah diperiksa petugas {office}.{shown}

Buka tautan yang Anda simpan waktu mendaftar, atau masuk ke akun Anda, untuk mengubah data, menambah produk, atau mengatur apa yang tampil. Tautan itu hilang? Minta yang baru di {lost}."""

RETURNED = """Yth. Pemilik {name},

Pendaftaran usaha Anda perlu diperbaiki:

{reason}

Buka tautan yang Anda simpan waktu mendaftar, atau masuk ke akun Anda, lalu perbaiki dan kirim lagi. Tautan itu hilang? Minta yang baru di {lost}."""

STALE = """Yth. Pemilik {name},

Data usaha Anda sudah lebih dari setahun tidak dikonfirmasi. Buka tautan yang Anda simpan atau masuk ke akun Anda, lalu tekan "Data masih benar". Tautannya hilang? Minta yang baru di {lost}. Tanpa itu, usaha Anda tidak tampil lagi di daftar umum setelah dua tahun."""


def send_link(enterprise: Enterprise, token: str) -> None:
    """Queue the secret link to the owner's e-mail address, where there is one."""
    if not enterprise.owner_email:
        return
    queue_email(
        kind="enterprise.link",
        to_name=enterprise.owner_name or enterprise.name,
        to_address=enterprise.owner_email,
        subject="Tautan pendaftaran usaha Anda",
        body=LINK.format(name=enterprise.name, link=LINK_MARK),
        link=link_address(token),
    )


def tell_listed(enterprise: Enterprise, *, shown: bool) -> None:
    """The registration was verified."""
    address = site_url(f"/ukm/{enterprise.slug}")
    told = (
        f" Halaman usaha Anda: {address}"
        if shown
        else " Sesuai pilihan Anda, usaha ini tidak tampil untuk umum."
    )
    _write(enterprise, "Pendaftaran usaha Anda diterima", LISTED, "listed", shown=told)


def tell_returned(enterprise: Enterprise) -> None:
    """The registration needs a correction."""
    _write(
        enterprise,
        "Pendaftaran usaha Anda perlu diperbaiki",
        RETURNED,
        "returned",
        reason=enterprise.return_reason,
    )


def tell_stale(enterprise: Enterprise) -> bool:
    """The listing should be confirmed; whether there is an address to write to."""
    _write(enterprise, "Konfirmasi data usaha Anda", STALE, "stale")
    return bool(enterprise.owner_email)


def _write(enterprise: Enterprise, subject: str, body: str, kind: str, **params: str) -> None:
    if enterprise.owner_email:
        queue_email(
            kind=f"enterprise.{kind}",
            to_name=enterprise.owner_name or enterprise.name,
            to_address=enterprise.owner_email,
            subject=subject,
            body=body.format(name=enterprise.name, office=office().full_name, lost=site_url(LOST), **params),
        )


def forget_letters(enterprise: Enterprise) -> None:
    """Its data are erased: what waits for its owner is not sent any more, and what was sent is not kept. Letters about another
    listing of the same owner stay."""
    address = enterprise.owner_email
    if not address:
        return
    others = exists().where(
        Enterprise.owner_email == address, Enterprise.id != enterprise.id, Enterprise.state != State.DELETED
    )
    more = db.session.scalar(select(others))
    erase(address, kinds="enterprise.", beginning=SALUTATION.format(name=enterprise.name) if more else "")


def whatsapp(phone: str | None, text: str) -> str:
    """A link that opens WhatsApp with ``text`` ready to be sent: at ``phone``, or where the sender chooses; "" for a landline."""
    if phone and not phone.startswith("+628"):
        return ""
    return f"https://wa.me/{(phone or '').removeprefix('+')}?text={quote(text, safe='')}"


def whatsapp_returned(enterprise: Enterprise) -> str:
    """What an operator sends an owner without e-mail."""
    text = RETURNED.format(name=enterprise.name, reason=enterprise.return_reason, lost=site_url(LOST))
    return whatsapp(enterprise.owner_phone, text) if enterprise.owner_phone else ""


def whatsapp_stale(enterprise: Enterprise) -> str:
    """The reminder for WhatsApp."""
    return (
        whatsapp(enterprise.owner_phone, STALE.format(name=enterprise.name, lost=site_url(LOST)))
        if enterprise.owner_phone
        else ""
    )
