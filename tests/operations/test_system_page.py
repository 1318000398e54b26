"""The page about the system, and its settings."""

from datetime import timedelta

import pytest
import time_machine

from app.audit.services import record
from app.core.access import Role
from app.core.config import SETTINGS, flask_config
from app.core.database import now
from app.core.writing import writing
from app.notifications.services import queue_email
from app.operations import lease, state
from app.operations.models import JobRun, Outcome
from app.operations.rules import Job, Light
from app.operations.scheduler import KEY, LIFETIME
from app.operations.settings import remarks, settings


@pytest.fixture
def admin(client_as, make_user):
    return client_as(make_user(Role.ADMIN))


@pytest.fixture
def secrets(app, monkeypatch):
    """Settings with something to hide."""
    values = {
        "SMTP_URL": "smtps://dinas:rahasia-surel@surel.uji.example",
        "SECRET_KEY": "rahasia-kunci-yang-panjang",
        "DATABASE_URL": "postgresql://simpul:rahasia-basis@db/simpul",
    }
    for name, value in values.items():
        monkeypatch.setitem(app.config, name, value)


def test_the_page_says_how_the_site_stands(admin, app):
    page = admin.get("/dinas/sistem").text
    for shown in (
        "Simpul 0.",
        "Ruang disk",
        "Surel keluar",
        "Penjadwal",
        "SIMPUL_BASE_URL",
        app.config["BASE_URL"],
    ):
        assert shown in page
    assert ("SQLite 3." in page) or ("PostgreSQL 1" in page)
    assert "tidak berjalan" in page


def test_a_clock_that_must_be_wrong_is_said_with_what_to_do(app, admin):
    with writing():
        record("user.created", kind="user", subject_id=1, name="Melati")
    assert "Jam komputer" not in admin.get("/dinas/sistem").text
    with time_machine.travel(now() - timedelta(days=30), tick=False), app.test_request_context():
        shown = state.signs(None, None)
    assert (shown[0].title, shown[0].light) == ("Jam komputer", Light.WARN)


def test_mail_that_waits_for_a_sender_says_so_at_once(app, monkeypatch):
    with writing():
        queue_email(kind="x", to_name="x", to_address="x@uji.example", subject="x", body="x")
    monkeypatch.setitem(app.config, "SMTP_URL", "smtps://pos.example")
    monkeypatch.setitem(app.config, "MAIL_FROM", "")
    monkeypatch.setitem(app.config, "OFFICE_EMAIL", "")
    with app.test_request_context():
        mail = next(sign for sign in state.signs([], None) if sign.title == "Surel keluar")
    assert (mail.light, "SIMPUL_MAIL_FROM" in str(mail.todo)) == (Light.WARN, True)


def test_secrets_are_masked(secrets, admin):
    page = admin.get("/dinas/sistem").text
    assert "rahasia-" not in page
    assert "(terisi, disembunyikan)" in page


def test_the_last_run_of_each_job_is_shown_and_what_failed(admin, app, monkeypatch):
    jobs = [
        Job("surel", "Kirim surel", every=timedelta(seconds=30), work=str),
        Job("lain", "Lain", timedelta(days=1), str),
    ]
    monkeypatch.setitem(app.extensions, KEY, {job.name: job for job in jobs})
    with writing() as session:
        for outcome, summary in ((Outcome.FAILED, "server jauh"), (Outcome.DONE, "3 terkirim")):
            session.add(
                JobRun(
                    job="surel",
                    holder="x",
                    started_at=now(),
                    ended_at=now(),
                    outcome=outcome,
                    summary=summary,
                )
            )
        lease.acquire("proses", LIFETIME)
    page = admin.get("/dinas/sistem").text
    for shown in (
        "Kirim surel",
        "tiap 30 detik",
        "tiap 1440 menit",
        "3 terkirim",
        "server jauh",
        "belum pernah",
    ):
        assert shown in page
    assert "berjalan" in page
    assert "tidak berjalan" not in page


def test_only_admins_enter(app, client_as, make_user):
    for role in Role:
        expected = 200 if role is Role.ADMIN else 403
        assert client_as(make_user(role)).get("/dinas/sistem").status_code == expected
    assert app.test_client().get("/dinas/sistem").location.startswith("/masuk?next=")


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"BASE_URL": "http://simpul.uji.example"}, "bukan https"),
        ({"BASE_URL": "http://[::1]:8000"}, "hanya terbuka di komputer ini"),
        ({"BASE_URL": "https://simpul.uji.example", "SMTP_URL": ""}, "Surel belum diatur"),
        ({"SMTP_URL": "smtps://x", "MAIL_FROM": "", "OFFICE_EMAIL": ""}, "Alamat pengirim"),
        ({"SMTP_URL": "smtp://a:b@surel.uji.example", "MAIL_FROM": "x@uji.example"}, "tanpa pengaman"),
    ],
)
def test_what_an_admin_should_change_is_said(app, monkeypatch, config, found):
    for name, value in config.items():
        monkeypatch.setitem(app.config, name, value)
    assert any(found in str(remark) for remark in remarks())


@pytest.mark.parametrize("url", ["smtps://a:b@x", "smtp://a:b@localhost", "smtp://x", "smtp://["])
def test_a_safe_mail_server_needs_no_remark(app, monkeypatch, url):
    monkeypatch.setitem(app.config, "BASE_URL", "https://simpul.uji.example")
    monkeypatch.setitem(app.config, "MAIL_FROM", "x@uji.example")
    monkeypatch.setitem(app.config, "SMTP_URL", url)
    assert remarks() == []


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ({"REGION": "35.73"}, "Asia/Jakarta"),
        ({"REGION": "64.08"}, "Asia/Makassar"),
        ({"REGION": "53.71"}, "Asia/Makassar"),
        ({"REGION": "91.71"}, "Asia/Jayapura"),
        ({"REGION": "91.71", "TIMEZONE": "Asia/Jakarta"}, "Asia/Jakarta"),
    ],
)
def test_an_office_keeps_the_time_of_its_province_unless_it_says_otherwise(given, zone, tmp_path):
    assert flask_config(tmp_path, given)["TIMEZONE"] == zone


def test_the_source_of_a_setting_is_named(app, monkeypatch):
    monkeypatch.setenv("SIMPUL_OFFICE_PHONE", "0341-000000")
    sources = {shown.name: shown.source for shown in settings()}
    assert sources["SIMPUL_OFFICE_PHONE"] == "lingkungan"
    assert sources["SIMPUL_TIMEZONE"] == "bawaan"


def test_the_command_shows_every_setting_and_no_secret(command, secrets):
    result = command("settings", "show")
    assert result.exit_code == 0
    assert "rahasia-" not in result.output
    for setting in SETTINGS:
        assert f"SIMPUL_{setting.name}" in result.output
    assert result.output.splitlines()[-1].startswith(f"{len(SETTINGS)} pengaturan.")
