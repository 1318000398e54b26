"""One row of a table as values of the register and the report: what was read, what was not, and what kind of row it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.cooperatives.rules import normalise_legal_number
from app.core.spreadsheets import Cell
from app.core.text import N_, Text
from app.intake import cells, figures
from app.intake.catalogue import Field, Kind
from app.intake.cells import CellProblem, SourceId, text_of
from app.intake.columns import ColumnMapping
from app.intake.fields import (
    FIELDS,
    MEMBER_PARTS,
    OWN_CAPITAL_PARTS,
    REGISTER_COLUMNS,
    REPORT_FIELDS,
    VOCABULARY,
)
from app.intake.headings import Header
from app.intake.places import Gazetteer
from app.regions.rules import Region

Value = str | int
TOTAL = re.compile(r"\W*(?:sub ?|grand ?)?(?:jumlah|total|rata ?-?rata)\b", re.IGNORECASE)
HELD = "Sudah RAT"
SKIP, NEW = "skip", "new"  # a person's words on a doubtful row, beside the id of what it means


class YearIs(StrEnum):
    """What a year column says: the book year itself, or the year of the meeting about the book year before."""

    BOOK = "book"
    RAT = "rat"


@dataclass(frozen=True)
class Context:
    """What reading a row needs to know beside the row. ``choices`` are the questionnaire's words per choice field."""

    region: Region
    today: date
    year_is: YearIs = YearIs.BOOK
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places of the region, remembered by spelling."""
        return Gazetteer(self.region)


@dataclass(frozen=True)
class Problem:
    """A cell that was not taken, or not whole: which field, what stood there, why."""

    field: str
    raw: str
    text: Text


@dataclass(frozen=True)
class RowReading:
    """One row, read. ``number`` is the row as a spreadsheet shows it, from 1.

    ``values`` are canonical: whole numbers for rupiah and people, ISO texts for days, codes for places, E.164 for telephones.
    ``skipped`` says why a row is none of a cooperative (a total, a footnote), ``refused`` why a row cannot be taken.
    """

    number: int
    values: Mapping[str, Value] = field(default_factory=dict)
    year: int | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Text, ...] = ()
    skipped: Text | None = None
    refused: Text | None = None
    raw: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The cooperative's name, empty for a row without one."""
        return str(self.values.get("nama_koperasi", ""))

    @property
    def nik(self) -> str:
        """The NIK, empty where there is none."""
        return str(self.values.get("nik_koperasi", ""))

    @property
    def legal_key(self) -> str:
        """The normalised legal number, empty where there is none."""
        return normalise_legal_number(str(self.values.get("nomor_badan_hukum", "")))

    @property
    def kecamatan(self) -> str:
        """The code of the kecamatan, empty where it is not known."""
        return str(self.values.get("kode_kecamatan", ""))

    def register_values(self) -> dict[str, Value]:
        """What the row says about the cooperative, by column of the register; days as ISO text."""
        return {column: self.values[code] for column, code in REGISTER_COLUMNS.items() if code in self.values}

    def report_values(self) -> dict[str, Value]:
        """The answers to the report of ``year`` that the row gives, parts of totals included; nothing without a year."""
        return {code: self.values[code] for code in REPORT_FIELDS if code in self.values} if self.year else {}


def read_rows(
    rows: Sequence[Sequence[Cell]], header: Header, mapping: ColumnMapping, context: Context
) -> Iterator[RowReading]:
    """Every row below the headings, each exactly once, in order."""
    for y in range(header.last + 1, len(rows)):
        yield read_row(y + 1, rows[y], mapping, context)


