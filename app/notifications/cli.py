"""Commands of the outbox."""

import sys

import click
from flask.cli import with_appcontext

from app.notifications import queries
from app.notifications.delivery import Delivery, deliver
from app.notifications.models import MessageState


@click.group()
def outbox() -> None:
    """Kotak keluar: kirim surel yang menunggu."""


@outbox.command("send")
@click.option(
    "--limit", type=click.IntRange(1), default=1000, show_default=True, help="Paling banyak sekian surel."
)
@with_appcontext
def outbox_send(limit: int) -> None:
    """Kirim surel yang sudah waktunya, lalu selesai (untuk cron)."""
    outcome = _in_steps(limit)
    waiting = queries.counts()[MessageState.WAITING]
    click.echo(f"{outcome.sent} terkirim, {outcome.refused} ditolak, {waiting} masih menunggu.")
    if outcome.trouble:
        click.echo(f"Terhenti: {outcome.trouble}", err=True)
    if outcome.trouble or outcome.refused:
        sys.exit(1)


def _in_steps(limit: int) -> Delivery:
    """Deliver ten by ten, so that a bar can show how far it is."""
    total = Delivery()
    waiting = min(limit, queries.counts()[MessageState.WAITING])
    with click.progressbar(length=waiting, label="Mengirim", file=sys.stderr) as bar:
        while total.sent + total.refused < limit:
            step = deliver(limit=min(10, limit - total.sent - total.refused))
            bar.update(step.sent + step.refused)
            total = Delivery(total.sent + step.sent, total.refused + step.refused, step.trouble)
            if step.trouble or not step.sent + step.refused:
                break
    return total
