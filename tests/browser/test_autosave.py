"""Nothing typed is lost: two browsers on one draft, no network, a page that is closed, a sign-in that has ended.

All names and figures are invented.
"""

import pytest
from playwright.sync_api import Page, expect

from app.core.assets import Assets
from tests.factories import PASSWORD
from tests.support.browser import DESK, PHONE, axe_violations
from tests.support.drafting import began, eventually, saved, status
from tests.support.journey import Manager
from tests.support.site import ROOT

ASSETS = Assets(ROOT / "app/static")
FLUSHED_WHILE_FORGETTING = """async (address) => {
  const { default: SaveQueue } = await import(address);
  const queue = new SaveQueue({ url: "/", version: 1, token: "x", person: "" });
  queue.post = async () => Response.json({ version: 2, others: [], conflicts: {} });
  let erase, erased = false;
  await new Promise((asked) => {
    const forget = () => (asked(), new Promise((done) => (erase = done)));
    queue.use({ pending: async () => [], keep: async () => {}, forget, writing: 0 });
    queue.put({ aset: "1" });
  });
  setTimeout(() => erase((erased = true)), 100);
  await queue.flush();
  return erased;
}"""

SENT_WITHOUT_A_TOKEN = """async (address) => {
  const { default: SaveQueue } = await import(address);
  const methods = [];
  window.fetch = (url, { method = "GET" }) => (methods.push(method), Promise.reject(new TypeError("no network")));
  const queue = new SaveQueue({ url: "/", version: 1, token: "", person: "" });
  queue.put({ aset: "1" });
  await new Promise((waits) => queue.addEventListener("state", ({ detail }) => detail.state === "waiting" && waits()));
  return [methods, queue.entries.length];
}"""


@pytest.fixture
def draft(workshop):
    """A cooperative with two members, Ani and Budi, that has not begun its report."""
    return workshop.draft()


@pytest.fixture
def fills_in(workshop, draft):
    """``fills_in(page, draft.ani)``: somebody at the figures, on a page that has begun to save by itself."""

    def sits_down(page: Page, person) -> None:
        workshop.sign_in(page, person)
        page.goto(draft.section(4))
        began(page)

    return sits_down


def test_two_browsers_on_one_draft_see_both_values_and_choose(draft, fills_in, open_page):
    ani, budi = open_page(PHONE), open_page(DESK)
    fills_in(ani, draft.ani)
    fills_in(budi, draft.budi)
    for name, figure in (("aset", "5.000.000"), ("shu", "900.000"), ("modal_luar", "2.000.000")):
        ani.locator(f"#{name}").fill(figure)
    saved(ani)

    budi.locator("#aset").fill("7.000.000")
    budi.locator("#modal_luar").fill("3.000.000")
    expect(budi.locator("#pilih_aset")).to_be_visible()
    budi.locator("#volume_usaha").focus()
    expect(budi.locator("#pilih_modal_luar")).to_be_visible()
    expect(budi.locator("#shu")).to_have_value("900.000")  # what Ani typed stands here too by now
    choice = budi.locator("#q-aset")
    expect(choice).to_contain_text("Rp7.000.000")
    expect(choice).to_contain_text("Rp5.000.000")
    expect(choice).to_contain_text("Ani Rekaan")
    expect(budi.get_by_role("alert")).to_have_text(
        "Aset: pilih isian yang benar. Modal luar: pilih isian yang benar."
    )
    assert not (found := axe_violations(budi)), "\n".join(found)
    assert draft.answers()["aset"] == 5_000_000

    budi.locator("#pilih_aset").focus()  # by keyboard alone
    budi.keyboard.press("Space")
    budi.keyboard.press("Tab")
    budi.keyboard.press("Enter")
    expect(budi.locator("#aset")).to_have_value("7.000.000")
    expect(budi.locator("#aset")).to_be_focused()
    Manager(budi).tick("Yang sudah tersimpan").press("Pakai yang dipilih")
    expect(budi.locator("#modal_luar")).to_have_value("2.000.000")
    expect(budi.get_by_role("alert").filter(has_text="pilih")).to_have_count(0)
    saved(budi)
    assert draft.answers() == {"aset": 7_000_000, "shu": 900_000, "modal_luar": 2_000_000}

    budi.locator("#aset").fill("8.000.000")
    saved(budi)
    assert draft.answers()["aset"] == 8_000_000


