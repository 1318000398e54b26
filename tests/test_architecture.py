"""The architecture, enforced. The rules stand in support/; test_architecture_turns_red.py proves each of them."""

from pathlib import Path

import pytest

from tests.support import architecture, endpoints, templates

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.xdist_group("architecture")  # every file is parsed once


@pytest.mark.parametrize("rule", architecture.RULES + templates.RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule):
    assert not (broken := rule(ROOT)), "\n".join(broken)


def test_every_route_says_who_may_enter(tested_app):
    assert not endpoints.without_access(tested_app)


@pytest.mark.parametrize(
    "homes",
    [
        architecture.HEAVY_HOMES,
        architecture.COMMIT_HOMES,
        architecture.RAW_WRITE_HOMES,
        architecture.MARKUP_HOMES,
    ],
    ids=["heavy", "commit", "raw", "markup"],
)
def test_every_listed_home_exists(homes):
    assert not [home for home in homes if not (ROOT / home).is_file()]


def test_every_feature_is_described_in_the_map():
    features = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [feature for feature in sorted(features) if f"{feature}" not in readme]
