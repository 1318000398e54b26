"""What one person was shown is never handed to another."""

import re
from pathlib import Path

import pytest
from flask import flash, render_template_string
from jinja2 import nodes

from app.core.templating import frozen
from app.navigation import Link

COMPONENTS = Path(__file__).parents[2] / "app/templates/components"
PERSONAL = {
    "request",
    "session",
    "g",
    "current_user",
    "csrf_token",
    "get_flashed_messages",
    "url_for",
    "office",
}


@pytest.mark.parametrize("name", sorted(path.name for path in COMPONENTS.glob("*.html")))
def test_a_component_that_asks_for_the_person_or_the_request_is_drawn_each_time(app, name):
    source = (COMPONENTS / name).read_text(encoding="utf-8")
    tree = app.jinja_env.parse(source)
    names = list(tree.find_all(nodes.Name))
    asked = {node.name for node in names if node.ctx == "load"} & PERSONAL
    assert not {node.name for node in names if node.ctx != "load"} & PERSONAL, (
        "a personal name must not be bound"
    )
    if asked:
        assert not app.jinja_env.is_same_for_all(f"components/{name}")


def test_a_message_for_one_request_is_not_shown_to_the_next(app):
    page = '{% from "components/flashes.html" import flashes %}{{ flashes() }}'
    drawn = []
    for told in ("untuk satu", "untuk yang lain"):
        with app.test_request_context("/"):
            flash(told, "done")
            drawn.append(render_template_string(page))
    assert "untuk satu" in drawn[0]
    assert "untuk yang lain" in drawn[1]
    assert "untuk satu" not in drawn[1]


def test_every_browser_gets_a_token_of_its_own(app):
    pages = [app.test_client().get("/masuk").text for _ in range(2)]
    tokens = {re.search(r'name="csrf_token" value="([^"]+)"', page)[1] for page in pages}
    assert len(tokens) == 2


def test_a_plain_component_is_remembered(app):
    assert app.jinja_env.is_same_for_all("components/badge.html")


def test_plain_data_is_drawn_again_when_a_field_of_it_differs(app):
    page = '{% from "components/public_nav.html" import public_nav %}{{ public_nav(links) }}'
    here, there = Link("Data", "/data", "x", "page"), Link("Data", "/data", "x", "")
    with app.test_request_context("/"):
        drawn = [render_template_string(page, links=(link,)) for link in (here, there, here)]
    assert ["aria-current" in one for one in drawn] == [True, False, True]


def test_an_object_that_nobody_called_plain_is_never_compared():
    with pytest.raises(TypeError):
        frozen(object())
