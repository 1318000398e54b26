"""The trail is append-only, and every touch is found."""

import threading

import pytest
from sqlalchemy import delete, func, select, text, update

from app.audit.models import TrailEntry, TrailHead
from app.audit.services import erase_values, record
from app.audit.verification import verify
from app.core.extensions import db
from app.core.writing import writing


@pytest.fixture
def noted(app):
    """Six changes: two people, each thrice."""
    for number in range(6):
        with writing():
            record(
                "user.changed",
                kind="user",
                subject_id=number % 2 + 1,
                name=f"Orang {number % 2 + 1}",
                before={"name": f"lama {number}"},
                after={"name": f"baru {number}", "born": None},
            )
    return list(range(1, 7))


def entries():
    return list(db.session.scalars(select(TrailEntry).order_by(TrailEntry.id)))


def tamper(statement, **values):
    """As somebody would who has the database but not our code."""
    with db.engine.begin() as connection:
        connection.execute(text(statement) if isinstance(statement, str) else statement, values)
    db.session.rollback()


def test_what_a_unit_noted_is_written_with_it_in_order(app):
    with writing():
        record("a.first", kind="x", subject_id=1, name="satu")
        record("a.second", kind="x", subject_id=1, name="satu", after={"n": 1})
    found = entries()
    assert [(entry.id, entry.action, entry.fields) for entry in found] == [
        (1, "a.first", []),
        (2, "a.second", ["n"]),
    ]
    assert verify().fault == ""
    assert verify().length == 2


def test_what_a_broken_unit_noted_is_gone(app):
    def fail():
        with writing():
            record("a.first", kind="x", subject_id=1, name="satu")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with writing():
        pass
    assert entries() == []


def test_an_empty_trail_is_whole(app):
    assert verify().length == 0
    assert verify().fault == ""


def test_an_untouched_trail_is_whole(noted):
    verdict = verify()
    assert (verdict.length, verdict.fault) == (6, "")
    assert verdict.digest == entries()[-1].digest


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "Orang Lain"),
        ("action", "user.created"),
        ("subject_kind", "report"),
        ("subject_name", "Orang 9"),
        ("subject_id", 9),
        ("actor_id", 9),
        ("fields", '["email"]'),
        ("values_digest", "0" * 64),
        ("digest", "0" * 64),
        ("before", '{"name": "palsu"}'),
        ("after", '{"name": "palsu", "born": null}'),
        ("salt", "0" * 32),
    ],
)
def test_an_altered_entry_is_named(noted, column, value):
    shown = f"CAST(:value AS {'JSONB' if column in ('fields', 'before', 'after') and is_postgresql() else 'TEXT'})"
    shown = ":value" if column.endswith("_id") else shown
    tamper(f"UPDATE trail_entry SET {column} = {shown} WHERE id = 3", value=value)
    verdict = verify()
    assert (verdict.entry_id, verdict.length) == (3, 2)
    assert "entri 3" in verdict.fault


def is_postgresql():
    return db.engine.dialect.name == "postgresql"


def test_a_moment_moved_by_a_second_is_found(noted):
    moment = entries()[2].at
    tamper(update(TrailEntry).where(TrailEntry.id == 3).values(at=moment.replace(year=2020, day=1)))
    assert verify().entry_id == 3


@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_removed_entry_is_named_at_the_beginning_inside_and_at_the_end(noted, number):
    tamper(delete(TrailEntry).where(TrailEntry.id == number))
    verdict = verify()
    assert verdict.entry_id == number
    assert f"entri {number} hilang" in verdict.fault


def test_a_removed_entry_is_found_also_when_the_others_close_the_gap(noted):
    tamper(delete(TrailEntry).where(TrailEntry.id == 3))
    for number in (4, 5, 6):
        tamper(f"UPDATE trail_entry SET id = {number - 1} WHERE id = {number}")
    assert verify().entry_id == 3


def test_two_entries_that_changed_places_are_found(noted):
    for there, here in ((3, 99), (4, 3), (99, 4)):
        tamper(f"UPDATE trail_entry SET id = {here} WHERE id = {there}")
    verdict = verify()
    assert verdict.entry_id == 3
    assert "urutannya ditukar" in verdict.fault


def test_an_entry_that_was_slipped_in_is_found(noted):
    columns = ", ".join(
        column.name for column in TrailEntry.__table__.columns if column.name not in ("id", "digest")
    )
    tamper(
        f"INSERT INTO trail_entry (id, digest, {columns}) SELECT 7, '{'f' * 64}', {columns} FROM trail_entry WHERE id = 6"
    )
    assert verify().entry_id == 7


def test_a_trail_that_was_emptied_is_found(noted):
    tamper(delete(TrailEntry))
    assert verify().entry_id == 1


def test_a_missing_head_is_found(noted):
    tamper(delete(TrailHead))
    assert "ujung jejak tidak cocok" in verify().fault


@pytest.mark.parametrize("change", ["length = 5", "digest = 'x'"])
def test_a_head_that_was_altered_is_found(noted, change):
    tamper(f"UPDATE trail_head SET {change}")
    assert "ujung jejak tidak cocok" in verify().fault


