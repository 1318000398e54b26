"""Buyers find what they look for: misspelt, by plain words, narrowed by facets whose counts are right."""

import pytest
from sqlalchemy import event

from app.core.extensions import db
from app.core.search import mark
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise
from app.enterprises.queries import hits
from app.enterprises.rules import Precision, Purpose

BAKSO = {
    "name": "Bakso Pak Contoh",
    "products": "Bakso, mie ayam",
    "activity": "warung-makan",
    "kode_kelurahan": "35.73.05.1010",
    "kode_kecamatan": "35.73.05",
    "owner_phone": "+628222222222",
    "owner_name": "Pak Contoh",
    "nib": None,
    "has_nib": False,
    "sales_band": "sampai-15m",
    "digital": ["marketplace", "digital_payment"],
}


@pytest.fixture
def city(make_enterprise):
    """A snack in Purwantoro, a food stall in Lowokwaru."""
    return make_enterprise(Purpose.LOCATION, precision=Precision.KELURAHAN), make_enterprise(**BAKSO)


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("keripik tempe", "Keripik Tempe Melati"),
        ("kripik tempe", "Keripik Tempe Melati"),
        ("keripik tempe purwantoro", "Keripik Tempe Melati"),
        ("bakso", "Bakso Pak Contoh"),
        ("restoran", "Bakso Pak Contoh"),  # nobody wrote that, but it is what a food stall is
        ("kuliner lowokwaru", "Bakso Pak Contoh"),
    ],
)
def test_plain_and_misspelt_words_find_it(client, city, q, found):
    page = client.get("/ukm", query_string={"q": q}).text
    names = [name for name in ("Keripik Tempe Melati", "Bakso Pak Contoh") if name in page]
    assert names == [found]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("kecamatan=35.73.05", 1),
        ("kecamatan=35.73.05&kecamatan=35.73.01", 2),
        ("kecamatan=35.73.05&bidang=makanan-kemasan", 0),
        ("kelas=kecil", 1),
        ("nib=ada", 1),
        ("digital=marketplace", 1),
        ("digital=marketplace&digital=digital_payment&nib=ada", 0),
        ("produk=ada", 1),
        ("kelurahan=35.73.01.1007", 1),
        ("kelas=raksasa&kecamatan=%00&digital=none", 2),  # what makes no sense asks for nothing
    ],
)
def test_facets_narrow_the_list(client, city, query, count):
    with writing():
        services.save_product(city[0], {"name": "Sagon", "unit": "", "availability": "ready"})
    assert client.get(f"/ukm?format=json&{query}").json["jumlah"] == count
    assert client.get(f"/ukm?format=json&q=kuliner&{query}").json["jumlah"] == count  # what both are


def test_a_search_by_a_facet_follows_what_the_row_becomes(client, city):
    with writing() as session:
        services.save(session.get_one(Enterprise, city[1].id), {"activity": "busana", "has_nib": True})
    assert client.get("/ukm?format=json&q=bakso&bidang=busana&nib=ada").json["jumlah"] == 1
    assert client.get("/ukm?format=json&q=bakso&bidang=warung-makan").json["jumlah"] == 0


def test_of_a_chosen_kelurahan_its_kecamatan_counts_too(client, city):
    counts = client.get("/ukm?kelurahan=35.73.01.1007").text.replace("\n", "")
    assert 'value="35.73.01"><span>Blimbing</span><span class="facet-count">1</span>' in counts
    assert 'value="35.73.05"' not in counts  # another one would leave nothing


@pytest.mark.parametrize("facet", ["kecamatan=35.73.05", "bidang=warung-makan", "digital=marketplace"])
def test_the_index_of_a_narrowed_search_is_asked_for_the_facet_as_well(client, city, facet):
    asked = []

    def watch(_connection, _cursor, statement, parameters, *_rest):
        if "MATCH" in statement or "trigrams(" in statement:
            asked.append(str(parameters))

    event.listen(db.engine, "before_cursor_execute", watch)
    try:
        client.get(f"/ukm?q=bakso&{facet}")
    finally:
        event.remove(db.engine, "before_cursor_execute", watch)
    assert mark(*facet.split("=")) in asked[0]


def test_each_facet_counts_what_choosing_it_would_leave(client, city):
    page = client.get("/ukm?kecamatan=35.73.05").text
    counts = page.replace("\n", "")
    assert 'value="35.73.01"><span>Blimbing</span><span class="facet-count">1</span>' in counts
    assert 'value="35.73.05" checked><span>Lowokwaru</span><span class="facet-count">1</span>' in counts
    assert 'value="makanan-kemasan"' not in counts  # would leave nothing
    assert 'value="kecil"' in counts


def test_pages_go_on_where_the_last_one_ended_and_repeat_nothing(client, make_enterprise, monkeypatch):
    names = [f"Usaha {letter} Contoh" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] + ["Usaha ZA Contoh"]
    for name in names:
        make_enterprise(name=name)
    first = client.get("/ukm").text
    following = first.split('rel="next"')[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
    second = client.get(following).text
    shown = (
        [name for name in names if f">{name}</a>" in first],
        [name for name in names if f">{name}</a>" in second],
    )
    assert len(shown[0]) == 25
    assert shown[0] + shown[1] == names
    assert 'rel="prev"' in second


def test_the_sites_own_search_finds_it_and_says_where(app, city):
    with app.test_request_context():
        found = hits("kripik tempe", 5)
    assert [hit.title for hit in found] == ["Keripik Tempe Melati"]
    assert found[0].url == "/ukm/keripik-tempe-melati"
    assert "Blimbing" in found[0].note


def test_an_empty_register_invites(client, app):
    page = client.get("/ukm").text
    assert "Belum ada usaha di daftar" in page
    assert "/ukm/daftar" in page


@pytest.mark.parametrize(
    "address", ["/ukm/tidak-ada", "/ukm/%00", "/ukm/" + "a" * 300, "/ukm/daftar-x", "/ukm?after=%00&q=%00"]
)
def test_odd_addresses_are_no_fault(client, address):
    assert client.get(address).status_code in (200, 404)


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_a_file_ends_somewhere_and_leads_to_the_next_part(
    client, city, make_enterprise, monkeypatch, format_
):
    make_enterprise(name="Zaitun Contoh")
    monkeypatch.setattr("app.enterprises.public_routes.MOST_EXPORTED", 2)
    first = client.get(f"/ukm?format={format_}&nib=ada&q=")
    whole = client.get(f"/ukm?format={format_}")
    assert "Zaitun" in first.text
    assert "Zaitun" not in whole.text
    following = (
        whole.json["berikutnya"] if format_ == "json" else whole.headers["Link"].split("<")[1].split(">")[0]
    )
    rest = client.get(following)
    assert "Zaitun" in rest.text
    assert "Bakso" not in rest.text
    assert "Link" not in rest.headers
    assert "berikutnya" not in rest.text
