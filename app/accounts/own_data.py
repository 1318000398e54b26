"""What a person may ask about their own data (UU PDP 27/2022): a copy of it, and that it be erased.

The request is the person's, the deed an admin's, who first sees what hangs on the account. What a report or a decision says
about who signed it stays: it is the office's record, not the account's.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.accounts.consents import channels_of
from app.accounts.devices import marks_of
from app.accounts.models import ContactConsent, Handover, KeptForm, OneTimeLink, User, UserRole
from app.accounts.passkeys import keys_of
from app.accounts.second_factor import forget as forget_second_factor
from app.accounts.services import deactivate
from app.accounts.signals import person_erased, sections_of
from app.accounts.two_step_models import UserSession
from app.audit import services as audit
from app.core.access import STAFF, Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.text import N_
from app.notifications import inbox
from app.notifications.models import InboxMessage, OutboxMessage

ERASED = "Akun yang dihapus"
NOWHERE = "dihapus-{id}@dihapus.invalid"
"""An address that no mail can reach (RFC 2606); an account has to have one."""
ASKED = "account.erasure"


def copy_of(user: User) -> dict[str, Any]:
    """What this site's accounts hold about ``user``, and what its other parts say of them, for a file of their own."""
    sessions = db.session.scalars(
        select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.id)
    )
    messages = db.session.scalars(inbox.inbox_of(user.id).order_by(InboxMessage.id))
    return {
        "dibuat": _moment(now()),
        "nama": user.name,
        "surel": user.email,
        "telepon": user.phone,
        "peran": sorted(user.roles),
        "akun_dibuat": _moment(user.created_at),
        "terakhir_masuk": _moment(user.signed_in_at),
        "kode_masuk_sejak": _moment(user.two_step_since),
        "kunci_sandi": [
            {"nama": one.name, "ditambahkan": _moment(one.created_at), "terakhir": _moment(one.used_at)}
            for one in keys_of(user)
        ],
        "dikabari_lewat": sorted(channels_of(user.id)),
        "perangkat": [
            {"perangkat": one.device, "masuk": _moment(one.started_at), "terakhir": _moment(one.seen_at)}
            for one in sessions
        ],
        "pesan": [
            {"waktu": _moment(one.created_at), "isi": say(inbox.text_of(one)), "dibaca": _moment(one.read_at)}
            for one in messages
        ],
        "bagian_lain": {
            section.title: [f"{line.text} {line.note}".strip() for line in section.lines]
            for section in sections_of(user)
        },
    }


def ask_erasure(user: User) -> None:
    """Note that ``user`` wants to be forgotten, and tell the admins. Raises RuleBroken for staff: what they decided stays."""
    _outside_the_office(user)
    if user.erasure_asked_at is not None:
        return
    user.erasure_asked_at = now()
    audit.record("user.erasure_asked", kind="user", subject_id=user.id, name=user.name)
    admins = (
        select(UserRole.user_id).join(User).where(UserRole.role == Role.ADMIN, User.deactivated_at.is_(None))
    )
    inbox.tell(
        list(db.session.scalars(admins)),
        N_("Seseorang meminta akunnya dihapus. Periksa apa yang masih bergantung padanya, lalu jalankan."),
        kind=ASKED,
        subject=f"user:{user.id}",
        link=f"/dinas/pengguna/{user.id}",
    )
    db.session.flush()


def withdraw_erasure(user: User) -> None:
    """The person has thought better of it."""
    user.erasure_asked_at = None
    inbox.take_back(ASKED, f"user:{user.id}")
    db.session.flush()


def erase(user: User, *, by: User) -> None:
    """Close the account and forget who had it: name, addresses, password, codes, passkeys, devices, messages, and values on the trail.

    Raises RuleBroken for staff, and for who has not asked.
    """
    _outside_the_office(user)
    if user.erasure_asked_at is None:
        raise RuleBroken(N_("Orang ini belum meminta akunnya dihapus."))
    if user.is_active:
        deactivate(user, by=by, reason="Dihapus atas permintaan pemiliknya.")
    person_erased.send(user, by=by)
    forget_second_factor(user)
    for table in (OneTimeLink, ContactConsent, UserSession, InboxMessage):
        db.session.execute(delete(table).where(table.user_id == user.id))
    theirs = (OutboxMessage.person_id == user.id) | (OutboxMessage.to_address == user.email)
    db.session.execute(delete(OutboxMessage).where(theirs))
    db.session.execute(delete(KeptForm).where(KeptForm.owner.in_({str(user.id), *marks_of(user)})))
    db.session.execute(update(Handover).where(Handover.person_id == user.id).values(person_name=ERASED))
    user.name, user.email, user.phone = ERASED, NOWHERE.format(id=user.id), None
    user.password_hash = user.erasure_asked_at = user.two_step_since = None
    db.session.flush()
    audit.erase_values("user", user.id)
    audit.record("user.erased", kind="user", subject_id=user.id, name=ERASED)


def _outside_the_office(user: User) -> None:
    if user.roles & STAFF:
        raise RuleBroken(
            N_("Akun pegawai tidak dihapus: keputusannya tetap tercatat. Minta admin menonaktifkannya.")
        )


def _moment(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds") if value else None
