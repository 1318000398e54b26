import io
from datetime import date

import pytest
from openpyxl import load_workbook

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.cooperatives.registering import dissolve
from app.cooperatives.services import change_cooperative
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.review import queries, services
from tests.support.queries import count_queries

STAFF_PAGES = ["/dinas/periksa", "/dinas/belum-lapor", "/dinas/ekspor"]


@pytest.mark.parametrize("path", [*STAFF_PAGES, "/dinas"])
def test_the_desk_is_closed_to_everybody_else(client, client_as, make_user, make_report, path):
    make_report()
    assert client.get(path).status_code == 302
    assert client_as(make_user(Role.COOPERATIVE)).get(path).status_code == 403
    assert client_as(make_user(Role.EDITOR)).get(path).status_code == 403


def test_an_admin_sees_how_far_the_year_is_but_no_report(client_as, make_user, make_report):
    report = make_report()
    client = client_as(make_user(Role.ADMIN))
    assert client.get("/dinas").status_code == 200
    assert client.get("/dinas/periksa").status_code == 403
    assert client.get(f"/dinas/periksa/{report.id}").status_code == 403


def test_the_queue_shows_what_waits_and_who_has_it(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    client.post(f"/dinas/periksa/{report.id}/ambil")
    page = client.get("/dinas/periksa").text
    assert report.cooperative.nama_koperasi in page
    assert "Operator Satu" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kecamatan=35.73.01", True),
        ("kecamatan=35.73.02", False),
        ("pemeriksa=bebas", True),
        ("pemeriksa=saya", False),
        ("tahun=2025", True),
        ("tahun=2024", False),
        ("peringatan=tanpa", True),
        ("peringatan=ada", False),
        ("asal=impor", False),
        ("tahun=x&kecamatan=%00&after=zzz&pemeriksa=%27", True),
    ],
)
def test_the_queue_can_be_filtered(client_as, operator, make_report, query, found):
    report = make_report()
    page = client_as(operator).get(f"/dinas/periksa?{query}")
    assert page.status_code == 200
    assert (f"/dinas/periksa/{report.id}" in page.text) is found


def test_the_queue_costs_the_same_number_of_queries_however_long_it_is(client_as, operator, make_report):
    client = client_as(operator)
    make_report()
    with count_queries() as few:
        client.get("/dinas/periksa")
    for _ in range(4):
        make_report()
    with count_queries() as many:
        client.get("/dinas/periksa")
    assert many.number == few.number


