"""Row checks while somebody types: said when an answer is left, taken back when it is cured, put right with one tap."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from app.core.database import today
from tests.support.answers import sound
from tests.support.browser import DESK, PHONE

LAST = {
    "modal_sendiri": 380_000_000,
    "modal_luar": 95_000_000,
    "aset": 475_000_000,
    "volume_usaha": 850_000_000,
}
# Also where they come from the browser's memory, of which it tells no request.
LOADED = "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/kuesioner/') && one.responseEnd)"
BY_MILLIONS = "Apakah angka ini dalam juta rupiah?"


@pytest.fixture
def form(workshop):
    """``form(page, 4)``: section 4 of a draft, as its manager sees it; last year's report is known."""

    def open_form(page: Page, section: int = 4, *, script: bool = True, **answers) -> Page:
        draft = drafted(workshop, **answers)
        workshop.sign_in(page, draft.ani)
        if not script:
            page.goto(draft.section(section))
            return page
        page.goto(draft.section(section))
        page.wait_for_function(LOADED)  # the questions and checks come last
        return page

    return open_form


def drafted(workshop, **answers):
    year = today().year - 1
    last = sound(**LAST, shu=22_000_000, anggota_pria=45, jumlah_anggota=105, tanggal_rat=f"{year}-03-14")
    return workshop.draft(last=last, **sound(**({"tanggal_rat": f"{year + 1}-01-01"} | answers)))


def answer(page: Page, name: str, typed: str) -> None:
    """Type, and go on to the next input."""
    control = page.locator(f"#{name}")
    control.fill("")
    control.press_sequentially(typed)
    control.press("Tab")


def question(page: Page, code: str):
    return page.locator(f"#q-{code}")


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_what_cannot_be_read_is_said_when_the_answer_is_left_and_goes_away_when_cured(
    form, open_page, axe, device
):
    page = form(open_page(device))
    volume = page.locator("#volume_usaha")
    volume.fill("")
    volume.press_sequentially("1.25")
    expect(page.locator("#volume_usaha-error")).to_have_count(0)
    volume.press("Tab")
    expect(page.locator("#volume_usaha-error")).to_have_text(re.compile("“1.25” bisa berarti 1,25 atau 125"))
    expect(volume).to_have_attribute("aria-invalid", "true")
    expect(volume).to_have_attribute("aria-describedby", re.compile(r"\bvolume_usaha-error\b"))
    expect(page.get_by_role("status").filter(has_text="Volume usaha: “1.25”")).to_have_count(1)
    assert "is-error" in question(page, "volume_usaha").get_attribute("class")
    axe(page, "#q-volume_usaha")
    volume.fill("900.000.000")
    expect(page.locator("#volume_usaha-error")).to_have_count(0)
    expect(volume).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("status").filter(has_text="Volume usaha: tidak ada catatan lagi.")).to_have_count(
        1
    )


@pytest.mark.parametrize("device", [DESK, PHONE], ids=["desk", "phone"])
def test_a_slip_of_six_zeros_is_put_right_with_one_tap_and_can_be_taken_back(form, open_page, axe, device):
    page = form(open_page(device))
    address = page.url
    answer(page, "volume_usaha", "851")
    line = question(page, "volume_usaha")
    expect(line.locator(".ask")).to_contain_text(BY_MILLIONS)
    axe(page, "#q-volume_usaha")
    line.get_by_role("button", name="Ubah menjadi Rp851.000.000").click()
    expect(page.locator("#volume_usaha")).to_have_value("851.000.000")
    expect(page.locator("#volume_usaha-words")).to_have_text("delapan ratus lima puluh satu juta rupiah")
    expect(line.locator(".ask")).to_have_count(0)
    expect(line.get_by_role("button", name="Batalkan")).to_be_focused()
    axe(page, "#q-volume_usaha")
    page.keyboard.press("Enter")
    expect(page.locator("#volume_usaha")).to_have_value("851")
    expect(line.locator(".ask")).to_contain_text(BY_MILLIONS)
    expect(line.get_by_role("button", name="Ubah menjadi Rp851.000.000")).to_be_focused()
    expect(line.get_by_role("button", name="Batalkan")).to_have_count(0)
    assert page.url == address


def test_it_is_saved_by_itself_and_the_page_drawn_anew_says_the_same(form, page):
    form(page)
    answer(page, "volume_usaha", "851")
    box = question(page, "volume_usaha").locator(".ask")
    told = box.inner_text()
    with page.expect_response(
        lambda response: "simpan" in response.url and "alasan" in str(response.request.post_data)
    ):
        box.get_by_text("Angka tahun lalu yang keliru").click()
    page.reload()
    expect(box).to_be_visible()
    assert box.inner_text() == told
    expect(box.get_by_label("Angka tahun lalu yang keliru")).to_be_checked()


