"""Who may enter which page: every role, and nobody, at every address of the feature."""

import pytest
from flask import Blueprint, Response

from app.cooperatives.access import own_cooperative
from app.cooperatives.models import MembershipState
from app.core.access import Role
from app.core.database import now

OFFICE = [
    ("GET", "/dinas/koperasi"),
    ("GET", "/dinas/koperasi?format=csv"),
    ("GET", "/dinas/koperasi/baru"),
    ("POST", "/dinas/koperasi/baru"),
    ("GET", "/dinas/koperasi/{slug}"),
    ("GET", "/dinas/koperasi/{slug}/ubah"),
    ("POST", "/dinas/koperasi/{slug}/ubah"),
    ("GET", "/dinas/koperasi/{slug}/bubar"),
    ("POST", "/dinas/koperasi/{slug}/bubar"),
    ("POST", "/dinas/koperasi/{slug}/bubar/batal"),
    ("POST", "/dinas/koperasi/{slug}/kode"),
    ("POST", "/dinas/koperasi/{slug}/kode/surat.pdf"),
    ("POST", "/dinas/koperasi/{slug}/kode/1/cabut"),
    ("GET", "/dinas/koperasi/{slug}/pengelola/1/akhiri"),
    ("POST", "/dinas/koperasi/{slug}/pengelola/1/akhiri"),
    ("GET", "/dinas/klaim"),
    ("GET", "/dinas/klaim/1"),
    ("POST", "/dinas/klaim/1"),
    ("POST", "/dinas/klaim/1/gabung"),
]
EVERYBODY = [
    "/koperasi",
    "/koperasi/{slug}",
    "/daftar",
    "/daftar/koperasi/{slug}",
    "/daftar/kode",
    "/daftar/usul",
]
OTHERS = [role for role in Role if role is not Role.OPERATOR]


@pytest.mark.parametrize("role", [*OTHERS, None])
def test_only_operators_enter_the_register(client, client_as, make_user, melati, role):
    browser = client_as(make_user(role)) if role else client
    for method, address in OFFICE:
        answer = browser.open(address.format(slug=melati.slug), method=method)
        assert answer.status_code == (403 if role else 302), address
        assert role or answer.location.startswith("/masuk"), address


@pytest.mark.parametrize(("method", "address"), OFFICE)
def test_operators_enter_and_find_nothing_where_nothing_is(desk, melati, method, address):
    answer = desk.open(address.format(slug=melati.slug), method=method)
    assert answer.status_code in (200, 302, 400, 404, 422)
    if "{slug}" in address:
        assert desk.open(address.format(slug="tidak-ada"), method=method).status_code == 404


@pytest.mark.parametrize("role", [*Role, None])
def test_everybody_enters_the_public_pages(client, client_as, make_user, melati, role):
    browser = client_as(make_user(role)) if role else client
    found = {address: browser.get(address.format(slug=melati.slug)).status_code for address in EVERYBODY}
    assert found == dict.fromkeys(EVERYBODY, 200)


def test_ones_own_page_asks_for_a_sign_in(client, client_as, make_user):
    assert client.get("/daftar/saya").location == "/masuk?next=/daftar/saya"
    assert client.post("/daftar/saya/1/tarik").status_code == 302
    for role in Role:
        assert client_as(make_user(role)).get("/daftar/saya").status_code == 200
        assert client_as(make_user(role)).post("/daftar/saya/1/tarik").status_code == 404


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "x"])
def test_a_number_that_no_row_has_is_404(desk, melati, number):
    assert desk.get(f"/dinas/klaim/{number}").status_code == 404
    assert desk.get(f"/dinas/koperasi/{melati.slug}/pengelola/{number}/akhiri").status_code == 404


def test_no_form_is_taken_without_its_token(desk, melati):
    forms = [address.format(slug=melati.slug) for method, address in OFFICE if method == "POST"]
    assert {desk.post(address, csrf=False).status_code for address in forms} == {400}


@pytest.fixture(scope="module")
def report_page(tested_app):
    """A page of a higher feature that belongs to one cooperative."""

    @own_cooperative
    def page(cooperative, membership):
        return Response(f"{cooperative.nama_koperasi}|{membership.position}", content_type="text/plain")

    tested_app._got_first_request = False
    feature = Blueprint("uji_milik", __name__)
    feature.add_url_rule("/uji/milik/<slug>", "page", page)
    tested_app.register_blueprint(feature)
    return page


def test_only_those_who_act_for_a_cooperative_enter_its_own_pages(
    report_page, app, client, client_as, make_user, make_membership, make_cooperative
):
    mine, other = make_cooperative(nama_koperasi="Koperasi Melati"), make_cooperative()
    person = make_user(Role.COOPERATIVE)
    make_membership(person, mine, position="Ketua")
    assert report_page.access == "own_cooperative"
    browser = client_as(person)
    assert browser.get(f"/uji/milik/{mine.slug}").text == "Koperasi Melati|Ketua"
    assert browser.get(f"/uji/milik/{other.slug}").status_code == 404
    assert browser.get("/uji/milik/tidak-ada").status_code == 404
    assert client_as(make_user(Role.OPERATOR)).get(f"/uji/milik/{mine.slug}").status_code == 404
    assert client.get(f"/uji/milik/{mine.slug}").location == f"/masuk?next=/uji/milik/{mine.slug}"


@pytest.mark.parametrize("state", [MembershipState.PENDING, MembershipState.REFUSED, MembershipState.ENDED])
def test_a_claim_that_does_not_stand_opens_nothing(
    report_page, client_as, make_user, make_membership, make_cooperative, state
):
    mine, person = make_cooperative(), make_user(Role.COOPERATIVE)
    more = (
        {"reason": "x"}
        if state is MembershipState.REFUSED
        else {"ended_at": now()}
        if state is MembershipState.ENDED
        else {}
    )
    make_membership(person, mine, state=state, **more)
    assert client_as(person).get(f"/uji/milik/{mine.slug}").status_code == 404
