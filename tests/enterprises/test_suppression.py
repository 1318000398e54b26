"""What the public cannot be told must not be found by taking what it is told from the totals."""

import itertools
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.enterprises.clusters.matching import LEAST_OVERLAP, lineage
from app.enterprises.clusters.portraits import public_portraits, public_table
from app.enterprises.clusters.queries import months_before
from app.enterprises.clusters.records import changed, traits
from app.enterprises.clusters.rules import Feature, Options, digital_grade, family_of
from app.enterprises.clusters.suppression import LEAST, hidden_in_list, hidden_in_table, total_is_small
from app.enterprises.rules import DIGITAL
from app.enterprises.sectors import ACTIVITY_NAMES
from tests.support.fuzzing import examples

TABLES = st.lists(st.lists(st.sampled_from([0, 1, 2, 4, 5, 9, 40]), min_size=3, max_size=3), min_size=2, max_size=4)  # fmt: skip


def is_determined(cell, hidden, rows, columns):
    """Whether the totals alone say what stands in a hidden cell: its unit vector is a sum of the rows' and columns' sums.

    Such sums have the same rank over every field, so each is a number whose bits are the cells.
    """
    bit = {one: 1 << place for place, one in enumerate(sorted(hidden))}
    sums = [sum(bit[one] for one in hidden if one[0] == row) for row in rows]
    sums += [sum(bit[one] for one in hidden if one[1] == column) for column in columns]
    return rank(sums) == rank([*sums, bit[cell]])


def rank(vectors):
    basis = []
    for vector in vectors:
        rest = vector
        for one in basis:
            rest = min(rest, rest ^ one)
        if rest:
            basis.append(rest)
    return len(basis)


@settings(max_examples=examples(60))
@given(TABLES)
def test_no_small_cell_of_a_table_can_be_worked_out_from_its_totals(counts):
    rows, columns = [f"r{n}" for n in range(len(counts))], [f"c{n}" for n in range(3)]
    table = {row: dict(zip(columns, held, strict=True)) for row, held in zip(rows, counts, strict=True)}
    hidden = hidden_in_table(table)
    small = {(row, column) for row in rows for column in columns if 0 < table[row][column] < LEAST}
    assert small <= hidden
    assert not [cell for cell in hidden if is_determined(cell, hidden, rows, columns)]


def test_a_bridge_between_two_hidden_blocks_is_seen():
    """Every row and column has two hidden cells, and still one of them would be told by the totals."""
    blocks = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "z"), ("c", "w"), ("d", "z"), ("d", "w"), ("b", "z")]  # fmt: skip
    table = {row: {column: 2 if (row, column) in blocks else 50 for column in "xyzw"} for row in "abcd"}
    assert is_determined(("b", "z"), set(blocks), "abcd", "xyzw")
    hidden = hidden_in_table(table)
    assert set(blocks) < hidden
    assert not is_determined(("b", "z"), hidden, "abcd", "xyzw")


@pytest.mark.parametrize(
    ("counts", "hidden", "hides_total"),
    [
        ({"a": 50, "b": 60, "c": 70}, set(), False),
        ({"a": 50, "b": 0, "c": 70}, set(), False),
        ({"a": 3, "b": 60, "c": 70}, {"a", "b"}, False),
        ({"a": 1, "b": 1, "c": 70, "d": 80}, {"a", "b", "c"}, False),
        ({"a": 4, "b": 4, "c": 4, "d": 80}, {"a", "b", "c"}, False),
        ({"a": 3, "b": 0}, {"a"}, True),
        ({"a": 2, "b": 1}, {"a", "b"}, True),
    ],
)
def test_a_list_hides_enough_that_its_total_tells_nothing(counts, hidden, hides_total):
    assert hidden_in_list(counts) == hidden
    assert total_is_small(counts, hidden) is hides_total


def test_the_table_by_kecamatan_accounts_for_those_elsewhere():
    table = public_table({"k1": 40, "k2": 2, "": 7, "elsewhere": 1}, {"k1": "Satu", "k2": "Dua"})
    assert table.counts == {"k1": 40, "k2": None}
    assert table.elsewhere is None
    assert table.total == 50


def test_a_group_of_which_few_may_be_counted_has_no_portrait():
    def portrait(**counts):
        return {"counted": sum(counts.values()), "public": {"kecamatan": counts}}

    groups = {"1": (40, portrait(k1=30, k2=10)), "2": (50, portrait(k1=20, k2=30)), "3": (60, portrait(k1=3))}
    told = {one.key: one for one in public_portraits(groups)}
    assert told["3"].traits == {}
    assert told["3"].counted is None
    assert told["3"].size == 60
    assert told["1"].counted is None  # else 3 could be worked out with what is counted in all
    assert told["1"].traits == {}
    assert dict(told["2"].traits["kecamatan"]) == {"k1": 40, "k2": 60}


def test_groups_go_on_by_the_members_that_they_share():
    shared = {(1, 0): 80, (1, 1): 20, (2, 1): 70, (2, 0): 10, (3, 2): 5}
    found = lineage(shared, {1: 100, 2: 80, 3: 90}, {0: 95, 1: 92, 2: 60})
    assert {new: old for new, (old, _overlap) in found.items()} == {0: 1, 1: 2}
    assert all(overlap >= LEAST_OVERLAP for _old, overlap in found.values())


def test_digests_tell_what_changed_and_nothing_else():
    before = (7, 1.0, 2.0, 1, 1, 5, 1, 0, 0, 3, 2, 2, *[0] * 11)
    after = (*before[:5], 6, *before[6:])
    used = [Feature.LOCATION, Feature.SECTOR]
    assert changed(traits(before, used, b"key"), traits(after, used, b"key")) == [Feature.SECTOR]
    assert changed(traits(before, used, b"key"), traits(after, [Feature.LOCATION], b"key")) == []
    other = traits((8, *before[1:]), used, b"key")
    assert not any(
        one == two for one, two in itertools.pairwise([other[:6], traits(before, used, b"key")[:6]])
    )


def test_every_activity_has_a_family_and_every_way_a_grade():
    assert all(family_of(code, None) for code in ACTIVITY_NAMES)
    assert [digital_grade([code]) for code in DIGITAL] == [1, 2, 2, 3, 3, 2, 2]
    assert digital_grade([]) is None
    assert digital_grade(["chat_sales", "digital_payment", "digital_bookkeeping"]) == 4


@pytest.mark.parametrize("stored", [{}, {"weights": {"sector": 7}, "count": 99, "seed": -1}, {"weights": []}])
def test_options_that_make_no_sense_ask_for_the_usual(stored):
    assert Options.from_json(stored) == Options()


def test_three_months_back_from_the_last_of_may():
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 3) == date(2025, 10, 15)
