"""What every answer carries, whatever kind it is: headers, cookies, and names that the site does not answer to."""

import pytest
from flask import Flask, request
from sqlalchemy.exc import OperationalError

from app.core import hosts
from app.core.access import Role, public
from app.core.config import flask_config
from app.core.extensions import db, limiter
from app.factory import create_app
from tests.factories import PASSWORD

OF_PAGES = {
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=()",
}
COOKIES = ("SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE")


@pytest.fixture
def real_site(settings, databases, tmp_path):
    """The site as people meet it: our own mistakes become a page, and pages are kept."""
    own = {"TESTING": False, "KEEP_PAGES": True, "INSTANCE": str(tmp_path)}
    with databases.fresh() as url:
        site = create_app(settings | own | {"DATABASE_URL": url})

        @site.get("/rusak")
        @public
        def broken() -> str:
            raise ValueError("rahasia di dalam: SELECT password_hash")

        @site.get("/macet")
        @public
        def stuck() -> str:
            raise OperationalError("SELECT rahasia di dalam", {}, Exception("locked"))

        @site.get("/sering")
        @public
        @limiter.limit("1/minute")
        def often() -> str:
            return "ya"

        with site.app_context():
            db.create_all()
        yield site
        limiter.reset()
        with site.app_context():
            db.engine.dispose()


KINDS = {
    "page": ("GET", "/masuk", 200),
    "another page": ("GET", "/", 200),
    "redirect": ("GET", "/akun", 302),
    "no such page": ("GET", "/tidak-ada", 404),
    "wrong method": ("POST", "/healthz", 405),
    "without a token": ("POST", "/masuk", 400),
    "a dead link": ("GET", "/sandi/tidak-ada", 410),
    "table": ("GET", "/koperasi?format=csv", 200),
    "data": ("GET", "/koperasi?format=json", 200),
    "health": ("GET", "/healthz", 200),
    "feed": ("GET", "/kabar/umpan.xml", 200),
    "for machines": ("GET", "/robots.txt", 200),
    "worker": ("GET", "/sw.js", 200),
    "no such file": ("GET", "/static/tidak-ada.css", 404),
    "our own mistake": ("GET", "/rusak", 500),
    "a busy database": ("GET", "/macet", 503),
}


def check(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for name, value in OF_PAGES.items():
        assert answer.headers[name] == value
    assert "Server" not in answer.headers
    assert "X-Powered-By" not in answer.headers


def test_every_kind_of_answer_carries_policy_and_headers(real_site: Flask):
    for kind, (method, path, status) in KINDS.items():
        answer = real_site.test_client().open(path, method=method)
        assert (kind, answer.status_code) == (kind, status)
        check(answer)
        assert "rahasia di dalam" not in answer.text
        assert "Strict-Transport-Security" not in answer.headers


def test_a_kept_page_and_one_that_has_not_changed_carry_them_too(real_site: Flask):
    made = real_site.test_client().get("/koperasi")
    kept = real_site.test_client().get("/koperasi")
    same = real_site.test_client().get("/koperasi", headers={"If-None-Match": made.headers["ETag"]})
    assert [made.status_code, kept.status_code, same.status_code] == [200, 200, 304]
    for answer in (made, kept):
        check(answer)
    assert "Set-Cookie" not in kept.headers


def test_a_limit_says_how_long_to_wait_in_words_and_for_programs(real_site: Flask):
    client = real_site.test_client()
    assert client.get("/sering").status_code == 200
    refused = client.get("/sering")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert "Tunggu satu menit, lalu coba lagi." in refused.text
    check(refused)


def test_files_obey_the_page_that_loads_them_and_load_nothing_themselves(real_site: Flask):
    address = real_site.jinja_env.globals["asset"]("simpul.css")
    answer = real_site.test_client().get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_refused_before_the_site_is_asked_carries_them_too(real_site: Flask):
    answer = real_site.test_client().post("/masuk", headers={"Transfer-Encoding": "chunked"})
    assert answer.status_code == 411
    check(answer)


def test_a_page_that_is_refused_for_its_token_can_be_named_to_the_office(client):
    answer = client.post("/masuk", csrf=False)
    assert answer.status_code == 400
    assert len(answer.headers["X-Request-Id"]) == 8


def test_behind_https_browsers_are_told_to_stay_there(client):
    answer = client.get("/masuk", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("base", "secure"), [("https://koperasi.contoh.go.id", True), ("http://192.168.1.5", False)]
)
def test_cookies_are_for_this_site_alone_and_behind_https_only_for_https(
    app, client, make_user, monkeypatch, tmp_path, base, secure
):
    config = flask_config(tmp_path, {"BASE_URL": base, "SECRET_KEY": "x"})
    for name in COOKIES:
        monkeypatch.setitem(app.config, name, config[name])
    user = make_user(Role.OPERATOR)
    answer = client.post("/masuk", data={"email": user.email, "password": PASSWORD, "remember": "1"})
    given = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in given} == {"simpul", "simpul_kenal"}
    for cookie in given:
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert {"httponly", "samesite=lax", "path=/"} <= parts
        assert ("secure" in parts) is secure
        assert not any(part.startswith("domain=") for part in parts)


@pytest.mark.parametrize(
    ("host", "base", "answers"),
    [
        ("koperasi.contoh.go.id", "https://koperasi.contoh.go.id", True),
        ("KOPERASI.contoh.go.id:443", "https://koperasi.contoh.go.id", True),
        ("127.0.0.1:8000", "https://koperasi.contoh.go.id", True),
        ("[::1]:8000", "https://koperasi.contoh.go.id", True),
        ("jahat.example", "https://koperasi.contoh.go.id", False),
        ("koperasi.contoh.go.id.jahat.example", "https://koperasi.contoh.go.id", False),
        ("jahat.example:80@koperasi.contoh.go.id:x", "https://koperasi.contoh.go.id", False),
        ("[", "https://koperasi.contoh.go.id", False),
        ("", "https://koperasi.contoh.go.id", False),
        ("apa-saja.lan", "http://127.0.0.1:8000", True),
    ],
)
def test_a_site_with_a_name_answers_to_no_other(host, base, answers):
    assert hosts.answers_to(host, base) is answers


def test_a_request_for_another_site_is_refused_and_nothing_of_it_is_kept(real_site: Flask, monkeypatch):
    monkeypatch.setitem(real_site.config, "BASE_URL", "https://koperasi.contoh.go.id")
    for _again in range(2):
        refused = real_site.test_client().get("/koperasi", base_url="http://jahat.example")
        assert refused.status_code == 421
        assert "jahat.example" not in refused.text
        check(refused)
    assert (
        real_site.test_client().get("/koperasi", base_url="https://koperasi.contoh.go.id").status_code == 200
    )


@pytest.mark.parametrize(
    ("proxy", "address", "secure"), [("", "127.0.0.1", False), ("1", "203.0.113.9", True)]
)
def test_what_a_proxy_says_counts_only_where_one_is_set_up_and_never_the_name(
    settings, tmp_path, proxy, address, secure
):
    site = create_app(settings | {"PROXY": proxy, "INSTANCE": str(tmp_path)})
    seen = []
    site.before_request(lambda: seen.append((request.remote_addr, request.is_secure, request.host)))
    forwarded = {
        "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "jahat.example",
        "X-Forwarded-Prefix": "/jahat",
    }
    answer = site.test_client().get("/healthz", headers=forwarded)
    assert seen == [(address, secure, "localhost")]
    assert ("Strict-Transport-Security" in answer.headers) is secure
