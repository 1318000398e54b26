"""What everybody sees of the register, and what nobody does."""

import csv
import io
from datetime import date

import pytest

from app.cooperatives import services
from app.cooperatives.models import Listing
from app.core.database import today
from app.core.paging import PAGE_SIZE
from app.core.writing import writing
from tests.cooperatives.conftest import MELATI

PRIVATE = ("Bima Rahasia", "81234567890", "8123-4567", "rahasia@uji.example")


def names(page):
    return [line for line in page.text.split("\n") if "row-title" in line]


def test_the_directory_lists_what_is_public_and_nothing_else(client, melati):
    page = client.get("/koperasi")
    assert page.status_code == 200
    for shown in ("Koperasi Simpan Pinjam Melati Jaya", "518/09/BH/KANKOP", "Jalan Contoh 12", "Tidak aktif"):
        assert shown in page.text
    assert not any(secret in page.text for secret in PRIVATE)


@pytest.mark.parametrize(
    "address",
    [
        "/koperasi?format=csv",
        "/koperasi?format=json",
        "/koperasi/koperasi-simpan-pinjam-melati-jaya",
        "/koperasi/koperasi-simpan-pinjam-melati-jaya?format=json",
        "/daftar?q=melati",
        "/daftar/koperasi/koperasi-simpan-pinjam-melati-jaya",
    ],
)
def test_no_public_answer_holds_a_private_value(client, melati, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Melati Jaya" in answer.text
    assert not any(secret in answer.text for secret in PRIVATE)


def test_one_cooperative_shows_its_public_identity_and_why_it_has_its_status(client, melati):
    with writing():
        services.change_cooperative(melati, {"last_rat": today()})
    page = client.get(f"/koperasi/{melati.slug}")
    for shown in (
        "3573010000001",
        "17 Agustus 2001",
        "Lowokwaru",
        "(0341) 551234",
        "Sekar Arum",
        "Aktif",
        "RAT terakhir",
    ):
        assert shown in page.text


@pytest.mark.parametrize("listing", [Listing.PROPOSED, Listing.REFUSED])
def test_what_is_only_proposed_or_was_refused_is_not_public(client, make_cooperative, listing):
    hidden = make_cooperative(nama_koperasi="Koperasi Tersembunyi", listing=listing)
    assert "Tersembunyi" not in client.get("/koperasi").text
    assert "Tersembunyi" not in client.get("/koperasi?q=tersembunyi").text.replace("“tersembunyi”", "")
    assert "Tersembunyi" not in client.get("/koperasi?format=csv").text
    assert client.get(f"/koperasi/{hidden.slug}").status_code == 404
    assert client.get(f"/daftar/koperasi/{hidden.slug}").status_code == 404


@pytest.mark.parametrize("slug", ["tidak-ada", "%00", "a" * 300, "ÉÉ", "..%2Fetc"])
def test_an_address_of_nothing_is_404(client, slug):
    assert client.get(f"/koperasi/{slug}").status_code == 404


def test_a_search_tolerates_typos_and_says_when_nothing_fits(client, melati):
    assert "Melati Jaya" in client.get("/koperasi?q=koprasi+mlati").text
    assert "Tidak ada koperasi yang cocok" in client.get("/koperasi?q=flamboyan").text


def test_filters_narrow_and_can_be_taken_off(client, add):
    add(nama_koperasi="Koperasi Satu", kode_kelurahan="35.73.05.1010", jenis_koperasi="Jasa")
    add(
        nama_koperasi="Koperasi Dua",
        kode_kelurahan="35.73.01.1001",
        jenis_koperasi="Konsumen",
        tanggal_badan_hukum=today(),
    )
    one = client.get("/koperasi?kecamatan=35.73.05").text
    assert "Koperasi Satu" in one
    assert "Koperasi Dua" not in one
    two = client.get("/koperasi?status=aktif&jenis=Konsumen").text
    assert "Koperasi Dua" in two
    assert "Koperasi Satu" not in two
    assert 'href="/koperasi?jenis=Konsumen"' in two
    assert (
        "Koperasi Satu"
        in client.get("/koperasi?kecamatan=99&status=apa&jenis=x&laporan=2024&pengelola=ada").text
    )


def test_the_csv_is_safe_for_spreadsheets_and_complete(client, add):
    add(nama_koperasi="=HYPERLINK(1)", alamat="@SUM(1)")
    for number in range(PAGE_SIZE + 3):
        add(nama_koperasi=f"Koperasi Melati {number}")
    packed = client.get("/koperasi?format=csv", headers={"Accept-Encoding": "br"})
    answer = client.get("/koperasi?format=csv")
    assert packed.content_encoding == "br"
    assert len(packed.data) < len(answer.data) / 3
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="koperasi-')
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == PAGE_SIZE + 4
    assert {"'=HYPERLINK(1)"} == {row["Nama koperasi"] for row in rows if "HYPER" in row["Nama koperasi"]}
    assert "'@SUM(1)" in {row["Alamat"] for row in rows}


def test_the_json_says_how_many_and_gives_stable_keys(client, melati):
    answer = client.get("/koperasi?format=json&q=melati").json
    assert answer["jumlah"] == 1
    [row] = answer["koperasi"]
    assert row["nik_koperasi"] == "3573010000001"
    assert row["tanggal_badan_hukum"] == "2001-08-17"
    assert row["tautan"].endswith(f"/koperasi/{melati.slug}")
    assert not {"telepon_ketua", "nama_pengelola", "email"} & set(row)


def test_every_row_is_seen_once_on_the_way_there_and_back(client, add):
    for number in range(PAGE_SIZE * 2 + 5):
        add(nama_koperasi=f"Koperasi Melati {number:03}")
    seen, address, back = [], "/koperasi", ""
    for _ in range(3):
        page = client.get(address)
        seen += names(page)
        back = address
        address = (
            page.text.partition('rel="next"')[0]
            .rpartition('href="')[2]
            .partition('"')[0]
            .replace("&amp;", "&")
        )
        if 'rel="next"' not in page.text:
            break
    assert len(seen) == len(set(seen)) == PAGE_SIZE * 2 + 5
    page = client.get(back)
    address = (
        page.text.partition('rel="prev"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    )
    assert names(client.get(address)) == seen[PAGE_SIZE : PAGE_SIZE * 2]


@pytest.mark.parametrize(
    "query", ["q=melati", "q=melati&urut=-nama", "urut=rat", "urut=-berdiri", "urut=kecamatan"]
)
def test_every_order_shows_every_row_once(client, add, query):
    for number in range(PAGE_SIZE + 5):
        place = {"kode_kelurahan": "35.73.01.1001"} if number % 3 else {}
        add(
            nama_koperasi=f"Koperasi Melati {number:03}",
            tanggal_badan_hukum=date(2000 + number % 7, 1, 1) if number % 2 else None,
            **place,
        )
    first = client.get(f"/koperasi?{query}")
    address = (
        first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    )
    seen = names(first) + names(client.get(address))
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 5


@pytest.mark.parametrize(
    "key",
    [
        "after=x",
        "before=W10",
        "after=-1",
        "after=99999",
        "after=%00",
        "q=melati&after=zz",
        "q=melati&before=3",
    ],
)
def test_a_key_that_makes_no_sense_shows_a_page(client, melati, key):
    assert "Melati Jaya" in client.get(f"/koperasi?{key}").text


def test_an_empty_register_says_what_comes_next(client, app):
    assert "Belum ada koperasi di daftar" in client.get("/koperasi").text


def test_the_number_of_queries_does_not_grow_with_the_rows(client, add, count_queries):
    add(**MELATI)
    with count_queries() as few:
        client.get("/koperasi")
    for number in range(20):
        add(nama_koperasi=f"Koperasi Melati {number}", kode_kelurahan="35.73.05.1010")
    with count_queries() as many:
        client.get("/koperasi")
    assert len(many) == len(few)
