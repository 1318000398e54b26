"""Restoring for real: guided, only while nobody is served, and what it replaces is kept."""

import re
import shutil
import socket
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import is_sqlite, writing
from app.operations import health, lease
from app.operations.backup import postgres, restoring, sqlite
from app.operations.backup.creating import create
from app.operations.backup.folder import backup_folder, backups
from app.operations.backup.restoring import restore
from app.operations.backup.rules import BEFORE_RESTORE, LABELLED_KEPT
from app.operations.models import Lease
from app.operations.scheduler import LIFETIME
from tests.conftest import site_of_its_own
from tests.operations.conftest import only_on


@pytest.fixture(scope="module")
def tested_app(databases, settings):
    """A site of its own: whoever restores must be alone with the database, and other tests may have left it open."""
    with site_of_its_own(databases, settings) as made:
        yield made


def users():
    found = db.session.scalar(select(func.count()).select_from(User))
    db.session.rollback()
    return found


@pytest.fixture
def backup(app, instance, make_user):
    """A backup with two people; a third came since."""
    make_user(), make_user()
    made = create()
    make_user()
    return made


def test_what_was_backed_up_is_back_and_what_it_replaced_is_kept(app, backup, make_user):
    done = restore(backup.path, "")
    assert users() == 2
    assert done.contents.tables == backup.note.tables
    assert done.saved.named.label == "sebelum-pulih"
    assert done.saved.note.tables["user"] == 3
    assert done.kept == ""
    make_user()  # the site goes on: numbers, search and triggers are there
    assert users() == 3
    restore(done.saved.path, "")
    assert users() == 3


def test_the_backup_that_is_restored_outlives_what_is_kept_before_it(app, backup):
    """What is kept before a restore goes into the same folder, and that many of its kind and no more stay there."""
    back = restore(backup.path, "").saved
    for _ in range(LABELLED_KEPT - 1):
        create(label=BEFORE_RESTORE)
    restore(back.path, "")
    assert users() == 3
    assert back.path.exists()


@only_on("sqlite")
def test_a_wrong_passphrase_costs_no_backup(app, instance, monkeypatch):
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "kuda hijau")
    made = create()
    with pytest.raises(RuleBroken, match="salah"):
        restoring.examine(made.path, "kuda merah")
    with pytest.raises(RuleBroken, match="salah"):
        restore(made.path, "kuda merah")
    assert [one.path for one in backups(backup_folder())] == [made.path]


@only_on("sqlite")
def test_a_sealed_one_needs_its_passphrase_and_brings_the_key_of_the_site(
    app, instance, monkeypatch, make_user
):
    make_user()
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "kuda hijau")
    monkeypatch.setitem(app.config, "SECRET_KEY_GIVEN", False)
    made = create()
    own = instance / "secret.key"
    own.write_text("the key of a new laptop")
    with pytest.raises(RuleBroken, match="salah"):
        restore(made.path, "kuda merah")
    assert users() == 1
    made_under, new = app.config["SECRET_KEY"], "the key of a new laptop"
    monkeypatch.setitem(app.config, "SECRET_KEY", new)
    done = restore(made.path, "kuda hijau")
    assert "ikut dipulihkan" in str(done.key)
    assert own.read_text() == made_under
    assert [file.read_text() for file in instance.glob("secret.key.diganti-*")] == [new]


@only_on("sqlite")
def test_a_key_that_the_settings_give_is_not_replaced_but_said(app, instance, monkeypatch):
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "kuda hijau")
    monkeypatch.setitem(app.config, "SECRET_KEY_GIVEN", True)
    made, before = create(), app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "another key")
    done = restore(made.path, "kuda hijau")
    assert "SIMPUL_SECRET_KEY" in str(done.key)
    assert (instance / "secret.key.dari-cadangan").read_text() == before


@only_on("sqlite")
def test_it_is_refused_while_somebody_listens_on_the_port(app, backup):
    with (
        socket.create_server(("127.0.0.1", int(app.config["PORT"]))),
        pytest.raises(RuleBroken, match="masih berjalan"),
    ):
        restore(backup.path, "")
    assert users() == 3


@only_on("sqlite")
def test_it_is_refused_while_another_machine_acts_by_the_clock(app, backup):
    with writing():
        lease.acquire("kantor:17:abc", LIFETIME)
    with pytest.raises(RuleBroken, match="kantor:17:abc"):
        restore(backup.path, "")
    with writing() as session:
        session.execute(update(Lease).values(until=now() - timedelta(seconds=1)))
    restore(backup.path, "")
    assert users() == 2


@only_on("sqlite")
def test_a_process_of_this_machine_that_is_gone_holds_nothing_up(app, backup):
    gone = f"{socket.gethostname()[:60]}:{2**22 + 1}:abc"
    with writing():
        lease.acquire(gone, LIFETIME)
    restore(backup.path, "")
    assert users() == 2


