"""Activation letters and the end of a right, on the operator's pages."""

import re

import pytest
import time_machine

from app.cooperatives import services
from app.cooperatives.codes import LIFETIME
from app.cooperatives.queries import codes_of
from app.core.database import now as moment_now
from app.core.extensions import db
from app.core.writing import writing

CARD = "/dinas/koperasi/koperasi-simpan-pinjam-melati-jaya"


@pytest.fixture
def letter(desk, melati):
    return desk.post(f"{CARD}/kode")


def code_on(page):
    return re.search(r'class="code-value">([A-Z0-9-]{14})<', page.text)[1]


def test_the_letter_shows_the_code_once_with_a_qr(letter, desk, melati):
    assert letter.status_code == 200
    assert letter.headers["Cache-Control"] == "no-store"
    code = code_on(letter)
    assert 'class="qr"' in letter.text
    assert "Kepada pengurus" in letter.text
    card = desk.get(CARD)
    assert code not in card.text
    assert f"…{code[-4:]}" in card.text
    assert "berlaku sampai" in card.text


def test_the_code_on_the_letter_opens_the_door(letter, client_as, make_user, melati):
    person = make_user(name="Ratna Uji")
    assert (
        client_as(person).post("/daftar/kode", data={"kode": code_on(letter), "jabatan": "Ketua"}).status_code
        == 302
    )
    db.session.rollback()
    assert codes_of(melati)[0].used_by.name == "Ratna Uji"


def test_the_letter_as_pdf_is_one_page_and_changes_nothing(letter, desk, melati):
    pdf = desk.post(f"{CARD}/kode/surat.pdf", data={"kode": code_on(letter)})
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", pdf.data)) == 1
    again = desk.post(f"{CARD}/kode/surat.pdf", data={"kode": code_on(letter)})
    assert again.data == pdf.data
    assert codes_of(melati)[0].used_at is None


@pytest.mark.parametrize("code", ["", "ABCD", "ABCD-EFGH-JKMN"])
def test_no_letter_for_a_code_that_is_not_there(desk, melati, code):
    assert desk.post(f"{CARD}/kode/surat.pdf", data={"kode": code}).status_code == 404


def test_a_letter_belongs_to_its_own_cooperative(letter, desk, add):
    other = add(nama_koperasi="Koperasi Lain")
    assert (
        desk.post(f"/dinas/koperasi/{other.slug}/kode/surat.pdf", data={"kode": code_on(letter)}).status_code
        == 404
    )
    paper = codes_of(db.session.merge(other))
    assert paper == []


def test_a_lost_letter_is_revoked(letter, desk, melati, add):
    paper = codes_of(melati)[0].id
    other = add(nama_koperasi="Koperasi Lain")
    assert desk.post(f"/dinas/koperasi/{other.slug}/kode/{paper}/cabut").status_code == 404
    assert desk.post(f"{CARD}/kode/{paper + 1}/cabut").status_code == 404
    assert desk.post(f"{CARD}/kode/{paper}/cabut").status_code == 302
    page = desk.get(CARD)
    assert "Kode dicabut." in page.text
    assert "dicabut Bagas Uji" in page.text
    desk.post(f"{CARD}/kode/{paper}/cabut")
    assert "Kode ini sudah dicabut." in desk.get(CARD).text


def test_too_many_letters_are_refused_in_words(desk, melati):
    for _ in range(5):
        desk.post(f"{CARD}/kode")
    assert desk.post(f"{CARD}/kode").status_code == 302
    assert "Sudah ada 5 kode yang belum dipakai" in desk.get(CARD).text


def test_an_old_letter_shows_that_its_time_is_over(letter, client_as, operator):
    with time_machine.travel(moment_now() + LIFETIME * 1.1):
        assert "lewat waktu sejak" in client_as(operator).get(CARD).text


def test_a_right_is_ended_on_a_page_of_its_own(desk, melati, make_user, add):
    person = make_user(name="Laras Uji")
    with writing():
        member = services.add_member(person, melati, position="Bendahara").id
    other = add(nama_koperasi="Koperasi Lain")
    assert desk.get(f"/dinas/koperasi/{other.slug}/pengelola/{member}/akhiri").status_code == 404
    assert desk.get(f"{CARD}/pengelola/{member + 1}/akhiri").status_code == 404
    assert "Laras Uji" in desk.get(f"{CARD}/pengelola/{member}/akhiri").text
    empty = desk.post(f"{CARD}/pengelola/{member}/akhiri", data={"alasan": " "})
    assert empty.status_code == 422
    assert 'href="#alasan"' in empty.text
    assert (
        desk.post(f"{CARD}/pengelola/{member}/akhiri", data={"alasan": "Pengurus berganti"}).status_code
        == 302
    )
    page = desk.get(CARD)
    assert "Laras Uji bukan pengelola lagi." in page.text
    assert "Pengurus berganti" in page.text
    assert desk.post(f"{CARD}/pengelola/{member}/akhiri", data={"alasan": "x"}).status_code == 422
