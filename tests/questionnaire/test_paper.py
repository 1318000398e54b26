"""The form on paper: empty, or with the answers as they stand."""

from datetime import UTC, datetime

import pytest

from app.core.paper_form import Ask, Box, PaperForm
from app.core.pdf import Letterhead
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Edition
from app.questionnaire.queries import current_receipt
from app.questionnaire.questions import standard
from app.questionnaire.rules import Status
from tests.support import pdf
from tests.support.answers import sound


def printed(desk, client_as, content):
    answer = client_as(desk.member).get(f"/laporan/{desk.slug}/2025/formulir.pdf?isi={content}")
    assert answer.mimetype == "application/pdf"
    return answer.data


def add_questions(*added):
    """Questions that staff wrote for this year."""
    questionnaire = standard()
    for one in added:
        questionnaire = questionnaire.with_question(one)
    with writing() as session:
        edition = session.query(Edition).filter_by(year=2025).one()
        edition.questions, edition.digest = questionnaire.to_json(), f"{len(added):064x}"


def test_the_empty_form_asks_everything_with_last_year_and_help_in_small_type(desk, client_as):
    with writing():
        services.import_report(desk.cooperative, year=2024, answers={"aset": 480_000_000})
    words = pdf.text(printed(desk, client_as, "kosong"))
    for question in standard().questions:
        assert question.label in words or question.parts
    assert "Anggota pria" in words
    assert "Tahun buku 2024: Rp480.000.000" in words
    assert "KUD" in words
    assert "Tanda tangan" in words


def test_the_empty_form_shows_no_answer(desk, client_as):
    desk.save(**sound())
    assert "Rp500.000.000" not in pdf.text(printed(desk, client_as, "kosong"))


def test_a_draft_on_paper_says_so_on_every_page_and_shows_the_answers_and_reasons(desk, client_as):
    desk.save(**sound(aset={"raw": "1.25"}, shu_alasan="Panen gagal."))
    data = printed(desk, client_as, "sekarang")
    assert all("Draf, belum dikirim" in page for page in pdf.pages(data))
    words = pdf.text(data)
    for expected in (
        "(draf)",
        "Rp900.000.000",
        "1.25 (belum terbaca)",
        "Anggota pria: 40",
        "Alasan: Panen gagal.",
    ):
        assert expected in words


def test_a_filed_report_on_paper_carries_its_receipt_and_gives_the_same_bytes_again(desk, client_as):
    desk.file()
    code = current_receipt(desk.report()).code
    data = printed(desk, client_as, "sekarang")
    words = pdf.text(data)
    assert "draf" not in words.lower()
    for expected in (code, f"/verifikasi/{code}", "Cempaka Uji, ketua", "Terkirim"):
        assert expected in words
    assert data == printed(desk, client_as, "sekarang")


def test_a_returned_report_on_paper_is_a_draft_again(desk, client_as):
    desk.file()
    code = current_receipt(desk.report()).code
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    words = pdf.text(printed(desk, client_as, "sekarang"))
    assert "Draf, belum dikirim" in words
    assert code not in words


def test_many_long_questions_break_between_pages_and_never_inside_one(desk, client_as):
    add_questions(
        *(
            {
                "code": f"tambahan_{index}",
                "section": 4,
                "label": f"Tambahan {index} " + "dengan nama yang panjang sekali " * 4,
                "type": "text",
                "max_length": 200,
                "help": f"Bantuan {index}. " + "Lihat catatan atas laporan keuangan. " * 20 + f"Akhir{index}",
            }
            for index in range(60)
        )
    )
    pages = pdf.pages(printed(desk, client_as, "kosong"))
    assert len(pages) > 8
    for index in range(60):
        holding = [number for number, page in enumerate(pages) if f"Tambahan {index} " in page]
        assert len(holding) == 1


def test_big_figures_and_endless_names_stay_inside_their_boxes(desk, client_as):
    desk.save(
        **sound(aset=10**15, shu=-(10**15), nama_koperasi="Koperasi " + "Serbausaha" * 40, alamat="W" * 255)
    )
    words = pdf.text(printed(desk, client_as, "sekarang"))
    assert "Rp1.000.000.000.000.000" in words
    assert "−Rp1.000.000.000.000.000" in words


@pytest.mark.parametrize("choices", [2, 6, 7, 40, 41, 300])
def test_a_choice_has_a_square_for_each_as_long_as_they_fit(choices):
    document = PaperForm(
        title="Uji", office=Letterhead("Kantor Uji"), created=datetime(2026, 4, 10, tzinfo=UTC)
    )
    box = Box("choices", choices=tuple(f"Pilihan {index}" for index in range(choices)))
    document.section("Bagian", "Pengantar.", [Ask("1.", "Jenis", ("Petunjuk",), box)] * 3)
    words = pdf.text(document.bytes())
    assert ("Pilihan 0" in words) == (choices <= 40)


@pytest.mark.parametrize("query", ["isi=sekarang", "isi=lain", "isi="])
def test_what_is_not_there_to_print_is_not_found(desk, client_as, query):
    assert client_as(desk.member).get(f"/laporan/{desk.slug}/2025/formulir.pdf?{query}").status_code == 404
