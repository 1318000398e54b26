"""An operator prepares next year's questions: without JavaScript on a phone, and with the keyboard alone at a desk."""

from playwright.sync_api import Page

from app.core.access import Role


def opens_next_year(page: Page) -> None:
    """The edition that is being prepared, before the operator who is signed in."""
    page.goto("/dinas/kuesioner")
    page.get_by_role("link", name="Susun kuesioner").click()


def test_a_question_is_added_tried_and_removed_without_javascript(demo_site, plain_phone, signed_in):
    page = signed_in(plain_phone, Role.OPERATOR)
    opens_next_year(page)
    page.get_by_role("link", name="Tambah pertanyaan").click()
    page.get_by_label("Pertanyaan", exact=True).fill("Sumur resapan")
    page.get_by_label("Jenis jawaban").select_option("integer")
    page.get_by_label("Bagian", exact=True).select_option("3")
    page.get_by_role("button", name="Tambahkan").click()
    page.get_by_text("kode sumur_resapan").wait_for()
    page.get_by_role("link", name="Pratinjau").click()
    page.get_by_role("link", name="Bagian 3").or_(page.locator(".steps a").nth(2)).first.click()
    page.locator("#sumur_resapan").fill("1.25")
    page.get_by_role("button", name="Coba periksa").click()
    assert page.locator("#sumur_resapan").input_value() == "1.25"
    page.locator("#sumur_resapan-error").wait_for()
    page.get_by_role("link", name="Kembali ke kuesioner").click()
    page.get_by_role("link", name="Sumur resapan").click()
    page.get_by_role("button", name="Hapus pertanyaan").click()
    page.get_by_text("Pertanyaan dihapus").wait_for()
    assert page.get_by_role("link", name="Sumur resapan").count() == 0


def test_a_question_is_moved_with_the_keyboard_and_back(demo_site, page, signed_in):
    opens_next_year(signed_in(page, Role.OPERATOR))
    page.get_by_role("button", name="Turunkan Nama koperasi").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#q-nama_koperasi")
    order = page.locator("#q-nama_koperasi .question-number")
    assert order.inner_text() == "3."
    page.get_by_role("button", name="Naikkan Nama koperasi").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#q-nama_koperasi .question-number').textContent === '2.'")
