"""The fictional people's accounts, and their rights to act for the cooperatives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.accounts import second_factor
from app.accounts import services as accounts
from app.accounts.models import Purpose, User, UserRole
from app.cooperatives.codes import LIFETIME, digest_of
from app.cooperatives.models import MembershipState
from app.cooperatives.rules import CODE_GROUP, new_activation_code
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.text import N_
from app.demo.accounts import COLLEAGUES, SIGN_INS, Colleague, SignIn
from app.demo.joinings import Joining
from app.demo.replay import Reviewer
from app.demo.rows import Actor, Row, note, write, write_numbered

CLAIMED = N_("%(name)s mengajukan diri sebagai %(position)s")
JOINED = N_("%(name)s menjadi pengelola sebagai %(position)s")
CODE_MADE = N_("Kode aktivasi …%(hint)s dibuat")
REFUSED = N_("Pengajuan %(name)s sebagai %(position)s ditolak")
LEFT = N_("%(name)s bukan lagi pengelola")
NO_PAPERS = "Surat pengurus yang Anda serahkan atas nama koperasi lain."
NO_LONGER = "Menurut berita acara RAT terakhir, Anda bukan pengurus lagi."


@dataclass(frozen=True)
class Hashes:
    """Password hashes, made before the write unit begins: the sign-ins' by e-mail, and one that fits no known password."""

    sign_ins: Mapping[str, str]
    nobody_knows: str


@dataclass(frozen=True)
class Staff:
    """Who works in the demonstration's office, and the one who acts for two cooperatives."""

    by_role: Mapping[Role, User]
    reviewers: tuple[Reviewer, ...]
    invited: User

    @property
    def operator(self) -> User:
        return self.by_role[Role.OPERATOR]


def create_staff(hashes: Hashes, *, opened: datetime, last_book_year: int) -> Staff:
    """The sign-ins, one per role, and the operators' colleagues: one here, one who left, one who has not come yet."""
    by_role = {one.role: _create(one, [one.role], hashes.sign_ins[one.email], opened) for one in SIGN_INS}
    for one in SIGN_INS:
        if one.secret:
            second_factor.install(by_role[one.role], secret=one.secret)
    reviewers = [Reviewer(_actor(by_role[Role.OPERATOR]))]
    invited = by_role[Role.OPERATOR]
    for colleague in COLLEAGUES:
        password_hash = hashes.nobody_knows if colleague.joined else None
        user = _create(colleague, [Role.OPERATOR], password_hash, opened if colleague.joined else None)
        if not colleague.joined:
            invited = user
            continue
        reviewers.append(Reviewer(_actor(user), colleague))
        if left := colleague.left_on(last_book_year):
            accounts.deactivate(user, by=by_role[Role.ADMIN], reason="Pindah ke dinas lain.")
            user.deactivated_at = datetime(left.year, left.month, left.day, 3, tzinfo=UTC)
            user.signed_in_at = user.deactivated_at - timedelta(days=3)
    issued = accounts.issue_link(invited, purpose=Purpose.INVITE, by=by_role[Role.ADMIN])
    accounts.email_link(invited, issued)
    db.session.flush()
    return Staff(by_role, tuple(reviewers), invited)


def _create(
    person: SignIn | Colleague, roles: Sequence[Role], password_hash: str | None, since: datetime | None
) -> User:
    user = accounts.create_user(
        name=person.name, email=person.email, password_hash=password_hash, roles=roles, is_demo=True
    )
    if since:
        user.created_at = since
        user.signed_in_at = now() - timedelta(days=1)
    return user


def _actor(user: User) -> Actor:
    return Actor(user.id, user.name)


def create_accounts(joinings: Iterable[Joining], hashes: Hashes) -> dict[str, Actor]:
    """An account for everybody who acts or wants to act for a cooperative, by e-mail. Roles as a decision gives them."""
    joinings = list(joinings)
    rows: list[Row] = [
        {
            "name": joining.person.name,
            "email": joining.person.email,
            "phone": joining.person.phone,
            "password_hash": hashes.nobody_knows,
            "created_at": joining.asked,
            "signed_in_at": joining.decided or joining.asked,
            "is_demo": True,
        }
        for joining in joinings
    ]
    ids = write_numbered(User, rows)
    acting = [id_ for id_, joining in zip(ids, joinings, strict=True) if joining.decided]
    write(UserRole, [{"user_id": id_, "role": Role.COOPERATIVE} for id_ in acting])
    return {row["email"]: Actor(id_, row["name"]) for id_, row in zip(ids, rows, strict=True)}


