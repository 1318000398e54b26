"""The public directory: facets with counts, the map, and what one page tells of a cooperative."""

import json
import re
from datetime import date

import pytest

from app.cooperatives import facets, services
from app.cooperatives.facets import counts_of
from app.cooperatives.lists import read_wanted, search
from app.cooperatives.models import Listing
from app.cooperatives.queries import hits, public_pages
from app.cooperatives.rules import rat_choices
from app.core.database import today
from app.core.writing import writing

BLIMBING, KLOJEN = "35.73.01.1001", "35.73.02.1001"


def facet_of(page, name):
    """Value → count, of the boxes of one facet."""
    found = re.findall(
        rf'name="{name}" value="([^"]*)"[^>]*><span>[^<]*</span><span class="facet-count">([^<]*)<', page
    )
    return {value: int(count) for value, count in found}


@pytest.fixture
def four(add):
    """Two in Blimbing, one in Klojen, one nowhere; of three kinds."""
    add(nama_koperasi="Koperasi Anggrek", kode_kelurahan=BLIMBING, jenis_koperasi="Jasa", last_rat=today())
    add(nama_koperasi="Koperasi Bakung", kode_kelurahan=BLIMBING, jenis_koperasi="Konsumen")
    add(nama_koperasi="Koperasi Cempaka", kode_kelurahan=KLOJEN, jenis_koperasi="Konsumen")
    add(nama_koperasi="Koperasi Dahlia", jenis_koperasi="Produsen", kelompok_koperasi="Kop. Pasar")


def test_facets_count_what_each_choice_would_show(client, four):
    page = client.get("/koperasi").text
    assert facet_of(page, "kecamatan") == {"35.73.01": 2, "35.73.02": 1}
    assert facet_of(page, "jenis") == {"Konsumen": 2, "Produsen": 1, "Jasa": 1}
    assert facet_of(page, "kelompok") == {"Kop. Pasar": 1}
    page = client.get("/koperasi?kecamatan=35.73.01").text
    assert facet_of(page, "kecamatan") == {"35.73.01": 2, "35.73.02": 1}  # its own choice does not narrow it
    assert facet_of(page, "jenis") == {"Konsumen": 1, "Jasa": 1}
    assert facet_of(page, "kelurahan") == {BLIMBING: 2}


def test_several_values_of_one_filter_widen_and_of_two_narrow(client, four):
    page = client.get("/koperasi?jenis=Jasa&jenis=Konsumen&kecamatan=35.73.01").text
    assert "Anggrek" in page
    assert "Bakung" in page
    assert "Cempaka" not in page
    assert 'href="/koperasi?kecamatan=35.73.01&amp;jenis=Konsumen"' in page  # one chip off leaves the other
    assert page.count(" checked") == 3
    assert "Koperasi Cempaka" in client.get("/koperasi?kecamatan=35.73.01&kecamatan=35.73.02").text


@pytest.mark.parametrize(
    "query", ["", "kecamatan=35.73.01", "q=koperasi", "q=anggrk", "jenis=Jasa&jenis=Konsumen&q=koprasi"]
)
def test_each_count_is_what_the_list_then_shows(app, client, four, query):
    page = client.get(f"/koperasi?{query}").text
    for name in ("kecamatan", "jenis", "status", "rat"):
        for value, count in facet_of(page, name).items():
            kept = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
            chosen = client.get(f"/koperasi?{kept}&{name}={value}&format=json").json
            assert chosen["jumlah"] == count, (name, value)


def test_the_search_and_the_filters_keep_each_other(client, four):
    page = client.get("/koperasi?q=koperasi&jenis=Jasa&urut=nama").text
    search_form = page[page.index('role="search"') : page.index("</form>")]
    assert 'name="jenis" value="Jasa"' in search_form
    assert 'name="urut" value="nama"' in search_form
    assert 'name="q" value="koperasi"' in page.partition("</form>")[2]


@pytest.mark.parametrize(
    ("ago", "shown"), [(None, "belum"), (0, 0), (1, 1), (2, 2), (3, "lama"), (6, "lama"), (-1, 0)]
)
def test_the_year_of_the_latest_rat_is_a_filter(client, add, ago, shown):
    day = None if ago is None else date(today().year - ago, 1, 31)
    with_rat = add(nama_koperasi="Koperasi Satu")
    with writing():
        services.change_cooperative(with_rat, {"last_rat": day})
    value = str(today().year - shown) if isinstance(shown, int) else shown
    assert facet_of(client.get("/koperasi").text, "rat") == {value: 1}
    assert client.get(f"/koperasi?format=json&rat={value}").json["jumlah"] == 1


def test_a_year_of_rat_that_is_no_choice_asks_for_nothing(client, four):
    assert client.get("/koperasi?format=json&rat=1999&rat=%00&bentuk=x&kelompok=y").json["jumlah"] == 4
    assert len(rat_choices(date(2026, 3, 9))) == 5


def test_the_map_leads_to_each_kecamatan_and_its_table_says_the_same(client, four):
    page = client.get("/koperasi?jenis=Konsumen").text
    assert 'href="/koperasi?kecamatan=35.73.01&amp;jenis=Konsumen" aria-label="Blimbing: 1"' in page
    assert page.count('class="map-area') == 5
    table = page[page.index("Sebagai tabel") : page.index("</table>")]
    assert re.findall(r'class="number">(\d+)<', table) == ["1", "1", "0", "0", "0"]


