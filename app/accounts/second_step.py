"""Between the right password and the session: the code that is still asked for, remembered in the browser for ten minutes."""

from dataclasses import dataclass
from datetime import timedelta

from flask import session

from app.accounts import pace, second_factor
from app.accounts.models import AttemptKind, User
from app.accounts.pace import Door
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing

WAITING = "second"
LASTS = timedelta(minutes=10)
WRONG = N_(
    "Kode tidak cocok atau sudah dipakai. Isi kode yang sedang tampil di aplikasi, atau satu kode cadangan."
)
MISSING = N_("Isi enam angka dari aplikasi di ponsel Anda, atau satu kode cadangan.")


@dataclass(frozen=True)
class Waiting:
    """Whose code is waited for, and what was wanted at sign-in."""

    user: User
    remember: bool
    back: str


def wait_for(user: User, *, remember: bool, back: str) -> None:
    """Note that the password was right. Nobody is signed in yet. Call it on a fresh session."""
    until = int((now() + LASTS).timestamp())
    session[WAITING] = [user.id, user.session_epoch, until, remember, back]


def waiting() -> Waiting | None:
    """Whose code this browser is asked for now; None: nobody's, or it is too late."""
    noted = session.get(WAITING)
    if not noted:
        return None
    user_id, epoch, until, remember, back = noted
    user = db.session.get(User, user_id) if now().timestamp() < until else None
    if user is None or not user.is_active or user.session_epoch != epoch:
        return None
    return Waiting(user, bool(remember), str(back))


def check_code(user_id: int, code: str, *, door: Door) -> None:
    """Use ``code`` up. Each wrong one is counted before it is looked at. Opens write units of its own: call it outside.

    Raises:
        TooManyTries: after five wrong codes the person waits, longer each time.
        RuleBroken: wrong, or used before.
    """
    if not code:
        raise RuleBroken(MISSING, field="kode")
    try:
        with writing():
            pace.admit(AttemptKind.SECOND_STEP, door)
    except RuleBroken as wait:
        wait.field = "kode"
        raise
    with writing():
        right = second_factor.take(user_id, code)
        if right:
            pace.forget(door.account)
    if not right:
        raise RuleBroken(WRONG, field="kode")
