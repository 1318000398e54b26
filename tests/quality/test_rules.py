"""What is odd beside others: laws that hold whatever the figures are."""

import random
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quality.features import CHANGES, LEVELS, LIMIT, Case, about
from app.quality.past import copied_from
from app.quality.rules import (
    LEAST,
    SIZES,
    deviations,
    groups_of,
    oddities,
    score_of,
    statistics,
    usual,
)
from tests.quality.city import figures, year_after

MONEY = ("modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")
amounts = st.lists(st.floats(-30, 30), min_size=1, max_size=60)


def city(count=40, seed=1):
    """``count`` sound cooperatives of one jenis and size, with their last year."""
    chance = random.Random(seed)
    cases = []
    for _ in range(count):
        then = figures(chance)
        cases.append(Case(year_after(chance, then), ((2024, then),)))
    return cases


PEERS = city()
USUAL = statistics(PEERS)
SOUND = PEERS[0]


def changed(**answers):
    return Case({**SOUND.answers, **answers}, SOUND.earlier)


def said(case, **more):
    return [(one.feature.code, one.feature.questions[0]) for one in oddities(case, USUAL, **more)]


@given(amounts, st.floats(-10, 10))
def test_the_usual_moves_with_the_figures_and_its_spread_does_not(values, shift):
    here, there = usual(values, 0.1), usual([value + shift for value in values], 0.1)
    assert there.middle == pytest.approx(here.middle + shift, abs=1e-9)
    assert there.spread == pytest.approx(here.spread, abs=1e-9)


@given(amounts, st.floats(1e6, 1e9))
def test_one_report_however_wrong_moves_the_usual_no_further_than_its_neighbours(values, wrong):
    with_it = usual([*values, wrong], 0.1)
    assert min(values) <= with_it.middle <= max(values) or len(values) == 1


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_what_lies_further_out_never_counts_less(a, b):
    nearer, further = sorted((a, b), key=abs)
    assert 0 <= score_of(nearer) <= score_of(further) < 1
    assert score_of(LIMIT) == pytest.approx(1 / 3, abs=1e-3)


@given(st.sampled_from([10**power for power in range(7)]), st.integers(0, 39))
def test_a_city_that_counts_in_another_unit_has_the_same_oddities(unit, place):
    def scaled(answers):
        return {key: value * unit if key in MONEY else value for key, value in answers.items()}

    there = [
        Case(scaled(case.answers), tuple((year, scaled(then)) for year, then in case.earlier))
        for case in PEERS
    ]
    mine = {one.feature.code: one.z for one in deviations(PEERS[place], USUAL)}
    theirs = {one.feature.code: one.z for one in deviations(there[place], statistics(there))}
    assert theirs == pytest.approx(mine, abs=1e-6)


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_a_figure_further_from_its_like_lies_further_out(a, b):
    less, more = sorted((a, b))

    def z(factor):
        case = changed(volume_usaha=round(SOUND.answers["volume_usaha"] * factor))
        return next(one.z for one in deviations(case, USUAL) if one.feature.code == "volume_usaha_berubah")

    assert z(less) <= z(more)


@given(st.integers(0, LEAST - 1))
def test_a_group_that_is_too_small_says_nothing(count):
    cases = city(count) if count else []
    assert all(not groups for groups in statistics(cases).values())
    assert oddities(changed(volume_usaha=10**15), statistics(cases)) == []


def test_a_small_group_leaves_the_word_to_all_of_its_jenis_and_then_to_all():
    other = {"jenis_koperasi": "Pemasaran"}
    few = [Case({**case.answers, **other}, case.earlier) for case in city(LEAST - 1, seed=2)]
    lonely = Case({**SOUND.answers, **other, "volume_usaha": 10**14}, SOUND.earlier)
    by_all = oddities(lonely, statistics([*PEERS, *few]))
    assert [one.group for one in by_all if one.feature in LEVELS] in ([], [("primer",)])
    size = groups_of({**SOUND.answers, **other, "jumlah_anggota": SIZES[-1] + 1})
    assert size == [("primer", "Pemasaran", "3"), ("primer", "Pemasaran"), ("primer",)]


