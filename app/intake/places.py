"""Places by name, as files spell them: *Tanah Sereal* is Tanah Sareal, *Sindangbarang* is Sindang Barang."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from app.cooperatives.names import fold_letters
from app.core.text import N_, Text
from app.regions.rules import Level, Region, parent_of

SURE = 84.0  # of 100: below, a name is another place
CLEAR = 4.0  # by which the best must beat the second best
TITLES = re.compile(
    r"^(?:kelurahan|desa|kel|ds|kecamatan|kec|kabupaten|kab|kota|kotamadya|kodya|nagari|gampong|kampung) +"
)
CODE = re.compile(r"(\d\d)\.?(\d\d)(?:\.?(\d\d)(?:\.?(\d{4}))?)?")
IN_ADDRESS = re.compile(r"\b(?:kecamatan|kecamtan|kec)\b[\s.:]*([a-z][a-z .'-]{2,30})", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A place of the region, and how sure the name is (0 to 1; 1 is the same name or the code itself)."""

    code: str
    confidence: float


@dataclass(frozen=True)
class Placed:
    """Where a row's place lies. ``elsewhere`` is what could not be placed, as it was written."""

    kecamatan: str | None = None
    kelurahan: str | None = None
    elsewhere: str | None = None
    notes: tuple[Text, ...] = ()


def fold_place(raw: str) -> str:
    """The letters that tell a place: without *Kel.*, *Desa*, *Kec.* in front, without blanks and marks."""
    words = fold_letters(raw)
    while (bare := TITLES.sub("", words)) != words:
        words = bare
    return words.replace(" ", "")


def _near(wanted: str, folded: Mapping[str, str]) -> Found | None:
    """The place whose folded name is ``wanted``, or clearly the nearest to it; None when unsure."""
    if len(wanted) < 2:
        return None
    same = [code for code, name in folded.items() if name == wanted]
    if same:
        return Found(same[0], 1.0) if len(same) == 1 else None
    near = process.extract(wanted, folded, scorer=fuzz.ratio, score_cutoff=SURE, limit=2)
    if not near or (len(near) > 1 and near[0][1] - near[1][1] < CLEAR):
        return None
    return Found(near[0][2], near[0][1] / 100)


def _code_in(raw: str) -> str | None:
    match = CODE.fullmatch(raw.strip())
    return ".".join(part for part in match.groups() if part) if match else None


def kecamatan_in_address(address: str) -> str | None:
    """What an address names as its kecamatan: ``JL. CONTOH 1 KECAMATAN CIATER`` → ``CIATER``."""
    match = IN_ADDRESS.search(address)
    return match[1].strip(" .'-") if match else None


