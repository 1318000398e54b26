"""Proving that nobody touched the trail: each entry is computed again, from the first to the last."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from app.audit import rules
from app.audit.models import TrailEntry, TrailHead
from app.audit.services import header
from app.core.extensions import db

BATCH = 1000


@dataclass(frozen=True)
class Verdict:
    """``length`` entries were right, ending in ``digest``. ``fault`` tells of the first that was not, else empty."""

    length: int
    digest: str
    fault: str = ""
    entry_id: int | None = None


def entries() -> Iterator[TrailEntry]:
    """The chain from its beginning, a batch at a time; nothing stays in memory."""
    last = 0
    while True:
        query = select(TrailEntry).where(TrailEntry.id > last).order_by(TrailEntry.id).limit(BATCH)
        batch = db.session.scalars(query).all()
        if not batch:
            return
        yield from batch
        last = batch[-1].id
        db.session.expunge_all()


def length() -> int:
    """How many entries there are."""
    return db.session.scalar(select(func.count()).select_from(TrailEntry)) or 0


def fault_of(entry: TrailEntry, expected_id: int, previous: str) -> str:
    """What is wrong with ``entry``, which should stand at ``expected_id`` after the digest ``previous``; empty if nothing."""
    if entry.id != expected_id:
        return f"entri {expected_id} hilang"
    if rules.entry_digest(previous, header(entry), entry.values_digest) != entry.digest:
        return f"entri {entry.id} diubah, atau urutannya ditukar"
    if entry.salt is None:
        return f"nilai entri {entry.id} diubah setelah dihapus" if entry.before or entry.after else ""
    if rules.values_digest(entry.salt, entry.before or {}, entry.after or {}) != entry.values_digest:
        return f"nilai entri {entry.id} diubah"
    return ""


def verify(expected_digest: str = "", each: Iterator[TrailEntry] | None = None) -> Verdict:
    """Walk the chain. ``expected_digest``: one that the office noted earlier, which must still stand in the chain.

    The head's row is compared at the end, so a chain cut short is found too. Someone who can write to the database could
    build the whole chain anew; then only a digest noted on paper tells.
    """
    previous, count, seen = rules.START, 0, not expected_digest
    for entry in each or entries():
        if fault := fault_of(entry, count + 1, previous):
            return Verdict(count, previous, fault, count + 1)
        previous, count = entry.digest, count + 1
        seen = seen or previous == expected_digest
    head = db.session.scalar(select(TrailHead))
    if (head.length, head.digest) != (count, previous) if head else count:
        return Verdict(count, previous, f"entri {count + 1} hilang: ujung jejak tidak cocok", count + 1)
    if not seen:
        return Verdict(count, previous, "sidik yang dicatat dulu tidak ada lagi: jejak disusun ulang", None)
    return Verdict(count, previous)
