"""What becomes of the reports when two rows of the register are one cooperative, answering the register's signals.

Reports stay as they are and only change hands, so the kept totals, which count by year and place, stay right. Of two reports of
one year the further one goes with the cooperative; two that count are for a person to sort out first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from app.audit.services import record
from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Fate, Moved, merge_asked, merging, unmerging
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_, Text
from app.questionnaire.drafts import name_of
from app.questionnaire.models import Extension, Report
from app.questionnaire.rules import STATUS_NAMES, Origin, Status

NAME = "reports"
COUNTS = 4


@dataclass(frozen=True)
class Pair:
    """What two rows have for one year; at least one of them has a report."""

    year: int
    here: Report | None
    there: Report | None

    @property
    def clash(self) -> bool:
        """Whether both were sent and not sent back: nobody but a person can say which one counts."""
        return _weight(self.here) == _weight(self.there) == COUNTS

    @property
    def goes(self) -> bool:
        """Whether the report of the row that goes is the one that counts from now on."""
        return _weight(self.there) > _weight(self.here)


def _weight(report: Report | None) -> int:
    """How much a report says: none, an empty draft, a draft, what a file brought, what was sent back, what counts."""
    if report is None:
        return -1
    if report.status is not Status.DRAFT:
        return 3 if report.status is Status.RETURNED else COUNTS
    return 2 if report.origin is Origin.IMPORTED else int(bool(report.answers))


def pairs(here: Cooperative, there: Cooperative, *, hold: bool = False) -> list[Pair]:
    """The reports of both rows by year, the latest first. ``hold``: nobody changes them until the unit ends."""
    query = select(Report).where(Report.cooperative_id.in_((here.id, there.id))).order_by(Report.id)
    if hold:
        query = query.with_for_update(of=Report).execution_options(populate_existing=True)
    found: dict[int, dict[int, Report]] = {}
    for report in db.session.scalars(query):
        found.setdefault(report.year, {})[report.cooperative_id] = report
    return [Pair(year, both.get(here.id), both.get(there.id)) for year, both in sorted(found.items())[::-1]]


@merge_asked.connect
def fates(other: Cooperative, *, into: Cooperative) -> list[Fate]:
    """For the page: what each year's reports are and what comes of them."""
    return [
        Fate(
            Text(N_("Laporan tahun buku %(year)s"), {"year": pair.year}),
            _state(pair.here),
            _state(pair.there),
            _outcome(pair),
            pair.clash,
        )
        for pair in pairs(into, other)
    ]


def _state(report: Report | None) -> Text | str:
    if report is None:
        return ""
    if report.status is Status.DRAFT and not report.answers:
        return Text(N_("Draf kosong"))
    return Text(
        N_("Diimpor")
        if report.origin is Origin.IMPORTED and report.status is Status.DRAFT
        else STATUS_NAMES[report.status]
    )


def _outcome(pair: Pair) -> Text:
    if pair.clash:
        return Text(N_("Bentrok: kembalikan dulu yang keliru"))
    if pair.there is None:
        return Text(N_("Tetap"))
    if pair.here is None:
        return Text(N_("Pindah"))
    if pair.goes:
        return Text(N_("Yang digabung dipakai; yang lain tersimpan di baris yang digabung"))
    return Text(N_("Yang tetap dipakai; yang lain tersimpan di baris yang digabung"))


@merging.connect
def hand_over(other: Cooperative, *, into: Cooperative) -> Moved:
    """The reports of ``other`` that ``into`` lacks go over. Raises RuleBroken when both filed one for the same year."""
    both = pairs(into, other, hold=True)
    if clash := next((pair for pair in both if pair.clash), None):
        raise RuleBroken(
            N_(
                "Kedua baris punya laporan tahun buku %(year)s yang sudah dikirim. "
                "Kembalikan dulu yang keliru kepada koperasinya, lalu gabungkan lagi."
            ),
            year=clash.year,
        )
    gone = [pair for pair in both if pair.goes]
    taken = [pair.there for pair in gone if pair.there is not None]
    left = [pair.here for pair in gone if pair.here is not None]
    _swap(taken, into, left, other)
    _record(taken, "report.handed_over", other, into)
    return Moved(
        NAME,
        {
            "moved": [[report.id, report.version] for report in taken],
            "swapped": [[report.id, report.version] for report in left],
            "extensions": _extend(other, into),
        },
    )


def _extend(other: Cooperative, into: Cooperative) -> list[int]:
    """More time that was given to ``other``, for years in which ``into`` was given none. Returns what moved."""
    own = select(Extension.year).where(Extension.cooperative_id == into.id)
    query = select(Extension).where(Extension.cooperative_id == other.id, Extension.year.not_in(own))
    given = list(db.session.scalars(query.order_by(Extension.id)))
    for extension in given:
        extension.cooperative_id = into.id
    db.session.flush()
    return [extension.id for extension in given]


@unmerging.connect
def hand_back(other: Cooperative, *, out_of: Cooperative, moved: Mapping[str, Any]) -> None:
    """The reports go back. Raises RuleBroken when somebody has worked on one since: whose would it be?"""
    what = moved[NAME]
    taken, left = _unchanged(what["moved"]), _unchanged(what["swapped"])
    _swap(taken, other, left, out_of)
    _record(taken, "report.handed_back", out_of, other)
    for extension in db.session.scalars(select(Extension).where(Extension.id.in_(what["extensions"]))):
        extension.cooperative_id = other.id
    db.session.flush()


def _unchanged(noted: Iterable[Sequence[int]]) -> list[Report]:
    versions = {one[0]: one[1] for one in noted}
    query = select(Report).where(Report.id.in_(versions)).order_by(Report.id)
    reports = list(
        db.session.scalars(query.with_for_update(of=Report).execution_options(populate_existing=True))
    )
    for report in reports:
        if report.version != versions[report.id]:
            raise RuleBroken(
                N_(
                    "Laporan tahun buku %(year)s sudah diubah atau diputuskan sesudah penggabungan, jadi tidak dapat dipisahkan lagi."
                ),
                year=report.year,
            )
    return reports


def _swap(taken: Sequence[Report], to: Cooperative, left: Sequence[Report], back: Cooperative) -> None:
    """``taken`` go to one row and ``left``, of the same years, to the other: no row may have two of a year in between."""
    ids = [report.id for report in left]
    steps: list[tuple[list[int], dict[str, Any]]] = [
        (ids, {"year": -Report.year}),
        ([report.id for report in taken], {"cooperative_id": to.id}),
        (ids, {"cooperative_id": back.id, "year": -Report.year}),
    ]
    for some, values in steps:
        if some:
            change = update(Report).where(Report.id.in_(some)).values(values)
            db.session.execute(change.execution_options(synchronize_session=False))
    for report in (*taken, *left):
        db.session.expire(report)


def _record(reports: Sequence[Report], action: str, before: Cooperative, after: Cooperative) -> None:
    for report in reports:
        record(
            action,
            kind="report",
            subject_id=report.id,
            name=name_of(report),
            before={"cooperative": before.nama_koperasi, "cooperative_id": before.id},
            after={"cooperative": after.nama_koperasi, "cooperative_id": after.id},
        )
