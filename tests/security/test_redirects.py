"""No link of ours leads a person to another site."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.accounts.forms import local_path
from app.core.access import Role
from tests.factories import PASSWORD

HOME = "https://koperasi.contoh.go.id/masuk"
PIECES = st.sampled_from(
    ["/", "//", "\\", "jahat.example", "https:", "http://", "javascript:", "@", "%2f", "%5c", "\t", "\n", "\x00", " ",
     "?", "#", "..", ".", ":", "[", "]", "％", "／", "akun", ";", "data:", "\u202e", "\u2028", "1"]
)  # fmt: skip
EVIL = (
    "https://jahat.example/",
    "//jahat.example/",
    "/\\jahat.example/",
    "/\t/jahat.example/",
    "\\\\jahat.example",
    "javascript:alert(1)",
    "http:jahat.example",
    "/%0d%0aLocation:x",
)


@given(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40))
@example("//jahat.example")
@example("/\\jahat.example")
@example("/\t/jahat.example")
@example("https:/jahat.example")
def test_a_way_back_stays_on_this_site_however_it_is_written(raw):
    path = local_path(raw)
    if path:
        assert path.startswith("/")
        for read_as in (path, path.replace("\\", "/"), "".join(c for c in path if ord(c) > 32)):
            assert urlsplit(urljoin(HOME, read_as)).netloc == "koperasi.contoh.go.id"


@pytest.mark.parametrize("evil", EVIL)
def test_no_form_that_takes_a_way_back_follows_one_that_leads_away(app, client_as, make_user, evil):
    user = make_user(Role.OPERATOR)
    sign_in = app.test_client()
    answers = [
        sign_in.post("/masuk", data={"email": user.email, "password": PASSWORD, "next": evil}),
        sign_in.get("/masuk", query_string={"next": evil}),
        client_as(user).post("/akun/buktikan", data={"bukti": PASSWORD, "next": evil}),
        client_as(user).post("/akun/kabari", data={"next": evil}),
    ]
    for answer in answers:
        assert answer.status_code in {302, 303}
        assert urlsplit(urljoin(HOME, answer.location)).netloc == "koperasi.contoh.go.id"
        assert "jahat" not in answer.location


def test_every_address_with_a_way_back_is_named_here(app):
    """``next`` is read in these modules; a new one comes into the test above."""
    from pathlib import Path

    readers = {
        path.relative_to("app").as_posix()
        for path in Path("app").rglob("*.py")
        if any(f'.get("{name}"' in path.read_text() for name in ("next", "lanjut", "back", "url"))
        and "routes" in path.name
    }
    assert readers == {
        "accounts/entry_routes.py",
        "accounts/inbox_routes.py",
        "accounts/second_step_routes.py",
    }
