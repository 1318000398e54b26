"""What the office writes to people about their accounts. Plain Indonesian text; the outbox adds the signature."""

from datetime import datetime

from flask_babel import force_locale

from app.accounts.models import User
from app.core.formatting import moment
from app.core.office import office
from app.notifications import services as outbox
from app.notifications.models import OutboxMessage
from app.notifications.rules import LINK_MARK

RESET_KIND, INVITE_KIND = "account.reset", "account.invite"
LINK_KINDS = (RESET_KIND, INVITE_KIND)

RESET = """Yth. {name},

Ada permintaan sandi baru untuk akun Anda di Simpul. Buka tautan ini untuk membuat sandi baru:

{link}

Tautan berlaku sampai {until} dan hanya dapat dipakai satu kali.

Kalau bukan Anda yang meminta, abaikan surel ini: sandi Anda tidak berubah."""

INVITE = """Yth. {name},

{office} membuatkan akun untuk Anda di Simpul. Buka tautan ini untuk memilih sandi, lalu Anda langsung masuk:

{link}

Tautan berlaku sampai {until} dan hanya dapat dipakai satu kali. Sesudah itu, masuk dengan surel ini dan sandi Anda.

Kalau Anda tidak mengenal kantor ini, abaikan surel ini."""

CHANGED = """Yth. {name},

Sandi akun Anda di Simpul baru saja diganti. Perangkat lain sudah keluar dari akun Anda.

Kalau bukan Anda yang menggantinya, segera hubungi kantor."""

EMAIL_CHANGED = """Yth. {name},

Alamat surel akun Anda di Simpul diganti. Mulai sekarang surel dari kantor dikirim ke alamat yang baru, bukan ke sini.

Kalau bukan Anda yang menggantinya, segera hubungi kantor."""

TWO_STEP_ON = """Yth. {name},

Kode masuk untuk akun Anda di Simpul baru saja dipasang. Mulai sekarang masuk dengan sandi dan kode dari aplikasi di ponsel Anda.

Kalau bukan Anda yang memasangnya, segera hubungi kantor."""

TWO_STEP_OFF = """Yth. {name},

Kode masuk untuk akun Anda di Simpul baru saja dilepas. Mulai sekarang sandi saja cukup untuk masuk.

Kalau bukan Anda yang memintanya, segera hubungi kantor."""

PASSKEY_ADDED = """Yth. {name},

Kunci sandi “{key}” baru saja ditambahkan ke akun Anda di Simpul. Perangkat itu sekarang dapat menggantikan kode masuk.

Kalau bukan Anda yang menambahkannya, segera ganti sandi dan hubungi kantor."""

PASSKEY_REMOVED = """Yth. {name},

Kunci sandi “{key}” baru saja dihapus dari akun Anda di Simpul.

Kalau bukan Anda yang menghapusnya, segera hubungi kantor."""

RECOVERY_USED = """Yth. {name},

Satu kode cadangan akun Anda di Simpul baru saja dipakai. Kode itu tidak berlaku lagi.

Kalau bukan Anda yang memakainya, segera ganti sandi dan hubungi kantor."""


def send_link(user: User, *, invite: bool, url: str, expires_at: datetime) -> OutboxMessage:
    """Queue the one-time link ``url`` to the person's e-mail address, which must exist."""
    with force_locale("id"):
        until = moment(expires_at)
    subject = f"Akun Anda di {office().full_name}" if invite else "Sandi baru untuk akun Simpul Anda"
    return outbox.queue_email(
        kind=INVITE_KIND if invite else RESET_KIND,
        person_id=user.id,
        to_name=user.name,
        to_address=_address(user),
        subject=subject,
        body=(INVITE if invite else RESET).format(
            name=user.name, office=office().full_name, link=LINK_MARK, until=until
        ),
        link=url,
        expires_at=expires_at,
    )


def tell_password_changed(user: User) -> None:
    """Warn the person, so that a stranger's change is noticed; nothing for those without e-mail."""
    if user.email:
        outbox.queue_email(
            kind="account.password_changed",
            person_id=user.id,
            to_name=user.name,
            to_address=user.email,
            subject="Sandi akun Simpul Anda diganti",
            body=CHANGED.format(name=user.name),
        )


def tell_email_changed(user: User, *, old_address: str) -> None:
    """Warn the address that was replaced."""
    outbox.queue_email(
        kind="account.email_changed",
        person_id=user.id,
        to_name=user.name,
        to_address=old_address,
        subject="Surel akun Simpul Anda diganti",
        body=EMAIL_CHANGED.format(name=user.name),
    )


def tell_two_step(user: User, *, on: bool) -> None:
    """Tell the person that sign-in asks for a code now, or no longer; nothing for those without e-mail."""
    if user.email:
        outbox.queue_email(
            kind="account.two_step",
            person_id=user.id,
            to_name=user.name,
            to_address=user.email,
            subject="Kode masuk akun Simpul Anda dipasang" if on else "Kode masuk akun Simpul Anda dilepas",
            body=(TWO_STEP_ON if on else TWO_STEP_OFF).format(name=user.name),
        )


def tell_passkey(user: User, *, name: str, added: bool) -> None:
    """Tell the person that a passkey was added or removed; nothing for those without e-mail."""
    if user.email:
        outbox.queue_email(
            kind="account.passkey",
            person_id=user.id,
            to_name=user.name,
            to_address=user.email,
            subject=f"Kunci sandi akun Simpul Anda {'ditambahkan' if added else 'dihapus'}",
            body=(PASSKEY_ADDED if added else PASSKEY_REMOVED).format(name=user.name, key=name),
        )


def tell_recovery_code_used(user: User) -> None:
    """Warn the person, so that a stolen paper is noticed; nothing for those without e-mail."""
    if user.email:
        outbox.queue_email(
            kind="account.recovery_code_used",
            person_id=user.id,
            to_name=user.name,
            to_address=user.email,
            subject="Kode cadangan akun Simpul Anda dipakai",
            body=RECOVERY_USED.format(name=user.name),
        )


def _address(user: User) -> str:
    if user.email is None:
        raise ValueError("a person without e-mail")
    return user.email
