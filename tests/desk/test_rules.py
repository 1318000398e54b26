"""Numbers, due days in words, what the register may tell, and how long a requester is remembered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import Text
from app.desk.rules import (
    FEW,
    Kind,
    due_words,
    erased_before,
    may_reply,
    normalise_number,
    number_of,
    shown_counts,
    shown_sum,
)

COUNTS = st.lists(st.integers(0, 40), min_size=2, max_size=6)


@given(COUNTS)
def test_no_small_count_is_shown_and_none_can_be_worked_out_from_the_sum(counts):
    shown = shown_counts(counts)
    assert all(cell is None or cell == 0 or cell >= FEW for cell in shown)
    assert all(cell in (None, count) for cell, count in zip(shown, counts, strict=True))
    hidden = [count for cell, count in zip(shown, counts, strict=True) if cell is None]
    if hidden and shown_sum(counts) is not None:
        assert len(hidden) > 1  # one alone would be the sum less the others


@pytest.mark.parametrize(("counts", "total"), [([0, 0], 0), ([3, 1], None), ([4, 1], 5), ([90, 2], 92)])
def test_a_small_sum_is_withheld(counts, total):
    assert shown_sum(counts) == total


@pytest.mark.parametrize(
    ("left", "words"),
    [(-3, "lewat 3 hari kerja"), (0, "hari ini"), (1, "sisa 1 hari kerja"), (10, "sisa 10 hari kerja")],
)
def test_the_due_day_is_said_in_words(left, words):
    assert isinstance(due_words(left), Text)
    assert str(due_words(left)) == words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("PL-26-0042", "PL-26-0042"),
        (" pl 26 42 ", "PL-26-0042"),
        ("PI/26/123456", "PI-26-123456"),
        ("SMP-26-0042", None),
        ("PL-26", None),
        ("PL-26-٤٢", None),
        ("", None),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, read):
    assert normalise_number(typed) == read


@given(st.sampled_from(Kind), st.integers(2024, 2099), st.integers(1, 9_999_999))
def test_a_number_reads_as_itself(kind, year, place):
    number = number_of(kind, year, place)
    assert normalise_number(number.lower().replace("-", " ")) == number


@pytest.mark.parametrize(
    ("today", "before"), [(date(2028, 11, 9), date(2026, 11, 9)), (date(2028, 2, 29), date(2026, 2, 28))]
)
def test_who_asked_is_remembered_for_two_years(today, before):
    assert erased_before(today) == before


def test_a_requester_may_write_for_thirty_days_after_the_answer():
    assert may_reply(None, date(2026, 11, 9))
    assert may_reply(date(2026, 10, 10), date(2026, 11, 9))
    assert not may_reply(date(2026, 10, 9), date(2026, 11, 9))
