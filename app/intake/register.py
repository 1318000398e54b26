"""The register as an import sees it: cooperatives found by NIK, by legal number, and by near-same name, without a database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from app.cooperatives.names import contains_name, fold_letters, fold_name, kinds_agree, similar_folded
from app.cooperatives.rules import normalise_legal_number
from app.intake.rules import Value

NEAR_WITH_NUMBER = 0.8  # likeness of names that share a legal number
NEAR_ALONE = 0.9  # likeness of names in one kecamatan that share nothing else
K = TypeVar("K")
MOST_COMPARED = 2_000  # names that begin or end alike in one kecamatan


def near_same(a: str, b: str) -> bool:
    """Whether two names are near enough for a shared legal number to make them one cooperative's."""
    folded = fold_name(a), fold_name(b)
    return similar_folded(*folded) >= NEAR_WITH_NUMBER or contains_name(*folded)


@dataclass(frozen=True)
class Known:
    """A cooperative of the register: its values by register column (days as ISO text), its reports' answers by book year.

    ``filed`` are the years whose report people wrote or an operator approved: an import never changes those. ``twins`` are
    the values of rows that were merged into it.
    """

    id: int
    values: Mapping[str, Value | None]
    reports: Mapping[int, Mapping[str, Value]] = field(default_factory=dict)
    filed: frozenset[int] = frozenset()
    twins: tuple[Mapping[str, Value | None], ...] = ()


@dataclass(eq=False)
class Entry:
    """A cooperative while a file is compared with it: as known, plus what earlier rows of the file would change.

    ``id`` is None for one that row ``row`` of the file would add.
    """

    id: int | None
    row: int | None
    values: dict[str, Value]
    reports: dict[int, dict[str, Value]] = field(default_factory=dict)
    filed: frozenset[int] = frozenset()
    twins: tuple[Mapping[str, Value | None], ...] = ()

    @property
    def name(self) -> str:
        """The name as the register shows it."""
        return str(self.values["nama_koperasi"])

    def ever(self, column: str) -> set[str]:
        """What the register holds, and what reports of other years and merged rows said: a list may know it by that."""
        said = (*self.reports.values(), *self.twins)
        return {self.text(column)} | {str(answers.get(column) or "") for answers in said}

    @property
    def names(self) -> set[str]:
        """Its names; never empty."""
        return self.ever("nama_koperasi") - {""}

    @property
    def numbers(self) -> set[str]:
        """Its legal numbers, normalised."""
        return {normalise_legal_number(number) for number in self.ever("nomor_badan_hukum")} - {""}

    @property
    def kecamatan(self) -> set[str]:
        """Its kecamatan; an empty text where one was not known."""
        return self.ever("kode_kecamatan")

    def is_named(self, name: str) -> bool:
        """Whether ``name`` is one of its names, whatever the case and the marks."""
        folded = fold_letters(name)
        return bool(folded) and any(fold_letters(own) == folded for own in self.names)

    def is_nearly_named(self, name: str) -> bool:
        """Whether ``name`` is near enough to one of its names for a shared legal number to make them one cooperative."""
        return any(near_same(own, name) for own in self.names)

    def may_be_kind_of(self, name: str) -> bool:
        """Whether the kind that ``name`` says (KSP, KSU …) agrees with one of its names."""
        return any(kinds_agree(own, name) for own in self.names)

    def likeness(self, folded: str) -> float:
        """How like its likest name is to a folded one."""
        return max(similar_folded(folded, fold_name(own)) for own in self.names)

    @property
    def newest_year(self) -> int:
        """The latest book year with a report; 0 where there is none."""
        return max(self.reports, default=0)

    def change(self, column: str, value: Value | None) -> None:
        """Let ``column`` hold ``value``, or nothing."""
        if value is None:
            self.values.pop(column, None)
        else:
            self.values[column] = value

    def text(self, column: str) -> str:
        """A value as text, empty where there is none."""
        return str(self.values.get(column) or "")


Index = defaultdict[K, dict[int, Entry]]  # the inner key is the entry's identity: each stands once


class Register:
    """Every known cooperative, and those that rows of a file add, found without comparing each with each."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._by_nik: Index[str] = defaultdict(dict)
        self._by_number: Index[str] = defaultdict(dict)
        self._by_folded: Index[str] = defaultdict(dict)
        self._by_block: Index[tuple[str, str]] = defaultdict(dict)
        self._by_id: dict[int, Entry] = {}
        for cooperative in known:
            values = {column: value for column, value in cooperative.values.items() if value is not None}
            reports = {year: dict(answers) for year, answers in cooperative.reports.items()}
            entry = Entry(cooperative.id, None, values, reports, cooperative.filed, cooperative.twins)
            self.add(entry)
            self._by_id[cooperative.id] = entry

    def add(self, entry: Entry) -> None:
        """Make ``entry`` findable by what it holds now; what it held before finds it too."""
        folded_names = {fold_name(name) for name in entry.names}
        blocks = {block for name in folded_names for block in _blocks(name)}
        found_by = [self._by_block[kecamatan, block] for kecamatan in entry.kecamatan for block in blocks]
        found_by += [self._by_folded[name] for name in folded_names]
        niks = {entry.text("nik_koperasi"), *(str(twin.get("nik_koperasi") or "") for twin in entry.twins)}
        found_by += [self._by_nik[nik] for nik in niks if nik]
        found_by += [self._by_number[number] for number in entry.numbers]
        for entries in found_by:
            entries[id(entry)] = entry

    def get(self, id_: int) -> Entry | None:
        """The known cooperative with this id."""
        return self._by_id.get(id_)

    def with_nik(self, nik: str) -> list[Entry]:
        """Those that bear this NIK; more than one only where the register itself is wrong."""
        return list(self._by_nik[nik].values()) if nik in self._by_nik else []

    def with_number(self, number: str) -> list[Entry]:
        """Those that bear this normalised legal number, or did: real numbers stand on several."""
        return list(self._by_number[number].values()) if number in self._by_number else []

    def named_like(self, name: str, kecamatan: str) -> list[Entry]:
        """Near-same names in the same kecamatan, best first; where a kecamatan is not known, only the very same name."""
        folded = fold_name(name)
        scored = [(entry.likeness(folded), entry) for entry in self._neighbours(folded, kecamatan)]
        near = [pair for pair in scored if pair[0] >= NEAR_ALONE]
        return [entry for _, entry in sorted(near, key=lambda pair: -pair[0])]

    def _neighbours(self, folded: str, kecamatan: str) -> Iterator[Entry]:
        """Entries of the kecamatan that begin or end like ``folded``, and those of that name whose place is not known."""
        keys = [(kecamatan, block) for block in _blocks(folded)] if kecamatan else []
        found = {key: entry for at in keys for key, entry in _latest(self._by_block.get(at, {}))}
        for key, entry in _latest(self._by_folded.get(folded, {})):
            if not kecamatan or "" in entry.kecamatan:
                found[key] = entry
        return iter(found.values())


def _latest(entries: dict[int, Entry]) -> Iterable[tuple[int, Entry]]:
    """The entries of one key, bounded: a file where all names begin alike must not compare each with each."""
    return islice(reversed(entries.items()), MOST_COMPARED)


def _blocks(folded: str) -> set[str]:
    """Short keys of which two near-same names share at least one: how they begin, how they end, their first word by letter."""
    squeezed = folded.replace(" ", "")
    first = min(folded.split(), default="")
    return {f"<{squeezed[:4]}", f"{squeezed[-4:]}>", f"_{first[:4]}"}
