"""Comparing a file with the register: short ones at once, long ones in the background with a bar to watch."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from flask import Flask, current_app

from app.core.database import now, today
from app.core.delimited import protected
from app.core.delimited import write_rows as write_table
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.spreadsheets import Cell, Sheet, read_sheets
from app.core.text import N_, Text
from app.core.writing import writing
from app.intake import queries, services
from app.intake.columns import Chosen, choose_sheet
from app.intake.enterprises import comparing
from app.intake.identity import without_identities
from app.intake.lists import COOPERATIVE, LISTS, ListOf
from app.intake.matching import Outcome, plan
from app.intake.models import ImportJob, ImportState
from app.intake.rules import Context, RowReading, YearIs, read_rows
from app.questionnaire.questions import standard
from app.regions.queries import office_region

SHORT = 1_500  # rows that are compared while the person waits: about a second
BEAT = 1.0  # seconds between two signs of life
STILL = 60  # seconds without one: the comparison died with its process
CHOICES = ("bentuk_koperasi", "jenis_koperasi", "kelompok_koperasi", "status_rat")

log = structlog.get_logger("simpul")
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Opened:
    """A file's table, and the bytes that may be kept of it: the file itself, or its table without what is nobody's business."""

    chosen: Chosen
    content: bytes


def open_file(content: bytes, filename: str, kind: ListOf = COOPERATIVE) -> Opened:
    """The table in a file, and what its columns seem to mean.

    Of a list of people, columns that the register must not know and identity numbers are gone from both.

    Raises:
        RuleBroken: no spreadsheet, no table, too large; the sentence says what to do.
    """
    chosen = choose_sheet(read_sheets(content, filename), kind.catalogue)
    if not kind.is_of_people:
        return Opened(chosen, content)
    secret = {column.index for column in chosen.mapping.columns if column.is_secret}
    rows, removed = without_identities(chosen.sheet.rows, secret, chosen.header.last + 1)
    if not (removed or secret):
        return Opened(chosen, content)
    width = max(map(len, rows), default=0)
    whole = ([*map(_written, row), *[""] * (width - len(row))] for row in rows)
    return Opened(replace(chosen, sheet=Sheet(chosen.sheet.name, rows)), write_table(whole, ","))


def _written(cell: Cell) -> str:
    """A cell of the table that is kept, to be read again as the same."""
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return "" if cell is None else protected(str(cell))


def open_job(job: ImportJob) -> Chosen:
    """The table of a kept file, with its columns as a person settled them."""
    chosen = open_file(job.content, job.filename, LISTS[job.register]).chosen
    return replace(chosen, mapping=chosen.mapping.with_fields(job.columns))


def compare(
    chosen: Chosen, year_is: str, progress: Progress, kind: ListOf = COOPERATIVE
) -> tuple[list[Outcome], int]:
    """What every row would do, and how the register was marked before it was read. ``progress`` hears of rows done."""
    mark = queries.register_mark(kind.concerned)
    if kind is COOPERATIVE:
        return plan(readings(chosen, year_is), queries.register(), progress), mark
    return comparing.compare(chosen, progress), mark


def readings(chosen: Chosen, year_is: str) -> list[RowReading]:
    """Every row below the headings, read."""
    questions = standard().by_code
    context = Context(
        region=office_region(current_app.config["REGION"]),
        today=today(),
        year_is=YearIs(year_is),
        choices={code: list(questions[code].choices) for code in CHOICES},
    )
    return list(read_rows(chosen.sheet.rows, chosen.header, chosen.mapping, context))


def plan_job(job_id: int, progress: Progress | None = None) -> None:
    """Compare the file of one import and keep what every row would do. A file that cannot be read leaves its reason."""
    job = queries.job_with_file(job_id)
    if job is None:
        return
    try:
        chosen = open_job(job)
        year_is, kind = job.year_is, LISTS[job.register]
        read_as = list(job.columns), year_is
        rows = max(0, len(chosen.sheet.rows) - chosen.header.last - 1)
        with writing() as session:
            services.begin_plan(session.get_one(ImportJob, job_id), rows=rows)
        outcomes, mark = compare(chosen, year_is, progress or _Beating(job_id), kind)
        with writing() as session:
            services.keep_plan(
                session.get_one(ImportJob, job_id), outcomes=outcomes, register_mark=mark, read_as=read_as
            )
    except RuleBroken as refusal:
        with writing() as session:
            services.fail_plan(session.get_one(ImportJob, job_id), problem=refusal.text)


class _Beating:
    """Writes how far the comparison is, once a second: the bar that people watch."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.next_beat = time.monotonic() + BEAT

    def __call__(self, done: int) -> None:
        if time.monotonic() < self.next_beat:
            return
        self.next_beat = time.monotonic() + BEAT
        with writing() as session:
            services.beat(session.get_one(ImportJob, self.job_id), done=done)


def start_plan(job: ImportJob, *, rows: int) -> None:
    """Compare ``job``: at once when it is short, else in a thread of its own."""
    if rows <= SHORT:
        plan_job(job.id)
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with writing() as session:
        services.begin_plan(session.get_one(ImportJob, job.id), rows=rows)
    threading.Thread(target=_in_background, args=(app, job.id), daemon=True, name=f"import-{job.id}").start()


def _in_background(app: Flask, job_id: int) -> None:
    with app.app_context():
        try:
            plan_job(job_id)
        except Exception as fault:
            log.error("import", job=job_id, error=repr(fault), exc_info=fault)
            said = Text(
                N_("Uji coba terhenti karena gangguan di sistem kami. Jalankan uji coba sekali lagi.")
            )
            with writing() as session:
                services.fail_plan(session.get_one(ImportJob, job_id), problem=said)
        finally:
            db.session.remove()


def is_stuck(job: ImportJob) -> bool:
    """Whether the comparison died with its process, so that it may be started again."""
    if job.state is not ImportState.PLANNING or job.beat_at is None:
        return False
    return (now() - job.beat_at).total_seconds() > STILL
