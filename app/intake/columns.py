"""Which sheet of a file holds the table, and what each of its columns is taken for; a person may correct it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.core.errors import RuleBroken
from app.core.spreadsheets import Cell, Sheet
from app.core.text import N_, Text
from app.intake.catalogue import Catalogue, Kind
from app.intake.cells import CellProblem, read_email, read_nik, read_phone, read_postal_code, text_of
from app.intake.fields import COOPERATIVES
from app.intake.figures import read_count, read_date, read_rupiah, read_year
from app.intake.headings import Header, Meaning, find_header, meaning_of
from app.intake.identity import is_identity_column

SAMPLE_ROWS = 50
SAMPLES_SHOWN = 3
BELIEVABLE = 0.5  # share of the sample that must read as what the heading says
REPEATED = 3  # rows that say the same before it means something
DOUBT = 0.5  # by which the confidence is multiplied when it does not

READERS: Mapping[Kind, Callable[[Cell], Any]] = {
    Kind.NIK: read_nik,
    Kind.DATE: lambda cell: read_date(cell, latest=date.max),
    Kind.PHONE: read_phone,
    Kind.EMAIL: read_email,
    Kind.POSTAL_CODE: read_postal_code,
    Kind.COUNT: read_count,
    Kind.RUPIAH: read_rupiah,
    Kind.YEAR: lambda cell: read_year(cell, latest=2200),
}


@dataclass(frozen=True)
class ColumnMap:
    """One column: its place, its heading, the field that it is taken for or None, how sure (0 to 1), and why.

    A ``is_secret`` one is never taken, kept or shown.
    """

    index: int
    heading: str
    field: str | None
    confidence: float
    note: Text | None = None
    samples: tuple[str, ...] = ()
    is_secret: bool = False


@dataclass(frozen=True)
class ColumnMapping:
    """The columns of one table in their order. No field stands twice."""

    columns: tuple[ColumnMap, ...]
    catalogue: Catalogue = field(default=COOPERATIVES, repr=False)

    @property
    def fields(self) -> list[str | None]:
        """The field of each column, as an import job keeps it."""
        return [column.field for column in self.columns]

    @property
    def places(self) -> dict[str, int]:
        """Where each field stands."""
        return {column.field: column.index for column in self.columns if column.field}

    def with_fields(self, fields: Sequence[str | None]) -> "ColumnMapping":
        """The mapping as a person corrected it, one entry per column.

        Raises RuleBroken for a field that is unknown or chosen twice, and when the columns do not tell rows apart.
        """
        chosen: list[str | None] = [code or None for code in fields][: len(self.columns)]
        chosen += [None] * (len(self.columns) - len(chosen))
        named = [code for code in chosen if code]
        if not set(named) <= set(self.catalogue.fields):
            raise RuleBroken(N_("Pilihan kolom tidak dikenal. Muat ulang halaman, lalu pilih lagi."))
        if twice := next((code for code in named if named.count(code) > 1), None):
            raise RuleBroken(
                N_("“%(meaning)s” dipilih untuk dua kolom. Pilih satu saja."),
                meaning=Text(self.catalogue.fields[twice].label),
            )
        if not self.catalogue.suffices(frozenset(named)):
            raise RuleBroken(self.catalogue.no_column)
        return replace(
            self,
            columns=tuple(
                column
                if column.field == code or column.is_secret
                else replace(column, field=code, confidence=1.0, note=None)
                for column, code in zip(self.columns, chosen, strict=True)
            ),
        )


@dataclass(frozen=True)
class Chosen:
    """The sheet that holds the table, where the table begins, what its columns mean, and the sheets that are left out."""

    sheet: Sheet
    header: Header
    mapping: ColumnMapping
    others: tuple[str, ...]


def choose_sheet(sheets: Sequence[Sheet], catalogue: Catalogue = COOPERATIVES) -> Chosen:
    """The sheet with the best-known headings; the first of equals. Raises RuleBroken when no sheet has any."""
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet.rows, catalogue))]
    if not found:
        if not any(any(map(text_of, row)) for sheet in sheets for row in sheet.rows):
            raise RuleBroken(N_("Berkas ini kosong. Pilih berkas yang berisi data."), field="file")
        raise RuleBroken(catalogue.no_table, field="file")
    sheet, header = max(found, key=lambda pair: pair[1].score)
    mapping = propose_mapping(header, sheet.rows[header.last + 1 :], catalogue)
    return Chosen(sheet, header, mapping, tuple(other.name for other in sheets if other is not sheet))


def propose_mapping(
    header: Header, rows: Sequence[Sequence[Cell]], catalogue: Catalogue = COOPERATIVES
) -> ColumnMapping:
    """What each column is taken for, by its heading and by whether its first cells read as that."""
    sample = rows[:SAMPLE_ROWS]
    width = max([len(header.titles), *map(len, sample)])
    cells = [[row[x] if x < len(row) else None for row in sample] for x in range(width)]
    titles = [*header.titles, *[""] * (width - len(header.titles))]
    meanings = [
        _believed(meaning_of(title, catalogue), column, catalogue)
        for title, column in zip(titles, cells, strict=True)
    ]
    taken: dict[str, int] = {}
    for x in sorted(range(width), key=lambda x: (-meanings[x].confidence, x)):
        meanings[x] = _first_only(meanings[x], taken, titles, catalogue)
        if code := meanings[x].field:
            taken[code] = x
    return ColumnMapping(
        tuple(_column(x, titles[x], meaning, cells[x]) for x, meaning in enumerate(meanings)), catalogue
    )


def _column(x: int, title: str, meaning: Meaning, cells: Sequence[Cell]) -> ColumnMap:
    samples = () if meaning.is_secret else _samples(cells)
    return ColumnMap(x, title, meaning.field, meaning.confidence, meaning.note, samples, meaning.is_secret)


def _samples(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple([text for cell in cells if (text := text_of(cell))][:SAMPLES_SHOWN])


def _first_only(
    meaning: Meaning, taken: Mapping[str, int], titles: Sequence[str], catalogue: Catalogue
) -> Meaning:
    """``meaning``, unless a surer column has it already: then nothing, or for an ID the file's own number."""
    if meaning.field is None or meaning.field not in taken:
        return meaning
    if meaning.field == "nik_koperasi" and "id_sumber" not in taken:
        return Meaning("id_sumber", meaning.confidence)
    said = N_("“%(meaning)s” sudah diambil dari kolom “%(heading)s”.")
    label = Text(catalogue.fields[meaning.field].label)
    return Meaning(None, 0.0, Text(said, {"meaning": label, "heading": titles[taken[meaning.field]]}))


