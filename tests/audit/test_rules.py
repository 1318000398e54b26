"""The digests of the trail, without a database."""

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import kinds, rules
from app.core.access import Role

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), ANYTHING, max_size=4))
def test_what_is_kept_comes_out_of_json_as_it_went_in(values):
    kept = rules.plain(values)
    assert json.loads(json.dumps(kept)) == kept
    assert rules.canonical(json.loads(json.dumps(kept))) == rules.canonical(kept)


@given(ANYTHING)
def test_nothing_is_kept_that_postgresql_refuses(value):
    written = json.dumps(rules.plain(value), ensure_ascii=False)
    written.encode()
    assert "\\u0000" not in written
    assert not re.search(r"(?<![\w\"])-?(NaN|Infinity)(?![\w\"])", re.sub(r'"(\\.|[^"])*"', '""', written))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(2026, 3, 9), "2026-03-09"),
        (datetime(2026, 3, 9, tzinfo=UTC), "2026-03-09 00:00:00+00:00"),
        (Role.ADMIN, "admin"),
        (frozenset({Role.OPERATOR, Role.ADMIN}), ["admin", "operator"]),
        ((1, 2), [1, 2]),
        (Decimal("1.50"), "1.50"),
        (2.0, 2),
        (0.5, "0.5"),
        (True, True),
        (None, None),
        ({1: "a"}, {"1": "a"}),
        ("a\x00b\ud800", "ab"),
    ],
)
def test_each_kind_of_value_has_one_form(value, kept):
    assert rules.plain(value) == kept


def test_the_order_of_keys_does_not_matter_but_every_value_does():
    one = rules.values_digest("salt", {"a": 1, "b": 2}, {})
    assert one == rules.values_digest("salt", {"b": 2, "a": 1}, {})
    assert one != rules.values_digest("salt", {"a": 1, "b": 3}, {})
    assert one != rules.values_digest("salt", {}, {"a": 1, "b": 2})
    assert one != rules.values_digest("other", {"a": 1, "b": 2}, {})


def test_only_what_differs_counts_as_changed():
    assert rules.changed_fields({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None, "d": 4}) == ["b", "d"]


@pytest.mark.parametrize(
    ("kind", "roles", "may"),
    [
        ("cooperative", {Role.OPERATOR}, True),
        ("report", {Role.OPERATOR}, True),
        ("cooperative", {Role.ADMIN}, False),
        ("report", {Role.ADMIN}, False),
        ("report", {Role.ADMIN, Role.OPERATOR}, True),
        ("user", {Role.OPERATOR}, False),
        ("user", {Role.ADMIN}, False),
        ("something new", {Role.OPERATOR, Role.ADMIN}, False),
    ],
)
def test_only_roles_that_may_see_the_record_see_its_values(kind, roles, may):
    assert kinds.may_see_values(kind, roles) is may
