"""Whatever is typed into the forms of accounts, the answer is a page and never a fault."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from app.accounts.models import Attempt
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from tests.support.fuzzing import examples

TRICKY = st.sampled_from(
    [
        "",
        "\x00",
        "a\x00b@uji.example",
        "%",
        "_" * 300,
        "'; DROP TABLE user; --",
        "admin@uji.example",
        "+6281234567890",
        "0" * 400,
        "99999999999999999999",
        "\u202e\u200b",
        "<script>",
        "é" * 5000,
        "🦆" * 200,
        "x" * 20_000,
    ]
)
TYPED = st.one_of(TRICKY, st.text(max_size=300))
CALM = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def fields(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Any of the fields, filled with anything, once or several times."""
    return st.dictionaries(st.sampled_from(names), st.one_of(TYPED, st.lists(TYPED, max_size=3)))


@pytest.fixture
def admin(make_user):
    return make_user(Role.ADMIN, email="admin@uji.example")


def no_fault(answer) -> None:
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/masuk", ("email", "password", "next", "remember")),
        ("/sandi/lupa", ("email",)),
        ("/sandi/kode", ("email", "kode")),
        ("/sandi/xyz", ("new_password",)),
    ],
)
def test_the_doors_take_anything(app, admin, address, names):
    @CALM
    @given(fields(*names))
    def knock(form):
        with writing():
            db.session.execute(delete(Attempt))
        no_fault(app.test_client().post(address, data=form))

    knock()


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/akun/data", ("name", "email", "phone", "confirm_password")),
        ("/akun/sandi", ("current_password", "new_password")),
        ("/dinas/pengguna/undang", ("name", "email", "phone", "roles")),
        ("/dinas/pengguna/{}/data", ("name", "email", "phone")),
        ("/dinas/pengguna/{}/tautan", ("hari", "lewat")),
        ("/dinas/pengguna/{}/peran", ("roles",)),
        ("/dinas/pengguna/{}/nonaktif", ("reason",)),
        ("/dinas/pengguna/{}/aktif", ("reason",)),
    ],
)
def test_the_desk_takes_anything(app, client_as, make_user, admin, address, names):
    person = make_user(Role.COOPERATIVE)
    desk = client_as(admin)
    address = address.format(person.id)

    @CALM
    @given(fields(*names))
    def send(form):
        with writing():
            db.session.execute(delete(Attempt))
        no_fault(desk.post(address, data=form))

    send()


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/masuk", ("next", "lang")),
        ("/sandi/lupa", ("langkah",)),
        ("/dinas/pengguna", ("q", "peran", "keadaan", "after", "before")),
        ("/dinas/kotak-keluar", ("q", "keadaan", "after", "before")),
        ("/dinas/jejak", ("q", "orang", "jenis", "tindakan", "dari", "sampai", "nomor", "after", "before")),
    ],
)
def test_lists_take_any_address(client_as, admin, address, names):
    desk = client_as(admin)

    @CALM
    @given(fields(*names))
    def ask(query):
        no_fault(desk.get(address, query_string=query))

    ask()
