"""The buttons above a text in Markdown: what only a browser can show."""

from playwright.sync_api import expect

from app.core.access import Role


def test_an_editor_marks_words_takes_it_back_and_sees_the_result(demo_site, page, signed_in):
    signed_in(page, Role.EDITOR).goto("/dinas/program/baru")
    text = page.get_by_label("Isi", exact=True)
    text.fill("Bawa ponsel\nsatu\ndua")
    text.evaluate("text => text.setSelectionRange(5, 11)")
    page.get_by_role("button", name="Tebal").click()
    text.evaluate("text => text.setSelectionRange(text.value.indexOf('satu'), text.value.length)")
    page.get_by_role("button", name="Daftar", exact=True).click()
    expect(text).to_have_value("Bawa **ponsel**\n- satu\n- dua")
    text.press("Control+z")
    expect(text).to_have_value("Bawa **ponsel**\nsatu\ndua")
    page.get_by_role("button", name="Lihat hasilnya").click()
    expect(page.locator("#hasil strong")).to_have_text("ponsel")
    expect(text).to_have_value("Bawa **ponsel**\nsatu\ndua")
    page.once("dialog", lambda dialog: dialog.accept())  # what was typed is not kept
    page.goto("/dinas/program")