def test_a_reason_is_picked_or_written_and_the_later_one_counts(form, page):
    form(page)
    answer(page, "aset", "50.000.000")
    box = question(page, "aset").locator(".ask")
    inputs = box.locator("[type=radio], [type=text], input:not([type])")
    expect(inputs).to_have_count(6)
    assert inputs.evaluate_all("all => all.map((one) => one.type)") == ["radio"] * 5 + ["text"]
    box.get_by_text("Angka tahun lalu yang keliru").click()
    own = box.get_by_label("Atau tulis alasan lain, singkat saja")
    own.fill("Gudang dijual")
    expect(box.get_by_label("Angka tahun lalu yang keliru")).not_to_be_checked()
    box.get_by_text("Saya belum yakin").click()
    expect(own).to_have_value("")
    answer(page, "modal_luar", "96.000.000")  # the box is drawn again, and keeps what was picked
    expect(box.get_by_label("Saya belum yakin")).to_be_checked()


def test_an_answer_that_is_no_figure_asks_why_with_reasons_of_its_own(form, page):
    form(page, 3)
    page.locator("label.choice", has_text="Belum RAT").click()
    box = question(page, "status_rat").locator(".ask")
    expect(box).to_contain_text("Apakah RAT sudah diadakan?")
    expect(box.locator("[type=radio]")).to_have_count(2)
    box.get_by_role("button", name="Ubah menjadi Sudah RAT").click()
    expect(page.get_by_label("Sudah RAT")).to_be_checked()
    expect(box).to_have_count(0)


def test_last_years_answer_is_kept_with_one_tap_and_without_a_page(form, page):
    form(page, 3)
    loads = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    line = question(page, "jumlah_anggota")
    answer(page, "anggota_pria", "41")
    line.get_by_role("button", name="Pakai angka tahun lalu").click()
    expect(page.locator("#anggota_pria")).to_have_value("45")
    expect(page.locator("#jumlah_anggota")).to_have_text("105")
    expect(line.get_by_role("button", name="Pakai angka tahun lalu")).to_be_hidden()
    line.get_by_role("button", name="Batalkan").click()
    expect(page.locator("#anggota_pria")).to_have_value("41")
    expect(line.get_by_role("button", name="Pakai angka tahun lalu")).to_be_visible()
    assert not loads


def test_the_half_of_a_pair_is_not_called_missing_before_the_pair_is_left(form, page):
    form(page, 3, anggota_pria=None, anggota_wanita=None, jumlah_anggota=None)
    answer(page, "anggota_pria", "40")
    expect(page.locator("#anggota_wanita")).to_be_focused()
    page.wait_for_timeout(300)
    expect(page.locator("#anggota_wanita-error")).to_have_count(0)
    page.locator("#jumlah_karyawan").focus()
    expect(page.locator("#anggota_wanita-error")).to_contain_text("Isi juga “Anggota wanita”")
    answer(page, "anggota_wanita", "60")
    expect(page.locator("#anggota_wanita-error")).to_have_count(0)


@pytest.mark.parametrize("late", ["main", "amount", "words"])
def test_an_amount_is_grouped_and_said_in_words_whichever_script_comes_late(workshop, page, late):
    draft, held = drafted(workshop), []
    workshop.sign_in(page, draft.ani)

    def hold(route):
        held.append(route)

    page.route(f"**/js/{late}.*.js", hold)
    page.goto(draft.section(4), wait_until="commit")
    capital, words = page.locator("#modal_sendiri"), page.locator("#modal_sendiri-words")
    if late == "amount":
        expect(words).to_have_attribute("aria-live", "off")
    answer(page, "modal_luar", "7000000")
    capital.fill("")
    capital.press_sequentially("-5000")
    held[0].continue_()
    expect(page.locator("#q-modal_sendiri .sign")).to_be_visible()
    expect(words).to_have_attribute("aria-live", "off")
    capital.press_sequentially("000")
    expect(capital).to_have_value("−5.000.000")
    expect(words).to_have_text("minus lima juta rupiah")
    expect(page.locator("#modal_luar")).to_have_value("7.000.000")
    expect(page.locator("#modal_luar-words")).to_have_text("tujuh juta rupiah")


