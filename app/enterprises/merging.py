"""Two rows that are one business become one row, and can become two again."""

from typing import Any

from sqlalchemy import ColumnElement, select, update

from app.accounts.models import User
from app.cooperatives.signals import answers
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_space
from app.core.text import N_
from app.enterprises.history import note, trail
from app.enterprises.links import has_live_link
from app.enterprises.models import (
    Enterprise,
    EnterpriseLink,
    EnterpriseMerge,
    EnterpriseOwner,
    EnterpriseProduct,
)
from app.enterprises.queries import merges_into, owners_of
from app.enterprises.registering import check_seen, pictures, rederive
from app.enterprises.rules import State
from app.enterprises.signals import merging, unmerging

FILLED = (
    "owner_name", "owner_phone", "owner_email", "activity", "kode_kelurahan", "kode_kecamatan", "address", "latitude",
    "longitude", "legal_form", "start_year", "workers_men", "workers_women", "sales_band", "capital_band", "has_nib",
    "nib", "cooperative_id", "products",
)  # fmt: skip
"""What the row that stays takes from the other where it has nothing itself. Consents go along with nothing: who agreed to
show one listing did not agree to show another."""
TOGETHER = (("kode_kelurahan", "kode_kecamatan"), ("latitude", "longitude"), ("has_nib", "nib"))
MERGEABLE = (State.WAITING, State.RETURNED, State.LISTED, State.HIDDEN)


def merge(
    kept: Enterprise,
    other: Enterprise,
    *,
    reason: str,
    by: User,
    seen: tuple[int | None, int | None] = (None, None),
) -> EnterpriseMerge:
    """``other`` goes into ``kept``, with its owners, their link and products, and fills what is empty there.

    ``seen`` are the versions of both rows that ``by`` looked at. Raises RuleBroken for one row twice, a row that is a draft or
    gone, one that changed since, one into which another went (whose undoing and erasing would no longer find it), and
    without a reason.
    """
    told = fold_space(reason)[:1000]
    for row in sorted({kept, other}, key=lambda one: one.id):
        hold(row)
    if kept.id == other.id:
        raise RuleBroken(N_("Pilih dua usaha yang berbeda."))
    if kept.state not in MERGEABLE or other.state not in MERGEABLE:
        raise RuleBroken(N_("Hanya pendaftaran yang sudah dikirim atau masuk register yang dapat digabung."))
    if chained := merges_into(other):
        raise RuleBroken(
            N_("%(first)s pernah digabung ke %(name)s. Batalkan dulu, atau pertahankan %(name)s."),
            first=chained[0].merged.name,
            name=other.name,
        )
    if not told:
        raise RuleBroken(N_("Isi alasan penggabungan."), field="alasan")
    for row, version in zip((kept, other), seen, strict=True):
        check_seen(row, version)
    before = {name: getattr(kept, name) for name in FILLED}
    for name in _missing(kept):
        setattr(kept, name, getattr(other, name))
    changed = {
        name: [before[name], getattr(kept, name)] for name in FILLED if before[name] != getattr(kept, name)
    }
    moved: dict[str, Any] = {
        "register": changed,
        "state": other.state.value,
        "products": _move_products(other, kept),
        "owners": _move_owners(other, kept),
        "links": _move_links(other, kept),
    }
    moved |= {answer.name: answer.what for answer in answers(merging.send(other, into=kept))}
    other.state = State.MERGED
    db.session.flush()
    pictures(kept, public=kept.state is State.LISTED)
    rederive(kept)
    made = EnterpriseMerge(survivor_id=kept.id, merged_id=other.id, by_name=by.name, reason=told, moved=moved)
    db.session.add(made)
    db.session.flush()
    _tell(kept, other, "enterprise.merged", N_("%(name)s digabung ke sini"), N_("Digabung ke %(name)s"), told)
    return made


