"""What the tests of the office's pages share."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.content import seeds, services
from app.content.models import ContentPage
from app.content.rules import SECTIONS, Kind
from app.core.access import Role
from app.core.writing import writing
from tests.support.client import Client


@pytest.fixture
def editor(make_user: Callable[..., User]) -> User:
    """Somebody who keeps pages."""
    return make_user(Role.EDITOR, name="Dahlia Penyunting")


@pytest.fixture
def desk(editor: User, client_as: Callable[[User], Client]) -> Client:
    """The editor's browser."""
    return client_as(editor)


@pytest.fixture
def make_page(app: Flask) -> Callable[..., ContentPage]:
    """``make_page(kind, published=True, at=None, **values)``: a page, committed."""

    def make(
        kind: Kind = Kind.NEWS,
        *,
        published: bool = True,
        at: Any = None,
        by: User | None = None,
        **values: Any,
    ) -> ContentPage:
        filled = {"title": "Halaman Uji", "section": SECTIONS[kind][0].code} | values
        with writing():
            page = services.create_page(kind, filled, by=by)
            if published:
                services.publish(page, at=at)
        return page

    return make


@pytest.fixture
def seeded(app: Flask) -> None:
    """The pages that every office begins with."""
    with writing():
        seeds.ensure_pages()
