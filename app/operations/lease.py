"""One process at a time may act by the clock: a row that says who, and until when."""

import os
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.core.database import now
from app.core.extensions import db
from app.core.writing import is_sqlite
from app.operations.models import JobRun, Lease, Outcome

NAME = "scheduler"
DIED = "Proses berhenti sebelum pekerjaan ini selesai."
LONGEST = timedelta(hours=4)
"""No job asks for more. A lease that is to last longer was written by a clock that was ahead, and counts as run out: else a
clock that was set forward by a week and back again would let nothing run for that week."""


def is_held(until: datetime) -> bool:
    """Whether a lease until then is one that somebody has now."""
    return timedelta(0) <= until - now() <= LONGEST


def acquire(holder: str, lifetime: timedelta) -> bool:
    """Take the lease, or keep it, for ``lifetime`` from now; False while another living process has it.

    One statement decides, so two processes cannot both win. Runs that a dead holder left open are closed.
    """
    if lifetime > LONGEST:
        raise ValueError(f"nobody may hold the lease for {lifetime}")
    moment = now()
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    wanted = insert(Lease).values(name=NAME, holder=holder, until=moment + lifetime)
    wanted = wanted.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": wanted.excluded.holder, "until": wanted.excluded.until},
        where=(Lease.holder == holder) | (Lease.until < moment) | (Lease.until > moment + LONGEST),
    )
    won = db.session.scalar(wanted.returning(Lease.holder)) == holder
    if won:
        db.session.execute(
            update(JobRun)
            .where(JobRun.outcome == Outcome.RUNNING, JobRun.holder != holder)
            .values(outcome=Outcome.FAILED, ended_at=moment, summary=DIED)
            .execution_options(synchronize_session=False)
        )
    return won


def may_live(holder: str) -> bool:
    """Whether the process that called itself ``holder`` (host:pid:word) may still run; of another machine nobody knows."""
    host, _, rest = holder.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname()[:60] or not rest.isdigit():
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def release(holder: str) -> None:
    """Let the next process go on at once."""
    db.session.execute(delete(Lease).where(Lease.name == NAME, Lease.holder == holder))


def holder() -> tuple[str, datetime] | None:
    """Who has the lease, and until when; None when nobody does."""
    found = db.session.execute(select(Lease.holder, Lease.until).where(Lease.name == NAME)).one_or_none()
    return (found.holder, found.until) if found else None
