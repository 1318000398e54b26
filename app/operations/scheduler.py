"""What runs by the clock: one thread in the serving process, under a lease in the database.

A laptop then needs no timer, and of two worker processes only one acts. :func:`start` is called by ``wsgi.py`` when the site
is served, never by commands or tests; the same jobs exist as commands for cron. A job that fails is on record and tried
again at its next time; it never ends the thread.
"""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from multiprocessing.util import Finalize
from typing import cast

import structlog
from flask import Flask
from sqlalchemy import func, select

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.operations import lease, records
from app.operations.models import JobRun, Outcome
from app.operations.rules import Job, is_due

log = structlog.get_logger("simpul")

TICK = 15.0
"""Seconds between two looks at the clock."""
LIFETIME = timedelta(seconds=90)
"""Of the lease: several ticks, so that a slow moment does not lose it."""
KEY = "simpul.jobs"
CHORES = "simpul.chores"
CHORES_EVERY = 60.0
"""Seconds between two rounds of chores."""


def register(app: Flask, jobs: Iterable[Job]) -> None:
    """Let ``jobs`` run whenever this site is served. The factory calls it."""
    known = app.extensions.setdefault(KEY, {})
    for job in jobs:
        if job.name in known:
            raise ValueError(f"two jobs are named {job.name}")
        known[job.name] = job


def every_minute(app: Flask, chore: Callable[[], None]) -> None:
    """Let each serving process do ``chore`` each minute and at its end, whoever holds the lease: for what a process has in its
    own memory. The factory calls it."""
    app.extensions.setdefault(CHORES, []).append(chore)


def jobs_of(app: Flask) -> dict[str, Job]:
    """The registered jobs by name."""
    return cast(dict[str, Job], app.extensions.get(KEY, {}))


class Scheduler:
    """The thread and what it needs. ``tick`` is one look at the clock, which tests call by themselves."""

    def __init__(self, app: Flask, *, tick_seconds: float = TICK, has_jobs: bool = True) -> None:
        self.app = app
        self.has_jobs = has_jobs
        self._chores_at = time.monotonic()
        self.tick_seconds = tick_seconds
        self.holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simpul-clock", daemon=True)

    def start(self) -> None:
        """Begin to look at the clock."""
        self._thread.start()

    def stop(self, timeout: float = 20.0) -> None:
        """Finish the job at hand, give the lease back, end the thread. Safe to call twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self.app.app_context():
                    if time.monotonic() - self._chores_at >= CHORES_EVERY:
                        self.do_chores()
                    if self.has_jobs:
                        self.tick()
            except Exception as error:  # the database may be away for a while; the clock goes on
                log.error("scheduler", error=repr(error))
            self._stopping.wait(self.tick_seconds)
        with self.app.app_context():
            self.do_chores()
        try:
            with self.app.app_context(), writing():
                lease.release(self.holder)
        except Exception as error:  # the lease runs out by itself
            log.warning("scheduler", error=repr(error))

    def do_chores(self) -> None:
        """Do what each process does for itself. A chore that fails is tried again a minute later."""
        self._chores_at = time.monotonic()
        for chore in self.app.extensions.get(CHORES, ()):
            try:
                chore()
            except Exception as error:
                log.warning("chore", error=repr(error))
            finally:
                db.session.rollback()

    def tick(self) -> int:
        """Run each job whose time has come, if this process holds the lease; how many ran."""
        if not self._holds_lease():
            return 0
        ran, wished = 0, records.wished()
        for job in jobs_of(self.app).values():
            if self._stopping.is_set():
                break
            if job.name in wished or self._is_due(job):
                self._run_job(job)
                ran += 1
        return ran

    def _holds_lease(self) -> bool:
        """Look before taking: the lease is renewed only when half of it is over, not at each tick."""
        held, moment = lease.holder(), now()
        db.session.rollback()
        if held and lease.is_held(held[1]):
            if held[0] != self.holder:
                return False
            if LIFETIME / 2 < held[1] - moment <= LIFETIME:
                return True
        with writing():
            return lease.acquire(self.holder, LIFETIME)

    def _is_due(self, job: Job) -> bool:
        moment = now()
        begun = select(func.max(JobRun.started_at)).where(
            JobRun.job == job.name,
            JobRun.started_at <= moment + job.every,  # later: by a clock that was ahead
        )
        due = is_due(job.every, db.session.scalar(begun), moment)
        try:
            due = due and job.wanted()
        finally:
            db.session.rollback()
        return due

    def _run_job(self, job: Job) -> None:
        with writing():
            if not lease.acquire(self.holder, max(LIFETIME, job.at_most)):
                return
            run_id = records.begin(job.name, self.holder)
        try:
            summary, outcome = job.work(), Outcome.DONE
        except Exception as error:
            if isinstance(error, RuleBroken):
                log.warning("job", job=job.name, error=records.reason(error))
            else:
                log.exception("job", job=job.name, error=repr(error))
            summary, outcome = records.reason(error), Outcome.FAILED
        finally:
            db.session.rollback()
        with writing():
            records.end(run_id, outcome, summary)
            lease.acquire(self.holder, LIFETIME)


def start(app: Flask) -> Scheduler | None:
    """Run the registered jobs by the clock as long as this process serves; None where that is not wanted.

    Not wanted: inside a ``flask`` command (which loads ``wsgi.py`` too) and in tests. Where ``SIMPUL_SCHEDULER`` is 0 because
    cron runs the commands, only the chores of this process are done, which no command could do for it.
    """
    if app.testing or os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return None
    running = Scheduler(app, has_jobs=str(app.config.get("SCHEDULER", "1")) != "0")
    running.start()
    Finalize(None, running.stop, exitpriority=100)  # unlike atexit it also runs where a worker process ends
    return running