def test_secondary_cooperatives_are_no_peers_of_primary_ones():
    assert groups_of({"bentuk_koperasi": "Sekunder Nasional", "jenis_koperasi": "Jasa"}) == [
        ("sekunder", "Jasa"),
        ("sekunder",),
    ]
    assert groups_of({}) == [("primer",)]


def test_the_sound_ones_of_a_calm_city_are_left_in_peace():
    flagged = [case for case in PEERS if oddities(case, USUAL)]
    assert len(flagged) <= len(PEERS) // 20


@pytest.mark.parametrize("power", [-6, -3, 3, 6])
@pytest.mark.parametrize("code", MONEY)
def test_a_slip_of_the_unit_in_one_figure_is_asked_about_there_and_nowhere_else(code, power):
    wrong = max(1, round(SOUND.answers[code] * 10.0**power))
    found = oddities(changed(**{code: wrong}), USUAL)
    assert len(found) == 1
    assert code in found[0].feature.questions


def test_nothing_is_said_about_a_question_that_a_row_check_names():
    case = changed(volume_usaha=SOUND.answers["volume_usaha"] * 1000)
    assert said(case)
    assert said(case, named={"volume_usaha"}) == []
    assert said(case, named={"nama_ketua"}) == said(case)


def test_two_causes_are_two_findings():
    case = changed(
        volume_usaha=SOUND.answers["volume_usaha"] * 1000, anggota_pria=SOUND.answers["anggota_pria"] * 10
    )
    assert {question for _, question in said(case)} == {"volume_usaha", "jumlah_anggota"}


def test_assets_that_grew_with_the_loan_are_one_cause():
    loan = SOUND.answers["aset"] * 4
    case = changed(modal_luar=SOUND.answers["modal_luar"] + loan, aset=SOUND.answers["aset"] + loan)
    assert "aset_berubah" not in [code for code, _ in said(case)]
    assert ("modal_luar_berubah", "modal_luar") in said(case)


def test_men_and_women_exchanged_are_seen_by_their_share():
    then = figures(random.Random(3), anggota_pria=30, anggota_wanita=70, jumlah_anggota=100)
    case = Case({**then, "anggota_pria": 70, "anggota_wanita": 30}, ((2024, then),))
    found = oddities(case, USUAL)
    assert [one.feature.questions for one in found] == [("jumlah_anggota",)]


@pytest.mark.parametrize("value", [None, 0, -5, True, "12", {"raw": "1,2 M"}, 1.5])
def test_answers_that_are_no_figures_are_passed_over(value):
    empty = Case(dict.fromkeys(SOUND.answers, value), ((2024, dict.fromkeys(SOUND.answers, value)),))
    assert oddities(empty, USUAL) == []
    assert statistics([empty] * LEAST)["aset_berubah"] == {}


def test_a_year_without_the_figure_is_passed_over_for_the_one_before():
    case = Case({"aset": 300}, ((2024, {"aset": None}), (2023, {"aset": 100})))
    feature = next(one for one in CHANGES if one.code == "aset_berubah")
    assert feature.value(case) == pytest.approx(log(3))


def test_figures_copied_from_an_older_year_are_recognised():
    then = {code: 1000 + place for place, code in enumerate(MONEY)}
    case = Case(then, ((2024, dict.fromkeys(MONEY, 1)), (2023, then)))
    assert copied_from(case, 2024) == 2023
    assert copied_from(Case(then, ((2024, then),)), 2024) is None, "last year is for the row checks"
    assert copied_from(Case({**then, "shu": 5}, case.earlier), 2024) is None
    assert copied_from(Case({}, case.earlier), 2024) is None


@given(st.integers(0, 10**15))
def test_a_median_is_said_in_three_digits(value):
    assert abs(about(float(value)) - value) <= max(1, value * 0.0051)
    assert len(str(about(float(value))).rstrip("0")) <= 3


def test_levels_are_logarithms_so_that_too_much_and_too_little_weigh_the_same():
    level = LEVELS[1]
    over, under = ({"volume_usaha": 100, "aset": 10}, {"volume_usaha": 10, "aset": 100})
    assert level.value(Case(over)) == pytest.approx(-level.value(Case(under)))
    assert level.expected(Case(over), log(2)) == 20
    assert exp(level.value(Case(over))) == pytest.approx(10)