def test_the_network_gone_is_said_aloud_and_nothing_is_lost(draft, fills_in, open_page):
    page = open_page(PHONE)
    fills_in(page, draft.ani)
    page.context.set_offline(True)
    page.locator("#aset").fill("5.000.000")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Belum tersimpan: tidak ada sambungan ke server.")
    status(page, "Belum tersimpan")
    assert not (found := axe_violations(page)), "\n".join(found)
    page.locator("#shu").fill("700.000")
    page.locator("button[value=simpan]").last.click()  # leads nowhere now: the page stays as it is
    expect(page.locator("#shu")).to_have_value("700.000")
    page.context.set_offline(False)
    saved(page)
    expect(alert).to_be_empty()
    assert draft.answers() == {"aset": 5_000_000, "shu": 700_000}


def test_a_page_that_is_closed_in_the_middle_of_a_word_has_sent_it(draft, fills_in, open_page):
    page = open_page(DESK)
    fills_in(page, draft.ani)
    page.locator("#aset").press_sequentially("5000000", delay=5)
    page.locator("#shu").press_sequentially("700000", delay=5)
    page.goto("/laporan")
    eventually(lambda: draft.answers() == {"aset": 5_000_000, "shu": 700_000})
    Manager(page).open(draft.section(4)).holds({"aset": "5.000.000", "shu": "700.000"})


@pytest.fixture
def anybody(browser, site):
    """``anybody(script)``: a page that may be refused things without that being a fault."""
    opened = []

    def open_one(script=True):
        context = browser.new_context(base_url=site.url, locale="id-ID", java_script_enabled=script, **PHONE)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


def test_a_sign_in_that_ended_keeps_the_page_and_sends_it_after_signing_in_again(draft, fills_in, anybody):
    page = anybody()
    fills_in(page, draft.ani)
    page.context.clear_cookies(name="simpul")
    page.locator("#aset").fill("5.000.000")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(
        "Sesi Anda sudah berakhir. Masuk lagi; isian Anda masih ada di halaman ini."
    )
    with page.context.expect_page() as opened:
        alert.get_by_role("link", name="Masuk di jendela baru").click()
    again = Manager(opened.value).fill("Surel atau nomor telepon", draft.ani.email).fill("Sandi", PASSWORD)
    again.press("Masuk").sees_title("Identitas")
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page)
    expect(alert).to_be_empty()
    assert draft.answers() == {"aset": 5_000_000}
    page.locator("button[value=simpan]").last.click()  # with the new token
    expect(page.locator("#aset")).to_have_value("5.000.000")


def test_what_one_person_typed_is_not_saved_by_the_next_who_signs_in_there(draft, fills_in, anybody):
    page = anybody()
    fills_in(page, draft.ani)
    page.context.clear_cookies()
    page.locator("#aset").fill("5.000.000")
    expect(page.get_by_role("alert")).to_contain_text("Sesi Anda sudah berakhir")
    other = page.context.new_page()
    Manager(other).signs_in(draft.budi.email, PASSWORD)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("alert")).to_contain_text("orang lain yang masuk")
    assert draft.answers() == {}


def test_without_a_way_to_the_office_nothing_is_sent_that_it_would_refuse(open_page):
    page = open_page(PHONE)
    page.goto("/masuk")
    assert page.evaluate(SENT_WITHOUT_A_TOKEN, ASSETS("js/save_queue.js")) == [["GET"], 1]


def test_who_goes_on_waits_until_what_has_arrived_is_off_the_phone(open_page):
    page = open_page(PHONE)
    page.goto("/masuk")
    assert page.evaluate(FLUSHED_WHILE_FORGETTING, ASSETS("js/save_queue.js"))


def test_without_script_the_posted_form_is_kept_and_offered_after_signing_in(draft, anybody):
    page = anybody(script=False)  # on a device from which the person has signed in before
    person = Manager(page, script=False).signs_in(draft.ani.email, PASSWORD).open(draft.section(4))
    page.context.clear_cookies(name="simpul")
    person.answers({"aset": "5.000.000", "shu": "900.000"}).press("Simpan")
    person.sees_title("Masuk").sees("Sesi Anda sudah berakhir. Masuk lagi; isian Anda kami simpan.")
    person.fill("Surel atau nomor telepon", draft.ani.email).fill("Sandi", PASSWORD).press("Masuk")
    person.sees_title("Isian Anda kami simpan").sees("Laporan tahunan", "5.000.000", "900.000")
    person.press("Kirim lagi").sees_title("Keuangan").holds({"aset": "5.000.000", "shu": "900.000"})
    assert draft.answers() == {"aset": 5_000_000, "shu": 900_000}
    person.open("/akun/isian").sees("Tidak ada isian yang menunggu")
