"""What runs by the clock, under one lease."""

import runpy
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import Attempt, AttemptKind, OneTimeLink, Purpose
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.services import queue_email
from app.operations import jobs, lease, scheduler
from app.operations.models import JobRun, Lease, Outcome
from app.operations.rules import Job, is_due
from app.operations.scheduler import KEY, LIFETIME, Scheduler


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def register(app, monkeypatch):
    """``register(job, …)``: only these jobs are registered."""

    def make(*wanted):
        monkeypatch.setitem(app.extensions, KEY, {job.name: job for job in wanted})

    make()
    return make


def job(name="satu", minutes=10, work=lambda: "selesai", **options):
    return Job(name, name, every=timedelta(minutes=minutes), work=work, **options)


def runs():
    return list(
        db.session.scalars(select(JobRun).order_by(JobRun.id).execution_options(populate_existing=True))
    )


def test_a_job_runs_when_its_time_has_come_and_is_on_record(app, register, clock):
    register(job())
    clockwork = Scheduler(app)
    assert clockwork.tick() == 1
    assert clockwork.tick() == 0
    clock.shift(9 * 60)
    assert clockwork.tick() == 0
    clock.shift(61)
    assert clockwork.tick() == 1
    assert [(run.job, run.outcome, run.summary) for run in runs()] == [("satu", Outcome.DONE, "selesai")] * 2
    assert all(run.ended_at for run in runs())


def test_after_a_restart_a_job_does_not_run_before_its_time(app, register, clock):
    register(job())
    first = Scheduler(app)
    first.tick()
    with writing():
        lease.release(first.holder)
    assert Scheduler(app).tick() == 0


def test_idle_rounds_leave_no_record(app, register, clock):
    register(job(wanted=lambda: False))
    assert Scheduler(app).tick() == 0
    assert runs() == []


def test_a_job_that_fails_is_on_record_and_does_not_stop_the_others(app, register, clock):
    def fail():
        raise ValueError("tinta habis\x00")

    register(job("gagal", work=fail), job("baik"))
    assert Scheduler(app).tick() == 2
    failed, good = runs()
    assert (failed.outcome, failed.summary) == (Outcome.FAILED, "ValueError: tinta habis")
    assert good.outcome is Outcome.DONE


def test_of_two_processes_one_has_the_lease(app, register, clock):
    register(job(minutes=0))
    one, other = Scheduler(app), Scheduler(app)
    assert one.tick() == 1
    assert other.tick() == 0
    assert one.tick() == 1
    assert lease.holder()[0] == one.holder


def test_a_process_that_died_is_followed_by_another_and_its_run_is_closed(app, register, clock):
    register(job(minutes=0))
    dead = Scheduler(app)
    dead.tick()
    with writing() as session:
        session.add(JobRun(job="lain", holder=dead.holder, started_at=now()))
    other = Scheduler(app)
    assert other.tick() == 0
    clock.shift(LIFETIME.total_seconds() + 1)
    assert other.tick() == 1
    left = next(run for run in runs() if run.job == "lain")
    assert (left.outcome, left.summary) == (Outcome.FAILED, lease.DIED)


def test_a_long_run_keeps_the_lease_as_long_as_it_may_take(app, register, clock):
    other = Scheduler(app)
    seen = []

    def long():
        clock.shift(10 * 60)
        seen.append(other.tick())
        return "lama"

    register(job(work=long, at_most=timedelta(minutes=30)))
    Scheduler(app).tick()
    assert seen == [0]


def test_a_lease_that_a_fast_clock_wrote_counts_as_run_out_once_the_clock_is_right(app, register, clock):
    register(job(minutes=0))
    right = now()
    clock.shift(timedelta(days=9))
    gone = Scheduler(app)
    assert gone.tick() == 1
    clock.move_to(right)
    assert not lease.is_held(lease.holder()[1])
    other = Scheduler(app)
    assert other.tick() == 1
    assert (lease.holder()[0], lease.holder()[1]) == (other.holder, right + LIFETIME)


def test_a_process_whose_clock_is_set_back_shortens_its_own_lease(app, register, clock):
    register(job(minutes=0))
    right = now()
    clock.shift(timedelta(hours=3))
    clockwork = Scheduler(app)
    clockwork.tick()
    clock.move_to(right)
    clockwork.tick()
    assert lease.holder()[1] == right + LIFETIME


def test_a_run_that_a_fast_clock_noted_neither_stops_a_job_nor_lets_it_run_at_each_tick(app, register, clock):
    register(job(minutes=10))
    right = now()
    clock.shift(timedelta(days=9))
    clockwork = Scheduler(app)
    clockwork.tick()
    clock.move_to(right)
    assert [clockwork.tick() for _ in range(3)] == [1, 0, 0]


def test_nobody_asks_for_a_lease_that_would_be_taken_for_a_mistake(app):
    assert max(one.at_most for one in jobs.JOBS) <= lease.LONGEST
    with pytest.raises(ValueError, match="nobody"), writing():
        lease.acquire("proses", lease.LONGEST + timedelta(seconds=1))


