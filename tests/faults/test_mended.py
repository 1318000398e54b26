"""What the crash certificate found broken once stays mended."""

import errno
import os
import resource
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.core import probe
from app.core.config import kept_secret
from app.core.logs import Steady
from app.core.writing import writing


def test_the_secret_key_is_on_the_disk_before_anybody_can_use_it(tmp_path, monkeypatch):
    seen, force = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda file: (seen.append((tmp_path / "secret.key").exists()), force(file))
    )
    key = kept_secret(tmp_path)
    assert seen == [False, True]  # the file itself, then the folder that names it
    assert kept_secret(tmp_path) == key
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_a_power_cut_left_empty_counts_as_none(tmp_path):
    (tmp_path / "secret.key").touch()
    key = kept_secret(tmp_path)
    assert len(key) > 40
    assert kept_secret(tmp_path) == key


def test_a_log_that_cannot_be_written_takes_no_page_with_it():
    class Full:
        def write(self, _text):
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    log = Steady(Full())
    log.write("a line")
    log.flush()


@pytest.mark.parametrize(("ahead", "stays"), [(timedelta(hours=3), True), (timedelta(days=2), False)])
def test_a_clock_set_right_signs_out_nobody_who_worked_within_a_day(make_user, client_as, ahead, stays):
    moment, person = datetime.now(UTC), make_user()
    with time_machine.travel(moment + ahead):
        browser = client_as(person)
    with time_machine.travel(moment):
        assert (browser.get("/akun").status_code == 200) is stays


def test_a_session_that_is_too_old_is_over_as_before(make_user, client_as):
    moment, person = datetime.now(UTC), make_user()
    with time_machine.travel(moment - timedelta(days=15)):
        browser = client_as(person)
    assert browser.get("/akun").status_code == 302


@pytest.fixture
def asked_anew(app, monkeypatch):
    """The probe, which remembers nothing."""
    monkeypatch.setattr(probe, "REMEMBERED", -1.0)
    return probe.can_write


def test_a_site_that_can_write_says_so(asked_anew):
    assert asked_anew()


def test_a_site_whose_writes_the_disk_refuses_says_so(asked_anew, databases):
    if databases.kind == "sqlite":  # PostgreSQL's server is another process: the long form strikes it
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            assert not asked_anew()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert asked_anew()


def test_somebody_who_is_writing_shows_that_writing_is_possible(asked_anew):
    with writing():
        assert asked_anew()
