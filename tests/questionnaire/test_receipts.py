"""The receipt as paper, and what anybody may learn from its code."""

import pytest

from app.questionnaire.queries import current_receipt
from app.questionnaire.rules import Status, new_receipt_code, short_digest
from tests.support import pdf
from tests.support.answers import sound

PRIVATE = ("0812-0000-0001", "+6281200000001", "Kenanga Uji", "500.000.000", "Jalan Uji Coba")


@pytest.fixture
def receipt(desk):
    desk.file(nama_koperasi="Koperasi Konsumen Uji Melati")
    return current_receipt(desk.report())


def test_the_paper_says_what_was_filed_when_and_by_whom(desk, receipt, client_as):
    answer = client_as(desk.member).get(f"/laporan/{desk.slug}/2025/bukti.pdf")
    assert answer.mimetype == "application/pdf"
    assert f"bukti-{desk.slug}-2025.pdf" in answer.headers["Content-Disposition"]
    words = pdf.text(answer.data)
    for expected in (
        receipt.code,
        "Koperasi Konsumen Uji Melati",
        "10 April 2026, 09.00 WIB",
        "Cempaka Uji, ketua",
        short_digest(receipt.answers_digest),
        "Rp500.000.000",
        f"/verifikasi/{receipt.code}",
    ):
        assert expected in words


def test_what_is_not_public_is_not_printed_on_the_paper(desk, receipt, client_as):
    words = pdf.text(client_as(desk.member).get(f"/laporan/{desk.slug}/2025/bukti.pdf").data)
    assert "0812-0000-0001" not in words
    assert "Kenanga Uji" not in words


def test_the_same_receipt_is_the_same_file(desk, receipt, client_as):
    browser = client_as(desk.member)
    first, second = (browser.get(f"/laporan/{desk.slug}/2025/bukti.pdf").data for _ in range(2))
    assert first == second


def test_older_receipts_are_still_there_by_their_code_and_say_what_was_filed_then(desk, receipt, client_as):
    old = receipt.code
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    desk.save(aset=505_000_000)
    desk.submit()
    browser = client_as(desk.operator)
    words = pdf.text(browser.get(f"/laporan/{desk.slug}/2025/bukti.pdf?kode={old.lower()}").data)
    assert old in words
    assert "Rp500.000.000" in words
    assert "Rp505.000.000" in pdf.text(browser.get(f"/laporan/{desk.slug}/2025/bukti.pdf").data)


@pytest.mark.parametrize("query", ["?kode=SMP-25-2222-2222", "?kode=x", "?kode=%00"])
def test_a_code_of_another_report_is_no_receipt_of_this_one(desk, receipt, client_as, query):
    assert client_as(desk.member).get(f"/laporan/{desk.slug}/2025/bukti.pdf{query}").status_code == 404


def test_without_a_submission_there_is_no_receipt(desk, client_as):
    desk.save(**sound())
    assert client_as(desk.member).get(f"/laporan/{desk.slug}/2025/bukti.pdf").status_code == 404


def test_anybody_can_see_that_a_receipt_is_valid_and_nothing_private(receipt, client):
    answer = client.get(f"/verifikasi/{receipt.code}")
    assert answer.status_code == 200
    assert "Bukti ini asli dan berlaku" in answer.text
    for expected in (
        "Koperasi Konsumen Uji Melati",
        "2025",
        "10 April 2026, 09.00 WIB",
        short_digest(receipt.answers_digest),
    ):
        assert expected in answer.text
    for private in PRIVATE:
        assert private not in answer.text


def test_search_engines_are_kept_out(receipt, client):
    for page in ("/verifikasi", f"/verifikasi/{receipt.code}"):
        answer = client.get(page)
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in answer.text


def test_after_a_return_the_paper_is_genuine_but_replaced(desk, receipt, client):
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    assert "sudah diganti" in client.get(f"/verifikasi/{receipt.code}").text


def test_after_a_newer_submission_only_the_newest_counts(desk, receipt, client):
    old = receipt.code
    desk.move(Status.RETURNED, reason="Aset keliru.", codes=["aset"])
    desk.submit()
    new = current_receipt(desk.report()).code
    assert "sudah diganti" in client.get(f"/verifikasi/{old}").text
    assert "asli dan berlaku" in client.get(f"/verifikasi/{new}").text


def test_approval_keeps_it_valid_and_reopening_does_not(desk, receipt, client):
    desk.move(Status.APPROVED)
    assert "asli dan berlaku" in client.get(f"/verifikasi/{receipt.code}").text
    desk.move(Status.RETURNED, reason="SHU keliru.", codes=["shu"])
    assert "sudah diganti" in client.get(f"/verifikasi/{receipt.code}").text


def test_the_name_is_the_one_that_was_declared(desk, receipt, client):
    desk.move(Status.RETURNED, reason="Nama keliru.", codes=["nama_koperasi"])
    desk.save(nama_koperasi="Koperasi Baru Uji")
    assert "Koperasi Konsumen Uji Melati" in client.get(f"/verifikasi/{receipt.code}").text


def test_a_code_may_be_typed_as_people_type(receipt, client):
    typed = receipt.code.replace("-", " ").lower()
    answer = client.get("/verifikasi", query_string={"kode": typed})
    assert answer.location == f"/verifikasi/{receipt.code}"
    assert client.get(f"/verifikasi/{receipt.code.replace('-', '')}").status_code == 200


def test_a_mistyped_code_is_told_from_one_that_was_never_given(receipt, client):
    last = "3" if receipt.code[-1] == "2" else "2"
    wrong = client.get(f"/verifikasi/{receipt.code[:-1]}{last}")
    assert wrong.status_code == 404
    assert "salah ketik" in wrong.text
    unknown = client.get(f"/verifikasi/{new_receipt_code(2025)}")
    assert unknown.status_code == 404
    assert "tidak ada" in unknown.text


@pytest.mark.parametrize("typed", ["<script>", "' OR 1=1", "a" * 500, "\x00", "../../etc", "%", "٣"])
def test_nonsense_is_answered_politely(app, client, typed):
    answer = client.get("/verifikasi", query_string={"kode": typed}, follow_redirects=True)
    assert answer.status_code in {200, 404}
    assert "<script>" not in answer.text.replace("<script type", "")


def test_trying_codes_is_slowed_down(app, client):
    statuses = [client.get("/verifikasi").status_code for _ in range(61)]
    assert statuses[:60] == [200] * 60
    assert statuses[60] == 429
