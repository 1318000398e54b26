"""What the scripts add to the components, on the sheet that shows them all; and that none of it is needed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESK
from tests.support.site import ROOT

SHEET = "/komponen"


@pytest.fixture(scope="module")
def kept_sheet(site, devices) -> Iterator[Page]:
    """Opened once: each test uses other parts of it, or begins by clearing its own."""
    with devices.page(site.url, **DESK) as page:
        page.goto(SHEET)
        ready(page)
        yield page


@pytest.fixture
def sheet(kept_sheet) -> Page:
    """The sheet, at its beginning."""
    kept_sheet.evaluate("scrollTo(0, 0)")
    return kept_sheet


def ready(page: Page) -> None:
    """The scripts have begun: what the last of them adds is there."""
    expect(page.get_by_role("button", name="Ganti tanda plus atau minus").first).to_be_visible()
    expect(page.locator("#jumlah_anggota")).not_to_be_empty()


def paste(page: Page, text: str) -> None:
    """Put ``text`` in place of all that stands in the focused input, as from another app."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("ControlOrMeta+v")


@pytest.mark.parametrize("device", ["page", "phone"])
def test_the_sheet_is_sound_for_everybody(site, request, axe, device):
    opened = request.getfixturevalue(device)
    opened.goto(SHEET)
    ready(opened)
    axe(opened)
    for width in (opened.viewport_size["width"], 320):
        opened.set_viewport_size({"width": width, "height": 640})
        assert opened.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1250000", "1.250.000"),
        ("1.250.000", "1.250.000"),
        ("-3500000", "−3.500.000"),
        ("1.25", "1.25"),
        ("12,5", "12,5"),
        ("Rp50.000,00", "50.000"),
        ("0", "0"),
        ("12 juta", "12 juta"),
    ],
)
def test_digits_are_grouped_as_they_are_typed_and_doubts_are_left_alone(sheet, typed, shown):
    amount = sheet.locator("#modal_sendiri")
    amount.fill("")
    amount.press_sequentially(typed)
    amount.press("Tab")
    expect(amount).to_have_value(shown)


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("Rp 1.250.000,00", "1.250.000"),
        ("Rp50.000,-", "50.000"),
        ("1.25", "1.25"),
        ("1,250,000", "1,250,000"),
    ],
)
def test_a_pasted_figure_is_read_or_left_as_it_is(sheet, pasted, shown):
    amount = sheet.locator("#modal_sendiri")
    amount.focus()
    paste(sheet, pasted)
    expect(amount).to_have_value(shown)


def test_the_caret_stays_behind_its_digit(sheet):
    amount = sheet.locator("#modal_sendiri")
    amount.fill("1250000")
    amount.press("Home")
    amount.press("ArrowRight")
    amount.press_sequentially("98")
    expect(amount).to_have_value("198.250.000")
    amount.press("Backspace")
    amount.press("Backspace")
    expect(amount).to_have_value("1.250.000")


def test_the_figure_is_heard_in_words(sheet):
    amount, words = sheet.locator("#modal_sendiri"), sheet.locator("#modal_sendiri-words")
    amount.fill("1111011")
    expect(words).to_have_text("satu juta seratus sebelas ribu sebelas rupiah")
    amount.fill("1.25")
    expect(words).to_have_text("")


def test_a_figure_that_may_be_negative_has_a_button_for_its_sign(sheet):
    amount = sheet.locator("#shu")
    amount.fill("3500000")
    sign = sheet.get_by_role("button", name="Ganti tanda plus atau minus")
    sign.click()
    expect(amount).to_have_value("−3.500.000")
    sign.click()
    expect(amount).to_have_value("3.500.000")


def test_men_and_women_are_added(sheet):
    total = sheet.locator("#jumlah_anggota")
    sheet.locator("#anggota_pria").fill("1087")
    expect(total).to_have_text("1.200")
    sheet.locator("#anggota_wanita").fill("banyak")
    expect(total).to_have_text("")


def test_the_kelurahan_gives_the_kecamatan(sheet):
    sheet.locator("#kelurahan").select_option(label="Sumberbening")
    expect(sheet.locator("#kecamatan")).to_have_value("Tirta Utara")


def test_a_day_is_repeated_in_words(sheet):
    sheet.locator("#tanggal").fill("2026-08-17")
    expect(sheet.locator("#tanggal-words")).to_have_text("17 Agustus 2026")


def test_a_decision_is_asked_for_twice_and_can_be_left(sheet):
    dialog = sheet.get_by_role("dialog")
    button = sheet.locator("[data-confirm]")
    button.click()
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Belum").click()
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_a_summary_of_errors_is_where_the_reader_begins(site, page):
    page.goto(SHEET)
    expect(page.locator(".errors")).to_be_focused()


def test_the_dark_scheme_changes_colours_and_nothing_else():
    """So a page that is sound in the light scheme is looked at in the dark one for its colours."""
    about = "prefers-color-scheme"
    styles = {path: path.read_text() for path in (ROOT / "app/static/css").rglob("*.css")}
    [tokens] = [text for path, text in styles.items() if about in text]
    dark = tokens.partition(f"@media ({about}: dark)")[2]
    assert about not in dark
    set_there = re.findall(
        r"([\w-]+)\s*:(?!root)", re.sub(r"/\*.*?\*/", "", dark.partition("\n}")[0], flags=re.DOTALL)
    )
    assert set_there
    assert all(name.startswith("--") or name == "color-scheme" for name in set_there), set_there


def test_without_script_everything_is_there(site, plain_phone):
    plain_phone.goto(SHEET)
    expect(plain_phone.locator("#shu")).to_have_attribute("inputmode", "text")
    expect(plain_phone.get_by_role("button", name=re.compile("Ganti tanda"))).to_have_count(0)
    expect(plain_phone.locator("summary", has_text="Saring")).to_be_visible()
    expect(plain_phone.get_by_role("dialog")).to_be_hidden()


def test_files_larger_than_the_site_takes_are_named_before_they_are_sent(page):
    page.goto("/layanan/minta")
    chosen = page.locator("#berkas")
    large = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"x" * (9 << 20)}
    chosen.set_input_files([large])
    told = page.get_by_text("Berkas yang dipilih 9,0 MB")
    expect(told).to_be_visible()
    assert (
        chosen.evaluate("input => input.form.dispatchEvent(new Event('submit', {cancelable: true}))") is False
    )
    chosen.set_input_files([large | {"buffer": b"x"}])
    expect(told).to_be_hidden()
