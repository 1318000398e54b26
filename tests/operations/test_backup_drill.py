"""The drill: a backup is restored before it is needed."""

import pytest

from app.audit.services import record
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.operations import queries
from app.operations.backup import postgres, working
from app.operations.backup.creating import create
from app.operations.backup.drilling import drill
from app.operations.models import BackupDrill
from tests.operations.conftest import only_on


def change_byte(path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_drill_counts_what_comes_back_and_keeps_it(app, instance, make_user):
    for _ in range(3):
        make_user()
    with writing():
        record("user.created", kind="user", subject_id=1, name="Melati")
    create()
    make_user()
    said = working.try_newest()
    assert said.endswith("utuh")
    assert "3 akun" in said
    kept = queries.last_drill()
    assert (kept.passed, kept.fault, kept.tables["user"]) == (True, "", 3)
    assert kept.newest_at <= now()
    assert not (instance / "cadangan-kerja").exists()


@only_on("postgresql")
def test_no_scratch_database_is_left_and_one_that_was_goes_first(app, instance):
    create()
    name = postgres.beside(postgres.TRIAL)
    postgres.make_database(name)
    with postgres.connect(name) as connection:
        connection.execute("CREATE TABLE koperasi (id int)")
    assert drill().fault == ""
    with postgres.maintenance() as connection:
        assert not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchall()


@only_on("sqlite")
def test_a_damaged_backup_is_found_and_said(app, instance, make_user):
    make_user()
    made = create()
    change_byte(made.path, made.note.size // 2)
    with pytest.raises(RuleBroken, match="tidak dapat dipulihkan"):
        working.try_newest()
    assert "rusak" in queries.last_drill().fault


@only_on("sqlite")
def test_a_backup_whose_rows_are_not_those_that_were_noted_is_found(app, instance, monkeypatch, make_user):
    make_user()
    made = create()
    note = made.path.parent / (made.path.name + ".json")
    note.write_text(note.read_text().replace('"user": 1', '"user": 2'))
    assert "user" in drill().fault


@only_on("sqlite")
def test_without_a_backup_there_is_nothing_to_try(app, instance):
    with pytest.raises(RuleBroken, match="Belum ada cadangan"):
        drill()


@only_on("sqlite")
def test_without_the_passphrase_it_says_what_is_missing_and_accuses_no_backup(app, instance, monkeypatch):
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "kuda hijau")
    create()
    monkeypatch.setitem(app.config, "BACKUP_PASSPHRASE", "")
    with pytest.raises(RuleBroken, match="SIMPUL_BACKUP_PASSPHRASE"):
        working.try_newest()
    assert queries.last_drill() is None


@only_on("sqlite")
def test_the_page_tells_of_it_in_plain_words(app, instance, client_as, make_user):
    admin = client_as(make_user(Role.ADMIN))
    page = admin.get("/dinas/sistem").text
    assert "belum pernah dicoba" in page
    create()
    working.try_newest()
    page = admin.get("/dinas/sistem").text
    assert "baru saja: " in page
    assert "1 akun, utuh; isian terakhir" in page


@only_on("sqlite")
def test_the_command_ends_badly_when_the_backup_does_not_hold(app, instance, command):
    made = create()
    assert command("backup", "drill").exit_code == 0
    change_byte(made.path, made.note.size // 2)
    done = command("backup", "drill")
    assert done.exit_code == 1
    assert made.path.name in done.stderr
    assert [
        drilled.passed for drilled in db.session.scalars(db.select(BackupDrill).order_by(BackupDrill.id))
    ] == [
        True,
        False,
    ]
