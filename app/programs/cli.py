"""Commands of programmes."""

import click
from flask.cli import with_appcontext

from app.programs.telling import tell_waiting


@click.group()
def program() -> None:
    """Program: kabarkan kepada yang cocok dan setuju."""


@program.command("tell")
@with_appcontext
def program_tell() -> None:
    """Kabarkan program yang sudah terbit tetapi belum dikabarkan (untuk cron). Aman diulang."""
    programs, people = tell_waiting()
    click.echo(f"{programs} program dikabarkan kepada {people} orang.")
