"""Commands that need every report of a year: ``flask report check`` and ``flask quality run``."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.database import today
from app.core.extensions import db
from app.core.writing import writing
from app.quality import services
from app.quality.forest import isolate
from app.questionnaire.cli import fail, report
from app.questionnaire.drafts import findings_now
from app.questionnaire.findings import Finding
from app.questionnaire.models import Report
from app.questionnaire.queries import last_answers_of, years
from app.questionnaire.rules import Origin, Status

FIELDS = ("code", "severity", "questions", "message", "score")
WITHOUT_FOREST = click.option(
    "--without-forest", is_flag=True, help="Tanpa pembanding semua jawaban sekaligus."
)


@report.command("check")
@click.option("--year", type=int, required=True, help="Tahun buku.")
@click.option(
    "--json", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Berkas hasil."
)
@click.option("--without-drafts", is_flag=True, help="Tanpa draf yang belum dikirim.")
@click.option("--without-imported", is_flag=True, help="Tanpa laporan dari daftar lama.")
@WITHOUT_FOREST
@with_appcontext
def check(year: int, out: Path, without_drafts: bool, without_imported: bool, without_forest: bool) -> None:
    """Run every check over the year's reports, beside one another too, and write what they find to a JSON file.

    Nothing is stored: it says what stands out today.
    """
    if year not in years():
        fail(f"Belum ada laporan tahun buku {year}.")
    results = [
        found
        for one, found in checked(year, with_forest=not without_forest)
        if not (without_imported and one.origin is Origin.IMPORTED)
        and not (without_drafts and one.status is Status.DRAFT and one.origin is not Origin.IMPORTED)
    ]
    try:
        out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as problem:
        fail(f"{out} tidak dapat ditulis: {problem.strerror}.")
    odd = sum(bool(result["findings"]) for result in results)
    click.echo(f"{len(results)} laporan diperiksa, {odd} di antaranya dengan temuan; hasilnya di {out}.")


def checked(year: int, *, with_forest: bool) -> list[tuple[Report, dict[str, Any]]]:
    """Each report of ``year`` by name, with what the row checks and the comparison say of it today."""
    earlier, day = last_answers_of(None, year), today()
    query = select(Report).where(Report.year == year)
    reports = db.session.scalars(query.options(joinedload(Report.cooperative), joinedload(Report.edition)))
    ordered = sorted(reports, key=lambda one: (one.cooperative.name_key, one.id))
    with click.progressbar(ordered, label="Memeriksa", file=sys.stderr) as shown:
        said = {one.id: findings_now(one, earlier.get(one.cooperative_id), day) for one in shown}
    found = services.study(year, row_checks=said, forest=isolate if with_forest else None)
    return [(one, _result(one, (*said[one.id], *found.seen[one.id].findings))) for one in ordered]


def _result(one: Report, findings: Iterable[Finding]) -> dict[str, Any]:
    stored = (finding.to_json() for finding in findings)
    return {
        "nomor_badan_hukum": one.answers.get("nomor_badan_hukum") or one.cooperative.nomor_badan_hukum,
        "nama_koperasi": one.answers.get("nama_koperasi") or one.cooperative.nama_koperasi,
        "status": one.status.value,
        "findings": [{name: finding[name] for name in FIELDS} for finding in stored],
    }


@click.group()
def quality() -> None:
    """Pembandingan laporan dengan laporan lain."""


@quality.command("run")
@click.option("--year", type=int, help="Tahun buku; tanpa ini semua tahun.")
@WITHOUT_FOREST
@with_appcontext
def run(year: int | None, without_forest: bool) -> None:
    """Compare every report with the others of its year anew, and keep what stands out."""
    known = years()
    if year is not None and year not in known:
        fail(f"Belum ada laporan tahun buku {year}.")
    looked, new = 0, 0
    for one in [year] if year is not None else known:
        found = services.study(one, forest=None if without_forest else isolate)
        with writing():
            new += services.keep(found)
        looked += len(found.seen)
    click.echo(f"{looked} laporan dibandingkan, {new} di antaranya dengan hasil baru.")