def read_row(number: int, row: Sequence[Cell], mapping: ColumnMapping, context: Context) -> RowReading:
    """One row as the mapping understands it. Only a row that should name a cooperative and does not is refused."""
    raw = tuple(map(text_of, row))
    if why := no_entry(raw, mapping, "nama_koperasi", ("nik_koperasi", "nomor_badan_hukum")):
        return RowReading(number, skipped=why, raw=raw)
    reader = _RowReader(row, mapping, context)
    values, year = reader.read()
    refused = None
    if "nama_koperasi" not in values:
        if sum(map(bool, raw)) <= 2 and not {"nik_koperasi", "nomor_badan_hukum"} & set(values):
            return RowReading(number, skipped=Text(N_("Catatan di luar tabel.")), raw=raw)
        refused = Text(N_("Baris ini tidak memuat nama koperasi. Isi namanya, lalu unggah lagi."))
    return RowReading(number, values, year, tuple(reader.problems), tuple(reader.notes), None, refused, raw)


def no_entry(raw: Sequence[str], mapping: ColumnMapping, names: str, known_by: Sequence[str]) -> Text | None:
    """Why a row is nothing of the register, or None when it may be.

    ``names`` is the field of the name, ``known_by`` those by which a row is known that has a strange name.
    """
    filled = [text for text in raw if text]
    if not filled:
        return Text(N_("Baris kosong."))
    headings = {x: column.heading.lower() for x, column in enumerate(mapping.columns) if column.heading}
    repeated = sum(raw[x].lower() == heading for x, heading in headings.items() if x < len(raw))
    if repeated >= 2 and repeated * 2 > len(filled):
        return Text(N_("Judul tabel yang terulang."))
    numbers = [text.strip("().") for text in filled]
    if len(numbers) >= 3 and numbers == [
        str(n) for n in range(int(_digit(numbers[0])), int(_digit(numbers[0])) + len(numbers))
    ]:
        return Text(N_("Nomor kolom."))
    places = mapping.places
    named, identified = (
        _at(raw, places.get(names)),
        any(_at(raw, places.get(code)) for code in known_by),
    )
    if not identified and TOTAL.match(named or filled[0]):
        return Text(N_("Baris jumlah."))
    return None


def _digit(text: str) -> str:
    return text if text in ("0", "1", "2") else "-1"


def _at(raw: Sequence[str], x: int | None) -> str:
    return raw[x] if x is not None and x < len(raw) else ""


