"""A year's reports as a spreadsheet in the column order of the ministry or the province, headings from layouts.csv."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import select

from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import inactive_after
from app.cooperatives.rules import STATUS_LABELS, cooperative_status
from app.cooperatives.rules import Status as CooperativeStatus
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.spreadsheets import Cell, Column, Kind, write_csv, write_xlsx
from app.core.text import N_
from app.questionnaire.answers import as_text, is_raw
from app.questionnaire.models import Report
from app.questionnaire.queries import edition_of, filed_condition, questionnaire_of
from app.questionnaire.question import Question, QuestionType
from app.questionnaire.questions import Questionnaire, standard
from app.questionnaire.rules import Status
from app.regions.queries import office_region
from app.regions.rules import Region

LAYOUTS_CSV = Path(__file__).with_name("layouts.csv")


class Layout(StrEnum):
    """Whose column order."""

    MINISTRY = "kementerian"
    PROVINCE = "provinsi"


LAYOUTS = tuple(layout.value for layout in Layout)


@dataclass(frozen=True)
class Table:
    """An export before it becomes a file."""

    columns: list[Column]
    rows: list[list[Cell]]


class Row(NamedTuple):
    """What one line of an export is made of. ``status``: how the cooperative stands today."""

    number: int
    year: int
    answers: Mapping[str, Any]
    email: str | None
    sektor_usaha: str | None
    status: CooperativeStatus
    region: Region


# What a layout takes from elsewhere than an answer of the same code.
SOURCES: dict[str, Callable[[Row], Cell]] = {
    "nomor urut": lambda row: row.number,
    "kode_kelurahan (nama)": lambda row: row.region.name_of(row.answers.get("kode_kelurahan")),
    "kode_kecamatan (nama)": lambda row: row.region.name_of(row.answers.get("kode_kecamatan")),
    "wilayah kantor (nama)": lambda row: (
        row.region.regency_name(row.answers.get("kode_kecamatan")) or row.region.name
    ),
    "provinsi (nama)": lambda row: row.region.province_name,
    "kode pos kelurahan": lambda row: row.region.postal_codes.get(row.answers.get("kode_kelurahan") or ""),
    "surel koperasi (register)": lambda row: row.email,
    "status koperasi": lambda row: STATUS_LABELS[row.status],
    "sektor usaha (register)": lambda row: row.sektor_usaha,
    "tahun_buku": lambda row: row.year,
}
KINDS: dict[str, Kind] = {"nomor urut": "integer", "tahun_buku": "integer"}
TYPES: dict[QuestionType, Kind] = {
    QuestionType.DATE: "date",
    QuestionType.INTEGER: "integer",
    QuestionType.RUPIAH: "rupiah",
}


@cache
def headings(layout: Layout) -> tuple[tuple[str, str], ...]:
    """Heading and source of each column, in order, as layouts.csv has them."""
    with LAYOUTS_CSV.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["layout"] == layout]
    rows.sort(key=lambda row: int(row["urutan"]))
    return tuple((row["judul"], row["isi"]) for row in rows)


def year_table(year: int, layout: str, every_filed: bool = False) -> Table:
    """Columns and rows of ``year``: the approved reports, or all that were filed; by name, then by id.

    What staff added to the questions of that year follows the layout's own columns. Raises RuleBroken when the year has
    no questions.
    """
    edition = edition_of(year)
    if edition is None:
        raise RuleBroken(N_("Belum ada laporan tahun buku %(year)s."), year=year)
    questionnaire = questionnaire_of(edition)
    columns, makers = [], []
    for heading, source in headings(Layout(layout)):
        question = (questionnaire.by_code | standard().by_code).get(source)
        columns.append(
            Column(heading, TYPES.get(question.type, "text") if question else KINDS.get(source, "text"))
        )
        makers.append(_answer(question) if question else SOURCES[source])
    for question in added_questions(questionnaire):
        columns.append(Column(question.label, TYPES.get(question.type, "text")))
        makers.append(_answer(question))
    return Table(columns, [[make(row) for make in makers] for row in _rows(year, every_filed)])


def _rows(year: int, every_filed: bool) -> Iterator[Row]:
    """The reports that an export of ``year`` holds, sorted alike on every database."""
    wanted = filed_condition() if every_filed else Report.status == Status.APPROVED
    query = (
        select(
            *(Report.id, Report.answers),
            *(Cooperative.name_key, Cooperative.email, Cooperative.sektor_usaha),
            *(Cooperative.dissolved_on, Cooperative.last_rat, Cooperative.tanggal_badan_hukum),
        )
        .join(Report.cooperative)
        .where(Report.year == year, wanted, Cooperative.listing != Listing.MERGED)
    )
    found = sorted(db.session.execute(query), key=lambda one: (one.name_key, one.id))
    region, years, day = office_region(current_app.config["REGION"]), inactive_after(), today()
    for number, one in enumerate(found, start=1):
        status = cooperative_status(
            one.dissolved_on, one.last_rat, one.tanggal_badan_hukum, years=years, today=day
        )
        yield Row(number, year, one.answers, one.email, one.sektor_usaha, status, region)


def added_questions(questionnaire: Questionnaire) -> list[Question]:
    """The questions that staff added to the standard ones, in their order."""
    return [question for question in questionnaire.questions if question.code not in standard().by_code]


def _answer(question: Question) -> Callable[[Row], Cell]:
    """What a column of ``question`` holds: a figure or day as such, everything else as people read it."""
    code = question.code
    read: Callable[[Any], Cell] = partial(as_text, question)
    if question.type is QuestionType.DATE:
        read = date.fromisoformat
    elif question.is_number:
        read = int

    def cell(row: Row) -> Cell:
        value = row.answers.get(code)
        if value is None:
            return None
        return as_text(question, value) if is_raw(value) else read(value)

    return cell


def year_file(year: int, layout: str, suffix: str, *, every_filed: bool = False) -> tuple[bytes, int]:
    """The export as a file, and how many reports it holds. ``suffix`` is ``xlsx`` or ``csv``. Raises RuleBroken."""
    if suffix not in {"xlsx", "csv"}:
        raise RuleBroken(N_("Simpan sebagai berkas .xlsx atau .csv."), field="format")
    table = year_table(year, layout, every_filed=every_filed)
    if suffix == "csv":
        return write_csv(table.columns, table.rows), len(table.rows)
    return write_xlsx(table.columns, table.rows, sheet_name=f"{layout} {year}"), len(table.rows)
