"""Beginning and ending the session of a person in this browser, and the list of those begun elsewhere."""

from datetime import timedelta

from flask import request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import select, update

from app.accounts.device_names import device_of
from app.accounts.digests import short_digest
from app.accounts.models import User
from app.accounts.queries import SESSION_ENDS, SESSION_ID
from app.accounts.step_up import note_proof
from app.accounts.two_step_models import UserSession
from app.audit import services as audit
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.stale_forms import begin_pages_of
from app.core.writing import writing

WORKING_DAY = timedelta(hours=12)
"""A session that is not remembered ends then at the latest, even where a browser never closes."""
REMEMBERED = timedelta(days=14)
"""What the sign-in page promises; it does not begin anew with each visit."""

KEPT = ("lang",)
HOMES = (
    (Role.OPERATOR, "/dinas"),
    (Role.ADMIN, "/dinas"),
    (Role.CONSULTANT, "/dinas/klinik/hari"),
    (Role.EDITOR, "/dinas/konten"),
    (Role.COOPERATIVE, "/laporan"),
    (Role.ENTERPRISE, "/ukm/saya"),
)
"""Addresses, not endpoints: they belong to higher floors, and DESIGN fixes them."""


def begin(user: User, *, remember: bool) -> None:
    """Sign ``user`` in with a fresh session: nothing that stood in the old one, planted by a stranger or not, lives on.

    Opens a write unit of its own: call it outside.
    """
    with writing():
        _end_row()
        row = _write_row(user, REMEMBERED if remember else WORKING_DAY)
    number, ends = row.id, row.ends_at
    start_afresh()
    begin_pages_of(short_digest("pages of", str(user.id))[:16])
    session.permanent = remember
    session[SESSION_ID], session[SESSION_ENDS] = number, int(ends.timestamp())
    note_proof()
    login_user(user)


def start_afresh() -> None:
    """Forget all that this browser's session holds but the language."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def renew(user: User) -> None:
    """Go on in this browser after ``user``'s epoch was raised, remembered or not as before."""
    begin(user, remember=session.permanent)


def end() -> None:
    """Forget who was signed in here. Opens a write unit of its own: call it outside."""
    if SESSION_ID in session:
        with writing():
            _end_row()
    logout_user()
    start_afresh()


def live_sessions(user: User) -> list[UserSession]:
    """Where ``user`` is signed in now, the latest seen first."""
    query = select(UserSession).where(
        UserSession.user_id == user.id,
        UserSession.epoch == user.session_epoch,
        UserSession.ended_at.is_(None),
        UserSession.ends_at > now(),
    )
    return list(db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())))


def this_session() -> int | None:
    """The number of the session in this browser; None for one that began before sessions were numbered."""
    number = session.get(SESSION_ID)
    return number if isinstance(number, int) else None


def end_elsewhere(user: User, session_id: int) -> bool:
    """End one of ``user``'s sessions; whether there was such a one."""
    if session_id not in {one.id for one in live_sessions(user)}:
        return False
    db.session.get_one(UserSession, session_id).ended_at = now()
    audit.record("user.session_ended", kind="user", subject_id=user.id, name=user.name)
    db.session.flush()
    return True


def home_of(user: User) -> str:
    """Where ``user`` begins to work."""
    for role, address in HOMES:
        if user.has_role(role):
            return address
    return url_for("accounts.account")


def _write_row(user: User, lasts: timedelta) -> UserSession:
    moment = now()
    row = UserSession(
        user_id=user.id,
        epoch=user.session_epoch,
        device=device_of(request.user_agent.string),
        started_at=moment,
        seen_at=moment,
        ends_at=moment + lasts,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _end_row() -> None:
    """Of the session that this browser has had so far, if it has one."""
    number = this_session()
    if number is not None:
        db.session.execute(
            update(UserSession)
            .where(UserSession.id == number, UserSession.ended_at.is_(None))
            .values(ended_at=now())
            .execution_options(synchronize_session=False)
        )
