"""The office's register on its pages: list, card, corrections, dissolution."""

import csv
import html
import io
import re
from datetime import date

import pytest
from flask import request
from sqlalchemy import select

from app.cooperatives import services
from app.cooperatives.lists import read_wanted, rows_of, search
from app.cooperatives.models import Cooperative, Listing
from app.core.database import today
from app.core.extensions import db
from app.core.spreadsheets import read_sheets
from app.core.writing import writing
from tests.cooperatives.conftest import MELATI

CARD = "/dinas/koperasi/koperasi-simpan-pinjam-melati-jaya"


def typed(page):
    """The form's hidden values, as the browser would send them back."""
    return {
        name: html.unescape(value)
        for name, value in re.findall(
            r'<input type="hidden" name="(version|asal)" value="([^"]*)">', page.text
        )
    }


FORM = {
    "nama_koperasi": "Koperasi Simpan Pinjam Melati Jaya",
    "nik_koperasi": "3573010000001",
    "nomor_badan_hukum": "518/09/BH/KANKOP",
    "tanggal_badan_hukum": "2001-08-17",
    "alamat": "Jalan Contoh 12",
    "kode_kelurahan": "35.73.05.1010",
    "nama_pengelola": "Bima Rahasia",
    "telepon_kantor": "(0341) 551234",
    "nama_ketua": "Sekar Arum",
    "telepon_ketua": "0812-3456-7890",
    "bentuk_koperasi": "Primer Kabupaten/Kota",
    "jenis_koperasi": "Simpan Pinjam",
    "kelompok_koperasi": "Kop. Simpan Pinjam",
    "email": "rahasia@uji.example",
}


def now(cooperative):
    db.session.rollback()
    db.session.refresh(cooperative)
    return cooperative


@pytest.fixture
def three(add, make_user, make_membership):
    one = add(
        nama_koperasi="Koperasi Anggrek",
        kode_kelurahan="35.73.05.1010",
        jenis_koperasi="Jasa",
        last_rat=today(),
    )
    two = add(
        nama_koperasi="Koperasi Bakung",
        kode_kelurahan="35.73.01.1001",
        jenis_koperasi="Konsumen",
        tanggal_badan_hukum="1990-01-01",
    )
    three = add(nama_koperasi="Koperasi Cempaka")
    with writing():
        services.note_report(one, year=2025)
        services.note_report(two, year=2024)
    make_membership(make_user(), one)
    return one, two, three


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "ABC"),
        ("kecamatan=35.73.05", "A"),
        ("kecamatan=35.73.01&kelurahan=35.73.01.1001", "B"),
        ("kecamatan=35.73.01&kelurahan=35.73.05.1010", "B"),
        ("kelurahan=35.73.05.1010", "A"),
        ("jenis=Konsumen", "B"),
        ("status=aktif", "A"),
        ("status=tidak_aktif", "B"),
        ("status=belum_diketahui", "C"),
        ("status=bubar", ""),
        ("laporan=2025", "A"),
        ("laporan=belum", "C"),
        ("pengelola=ada", "A"),
        ("pengelola=belum", "BC"),
        ("urut=-nama", "CBA"),
        ("urut=kecamatan", "BAC"),
        ("urut=-kecamatan", "ABC"),
        ("urut=berdiri", "BAC"),
        ("urut=rat", "ACB"),  # what is not known comes last, names run with the order
        ("urut=-rat", "ABC"),
        ("urut=laporan", "ABC"),
        ("urut=-laporan", "BAC"),
        ("q=bakung", "B"),
        ("q=koperasi&urut=-nama", "CBA"),
        ("q=blimbing", "B"),
        ("laporan=20x5&pengelola=x&status=x&jenis=x&kecamatan=x&urut=x", "ABC"),
    ],
)
def test_each_filter_and_each_order(app, three, desk, query, expected):
    with app.test_request_context(f"/dinas/koperasi?{query}"):
        wanted = read_wanted(request.args)
        found = [row.nama_koperasi.split()[1][0] for row in rows_of(search(wanted), wanted)]
    assert "".join(found) == expected
    page = desk.get(f"/dinas/koperasi?{query}")
    shown = re.findall(r"Koperasi (Anggrek|Bakung|Cempaka)</a>", page.text)
    assert "".join(name[0] for name in shown) == expected