def undo_merge(made: EnterpriseMerge, *, by: User) -> None:
    """Everything goes back to where it was; what was changed in the row that stayed since then, stays changed.

    Raises RuleBroken when it was undone already, or its values were erased.
    """
    kept, other = made.survivor, made.merged
    for row in sorted({kept, other}, key=lambda one: one.id):
        hold(row)
    db.session.refresh(made)
    if made.undone_at is not None:
        raise RuleBroken(N_("Penggabungan ini sudah dibatalkan oleh %(name)s."), name=made.undone_by)
    if not made.moved or other.state is not State.MERGED:
        raise RuleBroken(N_("Data usaha ini sudah dihapus, jadi penggabungannya tidak dapat dibatalkan."))
    for name, (before, after) in made.moved["register"].items():
        if getattr(kept, name) == after:
            setattr(kept, name, before)
    moved_rows: tuple[tuple[Any, list[int]], ...] = (
        (EnterpriseProduct, made.moved["products"]),
        (EnterpriseOwner, made.moved["owners"]),
        (EnterpriseLink, made.moved.get("links", [])),
    )
    for model, ids in moved_rows:
        db.session.execute(
            update(model)
            .where(model.id.in_(ids), model.enterprise_id == kept.id)
            .values(enterprise_id=other.id),
            execution_options={"synchronize_session": "fetch"},
        )
    unmerging.send(other, out_of=kept, moved=made.moved)
    other.state = State(made.moved["state"])
    made.undone_at, made.undone_by = now(), by.name
    db.session.flush()
    for row in (kept, other):
        pictures(row, public=row.state is State.LISTED)
        rederive(row)
    sentences = N_("Penggabungan %(name)s dibatalkan"), N_("Berdiri sendiri lagi, bukan bagian %(name)s")
    _tell(kept, other, "enterprise.unmerged", *sentences, "")


def _missing(kept: Enterprise) -> list[str]:
    """Columns of :data:`FILLED` that are empty in ``kept``; those that belong together only when all of them are."""
    missing = {name for name in FILLED if getattr(kept, name) in (None, "")}
    for group in TOGETHER:
        if not missing.issuperset(group):
            missing -= set(group)
    return [name for name in FILLED if name in missing]


def _move_products(other: Enterprise, kept: Enterprise) -> list[int]:
    return _moved(EnterpriseProduct, EnterpriseProduct.enterprise_id == other.id, kept)


def _move_owners(other: Enterprise, kept: Enterprise) -> list[int]:
    """Those who keep both rows keep the one that stays; their hold on the other is left where it is."""
    known = select(EnterpriseOwner.user_id).where(EnterpriseOwner.enterprise_id == kept.id)
    theirs = (EnterpriseOwner.enterprise_id == other.id) & EnterpriseOwner.user_id.not_in(known)
    return _moved(EnterpriseOwner, theirs, kept)


def _move_links(other: Enterprise, kept: Enterprise) -> list[int]:
    """Who kept ``other`` by its secret link goes on with it, where nobody keeps the row that stays."""
    if owners_of(kept) or has_live_link(kept):
        return []
    live = (EnterpriseLink.enterprise_id == other.id) & EnterpriseLink.revoked_at.is_(None)
    return _moved(EnterpriseLink, live, kept)


def _moved(model: Any, which: ColumnElement[bool], kept: Enterprise) -> list[int]:
    """The ids of the rows of ``model`` that are ``kept``'s from now on."""
    rows = db.session.scalars(select(model).where(which)).all()
    for row in rows:
        row.enterprise_id = kept.id
    db.session.flush()
    return [row.id for row in rows]


def _tell(kept: Enterprise, other: Enterprise, action: str, of_kept: str, of_other: str, reason: str) -> None:
    trail(other, action, after={"state": other.state, "into": kept.name, "reason": reason})
    note(kept, kind="merged", template=of_kept, params={"name": other.name}, words=reason)
    note(other, kind="merged", template=of_other, params={"name": kept.name}, words=reason)
