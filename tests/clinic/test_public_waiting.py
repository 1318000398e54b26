"""Waiting without an account: join, see one's place, take what is offered with one tap, or let it go on."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clinic import settings, waitlist
from app.clinic.access import token_of
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import State, WaitState
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.conftest import MONDAY, key

ONE_SLOT = [{"on_date": MONDAY, "weekday": None, "ends": 9 * 60 + 45}]
WHO = {"topik": "finance", "nama": "Penunggu Rekaan", "telepon": "081300000001"}


@pytest.fixture
def only_one(make_consultant):
    return make_consultant(hours=ONE_SLOT, name="Konsultan Satu")


@pytest.fixture
def full(only_one, book):
    return book(key(only_one, 9))


def join(client, **changes):
    return client.post("/klinik/tunggu", data=WHO | changes)


def rows():
    db.session.expire_all()
    return db.session.scalars(select(ClinicWaiting).order_by(ClinicWaiting.id)).all()


def settle():
    with writing():
        settings.line_up()
        waitlist.settle(now())


def test_who_finds_nothing_free_waits_and_sees_the_place(app, client, full):
    form = client.get("/klinik/tunggu?topik=finance")
    kept = re.search(r'name="kunci" value="([^"]+)"', form.text)[1]
    answer = join(client, kunci=kept)
    assert answer.status_code == 303
    assert join(client, kunci=kept).location == answer.location  # a second tap is no second place
    page = client.get(answer.location)
    assert "Anda di daftar tunggu" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    second = join(app.test_client(), telepon="081300000002")
    assert re.search(r"Urutan Anda <b>2</b>", client.get(second.location).text)


def test_an_offer_is_taken_with_one_tap_and_a_look_changes_nothing(client, full, only_one):
    address = join(client).location
    assert client.post(f"/klinik/janji/{token_of(full)}/batal").status_code == 303
    for _ in range(2):
        page = client.get(address)
        assert "Ada waktu untuk Anda" in page.text
        assert "09.00–09.45" in page.text
    assert rows()[0].state is WaitState.OFFERED
    assert key(only_one, 9) not in client.get("/klinik?topik=finance").text
    taken = client.post(f"{address}/ambil")
    made = rows()[0].booking
    assert taken.location == f"/klinik/janji/{token_of(made)}"
    assert (made.state, made.name, made.phone) == (State.BOOKED, "Penunggu Rekaan", "+6281300000001")
    assert client.post(f"{address}/ambil").location == taken.location
    assert client.get(address).location == taken.location


def test_an_offer_that_nobody_takes_goes_to_the_next(app, client, full, clock):
    first = join(client).location
    second = join(app.test_client(), telepon="081300000002").location
    client.post(f"/klinik/janji/{token_of(full)}/batal")
    clock.shift(timedelta(hours=2, seconds=1))
    assert "Tawaran sudah lewat" in client.get(first).text
    late = client.post(f"{first}/ambil")
    assert late.location == first
    settle()
    assert "Ada waktu untuk Anda" in client.get(second).text


def test_whoever_leaves_frees_the_offer_for_the_next(app, client, full):
    first = join(client).location
    second = join(app.test_client(), telepon="081300000002").location
    client.post(f"/klinik/janji/{token_of(full)}/batal")
    client.post(f"{first}/keluar")
    assert "keluar dari daftar tunggu" in client.get(first).text
    assert "Ada waktu untuk Anda" in client.get(second).text


def test_while_a_time_is_free_the_waitlist_shows_it_instead(client, only_one):
    answer = join(client)
    assert answer.status_code == 409
    assert "Masih ada waktu kosong" in answer.text
    assert f'value="{key(only_one, 9)}"' in answer.text
    assert 'name="nama" value="Penunggu Rekaan"' in answer.text  # nothing is typed twice
    assert rows() == []


@pytest.mark.parametrize(
    ("changes", "field"), [({"topik": ""}, "topik"), ({"nama": ""}, "nama"), ({"telepon": "12"}, "telepon")]
)
def test_what_is_missing_is_named(client, full, changes, field):
    answer = join(client, **changes)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_one_number_waits_once_for_a_topic(app, client, full):
    join(client)
    again = join(app.test_client())
    assert again.status_code == 422
    assert "sudah menunggu" in again.text


def test_an_unknown_place_is_none(client, full):
    for path in ("", "/ambil", "/keluar"):
        send = client.post if path else client.get
        assert send(f"/klinik/tunggu/{'0' * 32}{path}").status_code == 404
    assert db.session.scalars(select(ClinicBooking.state)).all() == [State.BOOKED]
