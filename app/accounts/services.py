"""Every change to a person's account. Verbs flush; the write unit of the caller commits. Each is on the trail."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import messages, queries, rules
from app.accounts.links import IssuedLink, email_link, issue_link, revoke_links
from app.accounts.models import Handover, User, UserRole
from app.accounts.passwords import hash_password
from app.accounts.signals import person_deactivated, roles_taken, work_of
from app.audit import services as audit
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import Unreadable, fold_space, parse_phone
from app.core.text import N_

__all__ = [
    "IssuedLink",
    "change_contacts",
    "change_password",
    "create_user",
    "deactivate",
    "email_link",
    "hash_password",
    "issue_link",
    "reactivate",
    "revoke_links",
    "set_roles",
    "sign_out_everywhere",
]

LAST_ADMIN = N_("Ini admin terakhir yang dapat masuk. Jadikan orang lain admin dulu.")
NAME_LENGTH = range(3, 101)


def create_user(
    *,
    name: str,
    email: str | None = None,
    phone: str | None = None,
    password_hash: str | None = None,
    roles: Collection[Role] = (),
    is_demo: bool = False,
) -> User:
    """A new person; without ``password_hash`` they need a one-time link first (:func:`issue_link`).

    Raises RuleBroken: neither e-mail nor phone, one that cannot be read, or one that somebody else has.
    """
    values = _contacts(name, email, phone)
    _unused(values, mine=None)
    user = User(**values, password_hash=password_hash, is_demo=is_demo)
    user.role_rows = [UserRole(role=role) for role in sorted(set(roles))]
    db.session.add(user)
    _flush_unique()
    audit.record(
        "user.created",
        kind="user",
        subject_id=user.id,
        name=user.name,
        after=values | {"roles": user.roles},
    )
    return user


def change_contacts(user: User, *, name: str, email: str | None, phone: str | None) -> list[str]:
    """Correct name, e-mail and phone; the names of what changed. The old e-mail address is told.

    Raises RuleBroken as :func:`create_user`.
    """
    values = _contacts(name, email, phone)
    before = {"name": user.name, "email": user.email, "phone": user.phone}
    changed = [field for field, value in values.items() if value != before[field]]
    if not changed:
        return []
    _unused(values, mine=user.id)
    for field in changed:
        setattr(user, field, values[field])
    _flush_unique()
    if "email" in changed and before["email"]:
        revoke_links(user)  # a link on its way to the old address must not open the account any more
        messages.tell_email_changed(user, old_address=before["email"])
    audit.record(
        "user.changed",
        kind="user",
        subject_id=user.id,
        name=user.name,
        before={field: before[field] for field in changed},
        after={field: values[field] for field in changed},
    )
    return changed


def change_password(user: User, *, password_hash: str) -> None:
    """Set a password that its owner chose; all sessions end but the one that the caller begins anew."""
    user.password_hash = password_hash
    user.session_epoch += 1
    revoke_links(user)
    messages.tell_password_changed(user)
    audit.record("user.password_changed", kind="user", subject_id=user.id, name=user.name)
    db.session.flush()


def sign_out_everywhere(user: User) -> None:
    """Make every session cookie of this person worthless."""
    user.session_epoch += 1
    audit.record("user.signed_out", kind="user", subject_id=user.id, name=user.name)
    db.session.flush()


def set_roles(user: User, roles: Collection[Role], *, by: User | None = None) -> bool:
    """Give ``user`` exactly ``roles``; whether that changed anything.

    Raises RuleBroken when it would leave the site without an admin who can sign in, or take ``by``'s own admin role.
    """
    wanted = frozenset(roles)
    _hold_admins(user)
    before = user.roles
    if wanted == before:
        return False
    if Role.ADMIN in before - wanted:
        _keep_an_admin(user, by=by)
    for row in [row for row in user.role_rows if row.role not in wanted]:
        user.role_rows.remove(row)
    user.role_rows.extend(UserRole(role=role) for role in sorted(wanted - before))
    db.session.flush()
    audit.record(
        "user.roles",
        kind="user",
        subject_id=user.id,
        name=user.name,
        before={"roles": before},
        after={"roles": wanted},
    )
    if before - wanted:
        roles_taken.send(user, roles=before - wanted)
    return True


def deactivate(
    user: User, *, by: User | None = None, reason: str = "", successor: User | None = None
) -> Handover:
    """Close an account: no sign-in, every session and link void. What the person did stays theirs.

    Their open work goes to ``successor`` (None: back for anybody); higher features are told by
    :data:`~app.accounts.signals.person_deactivated`. Returns the sheet of what was handed over. Raises RuleBroken for the
    last admin who can sign in, for oneself, for who is inactive already, and for a successor who cannot take it on.
    """
    _hold_admins(user)
    if not user.is_active:
        raise RuleBroken(N_("Akun ini sudah nonaktif."))
    if by is not None and by.id == user.id:
        raise RuleBroken(N_("Anda tidak dapat menonaktifkan akun sendiri. Minta admin lain."))
    if Role.ADMIN in user.roles:
        _keep_an_admin(user, by=by)
    if successor is not None and (
        successor.id == user.id or not (successor.is_active and successor.is_staff)
    ):
        raise RuleBroken(N_("Pilih pegawai yang masih aktif sebagai penerus."), field="penerus")
    sheet = _sheet(user, successor, by=by, reason=fold_space(reason))
    user.deactivated_at = now()
    user.session_epoch += 1
    revoke_links(user)
    db.session.add(sheet)
    db.session.flush()
    person_deactivated.send(user, successor=successor)
    audit.record(
        "user.deactivated",
        kind="user",
        subject_id=user.id,
        name=user.name,
        before={"active": True},
        after={"active": False, "reason": fold_space(reason)}
        | ({"successor": successor.name} if successor else {}),
    )
    return sheet


def _sheet(user: User, successor: User | None, *, by: User | None, reason: str) -> Handover:
    """What ``user`` leaves behind, written down before it is handed on."""
    return Handover(
        person_id=user.id,
        person_name=user.name,
        successor_id=successor.id if successor else None,
        successor_name=successor.name if successor else "",
        by_name=by.name if by else audit.OFFICE,
        reason=reason[:500],
        work=[
            {"title": part.title, "lines": [[line.text, line.note] for line in part.lines]}
            for part in work_of(user)
        ],
    )


def reactivate(user: User, *, reason: str = "") -> None:
    """Open a closed account again, with the password it had. Raises RuleBroken for who is active."""
    db.session.refresh(user, with_for_update={"of": User})
    if user.is_active:
        raise RuleBroken(N_("Akun ini sudah aktif."))
    user.deactivated_at = None
    db.session.flush()
    audit.record(
        "user.reactivated",
        kind="user",
        subject_id=user.id,
        name=user.name,
        before={"active": False},
        after={"active": True, "reason": fold_space(reason)},
    )


def _hold_admins(user: User) -> None:
    """Let nobody else change admins until this unit ends, and read ``user`` as it is now.

    SQLite has one writer at a time. On PostgreSQL the rows of all admins are locked, in one order, so two admins who remove
    each other come one after the other, and the second is refused. Rows that refer to them may still be added: whoever writes
    for the clinic, for which a consultant who leaves waits in line here, must not wait for us.
    """
    admins = select(User.id).where(User.role_rows.any(UserRole.role == Role.ADMIN)).order_by(User.id)
    db.session.execute(admins.with_for_update(key_share=True)).all()
    db.session.refresh(user, with_for_update={"of": User, "key_share": True})
    db.session.refresh(user, ["role_rows"])


def _keep_an_admin(user: User, *, by: User | None) -> None:
    if by is not None and by.id == user.id:
        raise RuleBroken(N_("Anda tidak dapat melepas peran admin dari akun sendiri. Minta admin lain."))
    if queries.other_admins(user.id) == 0:
        raise RuleBroken(LAST_ADMIN)


def _contacts(name: str, email: str | None, phone: str | None) -> dict[str, str | None]:
    """Name, e-mail and phone as they are stored. Raises RuleBroken beside the field that is wrong."""
    folded = fold_space(name)
    if len(folded) not in NAME_LENGTH:
        raise RuleBroken(N_("Tulis nama lengkap, 3 sampai 100 huruf."), field="name")
    read: dict[str, str | None] = {"name": folded}
    for field, raw, reader in (("email", email, rules.read_email), ("phone", phone, parse_phone)):
        try:
            read[field] = reader(raw or "")
        except Unreadable as wrong:
            raise RuleBroken(wrong.text.template, field=field, **wrong.text.params) from wrong
    if not read["email"] and not read["phone"]:
        raise RuleBroken(
            N_("Isi surel atau nomor telepon. Salah satunya dipakai untuk masuk."), field="email"
        )
    return read


def _unused(values: dict[str, str | None], *, mine: int | None) -> None:
    taken = {
        "email": N_("Surel ini sudah dipakai akun lain."),
        "phone": N_("Nomor telepon ini sudah dipakai akun lain."),
    }
    for field, sentence in taken.items():
        if values[field] is not None:
            owner = db.session.scalar(select(User.id).where(getattr(User, field) == values[field]))
            if owner is not None and owner != mine:
                raise RuleBroken(sentence, field=field)


def _flush_unique() -> None:
    """Two who take one address at the same moment: the second learns it from the constraint."""
    try:
        db.session.flush()
    except IntegrityError as clash:
        field = "phone" if "phone" in str(clash.orig) else "email"
        raise RuleBroken(N_("Surel atau nomor ini baru saja dipakai akun lain."), field=field) from clash
