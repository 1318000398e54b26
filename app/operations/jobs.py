"""The jobs that run by the clock."""

from datetime import timedelta

from sqlalchemy import delete, exists, select

from app.accounts.models import Attempt, OneTimeLink
from app.accounts.rules import LOOK_BACK
from app.core.database import now
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing
from app.notifications import delivery, queries
from app.notifications.models import MessageState, OutboxMessage
from app.notifications.services import expire_overdue
from app.operations.models import JobRun
from app.operations.rules import Job

RUNS_KEPT = timedelta(days=60)
LINKS_KEPT = timedelta(days=90)


def send_mail() -> str:
    """Deliver what waits in the outbox."""
    outcome = delivery.deliver(limit=200)
    if outcome.trouble:
        raise RuntimeError(f"{outcome.trouble} ({outcome.sent} terkirim)")
    return f"{outcome.sent} terkirim, {outcome.refused} ditolak"


def mail_is_due() -> bool:
    """Whether a mail server is set up and something waits for it."""
    return delivery.is_configured() and queries.anything_due()


def tidy_up() -> str:
    """Forget what nobody needs any more: old tries, links long past, old runs, links of messages that came too late."""
    moment = now()
    with writing() as session:
        overdue = expire_overdue()
        tries = session.execute(
            delete(Attempt).where(Attempt.at < moment - LOOK_BACK).returning(Attempt.id)
        ).all()
        long_past = OneTimeLink.expires_at < moment - LINKS_KEPT
        links = session.execute(delete(OneTimeLink).where(long_past).returning(OneTimeLink.id)).all()
        old_runs = JobRun.started_at < moment - RUNS_KEPT
        runs = session.execute(delete(JobRun).where(old_runs).returning(JobRun.id)).all()
    counts = (len(tries), len(links), len(runs))
    return f"{counts[0]} percobaan masuk, {counts[1]} tautan, {counts[2]} catatan jadwal, {overdue} pesan kedaluwarsa"


def anything_to_tidy() -> bool:
    """Whether :func:`tidy_up` would find something."""
    moment = now()
    late = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.expires_at < moment)
    return bool(
        db.session.scalar(
            select(
                exists().where(Attempt.at < moment - LOOK_BACK)
                | exists().where(OneTimeLink.expires_at < moment - LINKS_KEPT)
                | exists().where(JobRun.started_at < moment - RUNS_KEPT)
                | exists().where(late)
            )
        )
    )


JOBS = (
    Job("outbox", N_("Kirim surel"), every=timedelta(seconds=30), work=send_mail, wanted=mail_is_due),
    Job("tidy", N_("Buang catatan usang"), every=timedelta(hours=1), work=tidy_up, wanted=anything_to_tidy),
)
