from datetime import date

import pytest

from app.core.errors import RuleBroken
from app.review.comparison import delta
from app.review.rules import AreaProgress, YearProgress, check_return


def test_a_return_names_at_least_one_question():
    with pytest.raises(RuleBroken) as refusal:
        check_return([], "Angkanya salah")
    assert refusal.value.field == "perbaiki"


def test_a_return_says_why():
    with pytest.raises(RuleBroken) as refusal:
        check_return(["aset"], "   ")
    assert refusal.value.field == "alasan"


def test_a_return_with_a_mark_and_a_reason_is_allowed():
    check_return(["aset"], "Kurang satu nol")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (1_184_300_000, 1_250_000_000, "+5,5%"),
        (698_200_000, 71_375_000, "−89,8%"),
        (100, 200, "+100%"),
        (100, 100, ""),
        (0, 5, ""),
        (None, 5, ""),
        (5, {"raw": "1.25"}, ""),
        (1_000, 1_000_000, "×1.000"),
        (-100, -50, "+50%"),
    ],
)
def test_the_change_against_last_year_in_words(before, after, shown):
    assert delta(before, after) == shown


def test_a_year_adds_up_its_areas():
    areas = (
        AreaProgress("35.73.01", "Blimbing", expected=10, submitted=2, returned=1, approved=3),
        AreaProgress("", "", expected=4, submitted=0, returned=0, approved=1),
    )
    year = YearProgress(2025, date(2026, 4, 30), areas)
    assert (year.expected, year.filed, year.waiting, year.missing) == (14, 7, 3, 7)
    assert areas[0].missing == 4
