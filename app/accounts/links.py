"""One-time links and codes: how people without a password, or without the right one, get in."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from app.accounts import messages, pace, rules
from app.accounts.digests import keyed_digest, same
from app.accounts.models import OneTimeLink, Purpose, User
from app.accounts.pace import Door
from app.accounts.queries import live_link, person_by_identifier
from app.audit import services as audit
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.notifications import services as outbox

BY_EMAIL = timedelta(hours=24)
FROM_OFFICE = timedelta(days=7)
"""A printed letter takes days to reach its reader."""
AFTER_CODE = timedelta(hours=1)

GONE = N_("Tautan ini sudah dipakai, sudah diganti, atau sudah lewat waktunya. Minta tautan baru.")


@dataclass(frozen=True)
class IssuedLink:
    """A link as it is shown, once: nobody can read it back out of the database. ``code`` is empty where none was made."""

    token: str
    code: str
    url: str
    expires_at: datetime
    link: OneTimeLink

    @property
    def spoken_code(self) -> str:
        """``4829 1307``: in two groups, for the telephone."""
        return f"{self.code[:4]} {self.code[4:]}".strip()


def issue_link(
    user: User, *, purpose: Purpose, by: User | None = None, lifetime: timedelta = FROM_OFFICE
) -> IssuedLink:
    """A link and a code from the office (``by`` None: from a command). Earlier links and messages with them are void."""
    if not user.is_active:
        raise RuleBroken(N_("Akun ini nonaktif. Aktifkan dulu, baru buat tautan."))
    revoke_links(user)
    issued = _make(user, purpose=purpose, by=by, lifetime=lifetime, with_code=True)
    audit.record(
        "link.issued",
        kind="user",
        subject_id=user.id,
        name=user.name,
        after={"tujuan": purpose, "berlaku_sampai": issued.expires_at},
    )
    return issued


def email_link(user: User, issued: IssuedLink) -> None:
    """Send an issued link by e-mail as well."""
    invite = issued.link.purpose is Purpose.INVITE
    messages.send_link(user, invite=invite, url=issued.url, expires_at=issued.expires_at)


def ask_for_link(identifier: str, *, door: Door) -> None:
    """Somebody forgot the password: send a link, if there is such an account with an e-mail address, at most three an hour.

    Says nothing about which of these it was. Links from the office stay valid: a stranger must not void them.
    """
    user = person_by_identifier(identifier)
    if user is None or not user.is_active or not user.email:
        return
    if pace.asked_for_link(door) > rules.LINKS_AN_HOUR:
        return
    purpose = Purpose.RESET if user.password_hash else Purpose.INVITE
    issued = _make(user, purpose=purpose, by=None, lifetime=BY_EMAIL, with_code=False)
    messages.send_link(user, invite=False, url=issued.url, expires_at=issued.expires_at)


def _make(
    user: User, *, purpose: Purpose, by: User | None, lifetime: timedelta, with_code: bool
) -> IssuedLink:
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice("0123456789") for _ in range(rules.CODE_DIGITS)) if with_code else ""
    link = OneTimeLink(
        user=user,
        purpose=purpose,
        token_digest=keyed_digest("link", token),
        code_digest=_code_digest(user, code) if code else None,
        created_by_id=by.id if by else None,
        expires_at=now() + lifetime,
    )
    db.session.add(link)
    db.session.flush()
    return IssuedLink(token, code, link_url(token), link.expires_at, link)


def link_url(token: str) -> str:
    """The address that a one-time link is sent and printed with."""
    return site_url(f"/sandi/{token}")


def site_url(path: str) -> str:
    """``path`` as it is written in letters: with the site's own address, never the one that a request came by."""
    return f"{current_app.config['BASE_URL'].rstrip('/')}{path}"


def _code_digest(user: User, code: str) -> str:
    return keyed_digest("code", str(user.id), code)


def revoke_links(user: User) -> None:
    """Make the person's open links and codes worthless, and take back messages that carry one."""
    db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None), OneTimeLink.revoked_at.is_(None)
        )
        .values(revoked_at=now())
        .execution_options(synchronize_session="fetch")
    )
    outbox.withdraw(person_id=user.id, kinds=messages.LINK_KINDS)


def exchange_code(identifier: str, code: str) -> str | None:
    """A fresh link token for the right code, else None; a wrong try is counted, and the fifth kills the code.

    A wrong code raises nothing: the count must be committed. The token of the printed link dies with the exchange.
    """
    user = person_by_identifier(identifier)
    if user is None or not user.is_active:
        return None
    link = _count_try(user)
    if link is None or link.code_digest is None:
        return None
    token = None
    if same(link.code_digest, _code_digest(user, code)):
        token = secrets.token_urlsafe(32)
        link.token_digest = keyed_digest("link", token)
        link.expires_at = min(link.expires_at, now() + AFTER_CODE)
        link.code_digest = None
    elif link.code_attempts >= rules.CODE_TRIES:
        link.code_digest = None
    db.session.flush()
    return token


def _count_try(user: User) -> OneTimeLink | None:
    """The link whose code is in force, with one more try on its count; None when no code is.

    One statement finds and counts, so tries sent at once cannot share a count.
    """
    in_force = (
        select(OneTimeLink.id)
        .where(
            OneTimeLink.user_id == user.id,
            OneTimeLink.code_digest.is_not(None),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.revoked_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .order_by(OneTimeLink.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    counted = db.session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == in_force, OneTimeLink.code_digest.is_not(None))
        .values(code_attempts=OneTimeLink.code_attempts + 1)
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.get(OneTimeLink, counted, populate_existing=True) if counted is not None else None


def redeem(token: str, *, password_hash: str) -> User:
    """Set the password of the link's person, sign them out everywhere and void their other links.

    Raises RuleBroken when the link no longer lets anybody in; of two who redeem it at once, one comes too late.
    """
    link = live_link(token)
    won = link and db.session.scalar(
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None), OneTimeLink.revoked_at.is_(None))
        .values(used_at=now(), code_digest=None)
        .returning(OneTimeLink.id)
        .execution_options(synchronize_session="fetch")
    )
    if link is None or won is None:
        raise RuleBroken(GONE)
    user = link.user
    first = user.password_hash is None
    user.password_hash = password_hash
    user.session_epoch += 1
    user.signed_in_at = now()
    revoke_links(user)
    pace.forget(*(pace.account_digest(identifier) for identifier in (user.email, user.phone) if identifier))
    action = "user.joined" if first else "user.password_reset"
    audit.record(action, kind="user", subject_id=user.id, name=user.name, actor=(user.id, user.name))
    if not first:
        messages.tell_password_changed(user)
    db.session.flush()
    return user
