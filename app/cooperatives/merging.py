"""Two rows of the register that are one cooperative become one row, and can become two again."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives import merging_people
from app.cooperatives.fields import LABELS
from app.cooperatives.merge_queries import merges_into
from app.cooperatives.models import (
    ActivationCode,
    Cooperative,
    CooperativeMerge,
    CooperativeTable,
    Listing,
)
from app.cooperatives.packing import pack, unpack
from app.cooperatives.registering import change_cooperative, note_report
from app.cooperatives.signals import answers, merging, unmerging
from app.cooperatives.timeline import hold, note
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_, Text

TAKEN_OVER = N_("Data diambil dari baris kembar %(name)s")
LONGEST_REASON = 1000
KEPT_APART = frozenset({"id", "slug", "region", "listing", "is_demo", "created_at", "version"})
COLUMNS = tuple(column.name for column in CooperativeTable.columns if column.name not in KEPT_APART)
"""What the register says of a cooperative, and what follows from it: the columns that a merge may change."""


def differing(kept: Cooperative, other: Cooperative) -> list[str]:
    """The fields in which two rows differ, in the register's order. The kecamatan is asked where no kelurahan says it."""
    codes = [code for code in LABELS if getattr(kept, code) != getattr(other, code)]
    if kept.kode_kelurahan or other.kode_kelurahan:
        codes = [code for code in codes if code != "kode_kecamatan"]
    return codes


def better_there(kept: Cooperative, other: Cooperative, code: str) -> bool:
    """Whether the value of ``other`` is proposed: the one that is there; of two, that of the row with the newer report."""
    here, there = getattr(kept, code), getattr(other, code)
    if not here or not there:
        return bool(there)
    return bool(there > here) if isinstance(here, date) and code == "last_rat" else _age(other) > _age(kept)


def _age(row: Cooperative) -> tuple[int, date]:
    return (row.last_report_year or 0, row.last_rat or date.min)


def check_mergeable(kept: Cooperative, other: Cooperative) -> None:
    """Raises RuleBroken when ``other`` cannot go into ``kept``; what the features above say is not asked here."""
    if kept.id == other.id:
        raise RuleBroken(N_("Koperasi tidak dapat digabung dengan dirinya sendiri."))
    for row in (kept, other):
        name = row.nama_koperasi
        if row.listing is Listing.MERGED:
            raise RuleBroken(N_("%(name)s sudah digabung ke koperasi lain. Muat ulang kartunya."), name=name)
        if row.listing is not Listing.LISTED:
            raise RuleBroken(N_("%(name)s belum ada di register. Putuskan dulu usulannya."), name=name)
        if row.dissolved_on is not None:
            raise RuleBroken(
                N_("%(name)s tercatat bubar. Batalkan dulu pembubarannya kalau itu keliru."), name=name
            )
    if kept.is_demo != other.is_demo:
        raise RuleBroken(N_("Data peragaan tidak dapat digabung dengan data sungguhan."))
    if chained := merges_into(other):
        raise RuleBroken(
            N_("%(first)s pernah digabung ke %(name)s. Batalkan dulu, atau pertahankan %(name)s."),
            first=chained[0].merged.nama_koperasi,
            name=other.nama_koperasi,
        )


def merge(
    kept: Cooperative,
    other: Cooperative,
    *,
    theirs: Collection[str],
    reason: str,
    by: User,
    seen: tuple[int, int] | None = None,
) -> CooperativeMerge:
    """``other`` goes into ``kept``, which takes the fields ``theirs`` from it, its people, and what features above move.

    ``seen`` are the versions of both rows that ``by`` looked at. Raises RuleBroken when one has changed since, when they
    cannot be one (:func:`check_mergeable`), and when a feature above says no, as for two reports of one year.
    """
    _hold_both(kept, other)
    check_mergeable(kept, other)
    told = _told(reason)
    if seen is not None and seen != (kept.version, other.version):
        raise RuleBroken(
            N_("Data salah satu koperasi berubah sejak halaman ini dibuka. Periksa sekali lagi.")
        )
    before = pack(kept, COLUMNS)
    values = {code: getattr(other, code) for code in differing(kept, other) if code in theirs}
    moved: dict[str, Any] = {answer.name: answer.what for answer in answers(merging.send(other, into=kept))}
    moved["people"] = merging_people.join(other, kept)
    moved["codes"] = _revoke_codes(other, by)
    change_cooperative(kept, values, reason_template=TAKEN_OVER, params={"name": other.nama_koperasi})
    if other.last_report_year:
        note_report(kept, year=other.last_report_year)
    other.listing = Listing.MERGED
    db.session.flush()
    db.session.refresh(kept)
    after = pack(kept, COLUMNS)
    moved["register"] = {name: [before[name], after[name]] for name in COLUMNS if before[name] != after[name]}
    made = CooperativeMerge(
        survivor_id=kept.id, merged_id=other.id, by_name=by.name, reason=told, moved=moved
    )
    db.session.add(made)
    db.session.flush()
    _trail("cooperative.merged", other, kept, Listing.LISTED, Listing.MERGED, told)
    _note_both(kept, other, MERGED_NOTES, told, by)
    return made