def test_a_chain_built_anew_is_found_by_a_digest_noted_before(noted):
    on_paper = verify().digest
    tamper(delete(TrailEntry))
    tamper(delete(TrailHead))
    with writing():
        record("user.changed", kind="user", subject_id=1, name="Orang 1")
    assert verify().fault == ""
    assert "disusun ulang" in verify(on_paper).fault


def test_a_digest_noted_before_is_still_there_after_more_entries(noted):
    on_paper = verify().digest
    with writing():
        record("user.changed", kind="user", subject_id=1, name="Orang 1")
    assert verify(on_paper).fault == ""


def test_erasing_a_person_s_values_leaves_the_chain_whole(noted):
    with writing():
        assert erase_values("user", 1) == 3
    found = entries()
    erased = [entry for entry in found if entry.subject_id == 1 and entry.action == "user.changed"]
    assert all(entry.before is None and entry.after is None and entry.salt is None for entry in erased)
    assert all(entry.fields == ["name"] for entry in erased)
    assert all(entry.before for entry in found if entry.subject_id == 2)
    assert found[-1].action == "trail.erased"
    assert verify().fault == ""
    assert "lama 0" not in str([vars(entry) for entry in found])


def test_erasing_twice_finds_nothing_the_second_time(noted):
    with writing():
        erase_values("user", 1)
    length = len(entries())
    with writing():
        assert erase_values("user", 1) == 1  # the note of the first erasure holds a count of its own
    with writing():
        erase_values("user", 3)
    assert len(entries()) == length + 1
    assert verify().fault == ""


def test_values_put_back_after_erasure_are_found(noted):
    with writing():
        erase_values("user", 1)
    kind = "JSONB" if is_postgresql() else "TEXT"
    tamper(f"UPDATE trail_entry SET after = CAST(:value AS {kind}) WHERE id = 1", value='{"name": "palsu"}')
    assert verify().entry_id == 1


def test_our_own_code_cannot_change_or_remove_an_entry(noted):
    def change():
        with writing():
            entries()[0].actor_name = "Orang Lain"

    def remove():
        with writing() as session:
            session.delete(entries()[0])

    for attempt in (change, remove):
        with pytest.raises(RuntimeError, match="append-only"):
            attempt()
    assert verify().fault == ""


def test_writers_at_once_make_one_unbroken_chain(app):
    def work(worker):
        with app.app_context():
            for number in range(10):
                with writing():
                    record(
                        "x.done", kind="x", subject_id=worker, name=f"pekerja {worker}", after={"n": number}
                    )
                    record(
                        "x.done", kind="x", subject_id=worker, name=f"pekerja {worker}", after={"n": -number}
                    )
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify()
    assert (verdict.length, verdict.fault) == (120, "")


def test_a_long_trail_is_walked_in_batches(app, monkeypatch):
    monkeypatch.setattr("app.audit.verification.BATCH", 7)
    with writing():
        for number in range(30):
            record("x.done", kind="x", subject_id=number, name="x", after={"n": number})
    assert verify().length == 30


@pytest.mark.parametrize(
    "values", [{"a": 0.1}, {"a": 1e22}, {"a": float("nan")}, {"a": "é\x00"}, {"a": [{"b": (1,)}]}]
)
def test_awkward_values_are_kept_so_that_their_digest_holds(app, values):
    with writing():
        record("x.done", kind="x", subject_id=None, name="na\x00ma", after=values)
    assert verify().fault == ""


def test_the_head_counts_every_entry(noted):
    head = db.session.scalars(select(TrailHead)).one()
    assert head.length == db.session.scalar(select(func.count()).select_from(TrailEntry)) == 6


def test_the_command_says_that_all_is_well(noted, command):
    result = command("audit", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith("Jejak utuh: 6 entri. Sidik terakhir: ")
    on_paper = result.stdout.split()[-1]
    assert command("audit", "verify", "--expect", on_paper.upper()).exit_code == 0
    assert command("audit", "verify", "--expect", "f" * 64).exit_code == 1


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE trail_entry SET actor_name = 'x' WHERE id = 3"], "entri 3 diubah"),
        (["DELETE FROM trail_entry WHERE id = 3"], "entri 3 hilang"),
        (
            [
                f"UPDATE trail_entry SET id = {here} WHERE id = {there}"
                for there, here in ((3, 99), (4, 3), (99, 4))
            ],
            "urutannya ditukar",
        ),
        (["UPDATE trail_entry SET salt = NULL WHERE id = 3"], "nilai entri 3 diubah setelah dihapus"),
    ],
    ids=["altered", "removed", "reordered", "half erased"],
)
def test_the_command_finds_whatever_was_done_to_an_entry(noted, command, statements, said):
    for statement in statements:
        tamper(statement)
    result = command("audit", "verify")
    assert result.exit_code == 1
    assert said in result.output


def test_the_command_says_that_all_is_well_after_a_person_s_values_were_erased(noted, command):
    with writing():
        erase_values("user", 1)
    assert command("audit", "verify").stdout.startswith("Jejak utuh: 7 entri.")


def test_the_command_names_the_first_broken_entry_and_fails(noted, command):
    tamper("UPDATE trail_entry SET actor_name = 'x' WHERE id IN (3, 5)")
    result = command("audit", "verify")
    assert result.exit_code == 1
    assert "entri 3 diubah" in result.output
    assert "2 entri sebelumnya utuh" in result.output
