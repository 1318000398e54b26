"""What the public site shows, for tests of the pages that join it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.content.models import ContentPage
from app.content.rules import NEVER_DUE, Kind, State
from app.core.database import now
from app.core.search import searchable
from app.core.writing import writing
from app.programs.models import Program
from app.programs.rules import State as ProgramState
from app.programs.rules import closes_at


@pytest.fixture
def make_page(app) -> Callable[..., ContentPage]:
    """``make_page(title, **overrides)``: a published service page."""

    def make(title: str, **overrides: Any) -> ContentPage:
        values = {
            "title": title,
            "slug": "-".join(title.lower().split()),
            "kind": Kind.SERVICE,
            "section": "legal",
            "summary": "Surat yang disiapkan, sampai badan hukum disahkan.",
            "state": State.PUBLISHED,
            "publish_at": now() - timedelta(days=1),
            "due_on": NEVER_DUE,
        } | overrides
        values["search_text"] = searchable(values["title"], values["summary"])
        with writing() as session:
            page = ContentPage(**values)
            session.add(page)
        return page

    return make


@pytest.fixture
def make_program(app) -> Callable[..., Program]:
    """``make_program(title, **overrides)``: a public programme that can be joined for three days."""

    def make(title: str, **overrides: Any) -> Program:
        values = {
            "title": title,
            "slug": "-".join(title.lower().split()),
            "summary": "Belajar memotret dengan ponsel.",
            "state": ProgramState.PUBLISHED,
            "publish_at": now() - timedelta(days=1),
            "deadline": now() + timedelta(days=3),
        } | overrides
        values["closes_at"] = closes_at(values["deadline"], None, None)
        values["search_text"] = searchable(values["title"], values["summary"])
        with writing() as session:
            program = Program(**values)
            session.add(program)
        return program

    return make


@pytest.fixture
def kept(app):
    """Pages are kept, as they are where the site really runs; nothing is kept yet."""
    app.config["KEEP_PAGES"] = True
    yield app
    app.config.pop("KEEP_PAGES")
