"""One report beside last year's and beside the version that was returned, with what was said about each answer."""

import pytest

from app.accounts.models import User
from app.cooperatives.queries import members_of
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Report
from app.questionnaire.questions import standard
from app.review.comparison import compare

ASKED = standard()


def lines(**versions):
    shown = compare(ASKED, places={}, **{"now": {}, "last": None, "returned": None, **versions})
    return {line.question.code: line for line in shown}


def section(page, code):
    return page.split(f'id="q-{code}"')[1].split("</section>")[0]


@pytest.fixture
def correct(client_as, operator, make_report):
    """``correct(report, reason, marks, **answers)``: it was returned, corrected and sent again."""

    def go(report, reason, marks, **answers):
        number = report.id
        held = db.session.get_one(Report, number, populate_existing=True)
        sent = {"aksi": "kembalikan", "versi": held.version, "perbaiki": marks, "alasan": reason}
        notes = {f"catatan_{code}": f"Perbaiki {code}." for code in marks}
        client_as(operator).post(f"/dinas/periksa/{number}", data=sent | notes)
        with writing() as session:
            held = session.get_one(Report, number)
            by = session.get_one(User, members_of(held.cooperative)[0].user_id)
            questionnaire.save_answers(held, values=answers, base_version=held.version, by=by)
            questionnaire.submit(held, by=by, declared_name="Ketua Uji", declared_position="Ketua")
        return db.session.get_one(Report, number, populate_existing=True)

    return go


def test_after_two_returns_the_latest_one_is_compared(client_as, operator, make_report, correct):
    report = make_report(shu=25_000_000)
    correct(report, "Pertama.", ["shu"], shu=26_000_000)
    correct(report, "Kedua.", ["shu", "volume_usaha"], shu=27_000_000)
    page = client_as(operator).get(f"/dinas/periksa/{report.id}").text
    shu = section(page, "shu")
    assert '<span class="was">Rp26.000.000</span>' in shu
    assert "Rp27.000.000" in shu
    assert "Rp25.000.000" not in shu
    assert "berubah" in shu
    assert "“Kedua.”" in page
    assert "“Pertama.”" not in page
    assert "diminta diperbaiki, belum berubah" in section(page, "volume_usaha")
    assert 'id="q-aset"' not in page


def test_the_remark_of_the_return_stands_beside_its_row(client_as, operator, make_report, correct):
    report = make_report()
    correct(report, "Lihat catatan.", ["shu"], shu=26_000_000)
    shu = section(client_as(operator).get(f"/dinas/periksa/{report.id}").text, "shu")
    assert "Catatan pengembalian" in shu
    assert "Perbaiki shu." in shu


def test_the_reason_stands_with_the_flag_that_asked_for_it(client_as, operator, make_report):
    report = make_report(aset=5_000_000_000)
    finding = report.findings[0]
    with writing() as session:
        held = session.get_one(Report, report.id)
        held.answers = held.answers | {finding["reason"]: "Bangunan dinilai ulang."}
    page = client_as(operator).get(f"/dinas/periksa/{report.id}").text
    for code in finding["questions"]:
        row = section(page, code)
        assert "Rp5.000.000.000" in row
        assert "Bangunan dinilai ulang." in row


def test_a_flag_without_a_reason_says_so(client_as, operator, make_report):
    report = make_report(aset=5_000_000_000)
    page = client_as(operator).get(f"/dinas/periksa/{report.id}").text
    assert "Koperasi tidak menulis alasan." in section(page, "aset")


def test_a_changed_part_is_a_change_though_the_sum_is_the_same():
    before = {"jumlah_anggota": 100, "anggota_pria": 60, "anggota_wanita": 40}
    after = {"jumlah_anggota": 100, "anggota_pria": 40, "anggota_wanita": 60}
    assert lines(now=after, last=before)["jumlah_anggota"].changed
    assert not lines(now=after, last={"jumlah_anggota": 100})["jumlah_anggota"].changed
    assert not lines(now=after)["jumlah_anggota"].changed


def test_a_reason_without_a_flag_is_shown_all_the_same():
    line = lines(now={"aset": 5, "aset_alasan": "Hibah."})["aset"]
    assert (line.reason, line.flags) == ("Hibah.", ())
