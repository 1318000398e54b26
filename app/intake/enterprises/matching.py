"""What each row of a list of UKM would do to the register. No database.

A row that was carried out before is known by a digest of what it said (:func:`printed`) and changes nothing, whatever people made of it since. A
row that surely is about a known enterprise fills its gaps, and corrects it only while nobody has worked on it. What is only
likely the same (name, owner, telephone, place) is a person's decision.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.ranking import fold
from app.core.text import N_, Text
from app.intake.differences import Difference
from app.intake.enterprises.reading import EnterpriseReading
from app.intake.enterprises.register import Entry, Register, is_elsewhere, is_likely, said, signs
from app.intake.outcomes import Candidate, Kind, Outcome

MOST_CANDIDATES = 5
UNPRINTED = frozenset(("source_id",))
STRONG = ("owner_phone", "owner_name", "nib", "address", "latitude")
TOLD_APART = ("name", "products", "owner_name", "address")
"""Texts of which two spellings may be one value."""


@dataclass(frozen=True)
class Earlier:
    """What became of rows that were carried out before, by their digest: ids of enterprises, and which of them are gone."""

    found: Mapping[str, Sequence[int]] = field(default_factory=dict)
    deleted: frozenset[int] = frozenset()


def printed(reading: EnterpriseReading) -> str:
    """What tells a row from all others, so that it is known again in another file; its number in the list does not."""
    told = {code: value for code, value in reading.values.items() if code not in UNPRINTED}
    return json.dumps(told, sort_keys=True)


def plan(
    readings: Iterable[EnterpriseReading],
    register: Register,
    earlier: Earlier,
    digests: Mapping[int, str],
    progress: Callable[[int], object] = lambda rows: None,
) -> list[Outcome]:
    """One outcome per row, in their order. ``register`` is used up: it takes in what the rows would add.

    ``digests`` are those of what the rows say (:func:`printed`), by their numbers.
    """
    matcher = _Matcher(register, earlier, digests)
    planned = []
    for done, reading in enumerate(readings, start=1):
        planned.append(matcher.outcome(reading))
        progress(done)
    return planned


def resolve(reading: EnterpriseReading, register: Register, to: int | None) -> Outcome:
    """What a doubtful row does once a person said what it means: enterprise ``to``, or a new one (None)."""
    entry = register.get(to) if to is not None else None
    if entry is None:
        return Outcome(reading, Kind.NEW, Text(N_("Ditetapkan sebagai UKM baru.")))
    return about(reading, entry)


class _Matcher:
    """Goes through the rows of one file, and remembers what each adds."""

    def __init__(self, register: Register, earlier: Earlier, digests: Mapping[int, str]) -> None:
        self.register, self.earlier, self.digests = register, earlier, digests
        self.seen: defaultdict[str, list[EnterpriseReading]] = defaultdict(list)
        self.claimed: dict[int, int] = {}  # enterprise → the row that speaks for it

    def outcome(self, reading: EnterpriseReading) -> Outcome:
        """The outcome of the next row."""
        if reading.skipped:
            return Outcome(reading, Kind.SKIPPED, reading.skipped)
        if reading.refused:
            return Outcome(reading, Kind.REFUSED, reading.refused)
        digest = self.digests[reading.number]
        before, known = self.seen[digest], self.earlier.found.get(digest, ())
        place = len(before)
        before.append(reading)
        if place < len(known):
            return self._again(reading, known[place])
        if before[:-1] and (twin := self._twin(reading, before[:-1])):
            return twin
        outcome = self._new(reading)
        if outcome.kind is Kind.DOUBTFUL:
            self.register.add(Entry(None, reading.number, dict(reading.values), is_waiting=True))
        return outcome

    def _again(self, reading: EnterpriseReading, id_: int) -> Outcome:
        """A row that came in before."""
        if id_ in self.earlier.deleted:
            said_ = N_("Datanya sudah dihapus atau dibuang; tidak dimuat lagi.")
            return Outcome(reading, Kind.SKIPPED, Text(said_))
        self.claimed[id_] = reading.number
        return Outcome(reading, Kind.UNCHANGED, Text(N_("Baris ini sudah pernah dimuat.")), id_)

    def _twin(self, reading: EnterpriseReading, before: Sequence[EnterpriseReading]) -> Outcome | None:
        """A row that says the same as an earlier one: the same business twice, unless the file numbers them apart."""
        own = reading.values.get("source_id")
        same = [one for one in before if not own or one.values.get("source_id") in (None, own)]
        strong = bool(reading.name) and any(code in reading.values for code in STRONG)
        if not same and not strong:
            return None
        other = (same or list(before))[0]
        said_ = Text(N_("Isinya sama dengan baris %(row)s."), {"row": other.number})
        if strong or own:
            return Outcome(reading, Kind.SKIPPED, said_, same_as_row=other.number)
        return self._doubtful(reading, (Candidate(None, other.number, other.name, said_),))

    def _new(self, reading: EnterpriseReading) -> Outcome:
        entry = Entry(None, reading.number, dict(reading.values))
        sure, doubts = self._who(entry, reading)
        if sure is not None:
            return self._about(reading, sure)
        if doubts:
            return self._doubtful(reading, doubts)
        if reading.muddled:
            return self._doubtful(reading, (), reading.muddled)
        if reading.outside and not reading.is_placed:
            notes = tuple(note for note in reading.notes if note is not reading.outside)
            return self._doubtful(replace(reading, notes=notes), (), reading.outside)
        self.register.add(entry)
        reason = Text(N_("Belum ada di register."))
        if not reading.name:
            reason = Text(N_("Tanpa nama usaha: menjadi draf untuk dilengkapi petugas."))
        return Outcome(reading, Kind.NEW, reason)

    def _who(self, entry: Entry, reading: EnterpriseReading) -> tuple[Entry | None, tuple[Candidate, ...]]:
        """The enterprise that the row surely is about, else those that it may be about."""
        doubts: list[tuple[int, Entry, Text]] = []
        for other in self.register.with_nib(entry.values.get("nib")):
            if entry.name_key and entry.name_key == other.name_key:
                return other, ()
            doubts.append((100, other, Text(N_("%(who)s: NIB sama"), {"who": other.name or "–"})))
        for other in self.register.alike(entry):
            if _is_sure(entry, other):
                return other, ()
            found = signs(entry, other)
            if is_likely(found):
                doubts.append((len(found), other, said(entry, other, found)))
        doubts.sort(key=lambda doubt: (-doubt[0], doubt[1].id or 0, doubt[1].row or 0))
        unique = {
            id(other): Candidate(other.id, other.row, other.name, why) for _n, other, why in reversed(doubts)
        }
        return None, tuple(reversed(unique.values()))[:MOST_CANDIDATES]

    def _about(self, reading: EnterpriseReading, entry: Entry) -> Outcome:
        """A row about a known enterprise, or about one that an earlier row of the file adds."""
        row = entry.row if entry.id is None else self.claimed.get(entry.id)
        if entry.is_waiting:
            waits = Text(N_("Baris %(row)s tentang usaha yang sama masih harus diputuskan."), {"row": row})
            return self._doubtful(reading, (Candidate(None, row, entry.name, waits),), waits)
        outcome = about(reading, entry)
        if row is not None:
            said_ = Text(N_("Isinya sama dengan baris %(row)s."), {"row": row})
            if not outcome.changes:
                return Outcome(reading, Kind.SKIPPED, said_, entry.id, row)
            other = Text(
                N_("Baris %(row)s juga tentang %(name)s, dengan isi lain."), {"row": row, "name": entry.name}
            )
            return self._doubtful(reading, (Candidate(entry.id, entry.row, entry.name, other),))
        if entry.id is not None:
            self.claimed[entry.id] = reading.number
        return outcome

    @staticmethod
    def _doubtful(
        reading: EnterpriseReading, candidates: tuple[Candidate, ...], reason: Text | None = None
    ) -> Outcome:
        why = reason or Text(N_("Mungkin sudah ada. %(why)s"), {"why": candidates[0].reason})
        return Outcome(reading, Kind.DOUBTFUL, why, candidates=candidates)


def _is_sure(one: Entry, other: Entry) -> bool:
    """The same name with the same telephone, owner, or number of the list, and nothing that speaks against it."""
    if not one.name_key or one.name_key != other.name_key or is_elsewhere(one, other):
        return False
    nibs = {entry.values.get("nib") for entry in (one, other)} - {None}
    if len(nibs) > 1:
        return False
    phones = {entry.values.get("owner_phone") for entry in (one, other)} - {None}
    owners = {entry.owner_key for entry in (one, other)} - {""}
    same_phone = len(phones) == 1 and one.values.get("owner_phone") == other.values.get("owner_phone")
    same_owner = len(owners) == 1 and one.owner_key == other.owner_key
    numbered = one.values.get("source_id")
    same_number = bool(numbered) and numbered == other.values.get("source_id") and other.id is not None
    if len(phones) > 1:
        return False
    if len(owners) > 1:
        return False
    return same_phone or same_owner or same_number


def about(reading: EnterpriseReading, entry: Entry) -> Outcome:
    """The outcome of a row that is about ``entry``. Blank cells erase nothing; what a person wrote stays."""
    changes, kept = [], False
    for code, value in reading.values.items():
        before, after = entry.values.get(code), value
        if code in UNPRINTED or same_value(code, before, value):
            continue
        if isinstance(value, dict) and isinstance(before, dict):
            after = value | before if entry.is_kept else before | value
        if after == before or _stands(code, reading, entry):
            kept = True
        else:
            changes.append(Difference(code, before, after))
    told = {"name": entry.name}
    said_ = Text(N_("Yang berbeda dan sudah ditulis orang tetap seperti di register."))
    warnings = (said_,) if kept and entry.is_kept else ()
    if not changes:
        reason = Text(N_("Sama dengan yang tersimpan: %(name)s."), told)
        return Outcome(reading, Kind.UNCHANGED, reason, entry.id, entry.row, warnings=warnings)
    reason = Text(N_("Sudah ada di register: %(name)s."), told)
    return Outcome(reading, Kind.CHANGED, reason, entry.id, entry.row, tuple(changes), warnings=warnings)


def _stands(code: str, reading: EnterpriseReading, entry: Entry) -> bool:
    """Whether what the register holds stays, although the row says otherwise."""
    values = entry.values
    if code in ("sector", "sector_version"):
        return "activity" in values  # its section follows from that
    if code == "kode_kecamatan" and "kode_kelurahan" in values and "kode_kelurahan" not in reading.values:
        return True  # a kecamatan alone says nothing against the kelurahan that is known
    if not entry.is_kept:
        return False
    if code == "kode_kelurahan" and values.get("kode_kecamatan") not in (
        None,
        reading.values["kode_kecamatan"],
    ):
        return True
    if code == "nib" and values.get("has_nib") is False:
        return True
    return code in values and not isinstance(values[code], dict)


def same_value(code: str, one: Any, other: Any) -> bool:
    """Whether two values mean the same: case, marks and blanks of texts, and the order of a list do not matter."""
    if isinstance(one, str) and isinstance(other, str) and code in TOLD_APART:
        return one == other or fold(one) == fold(other) != ""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(one) == sorted(other)
    if code in ("latitude", "longitude") and one is not None and other is not None:
        return abs(float(one) - float(other)) < 1e-6
    return bool(one == other)