class Gazetteer:
    """The places of one region by name. Made once per file: it remembers what each spelling meant."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._folded: dict[tuple[Level, str], dict[str, str]] = {}
        self._found: dict[tuple[str, Level, str], Found | None] = {}
        self._sure: dict[tuple[str, str], float] = {}

    def find(self, raw: str, level: Level, inside: str) -> Found | None:
        """The place of one level that ``raw`` means inside the place ``inside``: by code, name, or a name with typos."""
        known = self._names(level, inside)
        if code := _code_in(raw):
            return Found(code, 1.0) if code in known else None
        key = (raw, level, inside)
        if key not in self._found:
            found = self._found[key] = _near(fold_place(raw), known)
            if found:
                self._sure[raw, found.code] = found.confidence
        return self._found[key]

    def confidence(self, raw: str, code: str) -> float | None:
        """How sure :meth:`find` was that ``raw`` means ``code``, whatever it looked inside; None where it did not say so."""
        return self._sure.get((raw, code))

    def _names(self, level: Level, inside: str) -> dict[str, str]:
        if (level, inside) not in self._folded:
            every = {
                Level.REGENCY: self.region.regencies,
                Level.KECAMATAN: self.region.kecamatan,
                Level.KELURAHAN: self.region.kelurahan_of(inside) or self.region.kelurahan,
            }[level]
            here = {code: fold_place(name) for code, name in every.items() if code.startswith(inside)}
            self._folded[level, inside] = here
        return self._folded[level, inside]

    def place(self, *, kelurahan: str, kecamatan: str, kabupaten: str, address: str) -> Placed:
        """Where a row lies, from its texts (empty where a column is missing).

        The kecamatan comes first, else the one that the address names, else the one of a kelurahan whose name is unique
        here. A kelurahan is only looked for inside its kecamatan. What is not found is kept as written, never refused.
        """
        inside = self._regency(kabupaten)
        if inside is None:
            said = N_("%(raw)s bukan wilayah kantor ini (%(region)s); tempatnya disimpan sebagai teks.")
            note = Text(said, {"raw": kabupaten, "region": self.region.name})
            return Placed(elsewhere=_written(kelurahan, kecamatan, kabupaten), notes=(note,))
        kec, notes = self._kecamatan(kecamatan, address, inside)
        kel, more = self._kelurahan(kelurahan, kec, inside, unknown_kecamatan=bool(kecamatan) and not kec)
        elsewhere = _written("" if kel else kelurahan, "" if kec else kecamatan)
        code = kec.code if kec else (parent_of(kel.code) if kel else None)
        return Placed(code, kel.code if kel else None, elsewhere or None, notes + more)

    def _regency(self, raw: str) -> str | None:
        """The code that places must begin with; None when the row names a city or regency that is not ours."""
        if not raw:
            return self.region.code
        found = self.find(raw, Level.REGENCY, self.region.code)
        kind = _kind(raw)
        if found and kind and _kind(self.region.regencies[found.code]) != kind:
            return None  # Kabupaten Malang is not Kota Malang
        if found is None and len(self.region.regencies) > 1:
            return self._one_of_several(raw, kind)
        return found.code if found else None

    def _one_of_several(self, raw: str, kind: str) -> str | None:
        """In a province: the regency of the kind that ``raw`` names; the whole province for a name that two share."""
        wanted = fold_place(raw)
        alike = {code: name for code, name in self.region.regencies.items() if fold_place(name) == wanted}
        of_kind = [code for code, name in alike.items() if _kind(name) == kind]
        if of_kind:
            return of_kind[0]
        return self.region.code if alike else None

    def _kecamatan(self, raw: str, address: str, inside: str) -> tuple[Found | None, tuple[Text, ...]]:
        if raw:
            found = self.find(raw, Level.KECAMATAN, inside)
            return found, self._told(
                found, raw, N_("Kecamatan “%(raw)s” tidak ada di %(region)s; disimpan sebagai teks.")
            )
        written = kecamatan_in_address(address)
        found = self.find(written, Level.KECAMATAN, inside) if written else None
        if found is None:
            return None, ()
        said = N_("Kecamatan %(name)s diambil dari alamat.")
        return found, (Text(said, {"name": self.region.kecamatan[found.code]}),)

    def _kelurahan(
        self, raw: str, kec: Found | None, inside: str, *, unknown_kecamatan: bool
    ) -> tuple[Found | None, tuple[Text, ...]]:
        if not raw:
            return None, ()
        if kec is None:
            found = None if unknown_kecamatan else self.find(raw, Level.KELURAHAN, inside)
            return found, self._told(
                found, raw, N_("Kelurahan “%(raw)s” tidak dikenali; disimpan sebagai teks.")
            )
        found = self.find(raw, Level.KELURAHAN, kec.code)
        elsewhere = None if found else self.find(raw, Level.KELURAHAN, inside)
        if elsewhere and elsewhere.confidence == 1.0:
            said = N_(
                "Kelurahan %(raw)s ada di kecamatan %(other)s, bukan %(kecamatan)s; disimpan sebagai teks."
            )
            other, here = self.region.kecamatan[parent_of(elsewhere.code)], self.region.kecamatan[kec.code]
            return None, (Text(said, {"raw": raw, "other": other, "kecamatan": here}),)
        return found, self._told(
            found, raw, N_("Kelurahan “%(raw)s” tidak ada di kecamatan itu; disimpan sebagai teks.")
        )

    def _told(self, found: Found | None, raw: str, unknown: str) -> tuple[Text, ...]:
        """What a person should know about a place: that it is unknown, or how sure a name with a typo is."""
        if found is None:
            return (Text(unknown, {"raw": raw, "region": self.region.name}),)
        if found.confidence == 1.0:
            return ()
        params = {
            "raw": raw,
            "name": self.region.name_of(found.code),
            "share": f"{int(found.confidence * 100)}%",
        }
        return (Text(N_("“%(raw)s” dibaca %(name)s (yakin %(share)s)."), params),)


def _kind(name: str) -> str:
    """``kota`` or ``kabupaten`` where a name says so, else empty."""
    first = fold_letters(name).partition(" ")[0]
    return {
        "kota": "kota",
        "kotamadya": "kota",
        "kodya": "kota",
        "kabupaten": "kabupaten",
        "kab": "kabupaten",
    }.get(first, "")


def _written(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
