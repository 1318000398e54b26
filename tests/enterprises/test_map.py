"""The map shows what the list shows, and nobody's place more finely than its owner wants: not from near, not by any filter."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.core import http
from app.core.config import tile_url
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services, upkeep
from app.enterprises.grid import LEVELS, Box, key_of, point_of, read_box
from app.enterprises.lists import search
from app.enterprises.map_queries import MOST_SQUARES, squares_of
from app.enterprises.models import Enterprise, EnterpriseTable
from app.enterprises.rules import DIGITAL, Precision, Purpose, SizeClass
from app.enterprises.traits import ALL, bits_of, fitting, holds, traits_of
from app.enterprises.wanted import read_wanted
from app.regions.centroids import centroid
from tests.enterprises.conftest import PURWANTORO, VALUES
from tests.enterprises.test_finding import BAKSO
from tests.support.fuzzing import examples
from tests.support.queries import count_queries

OWN = (VALUES["latitude"], VALUES["longitude"])
POINTS = st.tuples(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
TILES = "https://petak.contoh.go.id/{z}/{x}/{y}.png"


def box_around(point, level, across=4):
    """Squares of ``level`` around a point, as the browser asks for them."""
    x, y = (int((part) / 360 * (1 << level)) for part in (point[1] + 180, 90 - point[0]))
    return f"{level},{x - across},{y - across},{x + across},{y + across}"


def squares(client, point=OWN, level=12, **more):
    return client.get("/ukm/peta.json", query_string={"kotak": box_around(point, level), **more}).json


@given(POINTS)
@settings(max_examples=examples(40))
def test_a_key_brings_back_its_point_within_a_metre(point):
    found = point_of(key_of(point))
    assert found == pytest.approx(point, abs=6e-6)


@given(POINTS, st.integers(1, LEVELS))
@settings(max_examples=examples(40))
def test_a_square_holds_the_keys_of_its_points_and_no_others(point, level):
    box = read_box(box_around(point, level, 0), most=1)
    ((least, greatest),) = box.ranges()
    assert least <= key_of(point) <= greatest
    beside = Box(level, box.left ^ 1, box.top, box.left ^ 1, box.top)
    assert not least <= next(iter(beside.ranges()))[0] <= greatest


@pytest.mark.parametrize(
    "kotak", ["", "12", "12,0,0,0", "12,a,0,0,0", "12,5,0,4,0", "0,0,0,0,0", "27,0,0,0,0", "4,0,0,16,0", "12,0,0,99,99", "12,-1,0,0,0", "9" * 20 + ",0,0,0,0"],
)  # fmt: skip
def test_a_view_that_makes_no_sense_or_is_too_wide_is_not_found(client, kotak):
    assert client.get("/ukm/peta.json", query_string={"kotak": kotak}).status_code == 404


@given(
    st.sampled_from([None, *SizeClass]), st.sets(st.sampled_from(list(DIGITAL))), st.booleans(), st.booleans()
)
@settings(max_examples=examples(40))
def test_the_packed_number_answers_each_small_facet(size, codes, has_nib, has_products):
    number = traits_of({"digital": sorted(codes), "has_nib": has_nib}, size, has_products=has_products)
    assert 0 <= number < ALL
    assert {one for one in SizeClass if holds(number, "kelas", one)} == ({size} if size else set())
    assert {code for code in DIGITAL if holds(number, "digital", code)} == codes - {"none"}
    assert (holds(number, "nib", "ada"), holds(number, "produk", "ada")) == (has_nib, has_products)
    chosen = {"nib": ("ada",), "digital": ("chat_sales", "own_site"), "kelas": ("mikro", "menengah")}
    for facets in (chosen, {"nib": ("ada",), "digital": ("chat_sales",)}, {"produk": ("ada",)}):
        bits = [(number & mask, values) for mask, values in bits_of(facets)]
        passes = all(own in values if values else own for own, values in bits)
        assert passes == (number in (fitting(facets) or ()))
    assert passes == has_products


@pytest.mark.parametrize("precision", list(Precision))
def test_from_however_near_a_place_is_as_fine_as_its_owner_wants(client, make_enterprise, precision):
    make_enterprise(Purpose.LOCATION, precision=precision)
    middle = {
        Precision.EXACT: OWN,
        Precision.KELURAHAN: centroid(PURWANTORO),
        Precision.KECAMATAN: centroid("35.73.01"),
    }[precision]
    filters = ({}, {"q": "keripik"}, {"nib": "ada"}, {"kecamatan": "35.73.01"}, {"bidang": "makanan-kemasan"})
    for level in (8, 14, 22, LEVELS):
        for more in filters:
            at_own = squares(client, OWN, level, **more)
            at_middle = squares(client, middle, level, **more)
            assert [one["n"] for one in at_middle] == [1], (level, more)
            assert at_middle[0]["p"] == pytest.approx(middle, abs=6e-6)
            if level >= 22:
                assert bool(at_own) == (precision is Precision.EXACT), (level, more)
    if precision is Precision.EXACT:
        assert "t" not in at_middle[0]
    else:
        assert at_middle[0]["t"] == ("Purwantoro" if precision is Precision.KELURAHAN else "Blimbing")


@pytest.mark.parametrize("precision", list(Precision))
def test_the_kelurahan_is_counted_and_filtered_by_only_while_it_is_published(
    client, make_enterprise, precision
):
    make_enterprise(Purpose.LOCATION, precision=precision)
    page = client.get(f"/ukm?kelurahan={PURWANTORO}").text
    assert ("Keripik Tempe Melati" in page) == (precision is not Precision.KECAMATAN)
    table = client.get("/ukm/peta").text.partition('id="tempat"')[2]
    assert ("Purwantoro" in table) == (precision is not Precision.KECAMATAN)
    assert "Blimbing" in table


def test_what_is_taken_back_leaves_the_map_at_once(client, make_enterprise):
    enterprise = make_enterprise(Purpose.LOCATION, precision=Precision.EXACT)
    assert squares(client, level=20)[0]["u"] == [["Keripik Tempe Melati", "/ukm/keripik-tempe-melati"]]
    with writing():
        services.set_consents(enterprise, {Purpose.LOCATION: False})
    assert squares(client, level=20) == []
    assert squares(client, centroid("35.73.01"), level=20)[0]["t"] == "Blimbing"
    with writing():
        services.set_consents(enterprise, {Purpose.LISTING: False})
    assert squares(client, level=6) == []


def test_what_waits_is_not_on_the_map(client, make_enterprise):
    make_enterprise(Purpose.LOCATION, precision=Precision.EXACT, listed=False)
    assert squares(client, level=6) == []
    assert "Belum ada" in client.get("/ukm/peta").text or "Tidak ada usaha" in client.get("/ukm/peta").text


@pytest.fixture
def town(make_enterprise):
    """Two at the middle of Blimbing, one by name in Purwantoro, one in Lowokwaru."""
    make_enterprise()
    make_enterprise(name="Sambal Contoh")
    make_enterprise(Purpose.LOCATION, precision=Precision.EXACT, name="Tempe Titik")
    return make_enterprise(**BAKSO)


def test_many_at_one_middle_are_one_mark_that_leads_to_the_list(client, town):
    (mark,) = squares(client, centroid("35.73.01"), level=20, nib="ada")
    assert (mark["n"], mark["t"], len(mark["u"])) == (2, "Blimbing", 2)
    assert mark["l"] == "/ukm?nib=ada&kecamatan=35.73.01"
    assert "Sambal Contoh" in client.get(mark["l"]).text


@pytest.mark.parametrize(
    "query", ["", "q=keripik", "kecamatan=35.73.05", "bidang=makanan-kemasan&nib=ada", "kelas=kecil", "kelas=mikro&kecamatan=35.73.01"]
)  # fmt: skip
def test_the_map_counts_what_the_list_counts_looked_up_either_way(client, app, town, query, monkeypatch):
    listed = client.get(f"/ukm?format=json&{query}").json["jumlah"]
    wide = "6,51,16,53,18"
    few = client.get(f"/ukm/peta.json?{query}&kotak={wide}").json
    assert sum(one["n"] for one in few) == listed
    if "q=" in query:
        return
    monkeypatch.setattr(
        "app.enterprises.map_queries.FEW_ENOUGH", -1
    )  # as if there were too many to look at each
    with app.test_request_context():
        wanted = read_wanted(MultiDict([part.split("=") for part in query.split("&") if part]))
        found = squares_of(wanted, search(wanted), read_box(wide, most=MOST_SQUARES))
    assert sum(one.count for one in found) == listed


def test_a_square_of_which_not_all_was_looked_at_says_so_and_still_ends_where_it_ends(app, town, monkeypatch):
    monkeypatch.setattr("app.enterprises.map_queries.FEW_ENOUGH", -1)
    with app.test_request_context():
        wanted = read_wanted(MultiDict([("kelas", "mikro"), ("kecamatan", "35.73.01")]))
        box = read_box("6,51,16,53,18", most=MOST_SQUARES)
        (whole,) = squares_of(wanted, search(wanted), box)
        monkeypatch.setattr("app.enterprises.map_queries.LOOKED_AT", 2)
        (cut,) = squares_of(wanted, search(wanted), box)
    assert (whole.count, whole.at_least) == (3, False)
    assert (cut.count, cut.at_least) == (2, True)
    assert cut.last == whole.last


def test_list_and_map_carry_the_same_search_to_each_other(client, town):
    query = "q=tempe&kecamatan=35.73.01&nib=ada"
    assert f'href="/ukm/peta?{query.replace("&", "&amp;")}"' in client.get(f"/ukm?{query}").text
    page = client.get(f"/ukm/peta?{query}").text
    assert page.count('href="/ukm/klaster"') == client.get("/ukm").text.count('href="/ukm/klaster"') == 1
    assert f'href="/ukm?{query.replace("&", "&amp;")}"' in page
    assert f'data-source="/ukm/peta.json?{query.replace("&", "&amp;")}"' in page
    assert 'value="35.73.01" checked' in page


def test_the_number_of_queries_does_not_grow_with_the_rows(client, town, make_enterprise):
    def asked():
        with count_queries() as seen:
            for address in ("/ukm", "/ukm/peta", "/ukm/peta.json?kotak=12,3327,1114,3331,1118"):
                assert client.get(address).status_code == 200
        return seen.number

    before = asked()
    for number in range(5):
        make_enterprise(
            Purpose.LOCATION, precision=Precision.EXACT, name=f"Usaha {number}", latitude=-7.9 - number / 100
        )
    assert asked() == before


def test_a_page_with_a_map_lets_in_the_tiles_of_the_one_server_that_is_named(client, app, monkeypatch):
    assert client.get("/ukm/peta").headers["Content-Security-Policy"] == http.POLICY
    monkeypatch.setitem(app.config, "TILE_URL", tile_url(TILES))
    monkeypatch.setitem(app.config, "TILE_ATTRIBUTION", "© <b>Contoh</b>")
    page = client.get("/ukm/peta")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy.pop("img-src") == "'self' data: https://petak.contoh.go.id"
    plain = dict(part.strip().split(" ", 1) for part in http.POLICY.split(";"))
    plain.pop("img-src")
    assert policy == plain
    assert "© &lt;b&gt;Contoh&lt;/b&gt;" in page.text
    assert client.get("/ukm").headers["Content-Security-Policy"] == http.POLICY


def test_a_kept_page_keeps_what_it_lets_in(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "TILE_URL", tile_url(TILES))
    monkeypatch.setitem(app.config, "KEEP_PAGES", True)
    policies = [client.get("/ukm/peta").headers["Content-Security-Policy"] for _again in range(3)]
    assert len(set(policies)) == 1
    assert "petak.contoh.go.id" in policies[0]


@pytest.mark.parametrize("raw", ["ftp://x/{z}/{x}/{y}", "https://x.example/{z}/{x}", "https://{s}.x/{z}/{x}/{y}", "https://x/{z}/{x}/{y}; script-src *", "/{z}/{x}/{y}"])  # fmt: skip
def test_a_tile_server_that_is_not_one_stops_the_site_from_starting(raw):
    with pytest.raises(ValueError, match="SIMPUL_TILE_URL"):
        tile_url(raw)


def test_the_lines_of_the_region_name_each_kelurahan(client):
    answer = client.get("/ukm/peta/garis.json")
    areas = answer.json["areas"]
    assert len(areas) == 57
    assert areas[PURWANTORO][4] == "Purwantoro"
    assert all(re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", area[0]) for area in areas.values())
    across, down = answer.json["per_degree"]
    for code in areas:
        middle, x, y = centroid(code), areas[code][1], areas[code][2]
        assert answer.json["north"] - y / down == pytest.approx(middle[0], abs=0.02), code
        assert answer.json["west"] + x / across == pytest.approx(middle[1], abs=0.02), code


def test_rows_of_an_older_site_find_their_place_when_a_newer_one_starts(client, town):
    rows = EnterpriseTable.update().values(traits=-1, map_key=None, public_kelurahan=None)
    with writing():
        db.session.execute(rows)
        db.session.execute(rows.where(EnterpriseTable.c.id == town.id).values(state="deleted"))
    assert squares(client, level=8) == []
    with writing():
        assert upkeep.fill_in() == 3
    with writing():
        assert upkeep.fill_in() == 0
    assert sum(one["n"] for one in squares(client, level=8)) == 3
    assert db.session.get(Enterprise, town.id).map_key is None


def test_what_lies_nowhere_that_is_known_is_told_beside_the_map_and_is_no_empty_search(
    client, make_enterprise
):
    nowhere, placed = make_enterprise(name="Bengkel Antah"), "Belum diketahui letaknya"
    with writing() as session:
        row = session.get_one(Enterprise, nowhere.id)
        row.kode_kelurahan = row.kode_kecamatan = row.map_key = None
    for query in ("", "?q=bengkel", "?bidang=makanan-kemasan"):
        page = client.get(f"/ukm/peta{query}").text
        assert f"{placed}, jadi tidak ada di peta: 1 usaha" in page
        assert "Tidak ada usaha yang cocok" not in page
    make_enterprise(name="Roti Kenanga")
    assert f"{placed}, jadi tidak ada di peta: 1 usaha" in client.get("/ukm/peta").text
    assert placed not in client.get("/ukm/peta?kecamatan=35.73.01").text
    assert "Tidak ada usaha yang cocok" in client.get("/ukm/peta?q=zzzz").text
