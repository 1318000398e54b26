"""The operators of the checks, one by one, and what they make of the unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.questionnaire.expressions import (
    SPECIAL,
    Scope,
    conforms,
    evaluate,
    operators_in,
)
from app.questionnaire.operators import PLAIN, add_months, digit_dropped, digits_swapped

SCOPE = Scope(
    answers={
        "a": 5,
        "text": "Primer",
        "yes": True,
        "raw": {"raw": "x"},
        "half": 0.5,
        "huge": 10**16,
        "empty": "",
    },
    last={"a": 4},
    year=2025,
    today=date(2026, 3, 9),
    places={"35.73.01": "Kecamatan", "35.73.01.1001": "Kelurahan"},
)
AMOUNTS = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (7, 7),
        ("teks", "teks"),
        (["field", "a"], 5),
        (["field", "missing"], None),
        (["field", "raw"], None),
        (["field", "half"], None),
        (["field", "huge"], None),
        (["field", "empty"], None),
        (["last", "a"], 4),
        (["blank", "missing", "empty"], True),
        (["blank", "missing", "a"], False),
        (["blank", "raw"], False),
        (["unreadable", "rupiah", "raw"], True),
        (["unreadable", "rupiah", "a"], False),
        (["unreadable", "rupiah", "missing"], False),
        (["and", True, ["eq", None, 1]], None),
        (["and", ["eq", None, 1], False], False),
        (["and", True, True], True),
        (["or", ["eq", None, 1], True], True),
        (["or", ["eq", None, 1], False], None),
        (["or", False, False], False),
        (["not", False], True),
        (["not", 1], None),
        (["not", ["eq", None, 1]], None),
        (["count", True, False, ["eq", None, 1], True], 2),
        (["known", ["field", "a"], ["field", "missing"]], 1),
        (["when", True, 5], 5),
        (["when", ["eq", None, 1], 5], None),
        (["year"], 2025),
        (["year_end"], "2025-12-31"),
        (["today"], "2026-03-09"),
        (["in_places", "35.73.01.1001"], True),
        (["in_places", "35.73.01"], False),
        (["in_places", ["field", "missing"]], None),
        (["eq", True, 1], False),
        (["ne", True, 1], True),
        (["eq", "a", "a"], True),
        (["lt", 1, 2], True),
        (["le", 2, 2], True),
        (["gt", "2026-01-01", "2025-12-31"], True),
        (["ge", 1, 2], False),
        (["lt", 1, "2"], None),
        (["lt", True, 2], None),
        (["in", "a", "a", "b"], True),
        (["in", "c", "a", "b"], False),
        (["add", 1, 2, 3], 6),
        (["add", 1, ["field", "missing"]], None),
        (["add", 1, "2"], None),
        (["sub", 1, 2], -1),
        (["mul", 3, 2], 6),
        (["neg", 3], -3),
        (["abs", -3], 3),
        (["max", 1, 4], 4),
        (["ratio", 1, 4], 0.25),
        (["ratio", 1, 0], None),
        (["part", 120, 10], 12),
        (["part", 121, 10], None),
        (["near", 80, 100, 0.2], True),
        (["near", 79, 100, 0.2], False),
        (["near", 0, 0, 0.2], True),
        (["near", "a", 1, 0.2], None),
        (["scaled", 1000, 1, -3, 0.1], True),
        (["scaled", 1, 1000, 3, 0.1], True),
        (["scaled", 1, 1200, 3, 0.1], False),
        (["scaled", 1000, 800, 0, 0.5], True),
        (["scaled", 0, 5, 0, 0.5], False),
        (["scaled", 5, 0, 0, 0.5], False),
        (["scaled", 5, -5, 0, 0.5], False),
        (["scaled", "a", 5, 0, 0.5], None),
        (["length", "abc"], 3),
        (["length", 3], None),
        (["is_digits", "0123", 4], True),
        (["is_digits", "012a", 4], False),
        (["is_digits", "01234", 4], False),
        (["is_digits", 1234, 4], False),
        (["starts_with", ["field", "text"], "Prim"], True),
        (["starts_with", 5, "Prim"], None),
        (["add_months", ["year_end"], 6], "2026-06-30"),
        (["add_months", "2024-01-31", 1], "2024-02-29"),
        (["add_months", "besok", 1], None),
        (["add_months", "9999-12-31", 1], None),
        (["digits_swapped", 5, "a"], None),
        (["digit_dropped", "a", 5], None),
    ],
)
def test_an_expression_has_its_value(expression, value):
    found = evaluate(expression, SCOPE)
    assert found == value
    assert type(found) is type(value)


def test_without_a_year_before_nothing_is_known_of_it():
    assert evaluate(["last", "a"], Scope({}, None, 2025, date(2026, 1, 1), {})) is None


def test_an_unknown_operator_is_a_fault_of_the_data():
    with pytest.raises(ValueError, match="unknown operator 'guess'"):
        evaluate(["guess", 1], SCOPE)


def test_the_operators_of_an_expression_can_be_listed():
    assert operators_in(["and", ["lt", ["field", "a"], 9], True]) == {"and", "lt", "field"}
    assert not SPECIAL.keys() & PLAIN.keys()


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("rupiah", -5, 10**15 + 1),
        ("integer", 10**9, 10**9 + 1),
        ("integer", 0, True),
        ("rupiah", 0, 1.0),
        ("date", "2024-02-29", "2025-02-29"),
        ("date", "2025-01-01", "20250101"),
        ("phone", "+62341551234", "0341551234"),
        ("text", "apa saja", 5),
        ("choice", "Jasa", ["Jasa"]),
    ],
)
def test_an_answer_conforms_to_its_type(kind, good, bad):
    assert conforms(kind, good)
    assert not conforms(kind, bad)


@pytest.mark.parametrize(
    ("left", "right", "swapped"),
    [
        (1250, 2150, True),
        (1250, 1520, True),
        (1250, 1205, True),
        (-1250, -2150, True),
        (1250, 1250, False),
        (1250, -2150, False),
        (1250, 5210, False),
        (1250, 1350, False),
        (12, 21, False),
        (1250, 125, False),
    ],
)
def test_swapped_digits_are_two_neighbours_that_changed_places(left, right, swapped):
    assert digits_swapped(left, right) is swapped


@given(AMOUNTS, AMOUNTS)
def test_swapped_digits_do_not_care_which_figure_comes_first(left, right):
    assert digits_swapped(left, right) == digits_swapped(right, left)


@given(st.integers(100, 10**15), st.data())
def test_any_two_different_neighbours_that_change_places_are_found(figure, data):
    digits = str(figure)
    place = data.draw(st.integers(0, len(digits) - 2))
    turned = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    expected = turned != digits and turned[0] != "0"
    assert digits_swapped(figure, int(turned)) is expected


@pytest.mark.parametrize(
    ("whole", "short", "dropped"),
    [
        (292900, 29290, True),
        (1250, 250, True),
        (1250, 150, True),
        (-1250, -125, True),
        (1250, 52, False),
        (1250, -125, False),
        (1250, 126, False),
        (25, 5, False),
    ],
)
def test_a_dropped_digit_leaves_the_others_in_order(whole, short, dropped):
    assert digit_dropped(whole, short) is dropped


@given(st.integers(1000, 10**15), st.data())
def test_any_digit_that_is_left_out_is_found(figure, data):
    digits = str(figure)
    place = data.draw(st.integers(0, len(digits) - 1))
    left = digits[:place] + digits[place + 1 :]
    assert digit_dropped(figure, int(left)) is (left[0] != "0")


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-600, 600))
def test_months_later_is_never_a_later_day_of_the_month(day, months):
    later = date.fromisoformat(add_months(day.isoformat(), months) or "")
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