def test_one_report_costs_a_fixed_number_of_queries(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    address = f"/dinas/periksa/{report.id}"
    with count_queries() as bare:
        client.get(f"{address}?tampil=semua")
    for question in ("aset", "shu", "modal_luar"):
        client.post(address, data={"aksi": "catat", "versi": report.version, f"catatan_{question}": "Dicek."})
    with count_queries() as commented:
        client.get(f"{address}?tampil=semua")
    assert commented.number <= bare.number + 1


def test_a_report_is_shown_beside_last_years(client_as, operator, make_report):
    last = make_report(year=2024, aset=400_000_000, tanggal_rat="2025-03-01", modal_sendiri=300_000_000)
    report = make_report(of=last.cooperative)
    page = client_as(operator).get(f"/dinas/periksa/{report.id}").text
    assert "Rp400.000.000" in page
    assert "Rp500.000.000" in page
    assert "+25%" in page
    whole = client_as(operator).get(f"/dinas/periksa/{report.id}?tampil=semua").text
    assert "Blimbing" in whole
    assert "35.73.01<" not in whole.replace(" ", "").replace(
        "\n", ""
    )  # its kecamatan in words, as its kelurahan is


def test_what_approving_writes_over_in_the_register_is_said_beside_the_answer(
    client_as, operator, make_report
):
    last = make_report(year=2024, tanggal_rat="2025-03-01")
    report = make_report(of=last.cooperative)
    page = client_as(operator)
    with writing():
        approve_as(operator.id, last)
    address = f"/dinas/periksa/{report.id}"
    assert "Menyetujui laporan menggantinya" not in page.get(address).text
    with writing() as session:
        change_cooperative(session.get_one(Cooperative, last.cooperative_id), {"nama_ketua": "Seruni Baru"})
    assert (
        "Di daftar koperasi sekarang: Seruni Baru. Menyetujui laporan menggantinya." in page.get(address).text
    )
    with writing():
        approve_as(operator.id, report)
    assert db.session.get_one(Cooperative, last.cooperative_id).nama_ketua == "Cempaka Uji"
    assert "Menyetujui laporan menggantinya" not in page.get(f"{address}?tampil=semua").text


def approve_as(operator_id, report):
    by = db.session.get_one(User, operator_id)
    services.approve(report, comments={}, by=by, seen=report.version)


def test_what_the_cooperative_changed_after_a_return_stands_first(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    client.post(
        f"/dinas/periksa/{report.id}",
        data={"aksi": "kembalikan", "versi": report.version, "perbaiki": "shu", "alasan": "Lihat lagi."},
    )
    page = client.get(f"/dinas/periksa/{report.id}").text
    assert "Lihat lagi." in page
    assert "Riwayat laporan" in page


def test_the_year_counts_each_cooperative_once(app, operator, make_report, make_cooperative):
    make_report(year=2024, tanggal_rat="2025-03-01")
    report = make_report()
    make_report(submitted=False)
    make_cooperative(kode_kecamatan="35.73.02")
    operator_id = operator.id
    with writing() as session:
        services.approve(report, comments={}, by=session.get_one(User, operator_id), seen=report.version)
    year = queries.progress(2025)
    assert (year.expected, year.approved, year.submitted, year.missing) == (4, 1, 0, 3)
    assert {area.code: area.expected for area in year.by_kecamatan} == {"35.73.01": 3, "35.73.02": 1}


def test_a_year_without_questions_has_no_progress(app):
    assert queries.progress(1990) is None


def test_dissolved_cooperatives_are_not_waited_for(app, make_report, make_cooperative):
    make_report()
    make_cooperative(dissolved_on=date(2020, 1, 1), dissolved_decree="SK Uji 1")
    assert queries.progress(2025).expected == 1


def test_who_is_dissolved_after_filing_still_counts_in_that_year(app, make_report):
    number = make_report().cooperative_id
    with writing() as session:
        dissolve(session.get_one(Cooperative, number), decree="SK Uji 1", on=date(2026, 4, 1), by=None)
    year = queries.progress(2025)
    assert (year.expected, year.submitted, year.missing) == (1, 1, 0)


def test_the_list_of_those_who_have_not_filed_can_be_downloaded(
    client_as, operator, make_report, make_cooperative
):
    make_report()
    make_cooperative(nama_koperasi="Koperasi Uji Belum Lapor", telepon_ketua="+6281200000009")
    client = client_as(operator)
    page = client.get("/dinas/belum-lapor?tahun=2025")
    assert "Koperasi Uji Belum Lapor" in page.text
    assert page.text.count("<tr>") == 2  # the heading and this one
    book = load_workbook(io.BytesIO(client.get("/dinas/belum-lapor?tahun=2025&format=xlsx").data))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == ["Koperasi Uji Belum Lapor"]
    csv = client.get("/dinas/belum-lapor?tahun=2025&format=csv")
    assert (
        "•••009" in csv.text
    )  # whoever needs the number takes the whole list: tests/security/test_masking.py


def test_the_ministrys_file_has_its_thirty_columns(client_as, operator, make_report):
    report = make_report()
    client = client_as(operator)
    client.post(f"/dinas/periksa/{report.id}", data={"aksi": "setujui", "versi": report.version})
    assert "/dinas/ekspor/2025/kementerian.xlsx" in client.get("/dinas/ekspor").text
    book = load_workbook(io.BytesIO(client.get("/dinas/ekspor/2025/kementerian.xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows[0]) == 30
    assert (rows[0][2], rows[0][29]) == ("NAMA KOPERASI", "SISA HASIL USAHA")
    assert rows[1][29] == 25_000_000
    assert len(rows) == 2


@pytest.mark.parametrize("path", ["/dinas/ekspor/1999/kementerian.csv", "/dinas/ekspor/2025/lain.csv"])
def test_an_export_that_does_not_exist_is_not_found(client_as, operator, make_report, path):
    make_report()
    assert client_as(operator).get(path).status_code == 404


def test_no_report_is_an_invitation_not_a_blank(client_as, operator):
    client = client_as(operator)
    assert "Belum ada laporan yang menunggu" in client.get("/dinas/periksa").text
    assert client.get("/dinas").status_code == 200
    assert "Belum ada tahun buku" in client.get("/dinas/ekspor").text
    assert db.session.info.get("writing") is None
