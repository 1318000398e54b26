"""A public page is made once for everybody, and anew as soon as what it shows has changed."""

import pytest

from app.cooperatives import public_routes, services
from app.core import kept_pages
from app.core.access import Role
from app.core.writing import writing


@pytest.fixture
def kept(app):
    """Keeping switched on, with nothing kept yet."""
    app.config["KEEP_PAGES"] = True
    yield app
    app.config.pop("KEEP_PAGES")


@pytest.fixture
def melati(kept):
    with writing():
        return services.add_cooperative({"nama_koperasi": "Koperasi Melati"})


@pytest.fixture
def made(kept, monkeypatch):
    """How often a page was really made."""
    calls = []
    real = public_routes.render_template
    monkeypatch.setattr(public_routes, "render_template", lambda *a, **k: calls.append(a) or real(*a, **k))
    return calls


def test_the_second_reader_gets_the_first_ones_page(client, melati, made):
    first, second = client.get("/koperasi"), client.get("/koperasi")
    assert first.data == second.data
    assert len(made) == 1
    assert second.headers["Cache-Control"] == "public, no-cache"
    assert "Cookie" in second.headers["Vary"]
    assert second.mimetype == "text/html"


def test_a_browser_that_has_the_page_is_told_so(client, melati, made):
    tag = client.get("/koperasi").headers["ETag"]
    again = client.get("/koperasi", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/koperasi?q=x", headers={"If-None-Match": tag}).status_code == 200


def test_a_change_of_the_register_makes_the_page_anew(client, melati, made):
    tag = client.get("/koperasi").headers["ETag"]
    with writing():
        services.change_cooperative(melati, {"nama_koperasi": "Koperasi Kenanga"})
    page = client.get("/koperasi", headers={"If-None-Match": tag})
    assert page.status_code == 200
    assert "Koperasi Kenanga" in page.text


def test_each_address_and_each_language_has_its_own_page(client, melati, made):
    indonesian = client.get("/koperasi").text
    assert client.get("/koperasi?urut=-nama").text != indonesian
    english = client.get("/koperasi?lang=en")
    assert "public" not in english.headers["Cache-Control"]  # this answer sets a cookie
    assert 'lang="en"' in client.get("/koperasi").text
    assert client.application.test_client().get("/koperasi").text == indonesian


def test_a_person_who_is_signed_in_never_gets_a_common_page(client, client_as, make_user, melati, made):
    client.get("/koperasi")
    page = client_as(make_user(Role.COOPERATIVE, name="Ratna Uji")).get("/koperasi")
    assert "Ratna Uji" in page.text
    assert "public" not in page.headers["Cache-Control"]
    assert "Ratna Uji" not in client.get("/koperasi").text


def test_files_and_missing_pages_are_told_apart(client, melati, made):
    client.get("/koperasi?format=csv")
    again = client.get("/koperasi?format=csv")
    assert again.mimetype == "text/csv"
    assert "attachment" in again.headers["Content-Disposition"]
    assert client.get("/koperasi/tidak-ada").status_code == 404
    assert client.get("/koperasi/tidak-ada").headers["Cache-Control"] == "private, no-cache"


def test_only_so_many_pages_are_kept(client, melati, made, monkeypatch):
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 2)
    for number in (1, 2, 3, 1):
        client.get(f"/koperasi?x={number}")
    assert len(made) == 4
    client.get("/koperasi?x=1")
    assert len(made) == 4
