"""What the clock did."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.extensions import db
from app.operations.models import JobRun, Outcome
from app.operations.rules import Job


@dataclass(frozen=True)
class JobShown:
    """A job with its last run, if it ever ran."""

    title: str
    minutes: float
    last: JobRun | None


def last_runs(jobs: list[Job]) -> list[JobShown]:
    """Each job with its last run, in one query."""
    latest = (
        select(func.max(JobRun.id)).where(JobRun.job.in_([job.name for job in jobs])).group_by(JobRun.job)
    )
    found = {run.job: run for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(latest)))}
    return [JobShown(job.title, job.every.total_seconds() / 60, found.get(job.name)) for job in jobs]


def recent_failures(limit: int = 10) -> list[JobRun]:
    """The latest runs that failed, newest first."""
    failed = select(JobRun).where(JobRun.outcome == Outcome.FAILED)
    return list(db.session.scalars(failed.order_by(JobRun.id.desc()).limit(limit)))
