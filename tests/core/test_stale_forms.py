"""A form whose token is no longer this session's: what was typed is not lost, and offered only to whoever had the page."""

import io
import re

import pytest

from app.core.access import Role
from tests.factories import PASSWORD

OURS = {"Sec-Fetch-Site": "same-origin"}
ADDRESS = "/layanan/minta"
TYPED = {"pertanyaan": "Bagaimana izin <b>warung</b>?", "nama": "Sari Rekaan"}


def token_of(browser, path=ADDRESS):
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)[1]


def forgotten(browser):
    """As if the browser had been closed with the page still open: the session is gone, the page is not."""
    browser.delete_cookie("simpul")


def post(browser, token, headers=OURS, **more):
    return browser.post(ADDRESS, data=TYPED | {"csrf_token": token} | more, headers=headers, csrf=False)


def offers(answer):
    assert answer.status_code == 400
    return "Kirim lagi" in answer.text


def test_a_visitors_form_is_offered_again_and_arrives(client):
    token = token_of(client)
    forgotten(client)
    told = post(client, token)
    assert offers(told)
    assert 'name="pertanyaan" value="Bagaimana izin &lt;b&gt;warung&lt;/b&gt;?"' in told.text
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', told.text)[1]
    arrived = post(client, fresh)
    assert arrived.status_code == 422, "read like any other: the consent is missing"
    assert "Sari Rekaan" in arrived.text


def test_files_cannot_be_kept_and_the_page_says_so(client):
    token = token_of(client)
    forgotten(client)
    assert "Berkas tidak ikut" not in post(client, token).text
    assert "Berkas tidak ikut" in post(client, token, berkas=(io.BytesIO(b"%PDF-"), "surat.pdf")).text


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_nothing_is_offered_of_what_another_site_sent(client, headers):
    token = token_of(client)
    forgotten(client)
    assert not offers(post(client, token, headers))


def test_nothing_is_offered_without_a_token_of_ours_or_with_a_secret(client):
    token = token_of(client)
    forgotten(client)
    assert not offers(post(client, ""))
    assert not offers(post(client, token[:-3] + "AAA"))
    assert not offers(post(client, token, sandi="rahasia"))
    assert not offers(post(client, token, kode="123456"))


def test_a_page_is_only_its_own_readers(client, make_user):
    """Signed out meanwhile, signed in as somebody else, signed in again: only the last is the one who had the page."""
    one, other = make_user(Role.OPERATOR), make_user(Role.OPERATOR)
    visitors = token_of(client)
    client.post("/masuk", data={"email": one.email, "password": PASSWORD})
    token = token_of(client)
    assert not offers(post(client, visitors))
    client.post("/keluar")
    assert not offers(post(client, token))
    client.post("/masuk", data={"email": other.email, "password": PASSWORD})
    assert not offers(post(client, token))
    client.post("/keluar")
    client.post("/masuk", data={"email": one.email, "password": PASSWORD})
    assert offers(post(client, token))
