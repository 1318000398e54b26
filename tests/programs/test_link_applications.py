"""The owner of a UKM who has only its secret link applies: one form makes the account and sends the application."""

import re

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.links import make_link
from app.enterprises.models import Enterprise, EnterpriseOwner
from app.enterprises.rules import State
from app.programs.application_models import ProgramApplication

SENT = {
    "name": "Sekar Rekaan",
    "phone": "0812-3456-7890",
    "email": "",
    "password": "melati terbang ke pasar",
    "setuju": "1",
}


@pytest.fixture
def program(make_program):
    return make_program(title="Foto produk", audience=["enterprise"], takes_applications=True, quota=5)


@pytest.fixture
def link(app):
    """``link(**overrides)``: a listed UKM without an account; the address of its secret link."""

    def make(**overrides):
        values = {
            "slug": "keripik", "region": "35.73", "name": "Keripik Tempe Melati", "state": State.LISTED,
            "confirmed_at": now(), "owner_name": "Sekar Rekaan", "owner_phone": "+6281234567890",
        }  # fmt: skip
        with writing() as session:
            enterprise = Enterprise(**values | overrides)
            session.add(enterprise)
            session.flush()
            token = make_link(enterprise)
        return f"/ukm/daftar/{token}"

    return make


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_from_the_link_to_an_application_and_an_account_in_one_form(client, link, program):
    home = link()
    page = client.get(home).text
    form = f"{home}/program/{program.slug}"
    assert f'href="{form}"' in page
    shown = client.get(form)
    assert shown.headers["Cache-Control"] == "no-store"
    for words in ("Keripik Tempe Melati", 'value="Sekar Rekaan"', "0812", 'type="password"'):
        assert words in shown.text
    answer = client.post(form, data=SENT)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    assert "Kursi Anda nomor 1." in page
    assert "akun Anda jadi" in page
    assert client.get(home).status_code == 410
    assert "Keripik Tempe Melati" in client.get("/ukm/saya", follow_redirects=True).text


def test_the_way_from_a_programme_without_an_account_is_to_paste_the_link(client, link, program):
    home = link()
    door = f"/program/{program.slug}/daftar/tautan"
    assert f'href="{door}"' in client.get(f"/program/{program.slug}").text
    assert 'name="tautan"' in client.get(door).text
    for pasted in (f"https://simpul.example{home}", f"  {home}/isi?x=1", home.rpartition("/")[2]):
        assert client.post(door, data={"tautan": pasted}).location == f"{home}/program/{program.slug}"
    wrong = client.post(door, data={"tautan": "https://simpul.example/ukm/keripik"})
    assert wrong.status_code == 422
    assert "bukan tautan rahasia" in wrong.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"setuju": ""}, "setuju"),
        ({"phone": ""}, "phone"),
        ({"name": ""}, "name"),
        ({"password": "pendek"}, "password"),
        ({"email": "bukan surel"}, "email"),
    ],
)
def test_what_is_missing_is_named_and_neither_account_nor_application_is_made(
    client, link, program, changed, field
):
    form = f"{link()}/program/{program.slug}"
    answer = client.post(form, data=SENT | changed)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"|href="#{field}"', answer.text)
    assert SENT["password"] not in answer.text
    assert (count(User), count(ProgramApplication), count(EnterpriseOwner)) == (0, 0, 0)
    assert client.get(form).status_code == 200


def test_whoever_has_an_account_takes_the_ukm_into_it_and_applies_without_a_password(
    client_as, make_user, link, program
):
    home, person = link(), make_user(Role.COOPERATIVE, phone="+6281999000111")
    browser, form = client_as(person), f"{home}/program/{program.slug}"
    assert 'type="password"' not in browser.get(form).text
    answer = browser.post(form, data={key: SENT[key] for key in ("name", "phone", "setuju")})
    assert answer.status_code == 303, answer.text
    assert "Kursi Anda nomor 1." in browser.get(answer.location).text
    assert count(User) == 1
    with writing():
        token = make_link(db.session.scalars(select(Enterprise)).one())
    again = browser.get(f"/ukm/daftar/{token}/program/{program.slug}")
    assert again.location.endswith("/program/foto-produk/daftar?untuk=enterprise:keripik")


def test_a_known_number_is_sent_to_sign_in_and_nothing_is_made(client, make_user, link, program):
    make_user(Role.COOPERATIVE, phone="+6281234567890")
    answer = client.post(f"{link()}/program/{program.slug}", data=SENT)
    assert answer.status_code == 422
    assert "Masuk dulu" in answer.text
    assert (count(User), count(ProgramApplication)) == (1, 0)


@pytest.mark.parametrize("state", [State.WAITING, State.DRAFT])
def test_a_ukm_that_was_not_looked_at_yet_is_told_so_and_gets_no_seat(client, link, program, state):
    form = f"{link(state=state, confirmed_at=None)}/program/{program.slug}"
    page = client.get(form).text
    assert "belum selesai diperiksa" in page
    assert '<form method="post" class' not in page
    assert client.post(form, data=SENT).status_code == 422
    assert (count(User), count(ProgramApplication)) == (0, 0)


def test_only_programmes_that_take_applications_of_ukm_have_this_way(client, link, make_program):
    home = link()
    for slug, values in (
        ("koperasi", {"audience": ["cooperative"], "takes_applications": True}),
        ("bacaan", {"audience": ["enterprise"], "takes_applications": False}),
    ):
        make_program(slug=slug, **values)
        assert client.get(f"{home}/program/{slug}").status_code == 404
        assert client.get(f"/program/{slug}/daftar/tautan").status_code == 404
    assert client.get(f"/ukm/daftar/{'x' * 43}/program/koperasi").status_code == 410