def test_the_list_shows_what_the_office_looks_for(three, desk):
    page = desk.get("/dinas/koperasi")
    assert "3 koperasi" in page.text
    assert "1 aktif, 1 tidak aktif (lebih dari 3 tahun tanpa RAT), 1 belum diketahui, 0 bubar." in page.text
    assert 'aria-sort="ascending"' in page.text
    assert "Tidak ada koperasi yang cocok" in desk.get("/dinas/koperasi?q=flamboyan").text


def test_an_empty_register_offers_the_import(app, desk):
    page = desk.get("/dinas/koperasi")
    assert "Register masih kosong" in page.text
    assert 'href="/dinas/koperasi/impor"' in page.text


def test_the_exports_hold_the_filtered_list_with_contacts(desk, melati, add):
    add(nama_koperasi="Koperasi Lain")
    rows = list(
        csv.DictReader(io.StringIO(desk.get("/dinas/koperasi?format=csv&q=melati").data.decode("utf-8-sig")))
    )
    assert [row["Nama koperasi"] for row in rows] == [MELATI["nama_koperasi"]]
    assert rows[0]["Telepon ketua (disamarkan)"] == "•••890"
    whole = desk.post("/dinas/koperasi/lengkap?q=melati", data={"format": "csv"})
    [row] = csv.DictReader(io.StringIO(whole.data.decode("utf-8-sig")))
    assert row["Telepon ketua"] == "0812-3456-7890"
    assert rows[0]["Punya pengelola di situs"] == "tidak"
    answer = desk.get("/dinas/koperasi?format=xlsx")
    [sheet] = read_sheets(answer.data, "koperasi.xlsx")
    assert len(sheet.rows) == 3
    assert "3573010000001" in {row[0] for row in sheet.rows}
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_a_card_shows_everything_and_what_happened(desk, melati):
    page = desk.get(CARD)
    for shown in (
        "Bima Rahasia",
        "0812-3456-7890",
        "Masuk register",
        "Belum ada pengelola",
        "Buat kode dan cetak surat",
    ):
        assert shown in page.text
    assert desk.get("/dinas/koperasi/tidak-ada").status_code == 404


def test_a_long_history_is_shown_on_demand(desk, melati):
    for number in range(15):
        with writing():
            services.change_cooperative(melati, {"alamat": f"Jalan Contoh {number}"})
    page = desk.get(CARD)
    assert page.text.count("Data di register diubah") == 12
    assert desk.get(f"{CARD}?riwayat=semua").text.count("Data di register diubah") == 15


def test_likely_duplicates_stand_on_the_card(desk, melati, add):
    twin = add(nama_koperasi="KSP Melati Djaya", kode_kelurahan="35.73.05.1010")
    page = desk.get(CARD)
    assert "Mungkin tercatat dua kali" in page.text
    assert f'href="/dinas/koperasi/{twin.slug}"' in page.text


def test_an_operator_adds_with_a_name_alone(desk, app):
    answer = desk.post("/dinas/koperasi/baru", data={"nama_koperasi": " Koperasi  Dahlia "})
    assert answer.location == "/dinas/koperasi/koperasi-dahlia"
    assert "Koperasi masuk register." in desk.get(answer.location).text


def test_what_is_there_already_is_shown_before_it_is_added(desk, melati):
    page = desk.post(
        "/dinas/koperasi/baru",
        data={"nama_koperasi": "Koperasi Lain", "nomor_badan_hukum": "518/9/BH/Kankop"},
    )
    assert page.status_code == 200
    assert "Nomor badan hukum sama" in page.text
    assert "Mungkin koperasi ini sudah ada" in page.text
    sure = {"nama_koperasi": "Koperasi Lain", "nomor_badan_hukum": "518/9/BH/Kankop", "tetap": "1"}
    assert desk.post("/dinas/koperasi/baru", data=sure).status_code == 302