MERGED_NOTES = (N_("%(name)s digabung ke sini: %(reason)s"), N_("Digabung ke %(name)s: %(reason)s"))
UNDONE_NOTES = (
    N_("Penggabungan %(name)s dibatalkan: %(reason)s"),
    N_("Berdiri sendiri lagi, penggabungan ke %(name)s dibatalkan: %(reason)s"),
)


def undo_merge(made: CooperativeMerge, *, reason: str, by: User) -> None:
    """Everything goes back to where it was. Raises RuleBroken, saying why, when something has happened since that contradicts."""
    kept, other = made.survivor, made.merged
    _hold_both(kept, other)
    hold(made)
    told = _told(reason)
    if made.undone_at is not None:
        raise RuleBroken(N_("Penggabungan ini sudah dibatalkan oleh %(name)s."), name=made.undone_by)
    if kept.dissolved_on is not None:
        raise RuleBroken(N_("%(name)s sudah tercatat bubar sesudah penggabungan."), name=kept.nama_koperasi)
    changed: Mapping[str, list[Any]] = made.moved["register"]
    _check_register(kept, changed)
    unmerging.send(other, out_of=kept, moved=made.moved)
    merging_people.part(other, made.moved["people"])
    _restore_codes(made.moved["codes"])
    for name, (before, _after) in changed.items():
        setattr(kept, name, unpack(CooperativeTable, name, before))
    other.listing = Listing.LISTED
    made.undone_at, made.undone_by, made.undone_reason = now(), by.name, told
    db.session.flush()
    if changed:
        _record_restored(kept, changed)
    _trail("cooperative.unmerged", other, kept, Listing.MERGED, Listing.LISTED, told)
    _note_both(kept, other, UNDONE_NOTES, told, by)


def _hold_both(kept: Cooperative, other: Cooperative) -> None:
    """Both rows, always in one order, so that no two operators wait for each other."""
    for row in sorted({kept, other}, key=lambda one: one.id):
        hold(row)


def _told(reason: str) -> str:
    told = " ".join(reason.split())
    if not told:
        raise RuleBroken(N_("Isi alasannya. Alasan tampil di riwayat kedua koperasi."), field="alasan")
    if len(told) > LONGEST_REASON:
        raise RuleBroken(N_("Alasan paling panjang %(most)s huruf."), field="alasan", most=LONGEST_REASON)
    return told


def _revoke_codes(other: Cooperative, by: User) -> list[int]:
    """Papers of the row that goes open nothing any more. Returns their ids."""
    papers = db.session.scalars(
        select(ActivationCode)
        .where(
            ActivationCode.cooperative_id == other.id,
            ActivationCode.used_at.is_(None),
            ActivationCode.revoked_at.is_(None),
            ActivationCode.expires_at > now(),
        )
        .order_by(ActivationCode.id)
        .with_for_update()
    ).all()
    for paper in papers:
        paper.revoked_at, paper.revoked_by_id = now(), by.id
        _record_paper(paper, "code.revoked", other)
    return [paper.id for paper in papers]


def _restore_codes(ids: Collection[int]) -> None:
    for paper in db.session.scalars(select(ActivationCode).where(ActivationCode.id.in_(ids))):
        paper.revoked_at = paper.revoked_by_id = None
        _record_paper(paper, "code.restored", paper.cooperative)


def _record_paper(paper: ActivationCode, action: str, owner: Cooperative) -> None:
    name = f"…{paper.hint} – {owner.nama_koperasi}"
    record(action, kind="activation_code", subject_id=paper.id, name=name, after={"hint": paper.hint})


def _check_register(kept: Cooperative, changed: Mapping[str, list[Any]]) -> None:
    """The fields that the merge set must still hold what it set."""
    present = pack(kept, changed)
    for name, (_before, after) in changed.items():
        if present[name] != after and name in LABELS:
            raise RuleBroken(
                N_(
                    "%(what)s di register sudah diubah lagi sesudah penggabungan. Kembalikan dulu isinya ke “%(value)s”."
                ),
                what=Text(LABELS[name]),
                value=after or "–",
            )


def _record_restored(kept: Cooperative, changed: Mapping[str, list[Any]]) -> None:
    """The register's part of an undoing, with before and after."""
    shown = {name: pair for name, pair in changed.items() if name in LABELS}
    record(
        "cooperative.changed",
        kind="cooperative",
        subject_id=kept.id,
        name=kept.nama_koperasi,
        before={name: after for name, (_before, after) in shown.items()},
        after={name: before for name, (before, _after) in shown.items()},
    )


def _trail(
    action: str, other: Cooperative, kept: Cooperative, before: Listing, after: Listing, reason: str
) -> None:
    record(
        action,
        kind="cooperative",
        subject_id=other.id,
        name=other.nama_koperasi,
        before={"listing": before.value},
        after={
            "listing": after.value,
            "cooperative": kept.nama_koperasi,
            "cooperative_id": kept.id,
            "reason": reason,
        },
    )


def _note_both(
    kept: Cooperative, other: Cooperative, sentences: tuple[str, str], reason: str, by: User
) -> None:
    for row, twin, sentence in ((kept, other, sentences[0]), (other, kept, sentences[1])):
        note(
            row,
            kind="merged",
            template=sentence,
            params={"name": twin.nama_koperasi, "reason": reason},
            link=f"/dinas/koperasi/{twin.slug}",
            actor_name=by.name,
        )
