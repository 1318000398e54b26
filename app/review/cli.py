"""``flask remind``: the reminders of the day, for cron; the site's own clock sends them too."""

import click
from flask.cli import with_appcontext

from app.review.reminding import remind_all


@click.command()
@with_appcontext
def remind() -> None:
    """Ingatkan koperasi yang belum melapor, pada hari-hari yang diatur sebelum batas. Aman diulang."""
    cooperatives, messages = remind_all()
    click.echo(f"{cooperatives} koperasi diingatkan, {messages} pesan masuk kotak keluar.")
