"""Programmes for tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Role
from app.core.database import now
from app.core.search import searchable
from app.core.writing import writing
from app.programs.models import Program
from app.programs.rules import State, closes_at
from app.programs.services import free_slug


@pytest.fixture
def make_program(app) -> Callable[..., Program]:
    """``make_program(**overrides)``: a public programme that can be joined for thirty days."""

    def make(**overrides: Any) -> Program:
        values = {
            "title": "Pelatihan foto produk",
            "summary": "Belajar memotret dengan ponsel.",
            "body": "## Acara\n\nBawa **ponsel** Anda.",
            "kind": "training",
            "audience": ["enterprise"],
            "contact_phone": "+6281200000000",
            "state": State.PUBLISHED,
            "publish_at": now() - timedelta(days=1),
            "deadline": now() + timedelta(days=30),
        } | overrides
        values.setdefault("slug", free_slug(values["title"]))
        times = (values.get("deadline"), values.get("starts_at"), values.get("ends_at"))
        values["closes_at"] = closes_at(*times)
        values["search_text"] = searchable(values["title"], values["summary"])
        with writing() as session:
            program = Program(**values)
            session.add(program)
        return program

    return make


@pytest.fixture
def editor(make_user):
    """Somebody who writes programmes."""
    return make_user(Role.EDITOR)


@pytest.fixture
def desk(client_as, editor):
    """The editor's browser."""
    return client_as(editor)
