"""Who may act for a cooperative, when its two rows become one and two again. Nobody stands there twice."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select

from app.audit.services import record
from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.cooperatives.packing import pack, unpack
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_

STANDING = (
    "position",
    "state",
    "note",
    "requested_at",
    "decided_at",
    "decided_by_id",
    "ended_at",
    "reason",
)
"""What a membership says, beside whose it is."""

WEIGHT = {MembershipState.ACTIVE: 2, MembershipState.PENDING: 1}
MembershipTable: Table = Membership.__table__  # type: ignore[assignment]


def join(other: Cooperative, kept: Cooperative) -> dict[str, Any]:
    """People and waiting claims of ``other`` go over to ``kept``; what has ended or was refused stays where it was.

    Whoever stands in both keeps the better standing there, and ends here. Returns what :func:`part` needs.
    """
    rows = _held((other.id, kept.id))
    here = {row.user_id: row for row in rows if row.cooperative_id == kept.id}
    moved, doubled = [], []
    for row in rows:
        if row.cooperative_id != other.id or row.state not in WEIGHT:
            continue
        if (double := here.get(row.user_id)) is None:
            row.cooperative_id = kept.id
            moved.append(row.id)
            _trail(row, kept)
        else:
            doubled += _double(row, double)
    db.session.flush()
    return {"moved": moved, "doubled": doubled}


def _held(cooperative_ids: tuple[int, ...]) -> list[Membership]:
    query = select(Membership).where(Membership.cooperative_id.in_(cooperative_ids)).order_by(Membership.id)
    return list(
        db.session.scalars(query.with_for_update(of=Membership).execution_options(populate_existing=True))
    )


def _double(row: Membership, double: Membership) -> list[dict[str, Any]]:
    """``row`` ends; ``double``, of the same person, takes its standing where that is the better one."""
    before = [pack(row, STANDING), pack(double, STANDING)]
    if WEIGHT.get(row.state, 0) > WEIGHT.get(double.state, 0):
        for column in STANDING:
            setattr(double, column, getattr(row, column))
    row.state, row.ended_at, row.reason = MembershipState.ENDED, now(), "baris kembar digabung"
    db.session.flush()
    return [
        {"id": one.id, "before": was, "after": pack(one, STANDING)}
        for one, was in zip((row, double), before, strict=True)
    ]


def part(other: Cooperative, what: Mapping[str, Any]) -> None:
    """Everybody back to where they stood. Raises RuleBroken when the standing of a doubled person has changed since."""
    for entry in what["doubled"]:
        row = db.session.get_one(Membership, entry["id"], with_for_update=True, populate_existing=True)
        if pack(row, STANDING) != entry["after"]:
            raise RuleBroken(
                N_("Hak %(name)s sebagai pengelola sudah diubah lagi sesudah penggabungan."),
                name=row.user.name,
            )
        for column, value in entry["before"].items():
            setattr(row, column, unpack(MembershipTable, column, value))
    for row in db.session.scalars(select(Membership).where(Membership.id.in_(what["moved"]))):
        row.cooperative_id = other.id
        _trail(row, other)
    db.session.flush()


def _trail(row: Membership, to: Cooperative) -> None:
    record(
        "membership.merged",
        kind="membership",
        subject_id=row.id,
        name=f"{row.user.name} – {to.nama_koperasi}",
        after={"user_id": row.user_id, "cooperative_id": to.id, "cooperative": to.nama_koperasi},
    )
