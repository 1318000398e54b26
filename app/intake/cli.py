"""``flask cooperative import``: a list of cooperatives from the terminal."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core.errors import RuleBroken
from app.core.text import Text
from app.core.writing import writing
from app.intake import planning, services, stored
from app.intake.columns import Chosen
from app.intake.matching import Kind, Outcome
from app.intake.models import ImportJob
from app.intake.rules import YearIs

TOLD = (Kind.REFUSED, Kind.DOUBTFUL, Kind.SKIPPED)


@click.group()
def cooperative() -> None:
    """Daftar koperasi."""


@cooperative.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Hanya uji coba; tidak ada yang ditulis.")
@click.option("--year-is", type=click.Choice([year.value for year in YearIs]), default=YearIs.BOOK.value)
@with_appcontext
def import_file(file: Path, dry_run: bool, year_is: str) -> None:
    """Muat FILE ke register. Kolom tahun menjadi laporan tahun buku itu, atau dengan `rat` tahun sebelumnya."""
    content = file.read_bytes()
    try:
        chosen = planning.open_file(content, file.name)
        outcomes, mark = _compare(chosen, year_is)
        for outcome in outcomes:
            tell(outcome)
        written = "" if dry_run else _write(file.name, content, chosen, outcomes, year_is, mark)
    except RuleBroken as refusal:
        click.echo(str(refusal.text), err=True)
        sys.exit(1)
    click.echo(summary(outcomes) + written)


def _compare(chosen: Chosen, year_is: str) -> tuple[list[Outcome], int]:
    rows = len(chosen.sheet.rows) - chosen.header.last - 1
    with click.progressbar(length=rows, label=chosen.sheet.name or "Membandingkan", file=sys.stderr) as bar:
        return planning.compare(chosen, year_is, lambda _done: bar.update(1))


def tell(outcome: Outcome) -> None:
    """Print a row that is not taken as it stands, or about which something was noticed, with the reasons."""
    notes = stored.notes_of(outcome)
    if outcome.kind in TOLD or len(notes) > 1:
        said = " ".join(str(_whole(note)) for note in notes)
        click.echo(f"baris {outcome.row.number}\t{outcome.kind.value}\t{outcome.row.name}\t{said}")


def _whole(note: Text) -> Text:
    params = {
        name: str(_whole(value)) if isinstance(value, Text) else value for name, value in note.params.items()
    }
    return Text(note.template, params)


def _write(
    filename: str, content: bytes, chosen: Chosen, outcomes: list[Outcome], year_is: str, mark: int
) -> str:
    with writing() as session:
        number = services.receive(filename=filename, content=content, chosen=chosen, by=None).id
        job = session.get_one(ImportJob, number)
        job.year_is = year_is
        services.keep_plan(job, outcomes=outcomes, register_mark=mark)
        done = services.carry_out(job, by=None)
    return "; ditulis: " + ", ".join(f"{done.get(what, 0)} {word}" for what, word in WRITTEN.items())


WRITTEN = {"new": "koperasi baru", "changed": "diperbarui", "reports": "laporan hasil impor"}
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
