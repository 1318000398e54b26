"""Commands of the yearly report: ``flask report …`` and ``flask totals …``."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import exports, services
from app.questionnaire.drafts import findings_json
from app.questionnaire.models import Report
from app.questionnaire.queries import edition_of, last_answers_of


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


@report.command("check")
@click.option("--year", type=int, required=True, help="Tahun buku.")
@click.option(
    "--json", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Berkas hasil."
)
@with_appcontext
def check(year: int, out: Path) -> None:
    """Run the checks over every report of the year and write what they find to a JSON file."""
    if edition_of(year) is None:
        fail(f"Belum ada laporan tahun buku {year}.")
    count = db.session.scalar(select(func.count()).where(Report.year == year)) or 0
    with click.progressbar(checked(year), length=count, label="Memeriksa", file=sys.stderr) as reports:
        results = list(reports)
    try:
        out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        fail(f"{out} tidak dapat ditulis: {problem.strerror}.")
    found = sum(bool(result["findings"]) for result in results)
    click.echo(f"{count} laporan diperiksa, {found} di antaranya dengan temuan; hasilnya di {out}.")


def checked(year: int) -> Iterator[dict[str, Any]]:
    """What the checks say today of each report of ``year``, by name."""
    earlier = last_answers_of(None, year)
    query = select(Report).where(Report.year == year)
    reports = db.session.scalars(query.options(joinedload(Report.cooperative), joinedload(Report.edition)))
    for found in sorted(reports, key=lambda one: (one.cooperative.name_key, one.id)):
        cooperative = found.cooperative
        yield {
            "nomor_badan_hukum": found.answers.get("nomor_badan_hukum") or cooperative.nomor_badan_hukum,
            "nama_koperasi": found.answers.get("nama_koperasi") or cooperative.nama_koperasi,
            "status": found.status.value,
            "findings": findings_json(found, today=today(), last=earlier.get(cooperative.id)),
        }


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
