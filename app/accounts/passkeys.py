"""Passkeys as a second step beside the code: added, asked for, used, removed. Verbs flush; each is on the trail.

A question is kept for five minutes, in the browser's session and as a digest in the database, and is deleted by the first
answer. Checking a signature happens outside of any write unit, so :func:`check` opens units of its own.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app, request, session
from sqlalchemy import delete, exists, func, select, update

from app.accounts import messages, pace, passkey_ceremonies, second_factor
from app.accounts.digests import keyed_digest
from app.accounts.models import AttemptKind, User
from app.accounts.pace import Door
from app.accounts.passkey_ceremonies import NewKey, Owner, Untrue
from app.accounts.passkey_models import LONGEST_NAME, Passkey, PasskeyChallenge, PasskeyPurpose
from app.accounts.passkey_site import Party, party_at
from app.audit import services as audit
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.office import office
from app.core.parsing import fold_space
from app.core.text import N_
from app.core.writing import writing

log = structlog.get_logger("simpul")

ASKED = "passkey"
"""Where a session keeps what was asked last: the purpose and the question."""
LASTS = timedelta(minutes=5)
MOST = 10
FIELD = "jawaban_kunci"

LATE = N_("Kunci sandi tidak dijawab dalam lima menit, atau jawabannya sudah dipakai. Tekan tombolnya lagi.")
WRONG = N_("Kunci sandi ini tidak cocok dengan akun Anda di situs ini. Coba lagi, atau pakai kode.")
WENT_BACK = N_(
    "Kunci sandi ini ditolak: hitungannya mundur, mungkin ada yang menyalinnya. Pakai kode, lalu hapus kunci itu di halaman Akun."
)
NOT_READ = N_("Kunci sandi belum jadi. Tekan tombolnya lagi, lalu ikuti petunjuk perangkat Anda.")
NOT_HERE = N_("Kunci sandi tidak dapat dipakai di alamat ini. Pakai kode.")


def party() -> Party | None:
    """Who asks, at the address by which this page was opened; None where browsers hand out no passkeys."""
    return party_at(request.host, request.scheme, current_app.config["BASE_URL"])


def keys_of(user: User) -> list[Passkey]:
    """The passkeys of ``user``, the oldest first."""
    return list(db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)))


def offered(user: User) -> bool:
    """Whether ``user`` may answer with a passkey on this page."""
    if not passkey_ceremonies.installed() or party() is None:
        return False
    return bool(db.session.scalar(select(exists().where(Passkey.user_id == user.id))))


def ask(user: User, purpose: PasskeyPurpose) -> dict[str, Any]:
    """A question for the browser, remembered until it is answered. Raises RuleBroken at an address without passkeys."""
    here = _here()
    known = keys_of(user)
    if purpose is not PasskeyPurpose.ADD and not known:
        raise RuleBroken(N_("Akun ini belum punya kunci sandi."))
    challenge = _remember(user, purpose)
    if purpose is not PasskeyPurpose.ADD:
        return passkey_ceremonies.question_for_known(here, challenge=challenge, known=known)
    owner = Owner(
        handle=bytes.fromhex(keyed_digest("passkey owner", str(user.id))),
        account=str(user.email or user.phone),
        name=user.name,
    )
    return passkey_ceremonies.question_for_new(
        here, owner, challenge=challenge, site=f"Simpul {office().city}", known=known
    )


def read_new(user_id: int, answer: str) -> NewKey:
    """The key that the browser has made in answer to :func:`ask`. Opens a write unit of its own: call it outside.

    Raises RuleBroken for an answer that is late, was sent before, or is not true.
    """
    here = _here()
    if not answer:
        raise RuleBroken(NOT_READ)
    with writing():
        challenge = _use_up(user_id, PasskeyPurpose.ADD)
    if challenge is None:
        raise RuleBroken(LATE)
    try:
        return passkey_ceremonies.read_new(answer, here, challenge=challenge)
    except Untrue as wrong:
        log.warning("passkey untrue", person=user_id, why=str(wrong)[:200])
        raise RuleBroken(NOT_READ) from wrong


def add(user: User, key: NewKey, *, name: str) -> list[str]:
    """Let ``key`` count from now on. The first second step of a person comes with codes for paper, returned here to be shown
    once, and ends every other session: it was begun with less. Raises RuleBroken.
    """
    _one_by_one(user)
    held = db.session.scalar(select(func.count()).where(Passkey.user_id == user.id)) or 0
    if held >= MOST:
        raise RuleBroken(
            N_("Akun ini sudah punya %(most)s kunci sandi. Hapus dulu satu yang tidak dipakai."),
            most=MOST,
        )
    if db.session.scalar(select(exists().where(Passkey.credential_id == key.credential_id))):
        raise RuleBroken(N_("Kunci sandi ini sudah terdaftar."))
    named = fold_space(name)[:LONGEST_NAME] or "Kunci sandi"
    db.session.add(
        Passkey(
            user_id=user.id,
            credential_id=key.credential_id,
            public_key=key.public_key,
            sign_count=key.sign_count,
            transports=key.transports,
            name=named,
        )
    )
    db.session.flush()
    _record("passkey.added", user, named)
    messages.tell_passkey(user, name=named, added=True)
    return [] if user.has_two_steps else second_factor.put_in_force(user)


def remove(user: User, passkey_id: int) -> str | None:
    """Take one of ``user``'s passkeys away; its name, or None when there is no such one.

    With the last second step the codes for paper go as well. Raises RuleBroken for admins, who must have a second step.
    """
    _one_by_one(user)
    key = db.session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id))
    if key is None:
        return None
    others = exists().where(Passkey.user_id == user.id, Passkey.id != key.id)
    is_last = not second_factor.has_app(user) and not db.session.scalar(select(others))
    if is_last and Role.ADMIN in user.roles:
        raise RuleBroken(
            N_(
                "Admin sistem wajib punya langkah kedua. Pasang kode masuk atau kunci sandi lain dulu, baru hapus yang ini."
            )
        )
    name = key.name
    db.session.delete(key)
    db.session.flush()
    _record("passkey.removed", user, name)
    messages.tell_passkey(user, name=name, added=False)
    if is_last:
        second_factor.turn_off(user)
    return name


def check(user_id: int, answer: str, *, purpose: PasskeyPurpose, door: Door) -> None:
    """Take a passkey's answer, once. Each wrong one is counted before it is looked at, as wrong codes are. Opens write units of
    its own: call it outside.

    Raises:
        TooManyTries: after five wrong answers or codes the person waits, longer each time.
        RuleBroken: late, sent before, somebody else's, not true, or from a key that seems to have been copied.
    """
    here = _here()
    try:
        with writing():
            pace.admit(AttemptKind.SECOND_STEP, door)
            challenge = _use_up(user_id, purpose)
    except RuleBroken as wait:
        wait.field = None  # it stands beside no input
        raise
    if challenge is None:
        raise RuleBroken(LATE)
    try:
        wanted = passkey_ceremonies.credential_of(answer)
        key = db.session.scalar(
            select(Passkey).where(Passkey.user_id == user_id, Passkey.credential_id == wanted)
        )
        if key is None:
            raise Untrue("a key that this person does not have")
        count = passkey_ceremonies.read_count(answer, here, challenge=challenge, public_key=key.public_key)
    except Untrue as wrong:
        log.warning("passkey untrue", person=user_id, why=str(wrong)[:200])
        raise RuleBroken(WRONG) from wrong
    passkey_id = key.id
    with writing():
        right = note_use(passkey_id, count)
        if right:
            pace.forget(door.account)
    if not right:
        raise RuleBroken(WENT_BACK)


def note_use(passkey_id: int, count: int) -> bool:
    """Keep how often the device says it has signed. False, and on the trail, when that is no more than last time: then another
    device has the same key (WebAuthn, 6.1.1). Devices that do not count always say 0.
    """
    used = db.session.scalar(
        update(Passkey)
        .where(
            Passkey.id == passkey_id,
            (Passkey.sign_count < count) | ((Passkey.sign_count == 0) & (count == 0)),
        )
        .values(sign_count=count, used_at=now())
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    if used is not None:
        return True
    key = db.session.get(Passkey, passkey_id, populate_existing=True)
    if key is not None:
        user = db.session.get_one(User, key.user_id)
        _record("passkey.used_wrongly", user, key.name, actor=(user.id, user.name))
    return False


def _here() -> Party:
    here = party()
    if here is None:
        raise RuleBroken(NOT_HERE)
    return here


def _remember(user: User, purpose: PasskeyPurpose) -> bytes:
    """A new question; those whose time is over go."""
    lapsed = select(PasskeyChallenge.id).where(PasskeyChallenge.expires_at <= now())
    old = lapsed.with_for_update(skip_locked=True)
    db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.id.in_(old)))
    challenge = secrets.token_bytes(32)
    db.session.add(
        PasskeyChallenge(
            user_id=user.id, purpose=purpose, digest=_digest(challenge), expires_at=now() + LASTS
        )
    )
    db.session.flush()
    session[ASKED] = [purpose.value, urlsafe_b64encode(challenge).decode()]
    return challenge


def _use_up(user_id: int, purpose: PasskeyPurpose) -> bytes | None:
    """The question that this browser was asked last, if it was for this and nobody has answered it yet."""
    asked_for, question = session.pop(ASKED, None) or ("", "")
    if asked_for != purpose.value:
        return None
    challenge = urlsafe_b64decode(question)
    taken = db.session.scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.user_id == user_id,
            PasskeyChallenge.purpose == purpose,
            PasskeyChallenge.digest == _digest(challenge),
            PasskeyChallenge.expires_at > now(),
        )
        .returning(PasskeyChallenge.id)
        .execution_options(synchronize_session=False)
    )
    return challenge if taken is not None else None


def _digest(challenge: bytes) -> str:
    return keyed_digest("passkey question", challenge.hex())


def _one_by_one(user: User) -> None:
    """Two who change one person's keys at the same moment come one after the other (SQLite's writers do anyway)."""
    db.session.refresh(user, with_for_update={"of": User})


def _record(action: str, user: User, name: str, *, actor: tuple[int, str] | None = None) -> None:
    audit.record(
        action, kind="user", subject_id=user.id, name=user.name, after={"passkey": name}, actor=actor
    )
