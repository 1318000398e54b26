"""Each rule of the architecture, broken once on a tiny tree: a rule that cannot turn red guards nothing."""

import pytest
from flask import Flask

from app.core.access import public
from tests.support import architecture, endpoints, templates

SENTENCE = '"""A feature."""\n'
PYPROJECT = '[project]\ndependencies = ["flask==3.1.3", "sqlalchemy==2.1.9", "fpdf2==2.8.9"]\n'
BROKEN = [
    (
        architecture.imports_go_down,
        "app/accounts/rules.py",
        "from app.cooperatives import rules",
        "stands no lower",
    ),
    (
        architecture.imports_go_down,
        "app/review/rules.py",
        "from app.programs.rules import x",
        "stands no lower",
    ),
    (architecture.imports_go_down, "app/review/rules.py", "import app", "name the module"),
    (architecture.imports_go_down, "app/review/rules.py", "from . import models", "name the module"),
    (architecture.imports_go_down, "app/misc/rules.py", "", "stands on no floor"),
    (
        architecture.shelves_go_left,
        "app/accounts/models.py",
        "from app.accounts import services",
        "further right",
    ),
    (
        architecture.shelves_go_left,
        "app/accounts/queries.py",
        "from app.accounts.sideways import x",
        "further right",
    ),
    (
        architecture.shelves_go_left,
        "app/accounts/doors/forms.py",
        "from app.accounts import routes",
        "further right",
    ),
    (
        architecture.folders_stand_apart,
        "app/accounts/doors/forms.py",
        "from app.accounts.windows import panes",
        "stand apart",
    ),
    (architecture.no_circles, "app/accounts/services.py", "from app.accounts.sideways import x", "sideways"),
    (
        architecture.imports_stand_at_the_top,
        "app/core/sheet.py",
        "def f():\n    import json",
        "inside a function",
    ),
    (architecture.imports_stand_at_the_top, "app/core/sheet.py", "import fpdf", "at the top"),
    (architecture.imports_stand_at_the_top, "app/core/sheet.py", "def f():\n    import pandas", "no home"),
    (architecture.imports_stand_at_the_top, "app/accounts/rules.py", "import fpdf", "no home"),
    (
        architecture.packages_hold_only_a_sentence,
        "app/accounts/__init__.py",
        SENTENCE + "x = 1",
        "nothing else",
    ),
    (architecture.rules_are_plain, "app/accounts/rules.py", "from flask import g", "imports flask"),
    (architecture.rules_are_plain, "app/accounts/rules.py", "import sqlalchemy.orm", "imports sqlalchemy"),
    (architecture.rules_are_plain, "app/accounts/windows/rules.py", "from flask import g", "imports flask"),
    (architecture.only_the_unit_commits, "app/accounts/services.py", "db.session.commit()", "commits"),
    (architecture.no_raw_writes, "app/accounts/services.py", 'text("delete from user")', "raw SQL"),
    (architecture.no_raw_writes, "app/accounts/services.py", 'c.exec_driver_sql(f"UPDATE {t}")', "raw SQL"),
    (architecture.markup_has_homes, "app/accounts/routes.py", 'Markup(f"<b>{name}</b>")', "calls Markup"),
    (architecture.messages_are_marked, "app/accounts/routes.py", 'flash("Tersimpan.")', "bare string"),
    (architecture.libraries_are_declared, "app/accounts/rules.py", "import pytest", "does not declare"),
    (
        templates.borrow_only_shared,
        "app/templates/accounts/a.html",
        '{% include "review/x.html" %}',
        "may not borrow",
    ),
    (templates.borrow_only_shared, "app/templates/accounts/a.html", "{% include name %}", "computed name"),
    (
        templates.imported_macros_are_used,
        "app/templates/accounts/a.html",
        '{% from "components/field.html" import field %}',
        "does not use it",
    ),
    (
        templates.components_are_single,
        "app/templates/components/b.html",
        "{% macro c() %}{% endmacro %}",
        "defines c",
    ),
    (templates.escaping_stays_on, "app/templates/accounts/a.html", "{{ x|safe }}", "uses |safe"),
    (
        templates.escaping_stays_on,
        "app/templates/accounts/a.html",
        "{% autoescape false %}{% endautoescape %}",
        "changes escaping",
    ),
    (templates.nothing_inline, "app/templates/accounts/a.html", '<p style="color: red">', "style= on <p>"),
    (templates.nothing_inline, "app/templates/accounts/a.html", '<p onclick="{{ x }}">', "onclick= on <p>"),
    (templates.nothing_inline, "app/templates/accounts/a.html", "<script>x()</script>", "without src"),
    (templates.nothing_inline, "app/templates/accounts/a.html", "<style>p {}</style>", "<style>"),
    (templates.words_are_marked, "app/templates/accounts/a.html", "<p>Nama {{ x }}</p>", "'Nama'"),
    (templates.words_are_marked, "app/templates/accounts/a.html", '<img alt="Logo kota">', "'Logo kota'"),
]
SOUND = {
    "pyproject.toml": PYPROJECT,
    "app/__init__.py": SENTENCE,
    "app/core/__init__.py": SENTENCE,
    "app/core/sheet.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from fpdf import FPDF\n"
    "def f():\n    import fpdf\n",
    "app/core/writing.py": "session.commit()",
    "app/accounts/__init__.py": SENTENCE,
    "app/accounts/rules.py": "import json",
    "app/accounts/sideways.py": "from app.accounts.services import y",
    "app/accounts/services.py": 'from app.accounts import models, rules\ntext("SELECT 1")',
    "app/accounts/windows/__init__.py": SENTENCE,
    "app/accounts/windows/panes.py": "from app.accounts import rules",
    "app/accounts/models.py": "from sqlalchemy import text\nfrom app.core import sheet",
    "app/accounts/routes.py": 'from app.accounts import sideways\nflash(_("Tersimpan."))',
    "app/templates/components/field.html": "{% macro _part(x) %}{{ x }}{% endmacro %}{% macro field(x) %}{{ x }}{% endmacro %}",
    "app/templates/accounts/page.html": '{% extends "layout/base.html" %}{% from "components/field.html" import field %}'
    '{% block a_class %}main wrap{% endblock %}{% block x %}<{{ tag }}{% if x %} class="x y"{% endif %}>{{ x }}</{{ tag }}><h1 title="{{ _(\'Akun\') }}">{{ _("Akun") }}</h1>{{ field(1) }}'
    "{% trans n=2 %}Ada {{ n }} akun{% endtrans %} · PDF"
    '<script type="application/json">{"a": 1}</script><script src="/x.js"></script>{% endblock %}',
}


