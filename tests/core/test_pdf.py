"""Printed papers, read back as a person reads them."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from app.core.glyphs import printable
from app.core.pdf import Column, Document, Figure, Letterhead, grouped
from tests.support import pdf as reader

OFFICE = Letterhead("Dinas Koperasi dan UKM Kota Contoh", ("Jalan Contoh Melati No. 12",))
CREATED = datetime(2026, 3, 10, 7, 2, tzinfo=UTC)
QUESTIONS = [Column("No", 0.4), Column("Pertanyaan", 3), Column("Jawaban", 3)]


def make_document(**overrides):
    return Document(
        **{"title": "Bukti penerimaan laporan", "office": OFFICE, "created": CREATED, **overrides}
    )


def text_of(document):
    return reader.text(document.bytes())


def test_the_same_words_and_moment_give_the_same_bytes():
    script = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.core.test_pdf import receipt\n"
        "import hashlib; print(hashlib.sha256(receipt()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def receipt():
    document = make_document()
    document.code_box("Kode bukti", "SMP-4F7K-92QX", link="https://kota.example/verifikasi/SMP-4F7K-92QX")
    document.facts([("Tahun buku", "2025"), ("Aset", Figure("Rp1.250.000"))])
    document.table(QUESTIONS, [(str(n), f"Pertanyaan {n}", Figure(str(n * 1000))) for n in range(1, 25)])
    return document.bytes()


def test_another_moment_of_making_shows_in_the_file():
    assert b"/CreationDate (D:20260310070200" in make_document().bytes()
    with pytest.raises(ValueError, match="time zone"):
        make_document(created=CREATED.replace(tzinfo=None))


def test_a_paper_says_its_language_and_title_to_the_reading_program():
    content = make_document(language="en", title="Receipt").bytes()
    assert b"/Lang (en)" in content
    assert b"/Title (Receipt)" in content
    assert b"/Author (Dinas Koperasi dan UKM Kota Contoh)" in content


def test_office_title_and_footnote_stand_on_the_page():
    text = text_of(make_document(footnote="Sah tanpa tanda tangan."))
    assert "Dinas Koperasi dan UKM Kota Contoh" in text
    assert "Jalan Contoh Melati No. 12" in text
    assert "Bukti penerimaan laporan" in text
    assert "Sah tanpa tanda tangan." in text


def test_a_long_table_repeats_its_headings_and_numbers_its_pages():
    document = make_document()
    document.table(QUESTIONS, [(str(n), f"Pertanyaan nomor {n}", "jawaban") for n in range(1, 81)])
    pages = reader.pages(document.bytes())
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert "Jawaban" in page.splitlines()
        assert f"Halaman {number} dari 3" in " ".join(page.split())
    assert all(f"Pertanyaan nomor {n}\n" in "\n".join(pages) for n in range(1, 81))


def test_page_numbers_follow_the_words_of_the_caller():
    assert "Page 1 of 1" in text_of(make_document(page_label="Page %(page)s of %(pages)s"))


def test_a_word_longer_than_its_column_wraps_and_loses_no_letter():
    document = make_document()
    document.facts([("Alamat", "x" * 200)])
    runs = [line for line in reader.pages(document.bytes())[0].splitlines() if set(line) == {"x"}]
    assert len(runs) > 1
    assert sum(map(len, runs)) == 200


def test_a_cell_of_any_length_fits_on_a_page():
    document = make_document()
    document.table([Column("Sempit", 0.3), Column("Lebar", 3)], [("panjang " * 500, "y")])
    assert "…" in text_of(document)


def test_figures_stand_at_the_right_edge_in_full():
    assert "Rp98.765.432.109.876" in text_of_facts([("Aset", Figure("Rp98.765.432.109.876"))])
    assert left_edge("77") < left_edge(Figure("77")) < left_edge(Figure("7"))


def text_of_facts(rows):
    document = make_document()
    document.facts(rows)
    return text_of(document)


def left_edge(value):
    """Where the one value of a facts table begins, in points from the left of the page."""
    document = make_document(office=Letterhead("Kantor"), title="Judul")
    document.facts([("Label", value)])
    return reader.starts(document.bytes())[str(value)]


def test_an_empty_table_keeps_its_headings():
    document = make_document()
    document.table(QUESTIONS, [])
    assert "Pertanyaan" in text_of(document)


def test_a_code_of_any_length_stays_on_one_line():
    code = "SMP-4F7K-92QX-7GHT-33MN-PQRS-TUVW-XYZ2"
    document = make_document()
    document.code_box(
        "Kode", code, note="Berlaku sampai 31 Maret 2026.", link="https://kota.example/daftar?kode=1"
    )
    lines = reader.pages(document.bytes())[0].splitlines()
    assert code in lines
    assert "Berlaku sampai 31 Maret 2026." in lines


def test_a_qr_code_carries_its_address_also_for_a_tap_and_in_letters():
    url = "https://kota.example/verifikasi/SMP-4F7K-92QX"
    document = make_document()
    document.qr(url, "Periksa keaslian bukti ini")
    content = document.bytes()
    assert content.count(f"/URI ({url})".encode()) >= 2
    assert url in reader.text(content)


def test_a_heading_never_stands_alone_at_the_foot_of_a_page():
    for filler in range(26, 36):
        document = make_document()
        for _ in range(filler):
            document.paragraph("Satu baris.")
        document.heading("Judul bagian")
        document.facts([("Label", "nilai")])
        page = next(page for page in reader.pages(document.bytes()) if "Judul bagian" in page)
        assert "nilai" in page


def test_steps_are_numbered_and_an_address_keeps_its_lines():
    document = make_document()
    document.address(["Kepada pengurus", "Koperasi Melati Contoh", "Jalan Contoh No. 1"])
    document.steps(["Buka situs.", "Ketik kode."])
    document.paragraph("Hanya catatan.", soft=True)
    assert (
        "Kepada pengurus Koperasi Melati Contoh Jalan Contoh No. 1 1. Buka situs. 2. Ketik kode."
        in text_of(document)
    )


def test_nobody_can_type_the_mark_of_the_number_of_pages():
    assert "{nb} satu" in text_of_facts([("Nama", "{nb} s\x00atu")])


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Rp1.250 – −5 → √ · “Sah”", "Rp1.250 – −5 → √ · “Sah”"),
        ("✓ sudah", "√ sudah"),
        ("Jum\u02bcat", "Jum’at"),
        ("e\u0301lan Łódź", "élan Łódź"),
        ("Q\u0323ahlan \u1e33", "Qahlan k"),
        ("日本 😀", "□□ □"),
        ("a\u200bb\u202ec\x07d\tE\r\nF", "abcd E\nF"),
        ("\ud800", ""),
    ],
)
def test_what_the_font_lacks_is_drawn_by_something_similar(typed, drawn):
    assert printable(typed) == drawn


def test_long_codes_are_read_in_groups():
    assert grouped("9f86d081884c7d") == "9f86 d081 884c 7d"
    assert grouped("ABCDEF", size=3) == "ABC DEF"