class _RowReader:
    """Reads the cells of one row, and gathers what went wrong."""

    def __init__(self, row: Sequence[Cell], mapping: ColumnMapping, context: Context) -> None:
        self.row, self.context = row, context
        self.places = mapping.places
        self.values: dict[str, Value] = {}
        self.problems: list[Problem] = []
        self.notes: list[Text] = []

    def read(self) -> tuple[dict[str, Value], int | None]:
        """The values of the row, and its book year."""
        for code in self.places:
            self._take(FIELDS[code])
        year = self._year()
        self._place()
        self._members()
        self._own_capital()
        if year:
            self._meeting(year)
        return self.values, year

    def _cell(self, code: str) -> Cell:
        x = self.places.get(code)
        return self.row[x] if x is not None and x < len(self.row) else None

    def _take(self, field_: Field) -> None:
        if field_.kind in (Kind.PLACE, Kind.YEAR):
            return  # read together with others
        read = self._read(field_, self._cell(field_.code))
        if isinstance(read, CellProblem):
            self.problems.append(Problem(field_.code, cells.shown(self._cell(field_.code)), read.text))
            read = read.value
        if isinstance(read, SourceId):
            self.values.setdefault("id_sumber", read.value)
        elif isinstance(read, date):
            self.values[field_.code] = read.isoformat()
        elif read is not None:
            self.values[field_.code] = read

    def _read(self, field_: Field, cell: Cell) -> Value | date | SourceId | CellProblem | None:
        if broken := cells.broken_formula(cell):
            return broken
        match field_.kind:
            case Kind.NAME:
                return cells.read_name(cell, field_.longest)
            case Kind.PERSON:
                return cells.read_person(cell, field_.longest)
            case Kind.LEGAL_NUMBER:
                return cells.read_legal_number(cell, field_.longest)
            case Kind.NIK:
                return cells.read_nik(cell)
            case Kind.DATE:
                return figures.read_date(cell, latest=self.context.today)
            case Kind.PHONE:
                return cells.read_phone(cell)
            case Kind.EMAIL:
                return cells.read_email(cell, field_.longest)
            case Kind.POSTAL_CODE:
                return cells.read_postal_code(cell)
            case Kind.COUNT:
                return figures.read_count(cell)
            case Kind.RUPIAH:
                return figures.read_rupiah(cell)
            case Kind.CHOICE:
                options = self.context.choices.get(field_.code, ())
                return cells.read_choice(cell, options, VOCABULARY.choices.get(field_.code, {}))
            case _:
                return cells.read_text(cell, field_.longest)

    def _year(self) -> int | None:
        """The book year of the row; with :attr:`YearIs.RAT` the year before the one that is written."""
        behind = 1 if self.context.year_is is YearIs.RAT else 0
        cell = self._cell("tahun_buku")
        read = figures.read_year(cell, latest=self.context.today.year)
        if isinstance(read, CellProblem):
            self.problems.append(Problem("tahun_buku", cells.shown(cell), read.text))
            return None
        return read - behind if read else None

    def _place(self) -> None:
        placed = self.context.gazetteer.place(
            kelurahan=self._written("kode_kelurahan"),
            kecamatan=self._written("kode_kecamatan"),
            kabupaten=self._written("kabupaten"),
            address=str(self.values.get("alamat", "")),
        )
        found = {
            "kode_kecamatan": placed.kecamatan,
            "kode_kelurahan": placed.kelurahan,
            "tempat_lain": placed.elsewhere,
        }
        self.values |= {code: value for code, value in found.items() if value}
        self.notes += placed.notes

    def _written(self, code: str) -> str:
        cell = self._cell(code)
        if broken := cells.broken_formula(cell):
            self.problems.append(Problem(code, cells.shown(cell), broken.text))
        return "" if broken else text_of(cell)[:100]

    def _members(self) -> None:
        """The total from both parts; parts that do not add up to a written total go."""
        men, women = (self.values.get(code) for code in MEMBER_PARTS)
        if not isinstance(men, int) or not isinstance(women, int):
            return
        total = self.values.setdefault("jumlah_anggota", men + women)
        if total != men + women:
            said = N_(
                "Jumlah anggota %(total)s bukan jumlah pria %(men)s dan wanita %(women)s; pria dan wanita tidak diambil."
            )
            self.notes.append(Text(said, {"total": total, "men": men, "women": women}))
            for code in MEMBER_PARTS:
                del self.values[code]

    def _own_capital(self) -> None:
        """*Modal sendiri* from its parts where the file has no column for it."""
        parts = [value for code in OWN_CAPITAL_PARTS if isinstance(value := self.values.get(code), int)]
        unread = {problem.field for problem in self.problems} & {*OWN_CAPITAL_PARTS, "modal_sendiri"}
        if not parts or unread:
            return
        if "modal_sendiri" not in self.values and len(parts) < len(OWN_CAPITAL_PARTS):
            missing = N_(
                "Modal sendiri dihitung dari %(n)s bagian yang ada di berkas; bagian lain dianggap 0."
            )
            self.notes.append(Text(missing, {"n": len(parts)}))
        total = self.values.setdefault("modal_sendiri", sum(parts))
        if total != sum(parts):
            said = N_("Modal sendiri %(total)s tidak sama dengan jumlah bagiannya, %(sum)s.")
            self.notes.append(Text(said, {"total": total, "sum": sum(parts)}))

    def _meeting(self, year: int) -> None:
        """A meeting in the year after the book year was about that year, where the row does not say otherwise."""
        held = self.values.get("tanggal_rat")
        if "status_rat" not in self.values and isinstance(held, str) and int(held[:4]) == year + 1:
            self.values["status_rat"] = HELD
