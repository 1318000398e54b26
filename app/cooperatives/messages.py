"""What people are told by e-mail about their right to act for a cooperative.

In Indonesian: a message is written while somebody else's request is answered, so its reader's language is not known.
Whoever gave only a telephone number reads it at ``/daftar/saya``.
"""

from collections.abc import Iterable

from flask import current_app

from app.accounts.models import User
from app.cooperatives.models import Membership
from app.notifications.services import queue_email

MINE = "/daftar/saya"
REPORTS = "/laporan"


def address(path: str) -> str:
    """``path`` of this site as it stands on paper and in e-mail."""
    return str(current_app.config["BASE_URL"]).rstrip("/") + path


def _tell(person: User, kind: str, subject: str, *paragraphs: str) -> None:
    if person.email is None or not person.is_active:
        return
    body = "\n\n".join((f"Yth. {person.name},", *paragraphs))
    queue_email(
        kind=kind,
        to_name=person.name,
        to_address=person.email,
        subject=subject,
        body=body,
        person_id=person.id,
    )


def tell_received(membership: Membership) -> None:
    """The claim arrived."""
    name = membership.cooperative.nama_koperasi
    _tell(
        membership.user,
        "claim.received",
        f"Pengajuan Anda untuk {name} sudah kami terima",
        f"Anda mengajukan diri sebagai {membership.position} {name}. Petugas mencocokkannya dengan arsip kantor.",
        f"Hasilnya kami kirim ke surel ini dan tampil di {address(MINE)}.",
        "Kalau bukan Anda yang mengajukan, beri tahu kantor.",
    )


def tell_accepted(membership: Membership) -> None:
    """The person may now act."""
    name = membership.cooperative.nama_koperasi
    _tell(
        membership.user,
        "claim.accepted",
        f"Anda sekarang pengelola {name}",
        f"Pengajuan Anda sebagai {membership.position} {name} diterima.",
        f"Anda dapat mengisi laporan tahunan di {address(REPORTS)}.",
    )


def tell_refused(membership: Membership) -> None:
    """The claim was refused, and why."""
    name = membership.cooperative.nama_koperasi
    _tell(
        membership.user,
        "claim.refused",
        f"Pengajuan Anda untuk {name} belum dapat diterima",
        f"Pengajuan Anda sebagai {membership.position} {name} ditolak. Alasan petugas:",
        membership.reason,
        f"Anda dapat memperbaiki dan mengajukan lagi di {address(MINE)}, atau datang ke kantor membawa surat pengurus.",
    )


def tell_ended(membership: Membership) -> None:
    """The person may no longer act, and why."""
    name = membership.cooperative.nama_koperasi
    _tell(
        membership.user,
        "membership.ended",
        f"Anda bukan lagi pengelola {name} di situs ini",
        f"Hak Anda bertindak untuk {name} diakhiri. Alasan petugas:",
        membership.reason,
        "Kalau ini keliru, hubungi kantor.",
    )


def tell_colleagues(colleagues: Iterable[Membership], newcomer: Membership) -> None:
    """Those who act already learn who joined them: a stranger among them is noticed the same day."""
    name = newcomer.cooperative.nama_koperasi
    for colleague in colleagues:
        if colleague.user_id != newcomer.user_id:
            _tell(
                colleague.user,
                "membership.joined",
                f"{newcomer.user.name} sekarang juga pengelola {name}",
                f"{newcomer.user.name} ({newcomer.position}) sekarang dapat mengisi laporan dan bertindak untuk {name} di situs ini.",
                "Kalau Anda tidak mengenalnya, segera beri tahu kantor.",
            )
