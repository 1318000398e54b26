"""``flask cooperative import`` and ``flask enterprise import``: lists from the terminal."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core.errors import RuleBroken
from app.core.text import Text
from app.core.writing import writing
from app.intake import planning, services, stored
from app.intake.enterprises import comparing
from app.intake.enterprises import stored as enterprise_stored
from app.intake.enterprises.reading import EnterpriseReading
from app.intake.lists import COOPERATIVE, ENTERPRISE, ListOf
from app.intake.models import ImportJob
from app.intake.outcomes import Kind, Outcome
from app.intake.rules import YearIs

TOLD = (Kind.REFUSED, Kind.DOUBTFUL, Kind.SKIPPED)
SPELLED = {"sector": "bidang", "kelurahan": "kelurahan", "kecamatan": "kecamatan"}
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
DRY_RUN = click.option("--dry-run", is_flag=True, help="Hanya uji coba; tidak ada yang ditulis.")


@click.group()
def cooperative() -> None:
    """Daftar koperasi."""


@click.group()
def enterprise() -> None:
    """Register UKM."""


@cooperative.command("import")
@FILE
@DRY_RUN
@click.option("--year-is", type=click.Choice([year.value for year in YearIs]), default=YearIs.BOOK.value)
@with_appcontext
def import_file(file: Path, dry_run: bool, year_is: str) -> None:
    """Muat FILE ke register. Kolom tahun menjadi laporan tahun buku itu, atau dengan `rat` tahun sebelumnya."""
    _import(file, COOPERATIVE, dry_run=dry_run, year_is=year_is)


@enterprise.command("import")
@FILE
@DRY_RUN
@with_appcontext
def import_enterprises(file: Path, dry_run: bool) -> None:
    """Muat FILE ke register UKM. Baris yang meragukan tidak ikut; putuskan di /dinas/ukm/impor."""
    _import(file, ENTERPRISE, dry_run=dry_run, year_is=YearIs.BOOK.value)


def _import(file: Path, kind: ListOf, *, dry_run: bool, year_is: str) -> None:
    try:
        opened = planning.open_file(file.read_bytes(), file.name, kind)
        outcomes, mark = _compare(opened, kind, year_is)
        for outcome in outcomes:
            tell(outcome)
        for what, raw, name, share, rows in comparing.spellings(outcomes):
            click.echo(f"{SPELLED[what]}\t“{raw}” dibaca {name}\tyakin {share}%\t{rows} baris")
        written = "" if dry_run else _write(file.name, opened, kind, outcomes, year_is, mark)
    except RuleBroken as refusal:
        click.echo(str(refusal.text), err=True)
        sys.exit(1)
    click.echo(summary(outcomes) + written)


def _compare(opened: planning.Opened, kind: ListOf, year_is: str) -> tuple[list[Outcome], int]:
    chosen = opened.chosen
    rows = len(chosen.sheet.rows) - chosen.header.last - 1
    with click.progressbar(length=rows, label=chosen.sheet.name or "Membandingkan", file=sys.stderr) as bar:
        return planning.compare(chosen, year_is, lambda _done: bar.update(1), kind)


def tell(outcome: Outcome) -> None:
    """Print a row that is not taken as it stands, or about which something was noticed, with the reasons."""
    of_people = isinstance(outcome.row, EnterpriseReading)
    notes = enterprise_stored.notes_of(outcome) if of_people else stored.notes_of(outcome)
    if outcome.kind in TOLD or len(notes) > 1:
        said = " ".join(str(_whole(note)) for note in notes)
        click.echo(f"baris {outcome.row.number}\t{outcome.kind.value}\t{outcome.row.name}\t{said}")


def _whole(note: Text) -> Text:
    params = {
        name: str(_whole(value)) if isinstance(value, Text) else value for name, value in note.params.items()
    }
    return Text(note.template, params)


def _write(
    filename: str, opened: planning.Opened, kind: ListOf, outcomes: list[Outcome], year_is: str, mark: int
) -> str:
    with writing() as session:
        job = services.receive(
            filename=filename, content=opened.content, chosen=opened.chosen, by=None, kind=kind
        )
        number = job.id
        job.year_is = year_is
        services.keep_plan(job, outcomes=outcomes, register_mark=mark)
        done = services.carry_out(session.get_one(ImportJob, number), by=None)
    words = WRITTEN[kind.code]
    return "; ditulis: " + ", ".join(f"{done.get(what, 0)} {word}" for what, word in words.items())


WRITTEN = {
    "cooperative": {"new": "koperasi baru", "changed": "diperbarui", "reports": "laporan hasil impor"},
    "enterprise": {"new": "UKM baru", "unnamed": "draf tanpa nama", "changed": "diperbarui"},
}
WORDS = {
    Kind.NEW: "baru",
    Kind.CHANGED: "berubah",
    Kind.UNCHANGED: "tetap",
    Kind.DOUBTFUL: "meragukan",
    Kind.REFUSED: "ditolak",
    Kind.SKIPPED: "dilewati",
}


def summary(outcomes: list[Outcome]) -> str:
    """``400 baris: 395 baru, 5 meragukan``."""
    counts = {kind: sum(outcome.kind is kind for outcome in outcomes) for kind in WORDS}
    told = ", ".join(f"{count} {WORDS[kind]}" for kind, count in counts.items() if count)
    return f"{len(outcomes)} baris: {told or 'kosong'}"
