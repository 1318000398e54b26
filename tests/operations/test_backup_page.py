"""What an admin may ask of the site on its page: a backup, a drill, a file."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.step_up import PROVED
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.operations import lease, records, state
from app.operations.backup.creating import create
from app.operations.backup.drilling import drill
from app.operations.backup.folder import backup_folder, backups
from app.operations.models import JobRun, JobWish, Outcome
from app.operations.rules import Light
from app.operations.scheduler import LIFETIME, Scheduler, jobs_of
from tests.operations.conftest import only_on
from tests.support.queries import count_queries


@pytest.fixture
def admin(instance, client_as, make_user):
    return client_as(make_user(Role.ADMIN))


def actions():
    return db.session.scalars(select(TrailEntry.action).order_by(TrailEntry.id)).all()


@only_on("sqlite")
def test_a_pressed_button_makes_the_clock_do_it_once(app, admin, monkeypatch):
    monkeypatch.setitem(app.extensions, "simpul.jobs", {"backup": jobs_of(app)["backup"]})
    clockwork = Scheduler(app)
    assert clockwork.tick() == 0  # nothing is due: the site has just started
    for _ in range(2):
        assert admin.post("/dinas/sistem/pekerjaan/backup").status_code == 302
    page = admin.get("/dinas/sistem").text
    assert "Cadangan dimulai dalam setengah menit" in page
    assert "Diminta" in page
    assert clockwork.tick() == 1
    assert clockwork.tick() == 0
    run = db.session.scalars(select(JobRun)).one()
    assert (run.job, run.outcome) == ("backup", Outcome.DONE)
    assert [one.path.name for one in backups(backup_folder())] == [run.summary.split(",")[0]]
    assert db.session.scalars(select(JobWish)).all() == []
    assert actions() == ["backup.asked"] * 2


@only_on("sqlite")
def test_a_stick_that_is_missing_is_a_failed_job_in_plain_words(app, admin, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "BACKUP_DIR", str(tmp_path / "stik"))
    monkeypatch.setitem(app.extensions, "simpul.jobs", {"backup": jobs_of(app)["backup"]})
    with writing():
        records.wish("backup", "Admin")
    assert Scheduler(app).tick() == 1
    page = admin.get("/dinas/sistem").text
    assert "RuleBroken" not in page
    assert page.count("Pasang stik atau cakramnya") == 3  # the light, the job, the list of failures
    assert "Bermasalah" in page


@only_on("sqlite")
def test_only_what_may_be_asked_for_can_be(admin, client_as, make_user):
    assert admin.post("/dinas/sistem/pekerjaan/tidy").status_code == 404
    operator = client_as(make_user(Role.OPERATOR))
    assert operator.post("/dinas/sistem/pekerjaan/backup").status_code == 403
    assert operator.post("/dinas/sistem/cadangan/x").status_code == 403


@only_on("sqlite")
def test_a_backup_can_be_taken_away_by_an_admin_and_the_trail_says_so(admin):
    made = create()
    with admin.post(f"/dinas/sistem/cadangan/{made.path.name}") as answer:
        assert answer.data == made.path.read_bytes()
    assert answer.headers["Content-Disposition"] == f"attachment; filename={made.path.name}"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert actions() == ["backup.downloaded"]
    assert admin.post("/dinas/sistem/cadangan/secret.key").status_code == 404
    assert admin.post(f"/dinas/sistem/cadangan/{made.path.name}.json").status_code == 404


@only_on("sqlite")
def test_who_has_not_shown_lately_that_it_is_still_them_is_asked_first(admin):
    made = create()
    with admin.session_transaction() as session:
        session.pop(PROVED)
    answer = admin.post(f"/dinas/sistem/cadangan/{made.path.name}")
    assert made.path.read_bytes() not in answer.data
    assert "backup.downloaded" not in actions()


@only_on("sqlite")
def test_one_that_anybody_can_read_does_not_leave_over_an_open_line(app, admin, monkeypatch):
    made = create()
    far = {"REMOTE_ADDR": "192.168.1.20"}
    answer = admin.post(f"/dinas/sistem/cadangan/{made.path.name}", environ_overrides=far)
    assert answer.status_code == 302
    assert "backup.downloaded" not in actions()
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "kuda hijau")
    sealed = create()
    with admin.post(f"/dinas/sistem/cadangan/{sealed.path.name}", environ_overrides=far) as answer:
        assert answer.data == sealed.path.read_bytes()


def test_the_page_asks_as_often_with_many_runs_as_with_few(admin):
    with writing():
        lease.acquire("proses", LIFETIME)
    admin.get("/dinas/sistem")
    with count_queries() as few:
        admin.get("/dinas/sistem")
    with writing():
        for job in ("backup", "drill", "tidy", "remind"):
            for _ in range(5):
                records.end(records.begin(job, "x"), Outcome.DONE, "selesai")
    with count_queries() as many:
        admin.get("/dinas/sistem")
    assert many.number <= few.number + 1  # one more where a last run is looked at


@only_on("sqlite")
def test_a_backup_named_by_a_clock_that_was_ahead_hides_neither_old_ones_nor_failures(app, instance):
    with time_machine.travel(now() + timedelta(days=9), tick=False):
        ahead = create().path
    assert "baru saja" not in str(backup_sign(app).text)
    assert backup_sign(app).light is Light.BAD  # it is not known how old it is
    real = create().path
    assert [one.path for one in backups(backup_folder())] == [real, ahead]
    assert drill().backup.path == real
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert "2 hari lalu" in str(backup_sign(app).text)
    with writing():
        records.done("backup", "x:1:y", now() + timedelta(seconds=2), Outcome.FAILED, "Disk penuh.")
    assert "sesudah itu gagal: Disk penuh." in str(backup_sign(app).text)


def backup_sign(app):
    with app.test_request_context():
        return next(sign for sign in state.signs(*state.known_backups()) if sign.title == "Cadangan")
