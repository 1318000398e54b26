"""Files that come instead of the template: plain tables, other sheets, other kinds of file."""

import io

import pytest

from app.core.extensions import db
from app.questionnaire.uploads import SheetUpload
from tests.support import workbooks
from tests.support.answers import sound
from tests.support.worksheets import address, fetched, opened, ticked, typed_into, upload, words


def test_a_plain_table_of_questions_and_answers_is_taken_and_its_strange_rows_are_named(desk, client_as):
    desk.save(**sound())
    table = (
        "LAPORAN KAMI\n\nNo;Pertanyaan;Jawaban\n1;Nama Ketua;Dahlia Uji\n2;aset;700.000.000\n"
        "3;Jumlah anggota;184\n4;Jumlah sapi;12\n"
    )
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, table.encode(), "jawaban.csv").location)
    text = words(page)
    assert ticked(page) == {"nama_ketua", "aset"}
    assert "C7 , Jumlah sapi: 12" in text
    assert "C6 , Jumlah anggota: 184 (terisi sendiri)" in text
    assert "Tidak ada di berkas, jadi tidak berubah: Nomor Induk Koperasi (NIK)" in text


def test_the_right_sheet_is_found_among_others(desk, client_as):
    desk.save(**sound())
    book = opened(typed_into(fetched(desk, client_as), aset=600_000_000))
    book.create_sheet("Catatan", 0)["A1"] = "Bukan ini"
    out = io.BytesIO()
    book.save(out)
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, out.getvalue()).location)
    assert ticked(page) == {"aset"}
    assert "lembar “Isian”" in words(page)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7 x", "Ini berkas PDF, bukan lembar kerja"),
        (b"\x89PNG\r\n", "Ini berkas PNG"),
        (b"", "Berkas ini kosong"),
        (b"x" * (3 << 20), "lebih dari 2 MB"),
        (workbooks.encrypted_office(), "dikunci dengan sandi"),
        (workbooks.word_document(), "bukan lembar kerja"),
        (workbooks.xlsx_with_cell("XFD1048576"), "letaknya sangat jauh"),
        (b"PK\x03\x04 rusak", "rusak atau terpotong"),
        (b"nama,umur\nbudi,3\n", "Pertanyaan laporan tidak ditemukan"),
    ],
)
def test_what_is_no_filled_in_template_gets_one_clear_sentence(desk, client_as, data, sentence):
    answer = upload(client_as(desk.member), desk, data, "isian.xlsx")
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert db.session.query(SheetUpload).count() == 0


def test_no_file_chosen_is_said(desk, client_as):
    answer = client_as(desk.member).post(address(desk), data={}, content_type="multipart/form-data")
    assert "Pilih berkas dulu" in words(answer)


def test_a_file_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(desk, client_as):
    bomb = workbooks.xlsx_with_cell("A1", members=[("xl/media/x.bin", b"\0" * (70 << 20))])
    answer = upload(client_as(desk.member), desk, bomb)
    assert answer.status_code == 422
    assert "terlalu besar" in words(answer)


def test_another_cooperatives_file_is_recognised(desk, make_desk, client_as):
    other = make_desk(nama_koperasi="Koperasi Konsumen Uji Kenanga")
    answer = upload(client_as(desk.member), desk, fetched(other, client_as))
    assert answer.status_code == 422
    assert "templat koperasi lain" in words(answer)


def test_another_years_file_is_recognised(desk, client_as):
    data = fetched(desk, client_as)
    book = opened(data)
    book.worksheets[0]["A1"] = book.worksheets[0]["A1"].value.replace("/2025/", "/2024/")
    out = io.BytesIO()
    book.save(out)
    answer = upload(client_as(desk.member), desk, out.getvalue())
    assert "templat tahun buku 2024, padahal halaman ini untuk tahun buku 2025" in words(answer)
