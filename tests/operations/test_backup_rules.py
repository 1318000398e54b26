"""Names of backups, what is noted beside them, and which may go."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.operations.backup.rules import NEWEST_KEPT, Named, Note, keep_of, name_of, outworn, read_name

MOMENT = datetime(2026, 3, 9, 2, 5, 7, tzinfo=UTC)
NOTE = Note(MOMENT, "sqlite", "3.40.1", "0.1.0", "0004", {"report": 3}, MOMENT, True, 12, "ab")


@pytest.mark.parametrize("label", ["", "sebelum-migrasi"])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_name_tells_when_why_and_whether_it_is_sealed(label, sealed):
    name = name_of(MOMENT, label=label, sealed=sealed)
    assert read_name(name) == Named(name, MOMENT, label, sealed)


@pytest.mark.parametrize(
    "name",
    [
        ".sementara-simpul-20260309T020507Z.tar.gz",
        "simpul-20260309T020507Z.tar.gz.json",
        "simpul-20261309T020507Z.tar.gz",
        "simpul.db",
        "../simpul-20260309T020507Z.tar.gz",
    ],
)
def test_no_other_file_passes_for_a_backup(name):
    assert read_name(name) is None


def test_a_note_is_read_as_it_was_written():
    assert Note.from_json(NOTE.to_json()) == NOTE


@pytest.mark.parametrize(
    "stored", [None, [], {}, NOTE.to_json() | {"format": 2}, NOTE.to_json() | {"made_at": "kemarin"}]
)
def test_what_is_no_note_is_refused(stored):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong
        Note.from_json(stored)


@pytest.mark.parametrize("text", ["", "7", "7,4", "0,0,0", "-1,4,12", "a,b,c"])
def test_a_rotation_that_says_nothing_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        keep_of(text)


def daily(days):
    return [read_name(name_of(MOMENT + timedelta(days=day))) for day in range(days)]


def test_of_a_year_of_days_stay_seven_days_four_weeks_and_twelve_months():
    made = daily(365)
    gone = outworn(made, (7, 4, 12))
    kept = [one.made_at for one in made if one.name not in gone]
    assert [at.date() for at in kept[-7:]] == [at.made_at.date() for at in made[-7:]]
    assert len({at.isocalendar()[:2] for at in kept[-10:]}) >= 4
    assert len({(at.year, at.month) for at in kept}) == 12
    assert len(kept) <= 7 + 4 + 12


def test_what_was_taken_before_a_change_does_not_go_with_the_days():
    before = [read_name(name_of(MOMENT - timedelta(days=day), label="sebelum-pulih")) for day in range(7)]
    gone = outworn(daily(30) + before, (7, 4, 12))
    assert [one.name in gone for one in before] == [False] * 5 + [True] * 2


def test_several_of_one_day_stay_while_they_are_the_newest():
    made = [read_name(name_of(MOMENT + timedelta(minutes=minute))) for minute in range(6)]
    assert outworn(made, (7, 4, 12)) == {one.name for one in made[:-NEWEST_KEPT]}


@given(st.lists(st.integers(0, 5000), unique=True), st.integers(0, 3), st.integers(0, 3), st.integers(1, 3))
def test_rotating_twice_changes_nothing_more_and_the_newest_always_stays(hours, days, weeks, months):
    made = [read_name(name_of(MOMENT + timedelta(hours=hour))) for hour in hours]
    gone = outworn(made, (days, weeks, months))
    left = [one for one in made if one.name not in gone]
    assert outworn(left, (days, weeks, months)) == set()
    assert not made or max(made, key=lambda one: one.made_at) in left
