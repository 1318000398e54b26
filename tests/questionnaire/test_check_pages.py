"""Checking, declaring, sending: the last pages of the form."""

import re

import pytest
from sqlalchemy import func, select

from app.cooperatives.queries import members_of
from app.cooperatives.rules import Position
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Receipt
from app.questionnaire.queries import current_receipt
from app.questionnaire.rules import Status
from tests.questionnaire.conftest import DECLARED
from tests.support.answers import sound


@pytest.fixture
def browser(desk, client_as):
    return client_as(desk.member)


def address(desk, page=""):
    return f"/laporan/{desk.slug}/2025{page}"


def press_send(desk, browser, **fields):
    """Send the check page's form as it stands."""
    page = browser.get(address(desk, "/periksa")).text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    return browser.post(address(desk, "/kirim"), data={"versi": version, **DECLARED, **fields})


def test_every_answer_stands_there_with_a_link_to_change_it(desk, browser):
    desk.save(**sound())
    page = browser.get(address(desk, "/periksa")).text
    assert "100 (anggota pria 40, anggota wanita 60)" in page
    assert "Balearjosari" in page
    assert "17 Mei 2001" in page
    assert f'href="{address(desk)}?bagian=4#q-aset"' in page
    assert page.count(">Ubah<") == 23  # all but kecamatan, which follows


def test_gaps_and_errors_lead_to_their_place_and_there_is_nothing_to_send(desk, browser):
    desk.save(**sound(shu=None, volume_usaha={"raw": "1.25"}))
    page = browser.get(address(desk, "/periksa")).text
    assert "2 jawaban harus diperbaiki sebelum dikirim" in page
    assert f'href="{address(desk)}?bagian=4&amp;lengkap=1#q-shu"' in page
    assert 'action="/laporan' not in page
    assert "Perbaiki jawaban" in page


def test_where_nobody_has_begun_there_is_nothing_to_check(desk, browser):
    assert browser.get(address(desk, "/periksa")).location == address(desk)


def test_warnings_are_listed_with_the_reason_given_and_do_not_stop_it(desk, browser):
    desk.save(**sound(aset=50_000_000), aset_alasan="Gudang dijual")
    page = browser.get(address(desk, "/periksa")).text
    assert "Satu jawaban perlu diperiksa sekali lagi" in page
    assert "Alasan Anda: Gudang dijual" in page
    assert press_send(desk, browser).status_code == 303


@pytest.mark.parametrize(
    ("position", "name", "chosen"),
    [(Position.TREASURER, "member", "Bendahara"), (Position.STAFF, "Cempaka Uji", "Ketua")],
)
def test_the_declaration_names_the_office_holder_who_probably_declares(
    make_desk, client_as, position, name, chosen
):
    desk = make_desk()
    with writing():
        members_of(desk.cooperative)[0].position = position
    desk.save(**sound())
    page = client_as(desk.member).get(address(desk, "/periksa")).text
    expected = desk.member.name if name == "member" else name
    assert re.search(rf'name="nama"[^>]*value="{expected}"', page)
    assert f'<option value="{chosen}" selected>' in page


def test_sending_leads_to_the_number_of_the_receipt_and_what_happens_next(desk, browser):
    desk.save(**sound())
    answer = press_send(desk, browser)
    assert (answer.status_code, answer.location) == (303, address(desk, "/terkirim"))
    page = browser.get(answer.location).text
    code = current_receipt(desk.report()).code
    assert code in page
    assert "Sesudah ini" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="qr"' in page
    assert desk.report().status is Status.SUBMITTED


def test_sending_twice_makes_one_receipt_and_leads_to_the_same_page(desk, browser):
    desk.save(**sound())
    page = browser.get(address(desk, "/periksa")).text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    sent = [browser.post(address(desk, "/kirim"), data={"versi": version, **DECLARED}) for _ in range(2)]
    assert [answer.location for answer in sent] == [address(desk, "/terkirim")] * 2
    assert db.session.scalar(select(func.count()).select_from(Receipt)) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"pernyataan": ""}, "pernyataan"),
        ({"nama": " "}, "nama"),
        ({"jabatan": "Raja"}, "jabatan"),
        ({"jabatan": ""}, "jabatan"),
    ],
)
def test_an_incomplete_declaration_is_shown_again_with_what_was_typed(desk, browser, fields, field):
    desk.save(**sound())
    answer = press_send(desk, browser, **{"nama": "Dahlia Uji", **fields})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'href="#{field}"' in answer.text
    if field != "nama":
        assert 'value="Dahlia Uji"' in answer.text
    assert desk.report().status is Status.DRAFT


