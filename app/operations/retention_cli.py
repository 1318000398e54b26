"""``flask retention``: what the clock forgets hour by hour, now and by hand; for cron, or before somebody asks."""

import click
from flask.cli import with_appcontext

from app.clinic import retention as clinic
from app.core.plain_words import in_one_sentence
from app.core.writing import writing
from app.desk import retention as desk
from app.operations.jobs import tidy_up


@click.command("retention")
@with_appcontext
@in_one_sentence()
def retention() -> None:
    """Hapus data pribadi yang masa simpannya lewat, seperti yang dijanjikan situs."""
    requests, bookings = 0, 0
    while True:
        with writing():
            done = desk.erase_due()
        requests += done
        if not done:
            break
    while True:
        with writing():
            done = clinic.erase_due()
        bookings += done
        if not done:
            break
    click.echo(f"{requests} permohonan dan {bookings} janji klinik dikosongkan; {tidy_up()}.")