@dataclass(frozen=True)
class Standing:
    """What one claim leaves behind: its row, the notes for the timeline, and the paper if there was one."""

    membership: Row
    notes: tuple[Row, ...]
    paper: Row | None = None


def standing(joining: Joining, cooperative_id: int, actor: Actor, operator: Actor) -> Standing:
    """The rows of ``joining`` by ``actor``, on which ``operator`` decided or for which ``operator`` printed the code."""
    told = {"name": actor.name, "position": joining.person.position.value}
    decided = joining.decided
    membership: Row = {
        "user_id": actor.id,
        "cooperative_id": cooperative_id,
        "position": joining.person.position.value,
        "state": MembershipState.ACTIVE if decided else MembershipState.PENDING,
        "note": joining.letter,
        "requested_at": decided if joining.on_paper and decided else joining.asked,
        "decided_at": decided,
        "decided_by_id": operator.id if decided and not joining.on_paper else None,
        "ended_at": None,
        "reason": "",
    }
    if joining.on_paper and decided:
        paper = printed(cooperative_id, joining.asked, operator) | {
            "used_at": decided,
            "used_by_id": actor.id,
        }
        return Standing(
            membership,
            (_code_note(paper, operator), note(decided, "joined", JOINED, told, actor.name)),
            paper,
        )
    notes = [note(joining.asked, "claimed", CLAIMED, told, actor.name)]
    if decided:
        notes.append(note(decided, "joined", JOINED, told, operator.name))
    return Standing(membership, tuple(notes))


def printed(cooperative_id: int, at: datetime, operator: Actor) -> Row:
    """The row of an activation code that nobody has used; the code itself is known to nobody."""
    code = new_activation_code()
    return {
        "cooperative_id": cooperative_id,
        "code_digest": digest_of(code),
        "hint": code[-CODE_GROUP:],
        "created_at": at,
        "created_by_id": operator.id,
        "expires_at": at + LIFETIME,
        "used_at": None,
        "used_by_id": None,
        "revoked_at": None,
        "revoked_by_id": None,
    }


def _code_note(paper: Row, operator: Actor) -> Row:
    return note(paper["created_at"], "code", CODE_MADE, {"hint": paper["hint"]}, operator.name)


def letter_on_its_way(cooperative_id: int, at: datetime, operator: Actor) -> tuple[Row, Row]:
    """A code that was posted at ``at`` and is not used, and its note for the timeline."""
    paper = printed(cooperative_id, at, operator)
    return paper, _code_note(paper, operator)


def refused(cooperative_id: int, actor: Actor, position: str, operator: Actor, asked: datetime) -> Standing:
    """A claim that the office turned down the day after."""
    decided = asked + timedelta(days=1, hours=1)
    told = {"name": actor.name, "position": position}
    membership = _decided(cooperative_id, actor, position, operator, asked, decided) | {
        "state": MembershipState.REFUSED,
        "reason": NO_PAPERS,
    }
    return Standing(
        membership,
        (
            note(asked, "claimed", CLAIMED, told, actor.name),
            note(decided, "refused", REFUSED, told, operator.name),
        ),
    )


def ended(
    cooperative_id: int, actor: Actor, position: str, operator: Actor, asked: datetime, until: datetime
) -> Standing:
    """A right to act that lasted from the day after ``asked`` to ``until``."""
    decided = asked + timedelta(days=1, hours=1)
    told = {"name": actor.name, "position": position}
    membership = _decided(cooperative_id, actor, position, operator, asked, decided) | {
        "state": MembershipState.ENDED,
        "ended_at": until,
        "reason": NO_LONGER,
    }
    return Standing(
        membership,
        (
            note(asked, "claimed", CLAIMED, told, actor.name),
            note(decided, "joined", JOINED, told, operator.name),
            note(until, "left", LEFT, told, operator.name),
        ),
    )


def _decided(
    cooperative_id: int,
    actor: Actor,
    position: str,
    operator: Actor,
    asked: datetime,
    decided: datetime,
) -> Row:
    return {
        "user_id": actor.id,
        "cooperative_id": cooperative_id,
        "position": position,
        "note": "",
        "requested_at": asked,
        "decided_at": decided,
        "decided_by_id": operator.id,
        "ended_at": None,
    }
