"""What a row of a file would do, told apart from how it was found out."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.text import N_, Text
from app.intake.differences import Difference, ReportKind, ReportPlan, compare
from app.intake.register import Entry
from app.intake.rules import RowReading


class Kind(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Candidate:
    """A cooperative that a doubtful row may mean: a known one by ``id``, or the one that row ``row`` of the file adds."""

    id: int | None
    row: int | None
    name: str
    reason: Text


@dataclass(frozen=True)
class Outcome:
    """What one row would do, and why.

    ``match`` is the known cooperative that it is about; ``same_as_row`` the earlier row that adds or names the cooperative.
    ``changes`` are to the register, ``report`` is what happens to the report of the row's year.
    """

    row: RowReading
    kind: Kind
    reason: Text
    match: int | None = None
    same_as_row: int | None = None
    changes: tuple[Difference, ...] = ()
    report: ReportPlan | None = None
    candidates: tuple[Candidate, ...] = ()
    warnings: tuple[Text, ...] = ()


def says_nothing_new(reading: RowReading, entry: Entry) -> bool:
    """Whether everything that the row says of ``entry`` is there already."""
    changes, report = compare(reading, entry)
    return not changes and (report is None or report.kind is ReportKind.UNCHANGED)


def new(reading: RowReading, reason: Text) -> Outcome:
    """The outcome of a row that adds a cooperative."""
    return Outcome(reading, Kind.NEW, reason, report=_first_report(reading))


def _first_report(reading: RowReading) -> ReportPlan | None:
    if reading.year is None:
        return None
    answers = reading.report_values()
    changes = tuple(Difference(code, None, value) for code, value in answers.items())
    return ReportPlan(reading.year, ReportKind.NEW, changes)


def about(reading: RowReading, entry: Entry) -> Outcome:
    """The outcome of a row that is about ``entry``."""
    changes, report = compare(reading, entry)
    if report and report.kind is ReportKind.KEPT:
        return _kept(reading, entry, report)
    about = {"name": entry.name, "row": entry.row}
    moving = bool(changes) or (report is not None and report.kind is not ReportKind.UNCHANGED)
    if entry.row is not None and moving:
        kind, reason = Kind.NEW, Text(N_("Koperasi yang sama dengan baris %(row)s."), about)
    elif entry.row is not None:
        kind, reason = Kind.SKIPPED, Text(N_("Isinya sama dengan baris %(row)s."), about)
    elif moving:
        kind, reason = Kind.CHANGED, Text(N_("Sudah ada di register: %(name)s."), about)
    else:
        kind, reason = Kind.UNCHANGED, Text(N_("Sama dengan yang tersimpan: %(name)s."), about)
    return Outcome(reading, kind, reason, entry.id, entry.row, changes, report)


def _kept(reading: RowReading, entry: Entry, report: ReportPlan) -> Outcome:
    """The outcome of a row that contradicts a report that people wrote."""
    said = N_(
        "Laporan tahun buku %(year)s sudah ditulis atau disetujui orang, dan berbeda dari baris ini; tidak diubah."
    )
    reason = Text(said, {"year": str(report.year)})
    candidate = Candidate(entry.id, entry.row, entry.name, reason)
    return Outcome(
        reading, Kind.DOUBTFUL, reason, entry.id, entry.row, report=report, candidates=(candidate,)
    )


def second_voice(reading: RowReading, entry: Entry, row: int) -> Outcome:
    """The outcome of a row about a cooperative and year for which row ``row`` of the file speaks already."""
    if says_nothing_new(reading, entry):
        said = Text(N_("Isinya sama dengan baris %(row)s."), {"row": row})
        return Outcome(reading, Kind.SKIPPED, said, entry.id, row)
    params = {"row": row, "name": entry.name}
    said = Text(N_("Baris %(row)s juga tentang %(name)s, dengan isi lain."), params)
    candidate = Candidate(entry.id, entry.row, entry.name, said)
    return Outcome(reading, Kind.DOUBTFUL, said, same_as_row=row, candidates=(candidate,))