def test_answers_that_changed_after_the_page_was_opened_are_not_declared_unseen(desk, browser):
    desk.save(**sound())
    page = browser.get(address(desk, "/periksa")).text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    desk.save(aset=500_000_001)
    answer = browser.post(address(desk, "/kirim"), data={"versi": version, **DECLARED})
    assert answer.status_code == 422
    assert "Jawaban berubah sejak halaman ini dibuka" in answer.text
    assert "Rp500.000.001" in answer.text
    again = re.search(r'name="versi" value="(\d+)"', answer.text)[1]
    assert browser.post(address(desk, "/kirim"), data={"versi": again, **DECLARED}).status_code == 303


@pytest.mark.parametrize("version", ["", "x", "-1", "٣", "9" * 40])
def test_a_version_that_is_none_sends_nothing(desk, browser, version):
    desk.save(**sound())
    answer = browser.post(address(desk, "/kirim"), data={"versi": version, **DECLARED})
    assert answer.status_code == 422
    assert desk.report().status is Status.DRAFT


def test_an_error_that_came_up_meanwhile_is_shown_instead_of_a_receipt(desk, browser):
    desk.save(**sound(shu=None))
    answer = browser.post(address(desk, "/kirim"), data=DECLARED)
    assert answer.status_code == 422
    assert "Isi sisa hasil usaha" in answer.text


def test_nothing_to_send_is_no_page(desk, browser):
    assert browser.post(address(desk, "/kirim"), data=DECLARED).status_code == 404


def test_after_approval_a_late_press_changes_nothing_and_says_so(desk, browser):
    desk.approve()
    answer = browser.post(address(desk, "/kirim"), data=DECLARED)
    assert answer.status_code == 409
    assert desk.report().status is Status.APPROVED


def test_the_check_page_of_a_locked_report_leads_to_reading_it(desk, browser):
    desk.file()
    assert browser.get(address(desk, "/periksa")).location == address(desk)


def test_there_is_no_page_of_thanks_before_it_was_sent(desk, browser):
    desk.save(**sound())
    assert browser.get(address(desk, "/terkirim")).location == address(desk)
    desk.submit()
    desk.move(Status.RETURNED, reason="Periksa.", codes=["aset"])
    assert browser.get(address(desk, "/terkirim")).location == address(desk)


def test_a_pair_that_was_not_reopened_shows_its_sum_and_names_no_inputs(desk, browser):
    desk.file()
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    page = browser.get(address(desk) + "?bagian=3").text
    assert re.search(r'<output id="jumlah_anggota">[\d.]+</output>', page)
    assert 'name="anggota_pria"' not in page


def test_a_returned_report_is_corrected_and_sent_again_with_a_new_receipt(desk, browser):
    desk.file()
    first = current_receipt(desk.report()).code
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    page = browser.get(address(desk) + "?bagian=4").text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    browser.post(address(desk) + "?bagian=4", data={"versi": version, "aset": "505.000.000", "ke": "periksa"})
    checked = browser.get(address(desk, "/periksa")).text
    assert checked.count(">Ubah<") == 1
    assert press_send(desk, browser).status_code == 303
    assert current_receipt(desk.report()).code != first
    page = browser.get(address(desk)).text
    assert page.count("?kode=SMP-25-") == 2
    assert "Sudah diganti" in page
    assert "Aset keliru." in page  # the history tells why


def test_services_say_what_is_missing_in_one_sentence(desk):
    desk.save(**sound(shu=None))
    with pytest.raises(services.NotReady, match="belum dapat dikirim"):
        desk.submit()