def _believed(meaning: Meaning, cells: Sequence[Cell], catalogue: Catalogue) -> Meaning:
    """``meaning`` in the light of what the cells hold."""
    filled = [cell for cell in cells if text_of(cell)]
    if catalogue.secret and not meaning.is_secret and is_identity_column(filled):
        return Meaning(None, 1.0, Text(N_("Isinya nomor induk penduduk (NIK); tidak diambil.")), True)
    if meaning.field is None:
        if meaning.note is None and filled:
            return Meaning(None, 0.0, Text(N_("Judul kolom ini tidak dikenal; tidak diambil.")))
        return meaning
    if (
        meaning.field in catalogue.once
        and len(filled) >= REPEATED
        and len({text_of(one) for one in filled}) == 1
    ):
        return Meaning(None, 0.0, Text(catalogue.once[meaning.field]))
    reader = READERS.get(catalogue.fields[meaning.field].kind)
    if reader is None or not filled:
        return meaning
    reads = [reader(cell) for cell in filled]
    if meaning.field == "nik_koperasi" and not any(isinstance(read, (str, CellProblem)) for read in reads):
        return Meaning(
            "id_sumber",
            meaning.confidence,
            Text(N_("Bukan NIK, karena NIK 13 angka: nomor milik berkas ini.")),
        )
    good = sum(not isinstance(read, CellProblem) or read.value is not None for read in reads) / len(reads)
    if good >= BELIEVABLE:
        return meaning
    said = Text(
        N_("Isi kolom ini kebanyakan tidak terbaca sebagai “%(meaning)s”."),
        {"meaning": Text(catalogue.fields[meaning.field].label)},
    )
    return Meaning(meaning.field if meaning.confidence == 1.0 else None, meaning.confidence * DOUBT, said)
