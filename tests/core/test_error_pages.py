import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core.access import public
from app.core.extensions import db
from app.factory import create_app


@pytest.fixture
def real_site(settings, databases, tmp_path):
    """The site as people meet it: our own mistakes become a page."""
    with databases.fresh() as url:
        site = create_app(settings | {"TESTING": False, "DATABASE_URL": url, "INSTANCE": str(tmp_path)})

        @site.get("/rusak")
        @public
        def broken() -> str:
            raise ValueError("a secret of the inside")

        @site.get("/macet")
        @public
        def stuck() -> str:
            raise OperationalError("SELECT secret", {}, Exception("locked"))

        with site.app_context():
            db.create_all()
        yield site
        with site.app_context():
            db.engine.dispose()


@pytest.mark.parametrize(("path", "status"), [("/tidak-ada", 404), ("/rusak", 500), ("/macet", 503)])
def test_no_error_is_a_dead_end_or_shows_the_inside(real_site: Flask, path, status):
    page = real_site.test_client().get(path)
    assert page.status_code == status
    assert "secret" not in page.text
    assert "Traceback" not in page.text
    assert 'href="/' in page.text
    if status >= 500:
        assert page.headers["X-Request-Id"] in page.text


def test_an_error_page_is_drawn_even_when_the_database_is_gone(real_site: Flask, monkeypatch):
    client = real_site.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1.1"

    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("app.accounts.queries.db.session.get", gone)
    monkeypatch.setattr("app.accounts.queries.db.session.scalars", gone)
    page = client.get("/tidak-ada")
    assert page.status_code in {404, 503}
    assert "<h1" in page.text


def test_every_answer_carries_the_security_headers(client):
    for path in ("/masuk", "/tidak-ada", "/static/tidak-ada.css"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_a_body_without_a_length_is_refused_not_cut(client):
    answer = client.post("/masuk", data=b"x", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
