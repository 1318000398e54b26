"""Which cooperative a row is about: the ways to find it, in the order of their weight."""

from collections import defaultdict
from collections.abc import Sequence

from app.core.text import N_, Text
from app.intake.outcomes import Candidate, says_nothing_new
from app.intake.register import Entry, Register
from app.intake.rules import RowReading

MOST_CANDIDATES = 5


class Claims:
    """Which row of a file speaks for which cooperative and book year. A row without a year speaks for all years."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, int]] = defaultdict(dict)  # identity of the entry → year or 0 → row

    def make(self, entry: Entry, reading: RowReading) -> None:
        """Let the row speak for the cooperative and its year."""
        self._rows[id(entry)][reading.year or 0] = reading.number

    def of_another(self, entry: Entry, reading: RowReading) -> int | None:
        """The other row that speaks for the cooperative and the year of ``reading``."""
        claims = self._rows.get(id(entry), {})
        years = claims if reading.year is None else {year for year in (reading.year, 0) if year in claims}
        return next((claims[year] for year in years if claims[year] != reading.number), None)


class Finder:
    """Finds cooperatives of one register for the rows of one file."""

    def __init__(self, register: Register, claims: Claims) -> None:
        self.register, self.claims = register, claims

    def exactly(self, reading: RowReading) -> Entry | None:
        """The cooperative that the row surely is, for which no earlier row speaks: the same NIK, the same number and name,
        or for a row without a number one that holds all that the row says."""
        bearers = self.register.with_nik(reading.nik)
        if bearers and self._rivals(reading, bearers):
            return None
        known = bearers or [
            entry
            for entry in self.register.with_number(reading.legal_key)
            if entry.is_named(reading.name) and not niks_differ(reading, entry)
        ]
        if not known and not reading.legal_key:
            like = self.register.named_like(reading.name, reading.kecamatan)
            known = [entry for entry in like if says_nothing_new(reading, entry)]
        return self._best(reading, [e for e in known if self.claims.of_another(e, reading) is None])

    def about(self, reading: RowReading) -> tuple[Entry | None, tuple[Candidate, ...]]:
        """The cooperative that the row is about, else those that it may mean; neither for a new one."""
        if bearers := self.register.with_nik(reading.nik):
            said = N_("NIK-nya milik koperasi lain, tetapi nomor badan hukum dan namanya milik %(name)s.")
            rivals = _candidates([(entry, said) for entry in self._rivals(reading, bearers)])
            return (None, rivals) if rivals else (self._best(reading, bearers), ())
        numbered = self.register.with_number(reading.legal_key)
        near = [entry for entry in numbered if entry.is_nearly_named(reading.name)]
        if sure := [entry for entry in near if not niks_differ(reading, entry)]:
            return self._best(reading, sure), ()
        named = [
            entry
            for entry in self.register.named_like(reading.name, reading.kecamatan)
            if entry.may_be_kind_of(reading.name) and not niks_differ(reading, entry)
        ]
        if same := next((entry for entry in named if self._is_same_without_number(reading, entry)), None):
            return same, ()
        other_nik = N_("Nomor badan hukum dan nama sama dengan %(name)s, tetapi NIK berbeda.")
        other_name = N_("Nomor badan hukum sama dengan %(name)s, tetapi namanya lain.")
        other_number = N_(
            "Namanya mirip %(name)s di kecamatan yang sama, tetapi nomor badan hukumnya berbeda atau kosong."
        )
        doubts = [(entry, other_nik) for entry in near]
        doubts += [
            (entry, other_name)
            for entry in numbered
            if entry.row is None and entry not in near and not niks_differ(reading, entry)
        ]
        doubts += [(entry, other_number) for entry in named if entry not in numbered]
        return None, _candidates(doubts)

    def _rivals(self, reading: RowReading, bearers: Sequence[Entry]) -> list[Entry]:
        """Those that the legal number and the name point to, although the NIK points to one that lacks that number."""
        if any(reading.legal_key in entry.numbers for entry in bearers):
            return []
        return [
            entry
            for entry in self.register.with_number(reading.legal_key)
            if entry.is_nearly_named(reading.name) and not niks_differ(reading, entry)
        ]

    def _is_same_without_number(self, reading: RowReading, entry: Entry) -> bool:
        """Without a number: a row that says nothing new, or the same name and place as an earlier row of another year."""
        if reading.legal_key:
            return False
        if says_nothing_new(reading, entry):
            return True
        return (
            entry.row is not None
            and not entry.numbers
            and reading.year is not None
            and self.claims.of_another(entry, reading) is None
            and entry.is_named(reading.name)
        )

    def _best(self, reading: RowReading, entries: Sequence[Entry]) -> Entry | None:
        """The likeliest of several: one for which no row speaks, of the same name, in the same place, known longest."""

        def fitness(entry: Entry) -> tuple[bool, bool, bool]:
            return (
                self.claims.of_another(entry, reading) is None,
                entry.is_named(reading.name),
                entry.text("kode_kecamatan") == reading.kecamatan,
            )

        return max(entries, key=fitness, default=None)


def _candidates(doubts: Sequence[tuple[Entry, str]]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(entry.id, entry.row, entry.name, Text(said, {"name": entry.name}))
        for entry, said in doubts[:MOST_CANDIDATES]
    )


def niks_differ(reading: RowReading, entry: Entry) -> bool:
    """Whether both bear a NIK, and not the same: then they are two cooperatives, however alike."""
    theirs = entry.text("nik_koperasi")
    return bool(theirs) and bool(reading.nik) and theirs != reading.nik
