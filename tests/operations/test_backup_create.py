"""Making a backup: whole and proved, or not there at all."""

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import is_sqlite, writing
from app.operations.backup import archive, creating, folder, working
from app.operations.backup.creating import create
from app.operations.backup.drilling import drill
from app.operations.backup.folder import backup_folder, backups, work_folder
from app.operations.models import JobRun, Outcome
from tests.operations.conftest import only_on


def users(number, make_user):
    for _ in range(number):
        make_user()


def left_in(place):
    return sorted(file.name for file in place.iterdir())


def test_a_backup_holds_what_the_site_holds_and_says_so_beside_it(app, instance, make_user):
    users(3, make_user)
    made = create()
    assert made.path.parent == instance / "cadangan"
    assert made.note.tables["user"] == 3
    assert made.note.size == made.path.stat().st_size
    assert made.note.digest == folder.digest_of(made.path)
    assert made.note.database == ("sqlite" if is_sqlite() else "postgresql")
    assert left_in(made.path.parent) == [made.path.name, made.path.name + ".json"]
    assert left_in(instance) == ["cadangan", "cadangan.lock", *(["write.lock"] if is_sqlite() else [])]
    assert [one.path for one in backups(made.path.parent)] == [made.path]


@only_on("sqlite")
def test_nobody_else_of_the_machine_may_read_it(app, instance):
    made = create()
    for path in (made.path, made.path.parent / (made.path.name + ".json")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700


@only_on("sqlite")
def test_with_a_passphrase_it_is_sealed_and_holds_the_key_of_the_site(app, instance, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "kuda hijau")
    made = create()
    assert made.named.sealed
    assert made.note.sealed
    assert archive.needs_passphrase(made.path)
    assert archive.unpack(made.path, tmp_path, "kuda hijau").key == app.config["SECRET_KEY"]
    assert drill().fault == ""


@only_on("sqlite")
def test_without_one_it_never_holds_the_key(app, instance, tmp_path):
    assert archive.unpack(create().path, tmp_path, "").key == ""
    with pytest.raises(RuleBroken, match="SIMPUL_BACKUP_PASSPHRASE"):
        create(sealed=True)


def test_writers_go_on_while_it_is_made_and_it_holds_one_moment(app, instance, make_user):
    make_user()
    stop, written, gate = threading.Event(), [], threading.Event()

    def write():
        with app.app_context():
            while not stop.is_set():
                with writing() as session:  # two rows that belong together
                    for half in ("a", "b"):
                        session.add(
                            JobRun(
                                job=f"uji {half}",
                                holder="x",
                                started_at=made_at,
                                ended_at=made_at,
                                outcome=Outcome.DONE,
                            )
                        )
                written.append(1)
                gate.set()
            db.session.remove()

    made_at = now()
    db.session.remove()
    writer = threading.Thread(target=write)
    writer.start()
    assert gate.wait(20)
    try:
        before = len(written)
        made = create()
        while len(written) == before:
            time.sleep(0.01)  # it went on, or the timeout of the test says so
    finally:
        stop.set()
        writer.join()
    assert made.note.tables["job_run"] % 2 == 0
    assert drill().fault == ""


class FullDisk:
    """A file on a disk that is full after some bytes."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, data):
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self._file.write(data)


@only_on("sqlite")
@pytest.mark.parametrize("room", [0, 5_000])
def test_a_full_disk_is_said_plainly_and_leaves_nothing_behind(app, instance, monkeypatch, room):
    measured = archive.Measured
    monkeypatch.setattr(archive, "Measured", lambda file: measured(FullDisk(file, room)))
    with pytest.raises(RuleBroken, match="penuh"):
        create()
    assert left_in(instance / "cadangan") == []
    assert "cadangan-kerja" not in left_in(instance)


@only_on("sqlite")
def test_a_disk_that_is_full_while_the_note_is_written_leaves_nothing_behind(app, instance, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(folder.json, "dump", full)
    with pytest.raises(RuleBroken, match="penuh"):
        create()
    assert left_in(instance / "cadangan") == []


@only_on("sqlite")
def test_a_stick_that_is_not_plugged_in_is_missed_and_not_filled_in_on_the_disk(
    app, instance, monkeypatch, tmp_path
):
    monkeypatch.setitem(app.config, "BACKUP_DIR", str(tmp_path / "stik" / "simpul"))
    with pytest.raises(RuleBroken, match="Pasang stik"):
        create()
    assert not (tmp_path / "stik").exists()


@only_on("sqlite")
@pytest.mark.parametrize(
    ("code", "said"), [(errno.EROFS, "tidak boleh ditulisi"), (errno.EIO, "masih terpasang")]
)
def test_a_stick_that_refuses_is_said_plainly(app, instance, monkeypatch, code, said):
    def refuse(*_arguments, **_options):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(creating, "pack", refuse)
    with pytest.raises(RuleBroken, match=said):
        create()


@only_on("sqlite")
def test_two_at_once_do_not_get_into_each_others_way(app, instance):
    with work_folder(), pytest.raises(RuleBroken, match="sedang berjalan"):
        create()
    create()


KILLED = """
import os, signal, sys
sys.path.insert(0, os.getcwd())
os.environ["FLASK_RUN_FROM_CLI"] = "true"
from app.factory import create_app
from app.operations.backup import archive, folder
from app.operations.backup.creating import create

def die(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

def while_packing():
    original = archive.Measured.write
    def write(self, data):
        original(self, data)
        if self.size > 2000:
            self._out.flush()
            die()
    archive.Measured.write = write

def at_the_note():
    folder.json.dump = die

def between_the_names():
    original = folder.Path.rename
    def rename(self, target):
        original(self, target)
        die()
    folder.Path.rename = rename

app = create_app()
for number, place in enumerate((while_packing, at_the_note, between_the_names)):
    child = os.fork()
    if not child:
        app.instance_path = os.path.join(app.instance_path, str(number))
        os.mkdir(app.instance_path)
        place()
        with app.app_context():
            create()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@only_on("sqlite")
def test_killed_in_the_middle_nothing_passes_for_a_backup_and_the_next_one_clears_up(
    app, instance, monkeypatch
):
    url = db.engine.url.render_as_string(hide_password=False)
    settings = {
        "SIMPUL_INSTANCE": str(instance),
        "SIMPUL_DATABASE_URL": url,
        "SIMPUL_PG_TOOLS": app.config["PG_TOOLS"],
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        env=os.environ | settings, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    assert done.stdout.split() == [str(-signal.SIGKILL)] * 3, done.stderr
    for number in range(3):
        killed = instance / str(number)
        monkeypatch.setattr(app, "instance_path", str(killed))
        assert left_in(killed / "cadangan")
        assert backups(killed / "cadangan") == []
        made = create()
        assert left_in(killed / "cadangan") == [made.path.name, made.path.name + ".json"]
        assert "cadangan-kerja" not in left_in(killed)


@only_on("sqlite")
def test_what_lost_its_note_or_was_cut_is_not_listed(app, instance):
    made = create()
    note = made.path.parent / (made.path.name + ".json")
    stored = note.read_text()
    note.unlink()
    assert backups(made.path.parent) == []
    note.write_text(json.dumps(json.loads(stored) | {"size": made.note.size + 1}))
    assert backups(made.path.parent) == []


@only_on("sqlite")
def test_old_ones_go_when_a_new_one_is_there_but_not_from_a_folder_that_was_named_once(
    app, instance, monkeypatch, tmp_path
):
    monkeypatch.setitem(app.config, "BACKUP_KEEP", "1,0,0")
    monkeypatch.setattr("app.operations.backup.rules.NEWEST_KEPT", 0)
    stick = tmp_path / "stik"
    stick.mkdir()
    first = create()
    other = create(to=stick)
    assert first.path.exists()
    second = create()
    assert [one.path for one in backups(backup_folder())] == [second.path]
    assert [one.path for one in backups(stick)] == [other.path]


@only_on("sqlite")
def test_a_damaged_database_is_no_backup_and_costs_no_earlier_one(app, instance, monkeypatch):
    first = create()

    def broken(_file):
        raise creating.sqlite.Unsound("row 3 missing from index")

    monkeypatch.setattr(creating.sqlite, "check", broken)
    with pytest.raises(RuleBroken, match="rusak"):
        create()
    assert [one.path for one in backups(backup_folder())] == [first.path]


@only_on("sqlite")
def test_the_command_says_where_it_is_and_leaves_a_record(app, instance, command, make_user):
    users(2, make_user)
    done = command("backup", "create")
    assert done.exit_code == 0
    assert "2 akun" in done.output
    run = db.session.scalars(select(JobRun)).one()
    assert (run.job, run.outcome) == (working.JOB, Outcome.DONE)
    listed = command("backup", "list")
    assert "1 cadangan" in listed.output


@only_on("sqlite")
def test_a_command_that_fails_says_why_and_leaves_a_record(app, instance, command, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "BACKUP_DIR", str(tmp_path / "stik"))
    done = command("backup", "create")
    assert done.exit_code == 1
    assert "Pasang stik" in done.stderr
    run = db.session.scalars(select(JobRun)).one()
    assert (run.outcome, "Pasang stik" in run.summary) == (Outcome.FAILED, True)


@only_on("sqlite")
def test_the_clock_makes_one_a_day_and_tries_a_missing_folder_again(app, instance, monkeypatch, tmp_path):
    assert not working.is_due()  # the site has just started
    monkeypatch.setattr(working, "SETTLED", -1.0)
    assert working.is_due()
    assert "simpul-" in working.back_up()
    assert not working.is_due()
    monkeypatch.setitem(app.config, "BACKUP_DIR", str(tmp_path / "stik"))
    assert working.is_due()
    assert not working.drill_is_due()


@only_on("sqlite")
def test_two_of_one_second_do_not_become_one(app, instance):
    first, second = create(), create()
    assert first.path != second.path
    assert len(backups(backup_folder())) == 2
