"""The register of UKM as an import sees it: enterprises found by NIB, telephone, owner, name and place, without a database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.cooperatives.names import similar_folded
from app.core.ranking import fold
from app.core.text import N_, Text
from app.enterprises.duplicates import LIKELY, NEAR, REASONS, WEIGHTS, names_agree
from app.regions.borders import kilometres

CLOSE = 0.15  # km between two points that may be one place
GRID = 0.002  # degrees; about 200 m
MOST_COMPARED = 300  # entries under one key: a file where all begin alike must not compare each with each
PLACE = N_("tempat sama")


@dataclass(frozen=True)
class Known:
    """An enterprise of the register. ``is_kept``: a person has worked on it, so a file only fills its gaps."""

    id: int
    values: Mapping[str, Any]
    is_kept: bool = False


@dataclass(eq=False)
class Entry:
    """An enterprise while a file is compared with it: of the register by ``id``, or one that row ``row`` would add.

    ``is_waiting``: whether that row adds it is for a person to decide.
    """

    id: int | None
    row: int | None
    values: dict[str, Any]
    is_kept: bool = False
    is_waiting: bool = False

    def __post_init__(self) -> None:
        self.name_key = fold(str(self.values.get("name") or ""))[:200]
        self.owner_key = fold(str(self.values.get("owner_name") or ""))[:200]
        self.address_key = fold(str(self.values.get("address") or ""))

    @property
    def name(self) -> str:
        """Its name, empty for one without."""
        return str(self.values.get("name") or "")

    @property
    def point(self) -> tuple[float, float] | None:
        """Where it stands on the map."""
        north, east = self.values.get("latitude"), self.values.get("longitude")
        return (north, east) if north is not None and east is not None else None

    def places(self) -> Iterator[str]:
        """Keys of its place: kelurahan, address, and the square of the map that it stands in."""
        if village := self.values.get("kode_kelurahan"):
            yield str(village)
        if len(self.address_key) > 5:
            yield f"@{self.address_key}"
        if self.point:
            yield _square(self.point, 0, 0)

    def squares(self) -> Iterator[str]:
        """The squares of the map around it."""
        if self.point:
            yield from (_square(self.point, up, right) for up in (-1, 0, 1) for right in (-1, 0, 1))


def _square(point: tuple[float, float], up: int, right: int) -> str:
    return f"#{round(point[0] / GRID) + up},{round(point[1] / GRID) + right}"


def is_elsewhere(one: Entry, other: Entry) -> bool:
    """Whether both lie in a kecamatan, and not in the same."""
    here, there = one.values.get("kode_kecamatan"), other.values.get("kode_kecamatan")
    return bool(here) and bool(there) and here != there


def signs(one: Entry, other: Entry) -> list[str]:
    """In what two may be the same business: keys of ``duplicates.WEIGHTS``."""
    found = []
    if one.name_key and other.name_key and names_agree(one.name_key, other.name_key):
        found.append("name")
    if one.owner_key and other.owner_key and similar_folded(one.owner_key, other.owner_key) >= NEAR:
        found.append("owner")
    if _equal(one, other, "owner_phone"):
        found.append("phone")
    if _equal(one, other, "kode_kelurahan") or _is_close(one, other):
        found.append("kelurahan")
    if _equal(one, other, "kode_kecamatan"):
        found.append("kecamatan")
    return found


def _equal(one: Entry, other: Entry, column: str) -> bool:
    value = one.values.get(column)
    return value is not None and value == other.values.get(column)


def _is_close(one: Entry, other: Entry) -> bool:
    if one.address_key and one.address_key == other.address_key and not is_elsewhere(one, other):
        return True
    return one.point is not None and other.point is not None and kilometres(one.point, other.point) <= CLOSE


def is_likely(found: Iterable[str]) -> bool:
    """Whether these signs make a likely duplicate, as they do for a registration."""
    alike = set(found)
    return sum(WEIGHTS[sign] for sign in alike) >= LIKELY and bool(alike & {"name", "phone", "owner"})


def said(one: Entry, other: Entry, found: Iterable[str]) -> Text:
    """The signs as a reason."""
    same_village = _equal(one, other, "kode_kelurahan")
    words = [PLACE if sign == "kelurahan" and not same_village else REASONS[sign] for sign in found]
    reasons = [Text(word) for word in words]
    parts: dict[str, Any] = {f"reason_{at}": reason for at, reason in enumerate(reasons)}
    joined = ", ".join(f"%({name})s" for name in parts)
    return Text("%(who)s: " + joined, parts | {"who": other.name or "–"})


class Register:
    """Enterprises found by what may make them the same, without comparing each with each."""

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._found: defaultdict[str, dict[int, Entry]] = defaultdict(dict)
        self._by_id: dict[int, Entry] = {}
        for one in known:
            values = {code: value for code, value in one.values.items() if value not in (None, "", [], {})}
            entry = Entry(one.id, None, values, one.is_kept)
            self._by_id[one.id] = entry
            self.add(entry)

    def get(self, id_: int) -> Entry | None:
        """The enterprise of the register with this id."""
        return self._by_id.get(id_)

    def add(self, entry: Entry) -> None:
        """Make ``entry`` findable."""
        for key in keys_of(entry, entry.places()):
            self._found[key][id(entry)] = entry

    def with_nib(self, nib: str | None) -> list[Entry]:
        """Those with this NIB."""
        return self._under(f"nib {nib}") if nib else []

    def alike(self, entry: Entry) -> list[Entry]:
        """Those that share something with ``entry`` that may make them the same, in the order in which they are known."""
        around = {*entry.places(), *entry.squares()}
        found = {id(one): one for key in keys_of(entry, around) for one in self._under(key)}
        found.pop(id(entry), None)
        return list(found.values())

    def _under(self, key: str) -> list[Entry]:
        entries = self._found.get(key)
        return list(islice(reversed(entries.values()), MOST_COMPARED)) if entries else []


def keys_of(entry: Entry, places: Iterable[str]) -> set[str]:
    """Keys of which two likely duplicates share at least one."""
    keys = set()
    if nib := entry.values.get("nib"):
        keys.add(f"nib {nib}")
    if phone := entry.values.get("owner_phone"):
        keys.add(f"hp {phone}")
    if entry.owner_key:
        keys.add(f"owner {entry.owner_key}")
    if entry.name_key:
        keys.add(f"name {entry.name_key}")
        squeezed = entry.name_key.replace(" ", "")
        keys |= {f"{place} {part}" for place in places for part in (f"<{squeezed[:4]}", f"{squeezed[-4:]}>")}
    return keys
