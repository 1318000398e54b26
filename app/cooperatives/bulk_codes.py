"""Activation letters for a whole kecamatan: which cooperatives get one, their codes in one unit, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Exists, Select, exists, func, insert, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives.codes import LIFETIME, digest_of
from app.cooperatives.letters import Letter, letter_of
from app.cooperatives.models import (
    ActivationCode,
    Cooperative,
    Listing,
    Membership,
    MembershipState,
    TimelineEvent,
)
from app.cooperatives.rules import CODE_GROUP, new_activation_code
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import clock
from app.core.text import N_

MOST = 300
"""Letters in one file: some seconds of work; a larger kecamatan takes a second file."""
STATES = ("terbuka", "dipakai", "lewat", "dicabut")


@dataclass(frozen=True)
class Batch:
    """Letters whose codes were just written. They stand nowhere else."""

    letters: list[Letter]
    made: datetime
    left: int  # cooperatives that did not fit into this file


def open_paper() -> ColumnElement[bool]:
    """Papers that still open the door."""
    return (
        ActivationCode.used_at.is_(None)
        & ActivationCode.revoked_at.is_(None)
        & (ActivationCode.expires_at > now())
    )


def _somebody_acts() -> Exists:
    """Whether a cooperative has a manager whose account is not closed."""
    return exists().where(
        Membership.cooperative_id == Cooperative.id,
        Membership.state == MembershipState.ACTIVE,
        User.id == Membership.user_id,
        User.deactivated_at.is_(None),
    )


def unclaimed(kecamatan: str, *, again: bool) -> Select[Cooperative]:
    """Listed cooperatives of ``kecamatan`` for which nobody acts yet; without ``again`` only those with no letter under way."""
    active = _somebody_acts()
    query = select(Cooperative).where(
        Cooperative.kode_kecamatan == kecamatan,
        Cooperative.listing == Listing.LISTED,
        Cooperative.dissolved_on.is_(None),
        ~active,
    )
    if not again:
        query = query.where(~exists().where(ActivationCode.cooperative_id == Cooperative.id, open_paper()))
    return query


def unclaimed_counts() -> dict[str, tuple[int, int]]:
    """By kecamatan: how many cooperatives nobody acts for, and how many of them have a letter under way; one query."""
    lettered = exists().where(ActivationCode.cooperative_id == Cooperative.id, open_paper())
    active = _somebody_acts()
    query = (
        select(Cooperative.kode_kecamatan, func.count(), func.count().filter(lettered))
        .where(Cooperative.listing == Listing.LISTED, Cooperative.dissolved_on.is_(None), ~active)
        .group_by(Cooperative.kode_kecamatan)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query) if row[0]}


def latest_paper(kecamatan: str) -> ActivationCode | None:
    """The newest letter of ``kecamatan``, whose id tells whether a page still shows what is."""
    query = (
        select(ActivationCode)
        .join(ActivationCode.cooperative)
        .where(Cooperative.kode_kecamatan == kecamatan)
        .options(joinedload(ActivationCode.created_by))
    )
    return db.session.scalars(query.order_by(ActivationCode.id.desc()).limit(1)).one_or_none()


def issue_letters(kecamatan: str, *, again: bool, seen: int, by: User) -> Batch:
    """A code for each unclaimed cooperative of ``kecamatan``, in one unit; ``again``: also where a letter is under way, whose
    old code is void from now on.

    ``seen`` is the newest paper that the page knew: a button pressed twice does not void what it has just printed. Raises
    RuleBroken then, and when nobody is left to write to.
    """
    _line_up(kecamatan)
    newest = latest_paper(kecamatan)
    if newest is not None and newest.id > seen:
        raise RuleBroken(
            N_(
                "Surat kecamatan ini baru dicetak %(name)s pukul %(time)s. Periksa berkas unduhan itu dulu; kalau gagal terunduh, cetak ulang."
            ),
            name=newest.created_by.name if newest.created_by else "–",
            time=clock(newest.created_at),
        )
    wanted = unclaimed(kecamatan, again=again).order_by(Cooperative.name_key, Cooperative.id)
    found = list(db.session.scalars(wanted.limit(MOST)))
    if not found:
        raise RuleBroken(N_("Tidak ada koperasi yang perlu disurati di kecamatan ini."))
    left = (db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0) - len(
        found
    )
    moment = now()
    notes = _revoke_open(found, moment, by) if again else []
    letters = []
    for cooperative in found:
        code = new_activation_code()
        paper = ActivationCode(
            cooperative_id=cooperative.id,
            code_digest=digest_of(code),
            hint=code[-CODE_GROUP:],
            created_at=moment,
            created_by_id=by.id,
            expires_at=moment + LIFETIME,
        )
        db.session.add(paper)
        letters.append((cooperative, paper, code))
        notes.append(_note(cooperative.id, paper.hint, N_("Kode aktivasi …%(hint)s dibuat"), moment, by))
    db.session.flush()
    for cooperative, paper, _code in letters:
        _trail(paper, cooperative.nama_koperasi, "code.issued", expires=paper.expires_at.date().isoformat())
    db.session.execute(insert(TimelineEvent), notes)
    return Batch([letter_of(*one) for one in letters], moment, left)


def _line_up(kecamatan: str) -> None:
    """PostgreSQL: of two who print the same kecamatan, the second waits and then sees what the first has printed."""
    everyone = unclaimed(kecamatan, again=True).order_by(Cooperative.id)
    locked = everyone.with_for_update(of=Cooperative, key_share=True)
    db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _revoke_open(found: Sequence[Cooperative], moment: datetime, by: User) -> list[dict[str, object]]:
    """The letters under way are void; returns what their timelines say."""
    names = {cooperative.id: cooperative.nama_koperasi for cooperative in found}
    query = select(ActivationCode).where(ActivationCode.cooperative_id.in_(names), open_paper())
    notes = []
    for paper in db.session.scalars(query.order_by(ActivationCode.id).with_for_update()):
        paper.revoked_at, paper.revoked_by_id = moment, by.id
        _trail(paper, names[paper.cooperative_id], "code.revoked")
        notes.append(
            _note(paper.cooperative_id, paper.hint, N_("Kode aktivasi …%(hint)s dicabut"), moment, by)
        )
    return notes


def _note(cooperative_id: int, hint: str, template: str, moment: datetime, by: User) -> dict[str, object]:
    return {
        "cooperative_id": cooperative_id,
        "at": moment,
        "kind": "code",
        "template": template,
        "params": {"hint": hint},
        "actor_name": by.name,
        "link": None,
    }


def _trail(paper: ActivationCode, name: str, action: str, **after: object) -> None:
    record(
        action,
        kind="activation_code",
        subject_id=paper.id,
        name=f"…{paper.hint} – {name}",
        after={"hint": paper.hint} | after,
    )


def state_condition(state: str) -> ColumnElement[bool]:
    """Papers in one of :data:`STATES`."""
    unused = ActivationCode.used_at.is_(None) & ActivationCode.revoked_at.is_(None)
    return {
        "terbuka": unused & (ActivationCode.expires_at > now()),
        "dipakai": ActivationCode.used_at.is_not(None),
        "lewat": unused & (ActivationCode.expires_at <= now()),
        "dicabut": ActivationCode.revoked_at.is_not(None),
    }[state]


def state_of(paper: ActivationCode) -> str:
    """The same for one paper."""
    if paper.used_at is not None:
        return "dipakai"
    if paper.revoked_at is not None:
        return "dicabut"
    return "terbuka" if paper.expires_at > now() else "lewat"


def papers(kecamatan: str = "", state: str = "") -> Select[ActivationCode]:
    """Letters with their cooperative and people, of one kecamatan and in one state where given."""
    query = (
        select(ActivationCode)
        .join(ActivationCode.cooperative)
        .options(
            contains_eager(ActivationCode.cooperative).load_only(
                Cooperative.slug,
                Cooperative.nama_koperasi,
                Cooperative.kode_kecamatan,
                Cooperative.telepon_kantor,
            ),
            joinedload(ActivationCode.created_by),
            joinedload(ActivationCode.used_by),
        )
    )
    if kecamatan:
        query = query.where(Cooperative.kode_kecamatan == kecamatan)
    if state:
        query = query.where(state_condition(state))
    return query


def paper_counts(kecamatan: str = "") -> dict[str, int]:
    """How many letters are in each state; one query."""
    columns = [func.count().filter(state_condition(state)) for state in STATES]
    query = select(*columns).select_from(ActivationCode).join(ActivationCode.cooperative)
    if kecamatan:
        query = query.where(Cooperative.kode_kecamatan == kecamatan)
    return dict(zip(STATES, db.session.execute(query).one(), strict=True))
