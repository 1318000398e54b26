"""Beginning and ending the session of a person in this browser."""

from flask import session, url_for
from flask_login import login_user, logout_user

from app.accounts.models import User
from app.accounts.queries import SESSION_ENDS
from app.core.access import Role
from app.core.database import now

WORKING_DAY = 12 * 3600
"""Seconds; a session that is not remembered ends then at the latest, even where a browser never closes."""

KEPT = ("lang",)
HOMES = (
    (Role.OPERATOR, "/dinas"),
    (Role.ADMIN, "/dinas"),
    (Role.EDITOR, "/dinas/konten"),
    (Role.COOPERATIVE, "/laporan"),
    (Role.ENTERPRISE, "/ukm/saya"),
)
"""Addresses, not endpoints: they belong to higher floors, and DESIGN fixes them."""


def begin(user: User, *, remember: bool) -> None:
    """Sign ``user`` in with a fresh session: nothing that stood in the old one, planted by a stranger or not, lives on."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)
    session.permanent = remember
    if not remember:
        session[SESSION_ENDS] = int(now().timestamp()) + WORKING_DAY
    login_user(user)


def renew(user: User) -> None:
    """Go on in this browser after ``user``'s epoch was raised, remembered or not as before."""
    begin(user, remember=session.permanent)


def end() -> None:
    """Forget who was signed in here."""
    kept = {name: session[name] for name in KEPT if name in session}
    logout_user()
    session.clear()
    session.update(kept)


def home_of(user: User) -> str:
    """Where ``user`` begins to work."""
    for role, address in HOMES:
        if user.has_role(role):
            return address
    return url_for("accounts.account")
