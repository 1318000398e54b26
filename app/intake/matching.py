"""What each row of a file would do to the register: found again, changed, new, or for a person to decide. No database.

An import matches by NIK, else by normalised legal number with a near-same name. A row that is only like a known cooperative
is doubtful. Rows of one file are compared with each other too, so importing the same file twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.cooperatives.names import fold_letters
from app.cooperatives.rules import normalise_legal_number
from app.core.text import N_, Text
from app.intake.differences import Difference, ReportKind, ReportPlan, compare
from app.intake.register import Entry, Register, near_same
from app.intake.rules import RowReading

MOST_CANDIDATES = 5


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


def plan(
    readings: Sequence[RowReading], register: Register, progress: Callable[[int], object] = lambda rows: None
) -> list[Outcome]:
    """One outcome per row, in order. ``register`` is used up: it takes in what the rows would add and change.

    ``progress`` is called with the number of rows compared so far.
    """
    matcher = _Matcher(readings, register)
    outcomes = []
    for done, reading in enumerate(readings, start=1):
        outcomes.append(matcher.outcome(reading))
        progress(done)
    while settled := _settle(outcomes, matcher):
        outcomes = settled
    return outcomes


def _settle(outcomes: Sequence[Outcome], matcher: "_Matcher") -> list[Outcome] | None:
    """The outcomes after doubts that later rows cleared up; None when no doubt was. Else a second import would clear them."""
    matcher.waiting.clear()
    again = [matcher.outcome(o.row) if o.kind is Kind.DOUBTFUL else o for o in outcomes]
    moved = any(new.kind is not old.kind for new, old in zip(again, outcomes, strict=True))
    return again if moved else None


def resolve(reading: RowReading, register: Register, to: int | None) -> Outcome:
    """What a doubtful row does once a person said what it means: cooperative ``to``, or a new one (None)."""
    entry = register.get(to) if to is not None else None
    if entry is None:
        return Outcome(
            reading, Kind.NEW, Text(N_("Ditetapkan sebagai koperasi baru.")), report=_first_report(reading)
        )
    return _compared(reading, entry)


def _first_report(reading: RowReading) -> ReportPlan | None:
    if reading.year is None:
        return None
    answers = reading.report_values()
    changes = tuple(Difference(code, None, value) for code, value in answers.items())
    return ReportPlan(reading.year, ReportKind.NEW, changes)


def _compared(reading: RowReading, entry: Entry) -> Outcome:
    """The outcome of a row that is about ``entry``."""
    changes, report = compare(reading, entry)
    about = {"name": entry.name, "row": entry.row}
    moving = bool(changes) or (report is not None and report.kind in (ReportKind.NEW, ReportKind.CHANGED))
    if report and report.kind is ReportKind.KEPT:
        said = N_(
            "Laporan tahun buku %(year)s sudah ditulis atau disetujui orang, dan berbeda dari baris ini; tidak diubah."
        )
        kind, reason = Kind.DOUBTFUL, Text(said, {"year": str(report.year)})
    elif entry.row is not None and moving:
        kind, reason = Kind.NEW, Text(N_("Koperasi yang sama dengan baris %(row)s."), about)
    elif entry.row is not None:
        kind, reason = Kind.SKIPPED, Text(N_("Isinya sama dengan baris %(row)s."), about)
    elif moving:
        kind, reason = Kind.CHANGED, Text(N_("Sudah ada di register: %(name)s."), about)
    else:
        kind, reason = Kind.UNCHANGED, Text(N_("Sama dengan yang tersimpan: %(name)s."), about)
    return Outcome(reading, kind, reason, entry.id, entry.row, changes, report)


class _Matcher:
    """Finds what each row of one file is about, and remembers which row spoke for which cooperative and year."""

    def __init__(self, readings: Iterable[RowReading], register: Register) -> None:
        self.register = register
        self.claims: dict[int, dict[int, int]] = defaultdict(dict)  # identity of the entry → year or 0 → row
        self.waiting: dict[str, list[RowReading]] = defaultdict(list)  # NIK or legal number → doubtful rows
        self.exact: dict[int, Entry] = {}
        self.numbers: dict[str, list[RowReading]] = defaultdict(list)
        for reading in readings:
            if reading.skipped or reading.refused:
                continue
            if number := _number(reading):
                self.numbers[number].append(reading)
            if entry := self._exactly(reading):
                self.exact[reading.number] = entry
                self._claim(entry, reading)

    def outcome(self, reading: RowReading) -> Outcome:
        """The outcome of the next row."""
        if reading.skipped:
            return Outcome(reading, Kind.SKIPPED, reading.skipped)
        if reading.refused:
            return Outcome(reading, Kind.REFUSED, reading.refused)
        entry, doubts = self.exact.get(reading.number), tuple[Candidate, ...]()
        if entry is None:
            entry, doubts = self._about(reading)
        waiting = self._waits_for(reading)
        if waiting and (entry is None or not self._says_nothing_new(reading, entry)):
            entry, doubts = None, (*doubts, self._as_doubtful_as(waiting))
        outcome = self._decided(reading, entry, doubts)
        if outcome.kind is Kind.DOUBTFUL:
            for key in filter(None, (_nik(reading), _number(reading))):
                self.waiting[key].append(reading)
        return replace(outcome, warnings=self._warnings(reading, entry))

    def _decided(self, reading: RowReading, entry: Entry | None, doubts: tuple[Candidate, ...]) -> Outcome:
        """The outcome of a row that is about ``entry``, or may be about ``doubts``, or is new."""
        if entry is None and doubts:
            return Outcome(reading, Kind.DOUBTFUL, doubts[0].reason, candidates=doubts)
        if entry is None:
            entry = Entry(None, reading.number, dict(reading.register_values()))
            outcome = Outcome(
                reading, Kind.NEW, Text(N_("Belum ada di register.")), report=_first_report(reading)
            )
        elif (row := self._spoken_for(entry, reading)) is not None:
            return self._second_voice(reading, entry, row)
        else:
            outcome = _compared(reading, entry)
        self._take_in(entry, outcome)
        return outcome

    def _exactly(self, reading: RowReading) -> Entry | None:
        """The known cooperative that the row surely is, not spoken for by an earlier row: same NIK, same number and name,
        or without either nothing that differs."""
        bearers = self.register.with_nik(_nik(reading))
        if bearers and self._rivals(reading, bearers):
            return None
        known = bearers or [
            entry
            for entry in self.register.with_number(_number(reading))
            if entry.is_named(reading.name) and not _niks_differ(reading, entry)
        ]
        if not known and not _number(reading):
            known = [
                e
                for e in self.register.named_like(reading.name, _kecamatan(reading))
                if self._says_nothing_new(reading, e)
            ]
        free = [entry for entry in known if self._spoken_for(entry, reading) is None]
        return self._best(reading, free)

    def _rivals(self, reading: RowReading, bearers: Sequence[Entry]) -> list[Entry]:
        """Those that the legal number and the name point to, although the NIK points to one that lacks that number."""
        number = _number(reading)
        if any(number in entry.numbers for entry in bearers):
            return []
        return [
            entry
            for entry in self.register.with_number(number)
            if entry.is_nearly_named(reading.name) and not _niks_differ(reading, entry)
        ]

    def _says_nothing_new(self, reading: RowReading, entry: Entry) -> bool:
        changes, report = compare(reading, entry)
        return not changes and (report is None or report.kind is ReportKind.UNCHANGED)

    def _about(self, reading: RowReading) -> tuple[Entry | None, tuple[Candidate, ...]]:
        """The cooperative that the row is about, else those that it may mean."""
        if known := self.register.with_nik(_nik(reading)):
            said = N_("NIK milik %(known)s, tetapi nomor badan hukum dan nama milik %(name)s.")
            rivals = tuple(
                Candidate(e.id, e.row, e.name, Text(said, {"known": known[0].name, "name": e.name}))
                for e in self._rivals(reading, known)
            )
            return (None, rivals) if rivals else (self._best(reading, known), ())
        numbered = self.register.with_number(_number(reading))
        near = [entry for entry in numbered if entry.is_nearly_named(reading.name)]
        if sure := [entry for entry in near if not _niks_differ(reading, entry)]:
            return self._best(reading, sure), ()
        doubts = [
            (entry, N_("Nomor badan hukum dan nama sama dengan %(name)s, tetapi NIK berbeda."))
            for entry in near
        ]
        doubts += [
            (entry, N_("Nomor badan hukum sama dengan %(name)s, tetapi namanya lain."))
            for entry in numbered
            if entry.row is None and entry not in near and not _niks_differ(reading, entry)
        ]
        named = [
            entry
            for entry in self.register.named_like(reading.name, _kecamatan(reading))
            if entry.may_be_kind_of(reading.name) and not _niks_differ(reading, entry)
        ]
        if same := next((entry for entry in named if self._same_of_other_year(reading, entry)), None):
            return same, ()
        doubts += [
            (
                entry,
                N_(
                    "Namanya mirip %(name)s di kecamatan yang sama, tetapi nomor badan hukumnya berbeda atau kosong."
                ),
            )
            for entry in named
            if entry not in numbered
        ]
        return None, tuple(
            Candidate(entry.id, entry.row, entry.name, Text(said, {"name": entry.name}))
            for entry, said in doubts[:MOST_CANDIDATES]
        )

    def _same_of_other_year(self, reading: RowReading, entry: Entry) -> bool:
        """Without a number: a row that says nothing new, or the same name and place as an earlier row of another year."""
        if _number(reading):
            return False
        if self._says_nothing_new(reading, entry):
            return True
        return (
            entry.row is not None
            and not entry.numbers
            and reading.year is not None
            and self._spoken_for(entry, reading) is None
            and entry.is_named(reading.name)
        )

    def _best(self, reading: RowReading, entries: Sequence[Entry]) -> Entry | None:
        """The likeliest of several: not spoken for, of the same name, in the same place, known longest."""

        def fitness(entry: Entry) -> tuple[bool, bool, bool]:
            return (
                self._spoken_for(entry, reading) is None,
                entry.is_named(reading.name),
                entry.text("kode_kecamatan") == _kecamatan(reading),
            )

        return max(entries, key=fitness, default=None)

    def _spoken_for(self, entry: Entry, reading: RowReading) -> int | None:
        """The other row of the file that speaks for the cooperative and the year; a row without a year speaks for all years."""
        claims = self.claims.get(id(entry), {})
        years = claims if reading.year is None else {year for year in (reading.year, 0) if year in claims}
        return next((claims[year] for year in years if claims[year] != reading.number), None)

    def _claim(self, entry: Entry, reading: RowReading) -> None:
        self.claims[id(entry)][reading.year or 0] = reading.number

    def _as_doubtful_as(self, waiting: RowReading) -> Candidate:
        said = Text(
            N_("Baris %(row)s tentang koperasi yang sama masih harus diputuskan."), {"row": waiting.number}
        )
        return Candidate(None, waiting.number, waiting.name, said)

    def _waits_for(self, reading: RowReading) -> RowReading | None:
        """An earlier doubtful row about the same cooperative: until a person decides on it, this row is doubtful too."""
        if _nik(reading) and (waiting := self.waiting.get(_nik(reading))):
            return waiting[0]
        for other in self.waiting.get(_number(reading), []) if _number(reading) else []:
            if near_same(other.name, reading.name):
                return other
        return None

    def _second_voice(self, reading: RowReading, entry: Entry, row: int) -> Outcome:
        """A row about a cooperative and year of which an earlier row spoke already."""
        if self._says_nothing_new(reading, entry):
            said = Text(N_("Isinya sama dengan baris %(row)s."), {"row": row})
            return Outcome(reading, Kind.SKIPPED, said, entry.id, row)
        said = Text(
            N_("Baris %(row)s juga tentang %(name)s, dengan isi lain."), {"row": row, "name": entry.name}
        )
        candidate = Candidate(entry.id, entry.row, entry.name, said)
        return Outcome(reading, Kind.DOUBTFUL, said, same_as_row=row, candidates=(candidate,))

    def _take_in(self, entry: Entry, outcome: Outcome) -> None:
        """Let later rows see what this one adds or changes."""
        if outcome.kind not in (Kind.NEW, Kind.CHANGED, Kind.UNCHANGED):
            return
        self._claim(entry, outcome.row)
        for change in outcome.changes:
            entry.change(change.field, change.after)
        if outcome.report and outcome.report.kind is not ReportKind.UNCHANGED:
            answers = entry.reports.setdefault(outcome.report.year, {})
            answers.update(
                {change.field: change.after for change in outcome.report.changes if change.after is not None}
            )
        if outcome.changes or (outcome.match is None and outcome.same_as_row is None):
            self.register.add(entry)

    def _warnings(self, reading: RowReading, entry: Entry | None) -> tuple[Text, ...]:
        """A legal number that others bear too, and names that are near-same but surely another cooperative's."""
        number = _number(reading)
        said = []
        others = (
            [r for r in self.numbers.get(number, []) if fold_letters(r.name) != fold_letters(reading.name)]
            if number
            else []
        )
        if others:
            rows = ", ".join(str(other.number) for other in others[:MOST_CANDIDATES])
            said.append(Text(N_("Nomor badan hukum ini juga ada di baris %(rows)s."), {"rows": rows}))
        in_file = {fold_letters(other.name) for other in others} | {fold_letters(reading.name)}
        for other in self.register.with_number(number):
            if other is not entry and other.row is None and fold_letters(other.name) not in in_file:
                said.append(Text(N_("Nomor badan hukum ini juga dipakai %(name)s."), {"name": other.name}))
        if entry is None:
            for other in self.register.named_like(reading.name, _kecamatan(reading))[:MOST_CANDIDATES]:
                if not other.may_be_kind_of(reading.name) or _niks_differ(reading, other):
                    said.append(
                        Text(N_("Namanya mirip %(name)s di kecamatan yang sama."), {"name": other.name})
                    )
        return tuple(said)


def _nik(reading: RowReading) -> str:
    return str(reading.values.get("nik_koperasi", ""))


def _number(reading: RowReading) -> str:
    return normalise_legal_number(str(reading.values.get("nomor_badan_hukum", "")))


def _kecamatan(reading: RowReading) -> str:
    return str(reading.values.get("kode_kecamatan", ""))


def _niks_differ(reading: RowReading, entry: Entry) -> bool:
    """Whether both bear a NIK, and not the same: then they are two cooperatives, however alike."""
    theirs = entry.text("nik_koperasi")
    return bool(theirs) and bool(_nik(reading)) and theirs != _nik(reading)
