"""A list of UKM held against the register: only what some row may mean is read from it, however large it is."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from app.accounts.digests import keyed_digest
from app.core.database import today
from app.core.extensions import db
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseOwner
from app.enterprises.rules import Origin, State
from app.intake.columns import Chosen
from app.intake.enterprises.matching import Earlier, plan, printed
from app.intake.enterprises.reading import Context, EnterpriseReading
from app.intake.enterprises.register import Entry, Known, Register, keys_of
from app.intake.enterprises.rows import read_rows
from app.intake.models import ImportJob, ImportRow, ImportState
from app.intake.outcomes import Outcome
from app.regions.queries import office_region

COMPARED = (
    "name", "owner_name", "owner_phone", "owner_email", "products", "activity", "sector", "sector_version", "kode_kelurahan",
    "kode_kecamatan", "address", "latitude", "longitude", "legal_form", "start_year", "workers_men", "workers_women",
    "sales_band", "capital_band", "has_nib", "nib", "digital", "infrastructure", "owner_age_band", "owner_sex",
    "owner_education", "funding", "needs", "contacts", "source_id",
)  # fmt: skip
OPEN = (State.WAITING, State.RETURNED, State.LISTED, State.HIDDEN)
LIGHT = (
    "name",
    "owner_name",
    "owner_phone",
    "nib",
    "kode_kelurahan",
    "kode_kecamatan",
    "address",
    "latitude",
    "longitude",
)
TOGETHER = 500
SHOWN_SPELLINGS = 300


def digest(reading: EnterpriseReading) -> str:
    """By what a row is known again; see :func:`~app.intake.enterprises.matching.printed`."""
    return keyed_digest("import_row", printed(reading))


def compare(chosen: Chosen, progress: Callable[[int], None]) -> list[Outcome]:
    """What every row would do."""
    context = Context(office_region(current_app.config["REGION"]), today())
    readings = list(read_rows(chosen.sheet.rows, chosen.header, chosen.mapping, context))
    taken = [reading for reading in readings if not reading.skipped and not reading.refused]
    digests = {reading.number: digest(reading) for reading in taken}
    earlier = _earlier(set(digests.values()))
    unknown = [reading for reading in taken if digests[reading.number] not in earlier.found]
    return plan(readings, register_for(unknown), earlier, digests, progress)


def _earlier(digests: set[str]) -> Earlier:
    """What rows with these digests became in imports that were carried out."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for some in _cut(sorted(digests)):
        query = (
            select(ImportRow.fingerprint, ImportRow.enterprise_id)
            .join(ImportJob, ImportJob.id == ImportRow.job_id)
            .where(
                ImportRow.fingerprint.in_(some),
                ImportRow.enterprise_id.is_not(None),
                ImportJob.state == ImportState.APPLIED,
            )
            .order_by(ImportRow.id)
        )
        for print_, id_ in db.session.execute(query):
            if print_ and id_ and id_ not in found[print_]:
                found[print_].append(id_)
    ids = sorted({id_ for some in found.values() for id_ in some})
    deleted = {
        id_
        for some in _cut(ids)
        for id_ in db.session.scalars(
            select(Enterprise.id).where(Enterprise.id.in_(some), Enterprise.state == State.DELETED)
        )
    }
    return Earlier(found, frozenset(deleted))


def register_for(readings: Sequence[EnterpriseReading]) -> Register:
    """The part of the register that some of ``readings`` may mean."""
    if not readings:
        return Register()
    wanted: set[str] = set()
    for reading in readings:
        entry = Entry(None, reading.number, dict(reading.values))
        wanted |= keys_of(entry, {*entry.places(), *entry.squares()})
    query = select(Enterprise.id, *(getattr(Enterprise, name) for name in LIGHT)).where(
        Enterprise.state.in_(OPEN)
    )
    ids = []
    for row in db.session.execute(query.execution_options(yield_per=2000)):
        entry = Entry(row.id, None, dict(row._mapping))
        if not wanted.isdisjoint(keys_of(entry, entry.places())):
            ids.append(row.id)
    return register(ids)


def register(ids: Iterable[int]) -> Register:
    """The enterprises with these ids, as rows are compared with them."""
    return Register(known for some in _cut(sorted(ids)) for known in _known(some))


def _known(ids: Sequence[int]) -> Iterator[Known]:
    for row in db.session.execute(_with_history().where(Enterprise.id.in_(ids))):
        yield Known(row.id, {name: getattr(row, name) for name in COMPARED}, bool(row.is_kept))


def _with_history() -> Select[Any]:
    """The compared columns, and whether a person worked on the row: then a file does not write over it."""
    event = aliased(EnterpriseEvent)
    worked_on = or_(
        Enterprise.origin != Origin.IMPORT,
        exists().where(and_(event.enterprise_id == Enterprise.id, event.kind != "imported")),
        exists().where(EnterpriseOwner.enterprise_id == Enterprise.id),
    )
    columns = (getattr(Enterprise, name) for name in COMPARED)
    return select(Enterprise.id, worked_on.label("is_kept"), *columns)


def spellings(outcomes: Iterable[Outcome]) -> list[list[Any]]:
    """What words were taken for: kind, as written, what it means, how sure in per cent, in how many rows; the doubtful first."""
    counted = Counter(
        spelled
        for outcome in outcomes
        if isinstance(outcome.row, EnterpriseReading)
        for spelled in outcome.row.spelled
    )
    order = sorted(counted.items(), key=lambda one: (one[0].share, -one[1], one[0].raw))[:SHOWN_SPELLINGS]
    return [[one.kind, one.raw, one.name, one.share, rows] for one, rows in order]


def _cut(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(items), TOGETHER):
        yield items[at : at + TOGETHER]
