"""Putting on record what ran: by the clock, by a command, or because somebody asked."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.logs import without_values
from app.core.upsert import insert_into
from app.operations.backup.drilling import Drilled
from app.operations.models import BackupDrill, JobRun, JobWish, Outcome, Trouble

LONGEST_SUMMARY = 500
TROUBLE_KEPT = timedelta(days=30)
DRILLS_KEPT = timedelta(days=400)


def shortened(summary: str) -> str:
    """As the table takes it."""
    return summary.replace("\x00", "")[:LONGEST_SUMMARY]


def reason(error: Exception) -> str:
    """Why a job failed: the sentence that was made for people, else the fault's own words."""
    return (
        str(error.text)
        if isinstance(error, RuleBroken)
        else without_values(f"{type(error).__name__}: {error}")
    )


def begin(job: str, holder: str) -> int:
    """A run from its start, so that one that dies is seen too; its id. Nobody needs to ask for it any more."""
    run = JobRun(job=job, holder=holder, started_at=now())
    db.session.add(run)
    db.session.execute(delete(JobWish).where(JobWish.job == job))
    db.session.flush()
    return run.id


def end(run_id: int, outcome: Outcome, summary: str) -> None:
    """How a run that was begun has ended, unless it has been given up meanwhile."""
    db.session.execute(
        update(JobRun)
        .where(JobRun.id == run_id, JobRun.outcome == Outcome.RUNNING)
        .values(ended_at=now(), outcome=outcome, summary=shortened(summary))
        .execution_options(synchronize_session=False)
    )


def done(job: str, holder: str, started_at: datetime, outcome: Outcome, summary: str) -> None:
    """A run that is over: of a command, which the clock must not take for one of a process that died."""
    run = JobRun(job=job, holder=holder, started_at=started_at, ended_at=now(), outcome=outcome)
    run.summary = shortened(summary)
    db.session.add(run)
    db.session.flush()


def wish(job: str, by: str) -> None:
    """Let the clock run ``job`` as soon as it can; asked twice, it runs once."""
    statement = insert_into(JobWish).values(job=job, asked_at=now(), asked_by=by)
    db.session.execute(statement.on_conflict_do_nothing(index_elements=["job"]))


def wished() -> frozenset[str]:
    """Names of the jobs that somebody has asked for."""
    return frozenset(db.session.scalars(select(JobWish.job)))


def keep_drill(drilled: Drilled) -> BackupDrill:
    """What a drill found."""
    found = drilled.contents
    kept = BackupDrill(
        at=now(),
        backup=drilled.backup.path.name[:120],
        made_at=drilled.backup.note.made_at,
        newest_at=found.newest if found else None,
        tables=dict(found.tables) if found else {},
        passed=not drilled.fault,
        fault=drilled.fault,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def tidy(day_now: datetime) -> None:
    """Forget troubles and drills of long ago."""
    db.session.execute(delete(Trouble).where(Trouble.last_at < day_now - TROUBLE_KEPT))
    db.session.execute(delete(BackupDrill).where(BackupDrill.at < day_now - DRILLS_KEPT))