@pytest.mark.parametrize(
    ("field", "raw", "sentence"),
    [
        ("nama_koperasi", "", "Isi nama koperasi"),
        ("nama_koperasi", "ab", "terlalu pendek"),
        ("nama_koperasi", "k" * 151, "paling banyak 150"),
        ("nik_koperasi", "123", "13 angka"),
        ("tanggal_badan_hukum", "31-02-2020", "hanya sampai tanggal"),
        ("tanggal_badan_hukum", "1890-01-01", "1900"),
        ("tanggal_badan_hukum", "1930-01-01", "1945"),
        ("tanggal_badan_hukum", "2090-01-01", "belum terjadi"),
        ("telepon_ketua", "123", "tidak terbaca"),
        ("email", "x@", "tidak lengkap"),
        ("jenis_koperasi", "Serba", "tidak ada di daftar"),
        ("kode_kelurahan", "99.99.99.9999", "tidak ada di wilayah"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_what_was_typed_stays(desk, melati, field, raw, sentence):
    for address in ("/dinas/koperasi/baru", f"{CARD}/ubah"):
        page = desk.post(
            address, data=FORM | {"nama_koperasi": "Koperasi Baru", "alamat": "Jalan Ketik 9", field: raw}
        )
        assert page.status_code == 422
        assert sentence in page.text
        assert f'id="{field}-error"' in page.text
        assert f'href="#{field}"' in page.text
        assert "Jalan Ketik 9" in page.text
    assert now(melati).alamat == "Jalan Contoh 12"


def test_a_correction_is_written_and_told(desk, melati):
    start = typed(desk.get(f"{CARD}/ubah"))
    answer = desk.post(f"{CARD}/ubah", data=FORM | start | {"alamat": "Jalan Baru 1", "telepon_kantor": ""})
    assert answer.location == CARD
    assert (now(melati).alamat, melati.telepon_kantor, melati.version) == ("Jalan Baru 1", None, 2)
    page = desk.get(CARD)
    assert "Perubahan tersimpan." in page.text
    assert "Alamat · Telepon kantor" in page.text


def test_sending_the_form_unchanged_changes_nothing(desk, melati):
    start = typed(desk.get(f"{CARD}/ubah"))
    desk.post(f"{CARD}/ubah", data=FORM | start)
    assert now(melati).version == 1
    assert "Tidak ada yang berubah." in desk.get(CARD).text


def test_old_values_that_would_not_be_accepted_today_stop_nobody(desk, make_cooperative):
    old = make_cooperative(
        nama_koperasi="Koperasi Lama", alamat="Jl", jenis_koperasi="Serba Usaha", telepon_ketua="12345"
    )
    page = desk.get(f"/dinas/koperasi/{old.slug}/ubah")
    assert '<option value="Serba Usaha" selected>' in page.text
    sent = (
        dict.fromkeys(FORM, "")
        | typed(page)
        | {
            "nama_koperasi": "Koperasi Lama",
            "alamat": "Jl",
            "jenis_koperasi": "Serba Usaha",
            "telepon_ketua": "12345",
            "nama_ketua": "Ketua Baru",
        }
    )
    assert desk.post(f"/dinas/koperasi/{old.slug}/ubah", data=sent).status_code == 302
    assert (now(old).nama_ketua, old.alamat) == ("Ketua Baru", "Jl")


def test_changes_of_different_fields_at_the_same_time_both_stay(desk, melati):
    start = typed(desk.get(f"{CARD}/ubah"))
    with writing():
        services.change_cooperative(melati, {"alamat": "Jalan Orang Lain 3"})
    answer = desk.post(f"{CARD}/ubah", data=FORM | start | {"nama_ketua": "Ketua Baru"})
    assert answer.status_code == 302
    assert (now(melati).alamat, melati.nama_ketua) == ("Jalan Orang Lain 3", "Ketua Baru")
    assert "Isian lain yang baru diubah orang lain tetap ada." in desk.get(CARD).text


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Jalan Saya 2"), ("theirs", "Jalan Orang Lain 3")])
def test_a_field_that_both_changed_is_chosen_never_overwritten(desk, melati, choice, kept):
    start = typed(desk.get(f"{CARD}/ubah"))
    with writing():
        services.change_cooperative(melati, {"alamat": "Jalan Orang Lain 3"})
    sent = FORM | start | {"alamat": "Jalan Saya 2", "nama_ketua": "Ketua Baru"}
    page = desk.post(f"{CARD}/ubah", data=sent)
    assert page.status_code == 409
    assert "Jalan Saya 2" in page.text
    assert "Jalan Orang Lain 3" in page.text
    assert now(melati).alamat == "Jalan Orang Lain 3"
    again = sent | typed(page) | {"bentrok": "alamat"}
    undecided = desk.post(f"{CARD}/ubah", data=again)
    assert undecided.status_code == 422
    assert "Pilih salah satu isian." in undecided.text
    assert 'href="#pilih_alamat"' in undecided.text
    assert desk.post(f"{CARD}/ubah", data=again | {"pilih_alamat": choice}).status_code == 302
    assert (now(melati).alamat, melati.nama_ketua) == (kept, "Ketua Baru")


@pytest.mark.parametrize("asal", ["", "{", "[]", '{"alamat": 3}', "null"])
def test_a_form_that_lost_its_beginning_overwrites_nothing(desk, melati, asal):
    with writing():
        services.change_cooperative(melati, {"alamat": "Jalan Orang Lain 3"})
    page = desk.post(f"{CARD}/ubah", data=FORM | {"version": "1", "asal": asal})
    assert page.status_code == 409
    assert now(melati).alamat == "Jalan Orang Lain 3"


def test_dissolution_and_its_undoing_on_the_card(desk, melati):
    empty = desk.post(f"{CARD}/bubar", data={"nomor_keputusan": "", "tanggal_bubar": "x"})
    assert empty.status_code == 422
    assert 'href="#nomor_keputusan"' in empty.text
    assert 'href="#tanggal_bubar"' in empty.text
    early = desk.post(f"{CARD}/bubar", data={"nomor_keputusan": "518/1", "tanggal_bubar": "1999-01-01"})
    assert "sebelum koperasi berdiri" in early.text
    assert (
        desk.post(
            f"{CARD}/bubar", data={"nomor_keputusan": "518/1", "tanggal_bubar": "2024-05-02"}
        ).status_code
        == 302
    )
    page = desk.get(CARD)
    assert "Bubar menurut keputusan 518/1 tanggal 2 Mei 2024." in page.text
    assert "Buat kode" not in page.text
    assert "Batalkan pembubaran" in desk.get(f"{CARD}/bubar").text
    assert (
        desk.post(
            f"{CARD}/bubar", data={"nomor_keputusan": "518/1", "tanggal_bubar": "2024-05-02"}
        ).status_code
        == 422
    )
    assert desk.post(f"{CARD}/bubar/batal", data={"alasan": ""}).status_code == 422
    assert desk.post(f"{CARD}/bubar/batal", data={"alasan": "Salah koperasi"}).status_code == 302
    assert now(melati).dissolved_on is None
    assert desk.post(f"{CARD}/bubar/batal", data={"alasan": "x"}).status_code == 404


def test_the_number_of_queries_of_the_list_does_not_grow_with_its_rows(desk, add, count_queries):
    add(nama_koperasi="Koperasi Melati", kode_kelurahan="35.73.05.1010")
    with count_queries() as few:
        desk.get("/dinas/koperasi")
    for number in range(20):
        add(nama_koperasi=f"Koperasi Melati {number}")
    with count_queries() as many:
        desk.get("/dinas/koperasi")
    assert len(many) == len(few)


def test_the_number_of_queries_of_a_card_does_not_grow_with_people_codes_and_history(
    desk, melati, operator, make_user, count_queries
):
    def grow(times):
        for _ in range(times):
            person = make_user()
            with writing():
                code = services.issue_code(melati, by=operator)
                services.redeem_code(person, code, position="Ketua")

    grow(1)
    with count_queries() as few:
        desk.get(CARD)
    grow(8)
    with count_queries() as many:
        desk.get(CARD)
    assert len(many) == len(few)


def test_a_proposal_can_be_corrected_before_it_is_decided(desk, make_cooperative):
    proposal = make_cooperative(nama_koperasi="Koperasi Usulan", listing=Listing.PROPOSED)
    assert "Baru diusulkan" in desk.get(f"/dinas/koperasi/{proposal.slug}").text
    sent = (
        dict.fromkeys(FORM, "")
        | typed(desk.get(f"/dinas/koperasi/{proposal.slug}/ubah"))
        | {"nama_koperasi": "Koperasi Usulan Benar"}
    )
    assert desk.post(f"/dinas/koperasi/{proposal.slug}/ubah", data=sent).status_code == 302
    assert db.session.scalars(select(Cooperative.nama_koperasi)).all() == ["Koperasi Usulan Benar"]


def test_dates_are_dates_in_the_spreadsheet(desk, melati):
    [sheet] = read_sheets(desk.get("/dinas/koperasi?format=xlsx").data, "x.xlsx")
    assert date(2001, 8, 17) in sheet.rows[1]


def test_dissolving_what_a_colleague_has_just_dissolved_says_so_whatever_was_typed(desk, melati):
    address = f"/dinas/koperasi/{melati.slug}/bubar"
    good = {"nomor_keputusan": "12/KEP/2026", "tanggal_bubar": "2026-01-05"}
    assert desk.post(address, data=good).status_code == 302
    for sent in (good, {}, {"tanggal_bubar": "besok"}):
        page = desk.post(address, data=sent)
        assert page.status_code == 422
        assert "sudah tercatat bubar" in page.text