def test_it_is_refused_while_another_program_has_the_database_open(app, backup):
    if is_sqlite():
        with closing(sqlite3.connect(sqlite.database_file())) as other:
            other.execute("SELECT count(*) FROM user").fetchone()
            with pytest.raises(RuleBroken, match="masih dipakai"):
                restore(backup.path, "")
    else:
        with postgres.connect(), pytest.raises(RuleBroken, match="masih berjalan"):
            restore(backup.path, "")
    assert users() == 3


@only_on("sqlite")
def test_a_damaged_one_changes_nothing(app, backup):
    content = bytearray(backup.path.read_bytes())
    content[len(content) // 2] ^= 1
    backup.path.write_bytes(content)
    with pytest.raises(RuleBroken, match="rusak"):
        restore(backup.path, "")
    (backup.path.parent / (backup.path.name + ".json")).unlink()  # now only its own checks can tell
    with pytest.raises(RuleBroken, match="rusak"):
        restore(backup.path, "")
    backup.path.write_bytes(content[: len(content) // 2])
    with pytest.raises(RuleBroken, match="rusak"):
        restore(backup.path, "")
    assert users() == 3


@only_on("sqlite")
def test_what_is_no_backup_at_all_is_said(app, instance, tmp_path):
    other = tmp_path / "foto.tar.gz"
    other.write_bytes(b"bukan cadangan" * 100)
    with pytest.raises(RuleBroken, match="rusak"):
        restore(other, "")


@only_on("sqlite")
def test_one_from_a_newer_simpul_is_refused_with_what_to_do(app, backup, monkeypatch):
    newer = replace(backup.note, revision="9999")
    monkeypatch.setattr(restoring, "read_note", lambda _file: newer)
    with pytest.raises(RuleBroken, match="lebih baru"):
        restore(backup.path, "")


@only_on("sqlite")
def test_one_of_the_other_database_is_refused_with_what_to_do(app, backup, monkeypatch):
    other = replace(backup.note, database="postgresql" if is_sqlite() else "sqlite")
    monkeypatch.setattr(restoring, "read_note", lambda _file: other)
    with pytest.raises(RuleBroken, match="database move"):
        restore(backup.path, "")


@only_on("sqlite")
def test_an_older_one_says_that_the_tables_will_be_brought_up_to_date(app, backup, monkeypatch):
    monkeypatch.setattr(health, "expected_revisions", lambda: frozenset({"0002"}))
    assert restore(backup.path, "").behind


def test_a_database_too_damaged_to_back_up_is_kept_as_it_is(app, backup, monkeypatch):
    def damaged(**_options):
        raise RuleBroken(sqlite.BROKEN, problem="page 3")

    monkeypatch.setattr(restoring, "create", damaged)
    done = restore(backup.path, "")
    assert users() == 2
    assert done.saved is None
    if is_sqlite():
        with closing(sqlite3.connect(done.kept)) as kept:
            assert kept.execute("SELECT count(*) FROM user").fetchone() == (3,)
    else:
        assert postgres.look(done.kept).tables["user"] == 3
        postgres.drop_database(done.kept)


@only_on("sqlite")
def test_a_file_that_is_no_database_any_more_can_be_restored_over(app, backup):
    db.session.remove()
    db.engine.dispose()
    file = sqlite.database_file()
    with file.open("r+b") as opened:
        opened.write(b"\0" * 4096)
    done = restore(backup.path, "")
    assert users() == 2
    assert re.search(r"\.diganti-\d{8}T\d{6}Z$", done.kept)


@only_on("sqlite")
def test_the_copy_on_a_stick_without_its_note_is_enough(app, backup, tmp_path):
    copy = tmp_path / "dari stik.tar.gz"
    shutil.copyfile(backup.path, copy)
    restore(copy, "")
    assert users() == 2


def test_a_failure_at_the_swap_leaves_the_site_as_it_was(app, backup, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sqlite if is_sqlite() else postgres, "swap", fail)
    with pytest.raises((RuleBroken, OSError)):
        restore(backup.path, "")
    assert users() == 3


@only_on("sqlite")
def test_the_command_shows_both_sides_and_wants_a_word(app, backup, command):
    shown = command("backup", "restore", backup.path, input="ya\n")
    assert shown.exit_code == 1
    assert "2 akun" in shown.output
    assert "3 akun" in shown.output
    assert "Tidak ada yang berubah" in shown.output
    assert users() == 3
    done = command("backup", "restore", backup.path, input="PULIHKAN\n")
    assert done.exit_code == 0
    assert "Yang diganti tersimpan di" in done.output
    assert users() == 2


@only_on("sqlite")
def test_without_a_file_it_lets_people_choose_from_the_list(app, backup, command):
    assert len(backups(backup_folder())) == 1
    done = command("backup", "restore", input="1\nPULIHKAN\n")
    assert done.exit_code == 0, done.output
    assert users() == 2


@only_on("sqlite")
def test_the_restore_stands_on_the_trail_of_the_site(app, backup, command, monkeypatch):
    monkeypatch.setattr(health, "expected_revisions", lambda: frozenset({""}))
    assert command("backup", "restore", backup.path, "--yes").exit_code == 0
    assert "backup.restored" in db.session.scalars(select(TrailEntry.action)).all()
