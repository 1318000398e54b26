"""The second step of signing in: set up, confirmed, asked for, taken away. Verbs flush; each is on the trail.

Codes are checked by :func:`take`, which uses them up; ``second_step.check_code`` paces it. A passkey (``passkeys``) may stand in
for the app or beside it; the codes on paper belong to either.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from app.accounts import messages, one_time_codes
from app.accounts.digests import keyed_digest
from app.accounts.models import User
from app.accounts.passkey_models import Passkey, PasskeyChallenge
from app.accounts.sealing import Unsealable, seal, unseal
from app.accounts.two_step_models import RecoveryCode, SecondFactor
from app.audit import services as audit
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_

PURPOSE = "second factor"

CANNOT_BE_READ = N_(
    "Kode masuk ini tidak dapat diperiksa: kunci rahasia situs pernah diganti. Minta admin mengatur ulang kode masuk Anda."
)


@dataclass(frozen=True)
class Standing:
    """How a person's second step stands: a secret that waits for its first code, and how many codes on paper are left."""

    waiting_secret: str = ""
    codes_left: int = 0


def standing(user: User) -> Standing:
    """For the person's own page."""
    factor = db.session.get(SecondFactor, user.id)
    waiting = _open(factor.waiting, user.id) if factor and factor.waiting else ""
    left = select(func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return Standing(waiting, (db.session.scalar(left) or 0) if user.has_two_steps else 0)


def start(user: User) -> None:
    """Make a secret that waits for its first code; until then the one before it, if any, stays in force."""
    factor = db.session.get(SecondFactor, user.id) or SecondFactor(user_id=user.id)
    factor.waiting = seal(one_time_codes.new_secret(), purpose=PURPOSE, owner=user.id)
    db.session.add(factor)
    db.session.flush()


def install(user: User, *, secret: str) -> None:
    """Put a known secret in force at once: for the demonstration's sign-ins, whose secrets are public."""
    db.session.add(SecondFactor(user_id=user.id, sealed=seal(secret, purpose=PURPOSE, owner=user.id)))
    user.two_step_since = now()
    db.session.flush()


def confirm(user: User, code: str) -> list[str]:
    """Let the waiting secret count from now on, if ``code`` is what the app shows; the codes for paper, shown only now.

    Every other session of the person ends: it was begun with less. Raises RuleBroken.
    """
    factor = db.session.get(SecondFactor, user.id, with_for_update=True, populate_existing=True)
    if factor is None or factor.waiting is None:
        raise RuleBroken(N_("Pemasangan ini sudah selesai atau sudah diganti. Mulai lagi."), field="kode")
    step = one_time_codes.matching_step(_open(factor.waiting, user.id), code, now())
    if step is None:
        raise RuleBroken(
            N_("Kode tidak cocok. Periksa jam ponsel Anda, lalu isi kode yang sedang tampil di aplikasi."),
            field="kode",
        )
    factor.sealed, factor.waiting, factor.last_step = factor.waiting, None, step
    codes = put_in_force(user)
    audit.record("user.two_step_on", kind="user", subject_id=user.id, name=user.name)
    messages.tell_two_step(user, on=True)
    return codes


def put_in_force(user: User) -> list[str]:
    """From now on ``user`` signs in with two steps; the new codes for paper. Every session but the one that the caller begins
    anew ends."""
    user.two_step_since = now()
    user.session_epoch += 1
    return _write_recovery_codes(user)


def has_app(user: User) -> bool:
    """Whether an app shows codes for ``user``; else passkeys and the codes on paper are the second step."""
    factor = db.session.get(SecondFactor, user.id)
    return factor is not None and factor.sealed is not None


def renew_recovery_codes(user: User) -> list[str]:
    """Ten new codes for paper; the old ones are void. Raises RuleBroken without a second step."""
    if not user.has_two_steps:
        raise RuleBroken(N_("Pasang kode masuk dulu."))
    codes = _write_recovery_codes(user)
    audit.record("user.recovery_codes", kind="user", subject_id=user.id, name=user.name)
    return codes


def turn_off(user: User) -> None:
    """The person's own wish. Raises RuleBroken for admins, who must have it."""
    if Role.ADMIN in user.roles:
        raise RuleBroken(
            N_("Admin sistem wajib memakai kode masuk. Ganti ponsel? Pasang di ponsel yang baru.")
        )
    _take_away(user, "user.two_step_off")


def reset(user: User) -> None:
    """The telephone is lost, and the codes on paper too: the next sign-in goes by password. Every session ends.

    Raises RuleBroken for who has none.
    """
    if not user.has_two_steps:
        raise RuleBroken(N_("Orang ini belum memakai kode masuk."))
    user.session_epoch += 1
    _take_away(user, "user.two_step_reset")


def take(user_id: int, code: str) -> bool:
    """Whether ``code`` is the app's or one on paper; it is used up, also when two send it at the same moment.

    A last code from the future means that the clock was set back since: it stands in nobody's way.
    """
    if len(code) == one_time_codes.RECOVERY_LENGTH:
        return _take_recovery_code(user_id, code)
    factor = db.session.get(SecondFactor, user_id, populate_existing=True)
    if factor is None or factor.sealed is None or not code:
        return False
    moment, last = now(), factor.last_step
    after = None if last is None or one_time_codes.is_ahead(last, moment) else last
    step = one_time_codes.matching_step(_open(factor.sealed, user_id), code, moment, after=after)
    if step is None:
        return False
    taken = db.session.scalar(
        update(SecondFactor)
        .where(SecondFactor.user_id == user_id, SecondFactor.last_step.is_not_distinct_from(last))
        .values(last_step=step)
        .returning(SecondFactor.user_id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def _take_recovery_code(user_id: int, code: str) -> bool:
    taken = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.digest == _digest(user_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        return False
    user = db.session.get_one(User, user_id)
    audit.record(
        "user.recovery_code_used",
        kind="user",
        subject_id=user.id,
        name=user.name,
        actor=(user.id, user.name),
    )
    messages.tell_recovery_code_used(user)
    return True


def _take_away(user: User, action: str) -> None:
    user.two_step_since = None
    forget(user)
    audit.record(action, kind="user", subject_id=user.id, name=user.name)
    messages.tell_two_step(user, on=False)
    db.session.flush()


def forget(user: User) -> None:
    """Drop secret, codes and passkeys, whatever stands; the caller says why."""
    for table in (SecondFactor, RecoveryCode, Passkey, PasskeyChallenge):
        db.session.execute(
            delete(table).where(table.user_id == user.id).execution_options(synchronize_session="fetch")
        )


def _write_recovery_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = one_time_codes.new_recovery_codes()
    db.session.add_all(RecoveryCode(user_id=user.id, digest=_digest(user.id, code)) for code in codes)
    db.session.flush()
    return codes


def _digest(user_id: int, code: str) -> str:
    return keyed_digest("recovery code", str(user_id), code)


def _open(sealed: str, user_id: int) -> str:
    """Raises RuleBroken when the site's key is not the one it was sealed with."""
    try:
        return unseal(sealed, purpose=PURPOSE, owner=user_id)
    except Unsealable as problem:
        raise RuleBroken(CANNOT_BE_READ, field="kode") from problem
