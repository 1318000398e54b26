"""Finding people, their links, and the messages that staff may see."""

from dataclasses import dataclass

from flask import g, has_request_context, session
from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts import seen
from app.accounts.digests import keyed_digest
from app.accounts.models import Handover, OneTimeLink, Standing, User, UserRole
from app.accounts.people_index import Piece, met
from app.accounts.two_step_models import UserSession
from app.core.access import STAFF, Role
from app.core.database import now
from app.core.extensions import db
from app.core.paging import COUNT_LIMIT, Page, count_up_to, paginate
from app.core.writing import is_sqlite
from app.notifications.inbox import unread_count

SESSION_ENDS = "until"
"""Where a session keeps the second at which it ends."""
SESSION_ID = "number"
"""Where it keeps its number; a cookie from before sessions were numbered has none."""
SOON = 5000
"""People who are read in no time."""


IS_LIVE = (
    exists()
    .where(
        UserSession.id == bindparam("number"),
        UserSession.user_id == bindparam("id"),
        UserSession.ended_at.is_(None),
    )
    .label("live")
)
BY_ID = (
    select(User, unread_count(bindparam("id")).label("unread"), IS_LIVE)
    .where(User.id == bindparam("id"))
    .options(joinedload(User.role_rows))
)
"""A person with roles, the number of unread messages and whether the session was ended from elsewhere, in one query: every
page of a signed-in person begins with it."""


def load_user(session_id: str) -> User | None:
    """Who holds this session cookie, or None: signed out here or everywhere, deactivated, or its time is over."""
    number, _, epoch = session_id.partition(".")
    if not number.isdecimal() or len(number) > 18:
        return None
    kept = session if has_request_context() else {}
    ends, numbered = kept.get(SESSION_ENDS), kept.get(SESSION_ID)
    if ends is not None and now().timestamp() > ends:
        return None
    row = db.session.execute(BY_ID, {"id": int(number), "number": numbered}).unique().one_or_none()
    if row is None or not row.User.is_active or str(row.User.session_epoch) != epoch:
        return None
    if numbered is not None and not row.live:
        return None
    if numbered is not None:
        seen.note(numbered)
    g.unread_messages = row.unread
    user: User = row.User
    return user


def unread_messages() -> int:
    """How many messages wait in the inbox of who is signed in, as it was read with the person; 0 for everybody else."""
    return int(g.get("unread_messages", 0))


def person_by_identifier(identifier: str) -> User | None:
    """Whoever signs in with this e-mail address or telephone number (as ``rules.read_identifier`` gives it)."""
    column = User.email if "@" in identifier else User.phone
    return db.session.scalar(select(User).where(column == identifier))


@dataclass(frozen=True)
class Credentials:
    """What a password is checked against; all None for an account that does not exist."""

    user_id: int | None = None
    password_hash: str | None = None
    is_active: bool = False


def credentials(identifier: str) -> Credentials:
    """The password hash behind an identifier. Ends its read, so that no connection is held while a password is checked."""
    user = person_by_identifier(identifier)
    found = Credentials(user.id, user.password_hash, user.is_active) if user else Credentials()
    db.session.rollback()
    return found


def live_link(token: str) -> OneTimeLink | None:
    """The link of this token, if it still lets its holder in."""
    link = db.session.scalar(
        select(OneTimeLink).where(OneTimeLink.token_digest == keyed_digest("link", token))
    )
    return link if link and link.is_live else None


@dataclass(frozen=True)
class PeopleFilter:
    """What the list of people was narrowed to. ``staff_too`` is False for operators, who help those outside the office."""

    wanted: str = ""
    role: Role | None = None
    standing: Standing | None = None
    staff_too: bool = True


def people(narrowed: PeopleFilter) -> Select[User]:
    """The people who fit; the page orders them by name."""
    query = _standing_so(narrowed)
    if narrowed.wanted:
        query = query.where(piece_of(narrowed.wanted).condition)
    return query if narrowed.role is None else query.where(_holds(narrowed.role))


def _standing_so(narrowed: PeopleFilter) -> Select[User]:
    query = select(User)
    if narrowed.standing is Standing.INACTIVE:
        query = query.where(User.deactivated_at.is_not(None))
    elif narrowed.standing is not None:
        has_password = User.password_hash.is_not(None)
        invited = User.password_hash.is_(None)
        wanted = invited if narrowed.standing is Standing.INVITED else has_password
        query = query.where(User.deactivated_at.is_(None), wanted)
    return query if narrowed.staff_too else query.where(~_holds(*STAFF))


def people_page(narrowed: PeopleFilter) -> tuple[Page[User], int]:
    """The page of :func:`people` that the request asks for, by name, and how many there are. Those with a role, or with what is looked
    for, are brought by an index of it; when they are many, they are sooner met along the names.
    """
    query, role, piece = people(narrowed), narrowed.role, piece_of(narrowed.wanted)
    brought = query
    if narrowed.wanted and piece.is_indexed and role not in STAFF:
        brought = query if _is_soon_met(query) else met(query, piece)
    elif role is not None:
        brought = query.join(UserRole, UserRole.user_id == User.id).where(UserRole.role == role)
    elif not narrowed.wanted:
        return _by_name(query), count_up_to(query)
    only_ids = brought.with_only_columns(User.id, maintain_column_froms=True)
    ids = list(db.session.scalars(only_ids.limit(COUNT_LIMIT + 1)))
    few = select(User).where(User.id.in_(ids))
    return _by_name(query if len(ids) > COUNT_LIMIT else few), len(ids)


def _is_soon_met(query: Select[User]) -> bool:
    """Whether reading along the people meets more of ``query`` than can be told, or everybody, before long. PostgreSQL's index knows
    nothing shorter than all that fit, and works out anew what it holds of each.
    """
    if is_sqlite():
        return False
    if (db.session.scalar(select(func.max(User.id))) or 0) <= SOON:
        return True
    return count_up_to(query.where(User.id <= SOON)) > COUNT_LIMIT


def _by_name(query: Select[User]) -> Page[User]:
    return paginate(query, by=(User.name, User.id), key=lambda user: (user.name, user.id))


def _holds(*roles: Role) -> ColumnElement[bool]:
    held = aliased(UserRole)
    return exists().where(held.user_id == User.id, held.role.in_(roles))


def piece_of(wanted: str) -> Piece:
    """What ``wanted`` asks for: as a telephone number, four figures and more without what stands before the national number."""
    digits = "".join(character for character in wanted if character.isdecimal() and character.isascii())
    national = digits.removeprefix("62") if digits.startswith("62") else digits.lstrip("0")
    return Piece(wanted, national if len(digits) >= 4 else "")


def other_admins(user_id: int) -> int:
    """How many others could sign in as admin today."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(User)
            .where(
                User.id != user_id,
                User.deactivated_at.is_(None),
                User.password_hash.is_not(None),
                _holds(Role.ADMIN),
            )
        )
        or 0
    )


def successors(leaving: User) -> list[User]:
    """Who can take on the work of ``leaving``: active staff with one of their roles, by name."""
    query = (
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role.in_(leaving.roles & STAFF), User.deactivated_at.is_(None), User.id != leaving.id)
        .order_by(User.name, User.id)
        .distinct()
    )
    return list(db.session.scalars(query))


def last_handover(person_id: int) -> Handover | None:
    """The sheet of the latest time that this person left."""
    query = select(Handover).where(Handover.person_id == person_id).order_by(Handover.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()
