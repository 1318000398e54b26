import hashlib
from datetime import date

import pytest

from app.core.errors import RuleBroken
from app.core.text import Text
from app.questionnaire.rules import Severity
from app.review.comparison import delta
from app.review.flags import CLEAN, QUIET, Flag, calm_of, first_sentence
from app.review.rules import AreaProgress, YearProgress, check_return, draw


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


def flag(score, *, reason="", severity=Severity.WARNING, by_comparison=False):
    return Flag(Text("Aneh."), severity, ("aset",), score, reason, by_comparison)


def test_a_light_warning_is_settled_by_a_reason_and_nothing_else_is():
    assert flag(0.3, reason="Menunggu pengawas.").is_settled
    assert not flag(0.3).is_settled
    assert not flag(0.3, reason="-").is_settled
    assert not flag(0.4, reason="Menunggu pengawas.").is_settled
    assert not flag(0.3, reason="Menunggu pengawas.", by_comparison=True).is_settled
    assert not flag(0.3, reason="Menunggu pengawas.", severity=Severity.ERROR).is_settled


def test_more_findings_leave_less_calm_and_only_none_leaves_all():
    assert calm_of([], compared=True) == CLEAN
    assert calm_of([], compared=False) == QUIET
    assert calm_of([flag(0.2, reason="Sudah benar.")], compared=True) == CLEAN
    one, two = calm_of([flag(0.5)], compared=True), calm_of([flag(0.5), flag(0.2)], compared=True)
    assert 0 < two < one < QUIET
    assert calm_of([flag(0.001)], compared=True) < QUIET
    assert calm_of([flag(1.0, severity=Severity.ERROR)] * 9, compared=True) == 1


@pytest.mark.parametrize(
    ("count", "share", "sampled"), [(1, 10, 1), (80, 10, 8), (81, 10, 9), (5, 0, 1), (4, 100, 4)]
)
def test_the_sample_is_its_share_rounded_up_and_at_least_one(count, share, sampled):
    drawn = draw(range(1, count + 1), seed="4f2a", share=share)
    assert len(drawn) == sampled
    assert drawn == draw(reversed(range(1, count + 1)), seed="4f2a", share=share)


def test_another_seed_draws_others():
    assert len({draw(range(100), seed=str(seed), share=5) for seed in range(20)}) == 20


def test_the_draw_can_be_repeated_with_nothing_but_sha256sum():
    digests = {id_: hashlib.sha256(f"cafe:{id_}".encode()).hexdigest() for id_ in range(1, 31)}
    assert draw(digests, seed="cafe", share=10) == frozenset(
        sorted(digests, key=lambda id_: digests[id_])[:3]
    )


def test_the_first_sentence_of_a_finding_explains_the_rank():
    text = "Aset tahun lalu Rp1.250.000.000, sekarang Rp1.250. Apakah angka ini dalam juta rupiah?"
    assert first_sentence(text) == "Aset tahun lalu Rp1.250.000.000, sekarang Rp1.250"
    assert first_sentence("SHU 3 kali koperasi sejenis.") == "SHU 3 kali koperasi sejenis"