def test_a_negative_capital_is_confirmed_by_a_box_that_then_stays(form, page):
    form(page)
    answer(page, "modal_sendiri", "-5000000")
    line = question(page, "modal_sendiri")
    expect(page.locator("#modal_sendiri-words")).to_have_text("minus lima juta rupiah")
    line.get_by_label("Angka minus ini benar").check()
    expect(line.locator(".ask")).not_to_contain_text("centang bahwa angka ini benar")
    expect(line.get_by_label("Angka minus ini benar")).to_be_checked()


def test_by_keyboard_alone_a_warning_is_reached_and_answered(form, page):
    form(page)
    page.locator("#volume_usaha").fill("851")
    page.keyboard.press("Tab")
    box = question(page, "volume_usaha").locator(".ask")
    expect(box).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.name") == "ubah":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#volume_usaha")).to_have_value("851.000.000")
    expect(page.get_by_role("button", name="Batalkan")).to_be_focused()


def test_without_script_the_server_says_and_does_the_same(form, open_page):
    page = form(open_page(PHONE, java_script_enabled=False), script=False)
    page.locator("#volume_usaha").fill("851")
    page.locator(".actionbar").get_by_role("button", name="Simpan").click()
    line = question(page, "volume_usaha")
    expect(line.locator(".ask")).to_contain_text(BY_MILLIONS)
    line.get_by_text("Angka tahun lalu yang keliru").click()
    line.get_by_role("button", name="Ubah menjadi Rp851.000.000").click()
    expect(page.locator("#volume_usaha")).to_have_value("851.000.000")
    expect(page.locator("template")).to_have_count(4)


def test_the_checks_come_after_the_first_picture_and_weigh_little(form, open_page):
    seen, page = {}, open_page(DESK, new=True)
    page.on("response", lambda response: seen.update({re.sub(r"\.[0-9a-f]{10}", "", response.url): response}))
    form(page)
    scripts = {url: one for url, one in seen.items() if "/js/checks/" in url or "/js/speak" in url}
    assert len(scripts) >= 10
    assert sum(one.request.sizes()["responseBodySize"] for one in scripts.values()) <= 16_000
    feed = next(one for url, one in seen.items() if "/kuesioner/" in url)
    assert "immutable" in feed.headers["cache-control"]
    size = page.request.get(page.url, headers={"Accept-Encoding": "gzip"}).headers.get("content-length")
    assert int(size or 0) <= 8 * 1024
    assert (
        json.loads(page.locator("form[data-checks]").get_attribute("data-checks"))["last"]["aset"]
        == LAST["aset"]
    )


@pytest.mark.parametrize(
    ("pieces", "shown", "words"),
    [
        (["1", "12", "125", "1250", "12500"], "12.500", "seratus dua puluh lima ribu rupiah"),
        (
            ["7", "71", "713", "7137", "71375", "713750", "7137500"],
            "7.137.500",
            "tujuh puluh satu juta tiga ratus tujuh puluh lima ribu rupiah",
        ),
    ],
)
def test_a_phone_keyboard_that_composes_writes_each_digit_once(form, phone, pieces, shown, words):
    page = form(phone)
    aset = page.locator("#aset")
    aset.fill("")
    keyboard = page.context.new_cdp_session(page)
    for piece in pieces:
        keyboard.send(
            "Input.imeSetComposition",
            {"text": piece, "selectionStart": len(piece), "selectionEnd": len(piece)},
        )
    keyboard.send("Input.insertText", {"text": pieces[-1]})
    expect(aset).to_have_value(shown)
    assert aset.evaluate("input => input.selectionStart") == len(shown)
    keyboard.send("Input.imeSetComposition", {"text": "0", "selectionStart": 1, "selectionEnd": 1})
    keyboard.send("Input.insertText", {"text": "0"})
    expect(page.locator("#aset-words")).to_have_text(words)
    assert aset.input_value().replace(".", "") == pieces[-1] + "0"
    assert re.fullmatch(r"\d{1,3}(\.\d{3})+", aset.input_value())


def test_a_button_stays_in_its_place_until_it_is_released(form, page):
    """What the last answer brings up moves the page; a press that began before would end beside the button, and do nothing."""
    form(page)
    page.locator("#volume_usaha").fill("1.25")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    button = page.locator("button[name=ke][value=periksa]")
    button.hover()
    before = button.bounding_box()
    page.mouse.down()  # the focus leaves the answer, which is judged now
    page.wait_for_timeout(500)
    assert button.bounding_box() == before
    expect(page.locator("#volume_usaha-error")).to_have_count(0)
    with page.expect_navigation():
        page.mouse.up()
    expect(page.locator("#volume_usaha-error")).to_be_visible()
