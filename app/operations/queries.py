"""What the clock did, what drills found, what went wrong."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.core.extensions import db
from app.notifications.models import MessageState, OutboxMessage
from app.operations.models import BackupDrill, JobRun, JobWish, Outcome, RequestTotal, Trouble, TroubleKind
from app.operations.rules import Job

LAST_ENTRIES = 2000  # of the trail: no index has their moments


@dataclass(frozen=True)
class JobShown:
    """A job with its last run, if it ever ran."""

    name: str
    title: str
    minutes: float
    last: JobRun | None
    asked: bool = False


def last_runs(jobs: list[Job]) -> list[JobShown]:
    """Each job with its last run, and whether somebody waits for it."""
    latest = (
        select(func.max(JobRun.id)).where(JobRun.job.in_([job.name for job in jobs])).group_by(JobRun.job)
    )
    found = {run.job: run for run in db.session.scalars(select(JobRun).where(JobRun.id.in_(latest)))}
    asked = set(db.session.scalars(select(JobWish.job)))
    return [
        JobShown(job.name, job.title, job.every.total_seconds() / 60, found.get(job.name), job.name in asked)
        for job in jobs
    ]


def recent_failures(limit: int = 10) -> list[JobRun]:
    """The latest runs that failed, newest first."""
    failed = select(JobRun).where(JobRun.outcome == Outcome.FAILED)
    return list(db.session.scalars(failed.order_by(JobRun.id.desc()).limit(limit)))


def last_run(job: str) -> JobRun | None:
    """The latest run of one job that is over."""
    over = select(JobRun).where(JobRun.job == job, JobRun.outcome != Outcome.RUNNING)
    return db.session.scalar(over.order_by(JobRun.id.desc()).limit(1))


def failing() -> list[str]:
    """Names of the jobs whose latest run failed."""
    latest = select(func.max(JobRun.id)).where(JobRun.outcome != Outcome.RUNNING).group_by(JobRun.job)
    failed = select(JobRun.job).where(JobRun.id.in_(latest), JobRun.outcome == Outcome.FAILED)
    return sorted(db.session.scalars(failed))


def mail_waits_since() -> datetime | None:
    """Since when the oldest message waits that should have gone."""
    return db.session.scalar(
        select(func.min(OutboxMessage.created_at)).where(OutboxMessage.state == MessageState.WAITING)
    )


def newest_change() -> datetime | None:
    """The latest moment among the last entries of the trail, as the clock of that day had it."""
    last = select(TrailEntry.at).order_by(TrailEntry.id.desc()).limit(LAST_ENTRIES).subquery()
    newest: datetime | None = db.session.scalar(select(func.max(last.c.at)))
    return newest


def last_drill() -> BackupDrill | None:
    """What the latest drill found."""
    return db.session.scalar(select(BackupDrill).order_by(BackupDrill.id.desc()).limit(1))


def troubles_since(kind: TroubleKind, day: date) -> tuple[int, datetime | None]:
    """How often something went wrong since ``day``, and the last time."""
    query = select(func.coalesce(func.sum(Trouble.times), 0), func.max(Trouble.last_at))
    total, last = db.session.execute(query.where(Trouble.kind == kind, Trouble.day >= day)).one()
    return int(total), last


@dataclass(frozen=True)
class WorstPage:
    """An address that failed or was slow: how often, how long at most, and the last time."""

    page: str
    times: int
    longest_ms: int
    last_at: datetime
    last_request: str


def worst_pages(kind: TroubleKind, day: date, limit: int = 8) -> list[WorstPage]:
    """The addresses that went wrong most often since ``day``."""
    times = func.sum(Trouble.times).label("times")
    wrong = Trouble.kind == kind, Trouble.day >= day
    most = select(Trouble.page, times, func.max(Trouble.longest_ms)).where(*wrong).group_by(Trouble.page)
    rows = db.session.execute(most.order_by(times.desc(), Trouble.page).limit(limit)).all()
    latest = (
        select(Trouble).where(*wrong, Trouble.page.in_([row[0] for row in rows])).order_by(Trouble.last_at)
    )
    last = {trouble.page: trouble for trouble in db.session.scalars(latest)}
    return [
        WorstPage(page, int(count), longest, last[page].last_at, last[page].last_request)
        for page, count, longest in rows
    ]


def totals() -> dict[str, int]:
    """The sums over all answers that are written down."""
    return {row.name: row.total for row in db.session.execute(select(RequestTotal.name, RequestTotal.total))}


def answers_total() -> int:
    """How many answers all processes have given."""
    counted = select(func.sum(RequestTotal.total)).where(RequestTotal.name.like("status%"))
    return int(db.session.scalar(counted) or 0)
