"""``flask remind``: the reminders of the day and of coming visits, for cron; the site's own clock sends them too."""

import click
from flask.cli import with_appcontext

from app.clinic import clock as clinic
from app.review.reminding import remind_all


@click.command()
@with_appcontext
def remind() -> None:
    """Ingatkan koperasi yang belum melapor, dan pengunjung klinik sehari dan dua jam sebelum janjinya. Aman diulang."""
    cooperatives, messages = remind_all()
    visits = clinic.work()
    click.echo(f"{cooperatives} koperasi diingatkan, {messages} pesan masuk kotak keluar. Klinik: {visits}.")
