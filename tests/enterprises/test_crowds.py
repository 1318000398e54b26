"""A search that finds too many to rank: all of it can be read, page after page; what is only counted in part says so."""

import re

import pytest
from sqlalchemy import insert, select, text

from app.core.database import now
from app.core.extensions import db
from app.core.search import searchable
from app.core.search_index import FIRST
from app.core.writing import is_sqlite, writing
from app.enterprises.deriving import marks_of
from app.enterprises.grid import key_of
from app.enterprises.models import Enterprise
from app.enterprises.rules import State
from app.regions.centroids import centroid
from tests.support.queries import count_queries

ROWS = 1100  # more than can be counted; a quarter of them fewer than are ranked
WIDE = "6,51,16,53,18"


@pytest.fixture
def crowd(app):
    """Eleven hundred that sell keripik, one in four in Lowokwaru, the others in Blimbing; the first come last by name."""
    with writing() as session:
        session.execute(insert(Enterprise), [_row(number) for number in range(ROWS)])


def _row(number):
    district = "35.73.05" if number % 4 == 0 else "35.73.01"
    name = f"{'Zaitun' if number < 5 else 'Aneka'} Keripik {number:04}"
    return {
        "slug": f"k-{number}",
        "region": "35.73",
        "state": State.LISTED,
        "created_at": now(),
        "confirmed_at": now(),
        "name": name,
        "name_key": name.lower(),
        "kode_kecamatan": district,
        "activity": "makanan-kemasan",
        "traits": 0,
        "map_key": key_of(centroid(district)),
        "search_text": searchable(
            name, marks=marks_of({"kecamatan": district, "bidang": "makanan-kemasan"}, 0)
        ),
    }


def _names(page):
    return re.findall(r">((?:Zaitun|Aneka) Keripik \d{4})</a>", page)


def _leads(page, way):
    tag = next(one for one in re.findall(r"<a [^>]*>", page) if f'rel="{way}"' in one)
    return re.search(r'href="([^"]*)"', tag)[1].replace("&amp;", "&")


def test_all_of_it_is_read_page_by_page_and_nothing_twice(client, crowd, monkeypatch):
    first = client.get("/ukm?q=keripik").text
    second = client.get(_leads(first, "next")).text
    assert _names(first)[:2] == ["Zaitun Keripik 0000", "Zaitun Keripik 0001"]  # the order of registration
    assert _names(second)[0] == "Aneka Keripik 0025"
    assert _names(client.get(_leads(second, "prev")).text) == _names(first)
    monkeypatch.setattr("app.enterprises.public_routes.MOST_EXPORTED", 400)
    address, read = "/ukm?q=keripik&format=json", []
    while address:
        part = client.get(address).json
        read += [one["tautan"] for one in part["ukm"]]
        address = part.get("berikutnya", "")
    assert len(read) == len(set(read)) == ROWS


def test_what_is_not_counted_is_not_told(client, crowd):
    many = client.get("/ukm?q=keripik").text
    assert "1.000+ usaha cocok" in many
    assert "Terlalu banyak untuk diurutkan" in many
    assert 'value="35.73.05"' in many
    assert 'value="35.73.03"' in many  # nobody there, but nobody looked
    assert set(re.findall(r'class="facet-count">([^<]*)<', many)) <= {"1.000+"}
    misspelt = client.get("/ukm?q=kripik").text
    assert "300+ usaha cocok" in misspelt
    assert "Hanya 300 usaha pertama yang mirip" in misspelt
    few = client.get("/ukm?q=keripik&kecamatan=35.73.05").text
    assert f"{ROWS // 4} usaha cocok" in few
    assert "Terlalu banyak" not in few
    assert "pertama yang mirip" not in few


def test_the_map_of_a_crowd_is_a_sample_and_says_so(client, crowd):
    squares = client.get(f"/ukm/peta.json?q=keripik&kotak={WIDE}").json
    assert squares
    assert all(one["m"] for one in squares)
    assert "Peta menampilkan contoh: 1.000 usaha pertama" in client.get("/ukm/peta?q=keripik").text
    exact = client.get(f"/ukm/peta.json?q=keripik&kecamatan=35.73.05&kotak={WIDE}").json
    assert [(one["n"], one.get("m")) for one in exact] == [(ROWS // 4, None)]
    assert "contoh:" not in client.get("/ukm/peta?q=keripik&kecamatan=35.73.05").text


@pytest.mark.parametrize("first", [40, 500])
def test_where_the_first_rows_do_not_suffice_the_others_are_read_as_well(client, crowd, first, monkeypatch):
    if is_sqlite():
        pytest.skip("FTS5 is read in its own order and needs no index of the first rows")
    kept = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_enterprise_first'"
    assert f"WHERE (id <= {FIRST})" in db.session.scalar(text(kept))
    ids = db.session.scalars(select(Enterprise.id).order_by(Enterprise.id)).all()
    monkeypatch.setattr("app.core.search.FIRST", ids[first - 1])
    assert "1.000+ usaha cocok" in client.get("/ukm?q=keripik").text
    assert sum(one["n"] for one in client.get(f"/ukm/peta.json?q=keripik&kotak={WIDE}").json) >= 1000
    assert client.get("/ukm?format=json&q=keripik&kecamatan=35.73.05").json["jumlah"] == ROWS // 4
    assert len(_names(client.get("/ukm?q=zaitun").text)) == 5


def test_no_reading_of_the_index_goes_on_without_end(client, crowd):
    with count_queries() as seen:
        for address in ("/ukm?q=keripik", "/ukm/peta?q=keripik", f"/ukm/peta.json?q=keripik&kotak={WIDE}"):
            assert client.get(address).status_code == 200
    asked = [one for one in seen.statements if "MATCH" in one or "trigrams" in one]
    assert asked
    for statement in asked:
        assert "LIMIT" in statement
        assert "IN (SELECT search_enterprise" not in statement.replace("\n", "")
    if is_sqlite():
        index = asked[0].replace("?", "'x'").replace("LIMIT 'x' OFFSET 'x'", "LIMIT 9")
        plan = [
            row[-1] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + index.replace(":", "\\:")))
        ]
        assert any("search_enterprise VIRTUAL TABLE" in line for line in plan)
        assert not any("TEMP B-TREE FOR ORDER BY" in line for line in plan)
