"""``/cari``: one search over everything that the public may read."""

import re

import pytest

from app.content.rules import Kind, State
from app.core.access import Role
from app.pages import search_routes
from tests.support.queries import count_queries


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="k-\w+">([^<]+)</h2>', page)


@pytest.fixture
def city(make_page, make_program, make_cooperative):
    """A little of everything."""
    make_page("Mendirikan koperasi")
    make_page("Kabar pameran", kind=Kind.NEWS, section="", slug="kabar-pameran")
    make_program("Pelatihan foto produk")
    make_cooperative(nama_koperasi="Koperasi Melati Rekaan")


def test_what_is_found_stands_in_groups_the_best_first(client, city):
    assert headings(client.get("/cari?q=mendirikan koperasi").text)[0] == "Layanan"
    assert headings(client.get("/cari?q=melati rekaan").text)[0] == "Koperasi"
    assert headings(client.get("/cari?q=foto produk").text)[0] == "Program"
    assert headings(client.get("/cari?q=privasi").text)[0] == "Halaman"
    assert "Panduan" in headings(client.get("/cari?q=lupa sandi").text)
    assert 'href="/panduan/pengelola#lupa-sandi"' in client.get("/cari?q=lupa sandi").text


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("bagaimana cara mendirikan koperasi", "/layanan/mendirikan-koperasi"),
        ("pendirian koperasi", "/layanan/mendirikan-koperasi"),
        ("pelathian foto", "/program/pelatihan-foto-produk"),
        ("kursus foto", "/program/pelatihan-foto-produk"),
        ("MELATI rekan", "/koperasi/koperasi-melati-rekaan-1"),
        ("verifikasi bukti", "/verifikasi"),
    ],
)
def test_typos_and_words_of_ones_own_are_understood(client, city, typed, address):
    assert f'href="{address}"' in client.get("/cari", query_string={"q": typed}).text


def test_the_words_that_answer_are_marked_and_what_was_typed_is_escaped(client, city):
    page = client.get("/cari", query_string={"q": "<script>alert(1)</script> melati"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<mark>Melati</mark>" in client.get("/cari?q=melati").text


def test_what_the_public_may_not_read_is_not_found(client, make_page, make_cooperative):
    make_page("Rencana rahasia", state=State.DRAFT)
    make_cooperative(nama_koperasi="Koperasi Tersembunyi", listing="proposed")
    for q in ("rencana rahasia", "tersembunyi"):
        assert not {"Layanan", "Koperasi"} & set(headings(client.get(f"/cari?q={q}").text))


def test_when_no_thing_holds_every_word_those_are_shown_that_hold_some(client, city):
    page = client.get("/cari?q=melati zzyzx").text
    assert "Tidak ada yang memuat semua kata itu" in page
    assert 'href="/koperasi/koperasi-melati-rekaan-1"' in page


def test_a_search_that_finds_nothing_suggests_what_to_do(client, city):
    page = client.get("/cari?q=mxlxti").text
    assert "Tidak ada yang cocok" in page
    assert "Sering dicari" in page
    assert "Yang bisa dicoba" in page
    assert ">melati</a>" in page


@pytest.mark.parametrize(
    "typed", ["", "   ", "???", "a", "%", "\x00", "'; DROP TABLE program; --", "x" * 3000, "😀", "1" * 90]
)
def test_any_question_gets_a_page(client, typed):
    assert client.get("/cari", query_string={"q": typed}).status_code == 200


def test_one_group_is_shown_at_length_and_lists_take_over(client, make_cooperative, make_page):
    for number in range(7):
        make_cooperative(nama_koperasi=f"Koperasi Melati {number}")
        make_page(f"Urusan melati {number}")
    page = client.get("/cari?q=melati").text
    assert 'href="/koperasi?q=melati"' in page
    assert 'href="/cari?q=melati&amp;jenis=service"' in page
    alone = client.get("/cari?q=melati&jenis=service").text
    assert headings(alone) == ["Layanan"]
    assert alone.count('href="/layanan/urusan-melati-') == 7
    assert client.get("/cari?q=melati&jenis=rahasia").status_code == 200


def test_a_program_gets_the_same_as_json(client, city):
    found = client.get("/cari?q=melati&format=json").json
    assert found["pertanyaan"] == "melati"
    assert found["kelompok"][0]["hasil"][0]["alamat"] == "/koperasi/koperasi-melati-rekaan-1"


def test_the_number_of_questions_to_the_database_does_not_grow_with_what_is_found(
    client, make_cooperative, make_page
):
    make_cooperative(nama_koperasi="Koperasi Melati 0")
    make_page("Urusan melati 0")
    client.get("/cari?q=melati")
    with count_queries() as few:
        client.get("/cari?q=melati")
    for number in range(1, 12):
        make_cooperative(nama_koperasi=f"Koperasi Melati {number}")
        make_page(f"Urusan melati {number}")
    with count_queries() as many:
        client.get("/cari?q=melati")
    assert many.number <= few.number


def test_searches_are_no_pages_for_search_engines(client):
    page = client.get("/cari?q=melati").text
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page


@pytest.mark.parametrize(("typed", "is_missed"), [("zzyzx qqq", True), ("privasi", False), ("", False)])
def test_a_search_that_found_nothing_is_told_to_those_who_count(client, monkeypatch, typed, is_missed):
    told = []
    monkeypatch.setattr(
        search_routes.visits, "searched", lambda wanted, found: told.append((wanted, bool(found)))
    )
    client.get("/cari", query_string={"q": typed})
    assert told == ([(typed, not is_missed)] if typed else [])


def test_what_a_person_searched_for_is_kept_from_no_one_else(kept, client_as, make_user):
    assert (
        client_as(make_user(Role.OPERATOR))
        .get("/cari?q=melati")
        .headers["Cache-Control"]
        .startswith("private")
    )
