"""What each row of a file would do to the register: found again, changed, new, or for a person to decide. No database.

An import matches by NIK, else by normalised legal number with a near-same name. A row that is only like a known cooperative
is doubtful. Rows of one file are compared with each other too, so importing the same file twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.cooperatives.names import fold_letters
from app.core.text import N_, Text
from app.intake import outcomes
from app.intake.differences import ReportKind
from app.intake.finding import MOST_CANDIDATES, Claims, Finder, niks_differ
from app.intake.outcomes import Candidate, Kind, Outcome, says_nothing_new
from app.intake.register import Entry, Register, near_same
from app.intake.rules import RowReading

__all__ = ["Candidate", "Kind", "Outcome", "plan", "resolve"]


def plan(
    readings: Sequence[RowReading], register: Register, progress: Callable[[int], object] = lambda rows: None
) -> list[Outcome]:
    """One outcome per row, in the order in which to carry them out: that of the rows, but for doubts that later rows clear.

    ``register`` is used up: it takes in what the rows would add and change. ``progress`` hears how many rows are compared.
    """
    matcher = _Matcher(readings, register)
    planned = []
    for done, reading in enumerate(readings, start=1):
        planned.append(matcher.outcome(reading))
        progress(done)
    while settled := _settle(planned, matcher):
        planned = settled
    return planned


def _settle(planned: Sequence[Outcome], matcher: "_Matcher") -> list[Outcome] | None:
    """The plan after doubts that later rows cleared; None when none was. Else a second import would clear them."""
    matcher.waiting.clear()
    sure = [outcome for outcome in planned if outcome.kind is not Kind.DOUBTFUL]
    again = [matcher.outcome(outcome.row) for outcome in planned if outcome.kind is Kind.DOUBTFUL]
    again.sort(key=lambda outcome: outcome.kind is Kind.DOUBTFUL)
    return [*sure, *again] if again and again[0].kind is not Kind.DOUBTFUL else None


def resolve(reading: RowReading, register: Register, to: int | None) -> Outcome:
    """What a doubtful row does once a person said what it means: cooperative ``to``, or a new one (None)."""
    entry = register.get(to) if to is not None else None
    if entry is None:
        return outcomes.new(reading, Text(N_("Ditetapkan sebagai koperasi baru.")))
    return outcomes.about(reading, entry)


class _Matcher:
    """Goes through the rows of one file, and remembers what each adds and changes."""

    def __init__(self, readings: Sequence[RowReading], register: Register) -> None:
        self.register, self.claims = register, Claims()
        self.finder = Finder(register, self.claims)
        self.waiting: dict[str, list[RowReading]] = defaultdict(list)  # NIK or legal number → doubtful rows
        self.numbers: dict[str, list[RowReading]] = defaultdict(list)  # legal number → rows
        self.exact: dict[int, Entry] = {}  # row → the known cooperative that it surely is
        rows = [reading for reading in readings if not reading.skipped and not reading.refused]
        for reading in rows:
            self.numbers[reading.legal_key].append(reading)
        self._claim_exact(rows, only_nothing_new=True)  # what a row of this file wrote once, it claims first
        self._claim_exact(rows, only_nothing_new=False)

    def _claim_exact(self, rows: Sequence[RowReading], *, only_nothing_new: bool) -> None:
        for reading in rows:
            entry = None if reading.number in self.exact else self.finder.exactly(reading)
            if entry and (not only_nothing_new or says_nothing_new(reading, entry)):
                self.exact[reading.number] = entry
                self.claims.make(entry, reading)

    def outcome(self, reading: RowReading) -> Outcome:
        """The outcome of the next row."""
        if reading.skipped:
            return Outcome(reading, Kind.SKIPPED, reading.skipped)
        if reading.refused:
            return Outcome(reading, Kind.REFUSED, reading.refused)
        entry, doubts = self.exact.get(reading.number), tuple[Candidate, ...]()
        if entry is None:
            entry, doubts = self.finder.about(reading)
        waiting = self._waits_for(reading)
        if waiting and (entry is None or not says_nothing_new(reading, entry)):
            said = N_("Baris %(row)s tentang koperasi yang sama masih harus diputuskan.")
            candidate = Candidate(None, waiting.number, waiting.name, Text(said, {"row": waiting.number}))
            entry, doubts = None, (*doubts, candidate)
        outcome = self._decided(reading, entry, doubts)
        if outcome.kind is Kind.DOUBTFUL and outcome.match is None:
            for key in filter(None, (reading.nik, reading.legal_key)):
                self.waiting[key].append(reading)
        return replace(outcome, warnings=self._warnings(reading, entry))

    def _waits_for(self, reading: RowReading) -> RowReading | None:
        """An earlier doubtful row about the same cooperative: until a person decides on it, this row is doubtful too."""
        if reading.nik and (waiting := self.waiting.get(reading.nik)):
            return waiting[0]
        numbered = self.waiting.get(reading.legal_key, []) if reading.legal_key else []
        return next((other for other in numbered if near_same(other.name, reading.name)), None)

    def _decided(self, reading: RowReading, entry: Entry | None, doubts: tuple[Candidate, ...]) -> Outcome:
        """The outcome of a row that is about ``entry``, or may be about ``doubts``, or is new."""
        if entry is None and doubts:
            return Outcome(reading, Kind.DOUBTFUL, doubts[0].reason, candidates=doubts)
        if entry is None:
            entry = Entry(None, reading.number, dict(reading.register_values()))
            outcome = outcomes.new(reading, Text(N_("Belum ada di register.")))
        elif (row := self.claims.of_another(entry, reading)) is not None:
            return outcomes.second_voice(reading, entry, row)
        else:
            outcome = outcomes.about(reading, entry)
        self._take_in(entry, outcome)
        return outcome

    def _take_in(self, entry: Entry, outcome: Outcome) -> None:
        """Let later rows see what this one adds or changes."""
        if outcome.kind not in (Kind.NEW, Kind.CHANGED, Kind.UNCHANGED):
            return
        self.claims.make(entry, outcome.row)
        for change in outcome.changes:
            entry.change(change.field, change.after)
        report = outcome.report
        if report and report.kind is not ReportKind.UNCHANGED:
            answers = {change.field: change.after for change in report.changes if change.after is not None}
            entry.reports.setdefault(report.year, {}).update(answers)
        if outcome.changes or report or outcome.kind is Kind.NEW:
            self.register.add(entry)

    def _warnings(self, reading: RowReading, entry: Entry | None) -> tuple[Text, ...]:
        """A legal number that others bear too, and names that are near-same but surely another cooperative's."""
        key, own = reading.legal_key, fold_letters(reading.name)
        others = [other for other in self.numbers[key] if fold_letters(other.name) != own] if key else []
        in_file = {own} | {fold_letters(other.name) for other in others}
        said = []
        if others:
            rows = ", ".join(str(other.number) for other in others[:MOST_CANDIDATES])
            said.append(Text(N_("Nomor badan hukum ini juga ada di baris %(rows)s."), {"rows": rows}))
        for other in self.register.with_number(key):
            if other is not entry and other.row is None and fold_letters(other.name) not in in_file:
                said.append(Text(N_("Nomor badan hukum ini juga dipakai %(name)s."), {"name": other.name}))
        if entry is None:
            for other in self.register.named_like(reading.name, reading.kecamatan)[:MOST_CANDIDATES]:
                if other.row != reading.number and (
                    not other.may_be_kind_of(reading.name) or niks_differ(reading, other)
                ):
                    said.append(
                        Text(N_("Namanya mirip %(name)s di kecamatan yang sama."), {"name": other.name})
                    )
        return tuple(said)