def test_an_office_without_outlines_has_the_table_alone(app, client, add, monkeypatch):
    monkeypatch.setitem(app.config, "REGION", "35.01")
    add(nama_koperasi="Koperasi Pacitan", kode_kelurahan=None)
    page = client.get("/koperasi").text
    assert "map-area" not in page
    assert '<details class="small" open>' in page


def test_where_not_all_is_counted_nothing_unsure_is_said(app, client, four, monkeypatch):
    monkeypatch.setattr(facets, "MOST", 2)
    page = client.get("/koperasi").text
    assert "facet-count" not in page
    assert 'name="jenis" value="Jasa"' in page
    assert "map-area" not in page
    monkeypatch.setattr(facets, "COUNT_LIMIT", 1)
    assert "facet-count" in client.get("/koperasi").text


def test_counts_of_the_whole_list_are_kept_until_the_register_changes(app, client, add, monkeypatch):
    monkeypatch.setitem(app.config, "KEEP_PAGES", True)
    one = add(nama_koperasi="Koperasi Satu", jenis_koperasi="Jasa")
    with app.test_request_context("/koperasi"):
        assert counts_of(None) is counts_of(None)
    with writing():
        services.change_cooperative(one, {"jenis_koperasi": "Produsen"})
    assert facet_of(client.get("/koperasi").text, "jenis") == {"Produsen": 1}


def test_a_search_never_misses_what_a_filter_leaves(app, add):
    for number in range(30):
        add(nama_koperasi=f"Koperasi Melati {number}", kode_kelurahan=BLIMBING if number == 29 else KLOJEN)
    with app.test_request_context("/koperasi?q=mlati&kecamatan=35.73.01"):
        assert search(read_wanted({"q": "mlati", "kecamatan": "35.73.01"})).count == 1


def test_files_name_their_licence_and_source(client, melati):
    for suffix in ("csv", "json"):
        answer = client.get(f"/koperasi?format={suffix}")
        assert 'rel="license"' in answer.headers["Link"]
    assert "CC BY" in answer.json["lisensi"]
    assert answer.json["sumber"].startswith("Dinas")
    assert "CC BY 4.0" in client.get("/koperasi").text


def test_one_page_says_who_it_is_how_to_verify_and_how_to_claim(client, melati):
    page = client.get(f"/koperasi/{melati.slug}").text
    for shown in ("Ini koperasi Anda?", f"/daftar/koperasi/{melati.slug}", "/verifikasi", "https://wa.me/?",
                  "Belum ada laporan tahunan", "Disahkan sebagai badan hukum", "Tanggal RAT terakhir"):  # fmt: skip
        assert shown in page
    thing = json.loads(re.search(r"ld\+json\">(.*?)</script>", page, re.DOTALL)[1])
    assert thing["@type"] == "Organization"
    assert thing["name"] == melati.nama_koperasi
    assert thing["foundingDate"] == "2001-08-17"
    assert thing["address"]["streetAddress"] == "Jalan Contoh 12"


def test_structured_data_cannot_end_its_script(client, add):
    evil = add(nama_koperasi="Koperasi </script><script>alert(1)</script>")
    page = client.get(f"/koperasi/{evil.slug}").text
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"dissolved_on": date(2020, 1, 2), "dissolved_decree": "518/1"}, "sudah bubar dan tidak boleh lagi"),
        ({"last_rat": date(2010, 1, 1)}, "Tidak aktif berarti"),
        ({}, "belum mempunyai tanggal RAT"),
        ({"last_rat": "today"}, ""),
    ],
)
def test_a_page_says_what_its_status_means(client, make_cooperative, values, words):
    values = {name: today() if value == "today" else value for name, value in values.items()}
    page = client.get(f"/koperasi/{make_cooperative(**values).slug}").text
    told = ("sudah bubar dan tidak boleh lagi", "Tidak aktif berarti", "belum mempunyai tanggal RAT")
    assert [sentence for sentence in told if sentence in page] == ([words] if words else [])
    assert ("Ini koperasi Anda?" in page) is ("dissolved_on" not in values)


def test_the_history_for_everybody_names_nobody(client, melati, operator):
    with writing():
        services.note(
            melati, kind="contact", template="Ditelepon, kata tetangga sudah pindah", actor_name="Bagas Uji"
        )
        services.dissolve(melati, on=today(), decree="518/7", by=operator)
    page = client.get(f"/koperasi/{melati.slug}").text
    assert "Bubar menurut keputusan 518/7" in page
    assert "Bagas" not in page
    assert "tetangga" not in page


def test_a_search_of_the_whole_site_finds_listed_cooperatives(app, client, melati, make_cooperative):
    make_cooperative(nama_koperasi="Koperasi Melati Tersembunyi", listing=Listing.PROPOSED)
    with app.test_request_context("/"):
        [hit] = hits("mlati")
        assert (hit.title, hit.url, hit.note) == (
            melati.nama_koperasi,
            f"/koperasi/{melati.slug}",
            "Tidak aktif",
        )
        assert [page.url for page in public_pages()] == ["/koperasi", f"/koperasi/{melati.slug}"]
    assert not any(secret in str(hit) for secret in ("Bima", "8123", "rahasia@"))
