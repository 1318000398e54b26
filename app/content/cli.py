"""Commands of the office's pages: ``flask content …``."""

import click
from flask.cli import with_appcontext

from app.content import checking
from app.core.plain_words import in_one_sentence


@click.group()
def content() -> None:
    """Halaman kantor: tautan putus dan berkas kedaluwarsa."""


@content.command("check")
@click.option("--offline", is_flag=True, help="Hanya tautan ke situs ini sendiri.")
@with_appcontext
@in_one_sentence()
def check(offline: bool) -> None:
    """Look at every link of the published pages, and keep what was found for the editor's list."""
    outcome = checking.check(offline=offline)
    for title, address, note in outcome.found:
        click.echo(f"  {title}: {address} ({note})")
    click.echo(f"{outcome.summary()}.")
