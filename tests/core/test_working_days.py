"""Working days: the law of adding and counting, and the holidays that Indonesia has."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.config import days_named
from app.core.working_days import add_working_days, holidays_of, is_working_day, working_days_between

DAYS = st.dates(date(2024, 1, 1), date(2031, 12, 31))
CLOSED = st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12)


@given(DAYS, st.integers(1, 40), CLOSED)
def test_adding_days_and_counting_them_gives_the_same_number(day, count, closed):
    due = add_working_days(day, count, closed=closed)
    assert working_days_between(day, due, closed=closed) == count
    assert working_days_between(due, day, closed=closed) == -count
    assert due > day


@given(DAYS, st.integers(0, 40), CLOSED)
def test_a_due_day_is_never_a_holiday_a_weekend_or_a_day_on_which_the_office_is_closed(day, count, closed):
    due = add_working_days(day, count, closed=closed)
    assert due.weekday() < 5
    assert due not in holidays_of(due.year)
    assert due not in closed


@given(DAYS, st.integers(0, 20), st.integers(1, 20))
def test_days_added_in_two_steps_are_the_days_added_at_once(day, first, then):
    if not first and not is_working_day(day, closed=()):
        return  # nothing was added, and yet the day moved on
    halfway = add_working_days(day, first, closed=())
    assert add_working_days(halfway, then, closed=()) == add_working_days(day, first + then, closed=())


@given(DAYS, DAYS)
def test_a_later_end_never_has_fewer_working_days(one, other):
    start, end = sorted((one, other))
    end = min(end, start + timedelta(days=400))
    counted = working_days_between(start, end, closed=())
    assert 0 <= counted <= (end - start).days
    assert working_days_between(start, end + timedelta(days=1), closed=()) - counted in (0, 1)


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 8, 13), 2, date(2026, 8, 18)),  # past a weekend and Independence Day, a Monday
        (date(2025, 3, 27), 1, date(2025, 4, 8)),  # Nyepi, Idul Fitri and the joint leave around them
        (date(2025, 8, 15), 1, date(2025, 8, 19)),  # joint leave after Independence Day
        (date(2026, 12, 23), 10, date(2027, 1, 12)),  # Christmas, New Year, Isra Mikraj
        (date(2026, 8, 15), 0, date(2026, 8, 18)),  # a Saturday: what comes in is there when the office opens
        (date(2026, 8, 18), 0, date(2026, 8, 18)),
    ],
)
def test_national_holidays_and_joint_leave_are_no_working_days(day, count, due):
    assert add_working_days(day, count, closed=()) == due


def test_the_office_names_days_on_which_it_alone_is_closed(app):
    monday = date(2026, 9, 7)
    assert is_working_day(monday)
    app.config["CLOSED_DAYS"] = "2026-09-07, 2026-09-08"
    assert not is_working_day(monday)
    assert add_working_days(date(2026, 9, 4), 1) == date(2026, 9, 9)


@pytest.mark.parametrize("text", ["besok", "2026-13-01", "07-09-2026"])
def test_a_day_that_is_none_is_refused_when_the_site_starts(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reader of dates says
        days_named(text)


@pytest.mark.parametrize("count", [-1, 10_001])
def test_a_count_that_nobody_means_is_refused(count):
    with pytest.raises(ValueError, match="working days"):
        add_working_days(date(2026, 1, 5), count, closed=())