@pytest.fixture
def tree(tmp_path):
    """A little project that keeps every rule, and a way to put one more file in."""

    def put(path, content):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
        return tmp_path

    for path, content in SOUND.items():
        put(path, content)
    return put


@pytest.mark.parametrize("rule", architecture.RULES + templates.RULES, ids=lambda rule: rule.__name__)
def test_a_sound_tree_is_green(tree, rule):
    assert rule(tree("app/audit/__init__.py", SENTENCE)) == []


@pytest.mark.parametrize(
    ("rule", "path", "content", "complaint"),
    BROKEN,
    ids=[f"{rule.__name__}-{i}" for i, (rule, *_) in enumerate(BROKEN)],
)
def test_the_rule_turns_red(tree, rule, path, content, complaint):
    broken = rule(tree(path, content))
    assert any(
        complaint in sentence and path.removeprefix("app/templates/") in sentence for sentence in broken
    ) or (rule is architecture.no_circles and complaint in broken[0]), broken


def test_every_rule_has_been_seen_red():
    assert {rule for rule, *_ in BROKEN} == {*architecture.RULES, *templates.RULES}


def test_a_route_without_a_marker_turns_red():
    toy = Flask(__name__, static_folder=None)
    toy.add_url_rule("/a", "open_to_all", public(lambda: ""))
    toy.add_url_rule("/b", "forgotten", lambda: "")
    assert endpoints.without_access(toy) == ["forgotten (/b)"]
