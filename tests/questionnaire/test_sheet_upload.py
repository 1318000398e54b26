"""A filled-in template comes back: what it would change, and the cells that cannot be taken."""

import shutil
import subprocess
from datetime import date

import pytest

from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import uploads
from app.questionnaire.questions import standard
from app.questionnaire.rules import Status
from tests.support.answers import sound
from tests.support.worksheets import (
    address,
    as_csv,
    as_ods,
    as_xls,
    fetched,
    offered_ticks,
    rows_by_code,
    take,
    ticked,
    typed_into,
    upload,
    words,
)


def test_an_unchanged_template_changes_nothing(desk, client_as):
    desk.save(**sound(shu=-5, alamat="Jalan “Uji” & Coba <1>", telepon_kantor=None))
    data = fetched(desk, client_as)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, data).location)
    assert "Tidak ada yang berubah" in words(page)
    assert not offered_ticks(page)


def test_a_fresh_template_brings_only_what_the_office_already_knew(desk, client_as):
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, fetched(desk, client_as)).location)
    register = {question.code for question in standard().questions if question.register}
    assert offered_ticks(page) == ticked(page)
    assert "nama_koperasi" in ticked(page)
    assert ticked(page) <= register


@pytest.mark.parametrize(
    ("name", "convert"),
    [
        ("isian.xls", as_xls),
        ("isian.ods", as_ods),
        ("isian.csv", as_csv),
        ("inggris.csv", lambda data: as_csv(data, ",")),
    ],
)
def test_the_template_comes_back_in_every_kind_of_file(desk, client_as, name, convert):
    desk.save(**sound(jumlah_karyawan=1250))
    data = fetched(desk, client_as)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, convert(data), name).location)
    assert "Tidak ada yang berubah" in words(page)
    page = browser.get(upload(browser, desk, convert(typed_into(data, aset=600_000_000)), name).location)
    assert offered_ticks(page) == {"aset"}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed on this machine")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv"])
def test_libreoffice_saves_the_template_without_changing_an_answer(desk, client_as, tmp_path, kind):
    desk.save(**sound())
    source = tmp_path / "isian.xlsx"
    source.write_bytes(fetched(desk, client_as))
    out = tmp_path / "out"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", out, source],
        check=True,
        timeout=120,
        capture_output=True,
    )
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, (out / f"isian.{kind}").read_bytes(), f"isian.{kind}").location)
    assert "Tidak ada yang berubah" in words(page)


def test_what_is_typed_into_the_template_is_compared_and_taken_over(desk, client_as):
    desk.save(**sound(aset=500_000_000))
    data = typed_into(
        fetched(desk, client_as),
        aset="Rp 650.000.000,00",
        nama_ketua="Dahlia Uji",
        tanggal_rat=date(2026, 3, 20),
    )
    browser = client_as(desk.member)
    sent = upload(browser, desk, data)
    assert (sent.status_code, sent.location) == (303, address(desk, "banding"))
    assert desk.report().answers["aset"] == 500_000_000
    page = browser.get(sent.location)
    assert ticked(page) == {"aset", "nama_ketua", "tanggal_rat"}
    assert "Rp500.000.000" in words(page)
    assert "Rp650.000.000" in words(page)
    done = take(browser, desk, page, "aset", "tanggal_rat")
    assert (done.status_code, done.location) == (303, address(desk, "periksa"))
    answers = desk.report().answers
    assert (answers["aset"], answers["tanggal_rat"]) == (650_000_000, "2026-03-20")
    assert answers["nama_ketua"] == "Cempaka Uji"
    assert browser.get(address(desk, "banding")).location.endswith("/unggah")


def test_the_trail_says_which_answers_came_from_which_file(desk, client_as):
    desk.save(**sound())
    browser = client_as(desk.member)
    sent = upload(browser, desk, typed_into(fetched(desk, client_as), aset=600_000_000), "buku besar.xlsx")
    take(browser, desk, browser.get(sent.location), "aset")
    from app.audit.models import TrailEntry

    entry = db.session.query(TrailEntry).filter_by(action="report.uploaded").one()
    assert entry.subject_id == desk.report().id


def test_each_bad_cell_is_named_by_its_address_with_what_to_do_and_the_good_ones_are_kept(desk, client_as):
    desk.save(**sound())
    data = typed_into(
        fetched(desk, client_as),
        aset="1.25",
        tanggal_rat="31-02-2026",
        jenis_koperasi="Koperasi Desa",
        modal_luar=200_000_000,
    )
    rows = rows_by_code(data)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, data).location)
    text = words(page)
    assert f"D{rows['aset']} , Aset: “1.25” bisa berarti 1,25 atau 125" in text
    assert f"D{rows['tanggal_rat']}" in text
    assert "Februari 2026 hanya sampai tanggal 28" in text
    assert "“Koperasi Desa” tidak ada di daftar" in text
    assert offered_ticks(page) == {"modal_luar"}
    take(browser, desk, page, "modal_luar", ambil_aset="1")
    answers = desk.report().answers
    assert (answers["modal_luar"], answers["aset"]) == (200_000_000, 500_000_000)
    assert f"D{rows['aset']} (Aset)" in words(browser.get(address(desk, "periksa")))


def test_an_emptied_cell_deletes_nothing_unless_the_person_says_so(desk, client_as):
    desk.save(**sound())
    data = typed_into(fetched(desk, client_as), telepon_kantor=None, aset=600_000_000)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, data).location)
    assert offered_ticks(page) == {"telepon_kantor", "aset"}
    assert ticked(page) == {"aset"}
    take(browser, desk, page, "telepon_kantor")
    assert "telepon_kantor" not in desk.report().answers


def test_what_was_changed_on_the_site_after_the_download_is_not_overwritten_by_the_old_cell(desk, client_as):
    desk.save(**sound())
    data = typed_into(fetched(desk, client_as), modal_luar=90_000_000)
    desk.save(aset=510_000_000)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, data).location)
    assert ticked(page) == {"modal_luar"}
    assert "aset" in offered_ticks(page)
    assert "Diubah di situs setelah berkas ini diunduh" in words(page)


def test_of_a_returned_report_a_change_of_a_closed_answer_is_said_and_not_taken(desk, client_as):
    desk.file()
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    data = typed_into(fetched(desk, client_as), aset=510_000_000, modal_luar=1)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, data).location)
    assert offered_ticks(page) == {"aset"}
    assert "1 jawaban sedang terkunci" in words(page)
    take(browser, desk, page, "aset", ambil_modal_luar="1")
    assert desk.report().answers["modal_luar"] == 100_000_000


def test_a_changed_answer_needs_its_confirmation_and_its_reason_anew(desk, client_as):
    desk.save(**sound(modal_sendiri=-5, modal_sendiri_konfirmasi=True, modal_sendiri_alasan="Rugi."))
    browser = client_as(desk.member)
    sent = upload(browser, desk, typed_into(fetched(desk, client_as), modal_sendiri=-900_000_000))
    take(browser, desk, browser.get(sent.location), "modal_sendiri")
    answers = desk.report().answers
    assert answers["modal_sendiri"] == -900_000_000
    assert "modal_sendiri_konfirmasi" not in answers
    assert "modal_sendiri_alasan" not in answers


def test_an_expired_upload_is_gone(desk, client_as, april):
    browser = client_as(desk.member)
    upload(browser, desk, fetched(desk, client_as))
    april.shift(25 * 3600)
    assert browser.get(address(desk, "banding")).location.endswith("/unggah")
    with writing():
        assert uploads.tidy() == 1
