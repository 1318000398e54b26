"""Signing in by password: count the try, check outside of any write unit, note what came of it."""

from app.accounts import pace, passwords
from app.accounts.models import AttemptKind, User
from app.accounts.pace import Door
from app.accounts.queries import credentials
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing

WRONG = N_(
    "Surel, nomor telepon, atau sandi tidak cocok. Periksa lagi, atau buat sandi baru lewat “Lupa sandi”."
)
CLOSED = N_("Akun ini sudah dinonaktifkan. Hubungi kantor bila Anda masih memerlukannya.")


def check_password(identifier: str, password: str, *, door: Door) -> int:
    """The id of the person whose password this is. Opens write units of its own: call it outside.

    An account that does not exist, has no password or is closed takes as long as any other, and gives the same answer as a
    wrong password; only who knows the password learns that an account is closed.

    Raises:
        TooManyTries: the account rests, or its network is busy.
        RuleBroken: wrong.
    """
    with writing():
        pace.admit(AttemptKind.SIGN_IN, door)
    found = credentials(identifier)
    right = passwords.verify_password(found.password_hash, password)
    if not right or found.user_id is None or found.password_hash is None:
        raise RuleBroken(WRONG, field="password")
    if not found.is_active:
        raise RuleBroken(CLOSED, field="email")
    fresh = passwords.hash_password(password) if passwords.needs_rehash(found.password_hash) else None
    with writing():
        note_success(found.user_id, checked=found.password_hash, fresh=fresh, door=door)
    return found.user_id


def note_success(user_id: int, *, checked: str, fresh: str | None, door: Door) -> None:
    """Forget the wrong tries before this right one; store a ``fresh`` hash unless the password changed meanwhile."""
    pace.forget(door.account)
    user = db.session.get(User, user_id)
    if user is None or user.password_hash != checked or not user.is_active:
        raise RuleBroken(WRONG, field="password")
    user.signed_in_at = now()
    if fresh is not None:
        user.password_hash = fresh
    db.session.flush()
