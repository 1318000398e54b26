"""Commands of the trail."""

import sys

import click
from flask.cli import with_appcontext

from app.audit import verification


@click.group()
def audit() -> None:
    """Jejak perubahan: periksa keutuhannya."""


@audit.command("verify")
@click.option("--expect", "expected", default="", help="Sidik yang pernah dicatat; harus masih ada di jejak.")
@with_appcontext
def audit_verify(expected: str) -> None:
    """Hitung ulang seluruh jejak dan sebut entri pertama yang rusak."""
    with click.progressbar(
        verification.entries(),
        length=verification.length(),
        label="Memeriksa jejak",
        file=sys.stderr,
        update_min_steps=500,
    ) as bar:
        verdict = verification.verify(expected.strip().lower(), iter(bar))
    if verdict.fault:
        click.echo(f"Jejak rusak: {verdict.fault}. {verdict.length} entri sebelumnya utuh.", err=True)
        sys.exit(1)
    click.echo(f"Jejak utuh: {verdict.length} entri. Sidik terakhir: {verdict.digest}")
