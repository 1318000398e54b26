"""Practice: the same form and checks with an invented cooperative, and nothing kept on the server."""

import pytest
from sqlalchemy import func, select

from app.core.access import Role
from app.core.database import Base
from app.core.extensions import db
from tests.questionnaire.conftest import DECLARED, typed
from tests.support.answers import sound


def rows():
    """How many rows there are, by table."""
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table))
        for name, table in Base.metadata.tables.items()
    }


def save(client, section, go="simpan", **fields):
    return client.post(f"/latihan?bagian={section}", data={"ke": go, "versi": "1", **fields})


def type_all(client, **changes):
    for section in (1, 2, 3, 4):
        assert save(client, section, **typed(section, sound(**changes))).status_code == 303


def test_anybody_can_practise_and_nothing_is_written(desk, client):
    before = rows()
    assert "Koperasi Contoh Sejahtera" in client.get("/latihan").text
    type_all(client)
    page = client.get("/latihan/periksa").text
    assert "Rp713.750.000" in page or "Rp500.000.000" in page
    assert client.post("/latihan/selesai", data=DECLARED).location == "/latihan/selesai"
    assert rows() == before


@pytest.mark.parametrize("path", ["/latihan", "/latihan?bagian=4", "/latihan/periksa", "/latihan/selesai"])
def test_every_page_says_that_it_is_practice(desk, client, path):
    assert "Ini latihan" in client.get(path).text
    assert "data-autosave" not in client.get(path).text


def test_last_year_stands_beside_and_the_same_checks_speak(desk, client):
    page = client.get("/latihan?bagian=4").text
    assert "Rp698.200.000" in page
    save(client, 4, **{**typed(4), "aset": "50.000.000"})
    assert "sepuluh kali aset Rp50.000.000" in client.get("/latihan?bagian=4").text
    save(client, 4, **{**typed(4), "volume_usaha": "1.25"})
    assert "1,25 atau 125" in client.get("/latihan?bagian=4").text


def test_one_tap_takes_last_years_answer(desk, client):
    answer = save(client, 4, pakai="aset", **{**typed(4), "aset": ""})
    assert answer.location == "/latihan?bagian=4#q-aset"
    assert 'value="698.200.000"' in client.get("/latihan?bagian=4").text


def test_the_mock_check_asks_as_in_earnest(desk, client):
    type_all(client, shu=None)
    assert client.post("/latihan/selesai", data=DECLARED).status_code == 422
    type_all(client)
    for missing in ("nama", "jabatan", "pernyataan"):
        answer = client.post("/latihan/selesai", data={**DECLARED, missing: ""})
        assert answer.status_code == 422
        assert f'id="{missing}-error"' in answer.text


def test_the_end_forgets_it_in_the_browser_too(desk, client):
    type_all(client)
    client.post("/latihan/selesai", data=DECLARED)
    with client.session_transaction() as kept:
        assert "latihan" not in kept
    assert "0 dari 24 terjawab" in client.get("/latihan").text
    save(client, 1, **typed(1))
    client.post("/latihan/ulang")
    assert "0 dari 24 terjawab" in client.get("/latihan").text


def test_the_cookie_stays_within_what_browsers_keep(desk, client):
    type_all(client)
    assert all(len(str(cookie)) < 3000 for cookie in client.get("/latihan").headers.getlist("Set-Cookie"))
    answer = save(client, 1, **{**typed(1), "alamat": "Jalan " + "x" * 4000})
    assert answer.status_code == 422
    assert "Pendekkan" in answer.text
    with client.session_transaction() as kept:
        assert len(str(kept["latihan"])) < 3000


def test_it_works_when_the_year_is_closed_and_without_questions_there_is_no_such_page(app, client):
    assert client.get("/latihan").status_code == 404


@pytest.mark.parametrize("role", [Role.COOPERATIVE, Role.OPERATOR, Role.ADMIN])
def test_whoever_is_signed_in_can_practise_and_stays_signed_in(desk, make_user, client_as, role):
    client = client_as(make_user(role))
    type_all(client)
    client.post("/latihan/selesai", data=DECLARED)
    assert client.get("/akun").status_code == 200


@pytest.mark.parametrize(
    "fields", [{"bentrok": "aset", "aset": "1"}, {"ubah": "aset:x;;"}, {"versi": "\x00"}, {"aset": "9" * 400}]
)
def test_strange_posts_do_no_harm(desk, client, fields):
    assert client.post("/latihan?bagian=4", data=fields).status_code in {303, 422}
    assert client.get("/latihan?bagian=9").status_code == 200
