"""Activation codes: printed by the office, redeemed once by whoever holds the paper."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts import pace
from app.accounts.digests import keyed_digest
from app.accounts.models import AttemptKind, User
from app.accounts.pace import Door, TooManyTries, door_to
from app.audit.services import record
from app.cooperatives.joining import activate, membership_for
from app.cooperatives.models import ActivationCode, Cooperative, Listing, Membership
from app.cooperatives.rules import CODE_GROUP, new_activation_code, normalise_activation_code
from app.cooperatives.timeline import hold, note
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import clock
from app.core.text import N_

LIFETIME = timedelta(days=90)
MOST_OPEN = 5  # papers that may be under way for one cooperative

MISTYPED = N_("Kode ini salah ketik. Bandingkan huruf demi huruf dengan surat dari kantor.")
UNKNOWN = N_("Kode ini tidak kami kenal. Bandingkan dengan surat dari kantor, atau minta surat baru.")
OVER = N_("Kode ini sudah tidak berlaku. Minta surat baru ke kantor.")
USED = N_("Kode ini sudah dipakai. Setiap kode hanya berlaku satu kali; minta surat baru ke kantor.")
TOO_MANY = N_("Terlalu banyak kode yang salah. Coba lagi pukul %(time)s, atau minta bantuan kantor.")


def digest_of(code: str) -> str:
    """What is stored of a code."""
    return keyed_digest("activation-code", code)


def is_open(code: ActivationCode) -> bool:
    """Whether the paper still opens the door."""
    return code.used_at is None and code.revoked_at is None and code.expires_at > now()


def issue_code(cooperative: Cooperative, *, by: User | None) -> str:
    """A new code for ``cooperative``: twelve characters, which nobody can read again. It lives for :data:`LIFETIME`.

    Raises RuleBroken for a cooperative that is not listed or is dissolved, and when too many papers are under way.
    """
    hold(cooperative)
    if cooperative.listing is not Listing.LISTED or cooperative.dissolved_on is not None:
        raise RuleBroken(N_("Kode hanya dapat dibuat untuk koperasi yang terdaftar dan belum bubar."))
    under_way = db.session.scalar(
        select(func.count())
        .select_from(ActivationCode)
        .where(
            ActivationCode.cooperative_id == cooperative.id,
            ActivationCode.used_at.is_(None),
            ActivationCode.revoked_at.is_(None),
            ActivationCode.expires_at > now(),
        )
    )
    if (under_way or 0) >= MOST_OPEN:
        raise RuleBroken(
            N_("Sudah ada %(count)s kode yang belum dipakai. Cabut salah satunya dulu."), count=under_way
        )
    code = new_activation_code()
    paper = ActivationCode(
        cooperative_id=cooperative.id,
        code_digest=digest_of(code),
        hint=code[-CODE_GROUP:],
        created_by_id=by.id if by else None,
        expires_at=now() + LIFETIME,
    )
    db.session.add(paper)
    db.session.flush()
    _trail(paper, cooperative, "code.issued", expires=paper.expires_at.date().isoformat())
    _tell_timeline(paper, cooperative, N_("Kode aktivasi …%(hint)s dibuat"), by=by)
    return code


def revoke_code(paper: ActivationCode, *, by: User) -> None:
    """The paper is worthless from now on. Raises RuleBroken when it was used or revoked already."""
    hold(paper)
    if paper.used_at is not None:
        raise RuleBroken(N_("Kode ini sudah dipakai, jadi tidak dapat dicabut. Akhiri hak pengelolanya."))
    if paper.revoked_at is not None:
        raise RuleBroken(N_("Kode ini sudah dicabut."))
    paper.revoked_at, paper.revoked_by_id = now(), by.id
    db.session.flush()
    _trail(paper, paper.cooperative, "code.revoked")
    _tell_timeline(paper, paper.cooperative, N_("Kode aktivasi …%(hint)s dicabut"), by=by)


def paper_of(cooperative: Cooperative, typed: str) -> ActivationCode | None:
    """The paper of ``cooperative`` that bears this code, used or not."""
    code = normalise_activation_code(typed)
    if code is None:
        return None
    wanted = select(ActivationCode).where(
        ActivationCode.code_digest == digest_of(code), ActivationCode.cooperative_id == cooperative.id
    )
    return db.session.scalars(wanted).one_or_none()


def read_code(typed: str) -> str:
    """The code that was typed. Raises RuleBroken when it is none of ours: a slip of the finger costs no try."""
    code = normalise_activation_code(typed)
    if code is None:
        raise RuleBroken(MISTYPED if typed.strip() else N_("Isi kode aktivasi."), field="kode")
    return code


def admit_code(account: str, *, address: str | None) -> Door:
    """Count a try with a code before it is looked up, in a write unit of its own. Raises RuleBroken after too many.

    ``account`` is whatever tells the person apart: an account's id, or the e-mail address or number that was typed.
    """
    door = door_to(f"activation {account}", address=address)
    try:
        pace.admit(AttemptKind.CODE, door)
    except TooManyTries as wait:
        raise RuleBroken(
            TOO_MANY, field="kode", time=clock(now() + timedelta(seconds=wait.seconds + 59))
        ) from None
    return door


def redeem_code(user: User, code: str, *, position: str, door: Door | None = None) -> Membership:
    """Whoever holds the paper may act at once. Of two who redeem it at the same moment, one is told that it is used.

    The tries counted at ``door`` are forgotten. Raises RuleBroken (field ``kode``) for a code that opens nothing.
    """
    digest = digest_of(read_code(code))
    paper = db.session.scalars(
        select(ActivationCode).where(ActivationCode.code_digest == digest).with_for_update()
    ).one_or_none()
    if paper is None:
        raise RuleBroken(UNKNOWN, field="kode")
    db.session.refresh(paper)
    if not is_open(paper):
        raise RuleBroken(USED if paper.used_at is not None else OVER, field="kode")
    cooperative = hold(paper.cooperative)
    membership = membership_for(user, cooperative, position=position)
    paper.used_at, paper.used_by_id = now(), user.id
    db.session.flush()
    if door is not None:
        pace.forget(door.account)
    _trail(paper, cooperative, "code.used", user_id=user.id)
    return activate(membership, by=None)


def _trail(paper: ActivationCode, cooperative: Cooperative, action: str, **after: object) -> None:
    """The code itself never reaches the trail."""
    name = f"…{paper.hint} – {cooperative.nama_koperasi}"
    record(action, kind="activation_code", subject_id=paper.id, name=name, after={"hint": paper.hint} | after)


def _tell_timeline(
    paper: ActivationCode, cooperative: Cooperative, template: str, *, by: User | None
) -> None:
    params = {"hint": paper.hint}
    note(cooperative, kind="code", template=template, params=params, actor_name=by.name if by else None)
