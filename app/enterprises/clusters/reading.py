"""The register written out as records, in short reads, so that nobody waits while a million rows are looked at."""

import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import func, select

from app.core.extensions import db
from app.enterprises.clusters.models import ClusterMembership
from app.enterprises.clusters.records import COLUMNS, RECORD, Ground, pack, values_of
from app.enterprises.models import Enterprise, EnterpriseConsent
from app.enterprises.publication import public_condition
from app.enterprises.queries import IN_REGISTER, region
from app.enterprises.rules import Purpose
from app.regions.centroids import centroids

BATCH = 2_000
Stretch = list[tuple[tuple[Any, ...], int]]
"""The values of some records, each with its group."""


def ground() -> Ground:
    """Where the office works."""
    return Ground(tuple(region().kecamatan), centroids())


def register_size() -> int:
    """How many UKM are in the register."""
    query = select(func.count()).select_from(Enterprise).where(Enterprise.state.in_(IN_REGISTER))
    return db.session.scalar(query) or 0


def write_records(file: BinaryIO) -> int:
    """Every UKM of the register as a record, in order of id; how many."""
    here, after, written = ground(), 0, 0
    columns = [getattr(Enterprise, name) for name in COLUMNS]
    query = select(*columns, public_condition().label("is_public")).where(Enterprise.state.in_(IN_REGISTER))
    while True:
        rows = db.session.execute(query.where(Enterprise.id > after).order_by(Enterprise.id).limit(BATCH))
        batch = rows.mappings().all()
        if not batch:
            return written
        agreed = _agreed(batch[0]["id"], batch[-1]["id"])
        db.session.rollback()  # each batch is a read of its own
        for row in batch:
            consented = row["id"] in agreed
            countable = consented or bool(row["is_public"])
            file.write(pack(values_of(dict(row), here, consented=consented, countable=countable)))
        after, written = batch[-1]["id"], written + len(batch)


def _agreed(first: int, last: int) -> set[int]:
    """Whose owners let their data be counted, among the ids from ``first`` to ``last``."""
    query = select(EnterpriseConsent.enterprise_id).where(
        EnterpriseConsent.enterprise_id.between(first, last),
        EnterpriseConsent.purpose == Purpose.STATISTICS,
        EnterpriseConsent.revoked_at.is_(None),
    )
    return set(db.session.scalars(query))


def stretches(records: Path, labels: Path) -> Iterator[Stretch]:
    """The records with their groups, some at a time."""
    with records.open("rb") as values, labels.open("rb") as groups:
        while held := values.read(RECORD.size * BATCH):
            found = array.array("h", groups.read(2 * (len(held) // RECORD.size)))
            yield list(zip(RECORD.iter_unpack(held), found, strict=True))


def before_of(run_id: int | None, stretch: Stretch) -> dict[int, tuple[int, str]]:
    """Enterprise → its group and traits in an earlier run; one query."""
    if run_id is None:
        return {}
    query = select(
        ClusterMembership.enterprise_id, ClusterMembership.cluster_id, ClusterMembership.traits
    ).where(
        ClusterMembership.run_id == run_id,
        ClusterMembership.enterprise_id.between(stretch[0][0][0], stretch[-1][0][0]),
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def joined(parts: Iterator[Stretch], rows: int) -> Iterator[Stretch]:
    """Stretches of at least ``rows`` rows, but for the last."""
    while True:
        held: Stretch = []
        for part in parts:
            held += part
            if len(held) >= rows:
                break
        if not held:
            return
        yield held