def test_one_statement_decides_who_gets_the_lease(app):
    db.session.remove()
    gate = threading.Barrier(8)
    won = []

    def reach(number):
        with app.app_context():
            gate.wait(timeout=20)
            with writing():
                won.append(lease.acquire(f"proses {number}", LIFETIME))
            db.session.remove()

    threads = [threading.Thread(target=reach, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(True) == 1


def test_the_lease_is_not_written_at_each_tick(app, register, clock):
    clockwork = Scheduler(app)
    clockwork.tick()
    until = lease.holder()[1]
    clock.shift(15)
    clockwork.tick()
    assert lease.holder()[1] == until
    clock.shift(60)
    clockwork.tick()
    assert lease.holder()[1] > until


def test_the_thread_works_and_stops_cleanly(app, register):
    done = threading.Event()
    register(job(minutes=0, work=lambda: done.set() or "selesai"))
    clockwork = Scheduler(app, tick_seconds=0.05)
    clockwork.start()
    assert done.wait(10)
    clockwork.stop()
    clockwork.stop()
    assert not clockwork._thread.is_alive()
    assert db.session.scalars(select(Lease)).all() == []
    assert all(run.outcome is Outcome.DONE for run in runs())


def test_stopping_waits_for_the_job_at_hand(app, register):
    begun, ended = threading.Event(), threading.Event()

    def slow():
        begun.set()
        time.sleep(0.3)
        ended.set()
        return "selesai"

    register(job(work=slow))
    clockwork = Scheduler(app, tick_seconds=0.05)
    clockwork.start()
    assert begun.wait(10)
    clockwork.stop()
    assert ended.is_set()
    assert runs()[0].outcome is Outcome.DONE


def test_a_database_that_is_away_does_not_end_the_clock(app, register, monkeypatch):
    failures = iter([RuntimeError("away"), RuntimeError("away")])
    came_back = threading.Event()

    def tick(_self):
        for failure in failures:
            raise failure
        came_back.set()
        return 0

    monkeypatch.setattr(Scheduler, "tick", tick)
    clockwork = Scheduler(app, tick_seconds=0.01)
    clockwork.start()
    assert came_back.wait(10)
    clockwork.stop()


def test_it_is_never_started_in_tests_or_commands_and_runs_no_jobs_beside_cron(app, monkeypatch):
    started = []

    def start(self):
        started.append(self)

    monkeypatch.setattr(Scheduler, "start", start)
    assert scheduler.start(app) is None
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    assert scheduler.start(app) is None
    monkeypatch.delenv("FLASK_RUN_FROM_CLI")
    monkeypatch.setitem(app.config, "SCHEDULER", "0")
    assert started == []
    assert not scheduler.start(app).has_jobs
    monkeypatch.setitem(app.config, "SCHEDULER", "1")
    assert scheduler.start(app) is started[1]
    assert started[1].has_jobs


@pytest.mark.parametrize(("by_command", "starts"), [("false", 1), ("true", 0)])
def test_a_served_site_starts_its_clock_though_granian_is_a_click_command(monkeypatch, by_command, starts):
    began = []
    monkeypatch.setattr("app.factory.create_app", lambda: "site")
    monkeypatch.setattr(scheduler, "start", began.append)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", by_command)
    with click.Context(click.Command("granian")):
        runpy.run_path(str(Path(__file__).parents[2] / "wsgi.py"))
    assert began == ["site"] * starts


def test_two_jobs_of_one_name_are_a_mistake_of_ours(app, register):
    scheduler.register(app, [job("sama")])
    with pytest.raises(ValueError, match="sama"):
        scheduler.register(app, [job("sama")])


@pytest.mark.parametrize(
    ("last", "due"),
    [(None, True), (-61, True), (-60, True), (-59, False), (0, False), (59, False), (61, True)],
)
def test_when_a_job_is_due(last, due):
    moment = datetime(2026, 3, 9, tzinfo=UTC)
    began = None if last is None else moment + timedelta(seconds=last)
    assert is_due(timedelta(seconds=60), began, moment) is due


# The jobs themselves


def test_the_outbox_runs_only_when_something_waits_and_can_be_sent(app, monkeypatch):
    assert not jobs.mail_is_due()
    with writing():
        queue_email(kind="x", to_name="x", to_address="x@uji.example", subject="x", body="x")
    assert not jobs.mail_is_due()
    monkeypatch.setitem(app.config, "SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setitem(app.config, "MAIL_FROM", "dinas@uji.example")
    assert jobs.mail_is_due()
    with pytest.raises(RuntimeError, match="tidak dapat dihubungi"):
        jobs.send_mail()
    assert not jobs.mail_is_due()


def test_what_nobody_needs_any_more_is_forgotten(app, make_user):
    user, old = make_user(), now() - timedelta(days=200)
    with writing() as session:
        for at in (old, now()):
            session.add(Attempt(kind=AttemptKind.SIGN_IN, at=at, account="a", network="n"))
            session.add(
                OneTimeLink(user_id=user.id, purpose=Purpose.RESET, token_digest=str(at), expires_at=at)
            )
            session.add(JobRun(job="x", holder="x", started_at=at, ended_at=at, outcome=Outcome.DONE))
        late = queue_email(
            kind="x",
            to_name="x",
            to_address="x@uji.example",
            subject="x",
            body="x",
            link="https://x/y",
            expires_at=old,
        )
    assert jobs.anything_to_tidy()
    assert jobs.tidy_up() == "1 percobaan masuk, 1 tautan, 1 catatan jadwal, 1 pesan kedaluwarsa, 0 unggahan"
    assert not jobs.anything_to_tidy()
    assert late.link is None
    for model in (Attempt, OneTimeLink, JobRun):
        assert len(db.session.scalars(select(model)).all()) == 1


def test_each_job_has_its_own_name():
    assert len({one.name for one in jobs.JOBS}) == len(jobs.JOBS)
