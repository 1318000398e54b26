"""Commands of the yearly report: ``flask report …`` and ``flask totals …``."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core.database import today
from app.core.errors import RuleBroken
from app.core.writing import writing
from app.questionnaire import exports, services


def fail(sentence: object) -> None:
    """Say ``sentence`` and end with status 1."""
    click.echo(str(sentence), err=True)
    sys.exit(1)


@click.group()
def report() -> None:
    """Laporan tahunan: ekspor, pemeriksaan, kuesioner."""


@report.command("export")
@click.option("--year", type=int, required=True, help="Tahun buku.")
@click.option("--layout", type=click.Choice(exports.LAYOUTS), required=True, help="Urutan kolom.")
@click.option(
    "--all", "every_filed", is_flag=True, help="Juga yang terkirim atau dikembalikan, belum disetujui."
)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export(year: int, layout: str, every_filed: bool, out: Path) -> None:
    """Write the year's reports to OUT (.xlsx or .csv)."""
    try:
        data, count = exports.year_file(
            year, layout, out.suffix.lower().removeprefix("."), every_filed=every_filed
        )
        out.write_bytes(data)
    except RuleBroken as refusal:
        fail(refusal.text)
    except OSError as problem:
        fail(f"{out} tidak dapat ditulis: {problem.strerror}.")
    else:
        click.echo(f"{count} laporan tahun buku {year} ditulis ke {out}.")


@report.command("editions")
@with_appcontext
def editions() -> None:
    """Make sure that the questions of this year and the next exist."""
    with writing():
        found = [(edition.year, edition.opens) for edition in services.ensure_editions(today())]
    click.echo("; ".join(f"kuesioner tahun buku {year} dibuka {opens}" for year, opens in found) + ".")


@click.group()
def totals() -> None:
    """Jumlah tersimpan untuk statistik."""


@totals.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Work the kept totals out anew from the approved answers."""
    with writing():
        rows, wrong = services.rebuild()
    click.echo(f"{rows} jumlah dihitung ulang, {wrong} di antaranya berubah.")
