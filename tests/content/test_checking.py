"""Finding links that lead nowhere, and files that have expired."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.content import checking, services
from app.content.links import links_of
from app.content.models import ContentFinding, ContentPage, Trouble
from app.content.outside import Visitor, Wrong
from app.content.rules import Kind
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing

Make = Callable[..., ContentPage]
ALIVE, DEAD = "https://hidup.example/", "https://mati.example/hilang"
GONE = Wrong(Trouble.GONE, "404")


def ask(address: str) -> Wrong | None:
    return GONE if address == DEAD else None


def found() -> dict[str, str]:
    db.session.expire_all()
    return {row.target: row.trouble for row in db.session.query(ContentFinding)}


@pytest.fixture
def linked(make_page: Make) -> ContentPage:
    """A page with links of every kind, in text and in its lists."""
    body = f"[a](/layanan) [b](/layanan/hilang#x) [c]({ALIVE}) [d]({DEAD}) [e](mailto:a@b.example) [f](#sini)"
    details = {"legal": [{"text": "UU", "note": "/tidak-ada"}], "who": "[g](/koperasi?q=1)"}
    return make_page(Kind.SERVICE, title="Bertautan", body=body, details=details)


def test_links_are_read_from_texts_and_lists(linked: ContentPage) -> None:
    assert links_of(linked) == {"/layanan", "/layanan/hilang", ALIVE, DEAD, "/tidak-ada", "/koperasi?q=1"}


def test_broken_links_are_kept_for_the_list_and_forgotten_once_mended(
    linked: ContentPage, editor: User
) -> None:
    outcome = checking.check(ask=ask)
    assert found() == {"/layanan/hilang": "gone", "/tidak-ada": "gone", DEAD: "gone"}
    assert (outcome.pages, outcome.inside, outcome.outside, outcome.broken) == (1, 4, 2, 3)
    version = linked.version
    checking.check(ask=lambda _address: None)
    assert set(found()) == {"/layanan/hilang", "/tidak-ada"}
    assert linked.version == version
    with writing():
        services.change_page(linked, {"body": "Tanpa tautan"}, base_version=linked.version, by=editor)
    assert set(found()) == {"/tidak-ada"}


def test_offline_nobody_else_is_asked_and_what_was_known_of_them_stays(linked: ContentPage) -> None:
    checking.check(ask=ask)
    outcome = checking.check(offline=True, ask=pytest.fail)
    assert outcome.outside == 0
    assert DEAD in found()


def test_where_no_other_site_answers_none_is_accused(linked: ContentPage) -> None:
    outcome = checking.check(ask=lambda _address: Wrong(Trouble.UNKNOWN, "gaierror"))
    assert outcome.unreached
    assert "tidak terjangkau" in outcome.summary()
    assert set(found()) == {"/layanan/hilang", "/tidak-ada"}


def test_a_link_with_our_own_name_is_asked_here(app: Flask, make_page: Make) -> None:
    base = app.config["BASE_URL"]
    make_page(body=f"[a]({base}/tidak-ada) [b]({base}/layanan)")
    checking.check(ask=pytest.fail)
    assert set(found()) == {f"{base}/tidak-ada"}


def test_drafts_are_left_alone_and_the_month_is_counted(make_page: Make) -> None:
    make_page(published=False, body="[a](/tidak-ada)")
    assert checking.check(offline=True).pages == 0
    assert not checking.is_due()
    page = make_page(title="Terbit")
    assert not checking.is_due()
    with writing():
        page.created_at = now() - timedelta(days=31)
    assert checking.is_due()
    checking.check(offline=True)
    assert not checking.is_due()


def test_the_command_says_what_it_found_in_one_line(linked: ContentPage, command: Any) -> None:
    result = command("content", "check", "--offline")
    assert result.exit_code == 0
    assert "Bertautan: /tidak-ada (404)" in result.output
    assert result.output.splitlines()[-1].startswith(
        "1 halaman, 4 tautan dalam dan 0 tautan luar diperiksa: 2 putus"
    )


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/", "http://[::1]/", "http://10.0.0.1/", "ftp://contoh.example/", "http://"],
)
def test_our_own_network_is_never_asked(address: str) -> None:
    no = Visitor("https://kantor.example").ask(address)
    assert no is not None
    assert no.trouble is Trouble.SILENT
