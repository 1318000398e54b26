"""A visitor without an account books, moves and cancels on a phone: with a finger, and by keyboard alone; no script needed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE

pytestmark = pytest.mark.usefixtures("demo_site")
MOST_TAPS, FIELDS = (
    4,
    2,
)  # from the home page: the clinic, a topic, a time, "Buat janji"; and a name and a number


class Finger:
    """Taps, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, role: str, name: str | re.Pattern[str]) -> None:
        """One tap on the first of these."""
        self.page.get_by_role(role, name=name).first.tap()  # type: ignore[arg-type]
        self.page.wait_for_load_state()
        self.taps += 1


def test_four_taps_and_two_fields_lead_from_home_to_an_appointment_that_can_be_moved_and_cancelled(open_page):
    page = open_page(PHONE, java_script_enabled=False)
    finger = Finger(page)
    page.goto("/")
    finger.tap("link", "Buat janji dengan konsultan")
    finger.tap("link", re.compile("^Keuangan dan pembiayaan"))
    finger.tap("button", re.compile(r"\d\d\.\d\d .*·"))
    page.get_by_label("Nama Anda").fill("Tamu Rekaan")
    page.get_by_label("Nomor WhatsApp").fill("0813 5550 0001")
    assert (
        page.locator("main form .input:visible").count() <= FIELDS + 1
    )  # and a question, for whoever has one
    finger.tap("button", re.compile("^Buat janji"))
    assert finger.taps == MOST_TAPS
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji klinik")
    address, before = page.url, page.locator(".ticket-when").inner_text()
    finger.tap("link", "Pindah jadwal")
    finger.tap("button", re.compile(r"\d\d\.\d\d .*·"))
    expect(page.locator(".ticket-when")).not_to_have_text(before)
    assert page.url == address
    finger.tap("button", "Batalkan janji")
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji dibatalkan")
    finger.tap("button", re.compile("^Urungkan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji klinik")
    finger.tap("button", "Batalkan janji")
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji dibatalkan")


def test_it_can_be_done_by_keyboard_alone(open_page):
    page = open_page(PHONE)
    page.goto("/klinik?topik=finance")
    walk_to(page, re.compile(r"^\S.*\d\d\.\d\d"), role="button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Siapa yang datang?")
    walk_to(page, "nama")
    page.keyboard.type("Tamu Papan Ketik")
    walk_to(page, "telepon")
    page.keyboard.type("081355500002")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji klinik")
    walk_to(page, "Batalkan janji", role="button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Janji dibatalkan")


def walk_to(page: Page, name: str | re.Pattern[str], *, role: str = "") -> None:
    """Tab until the input called ``name``, or the ``role`` that says it, has the focus."""
    for _step in range(80):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        if not here.count():
            continue
        said = here.inner_text() if role else here.get_attribute("name") or ""
        kind = here.evaluate("one => one.tagName.toLowerCase()")
        if (not role or kind == role) and (
            re.search(name, said.replace("\n", " ")) if role else said == name
        ):
            return
    raise AssertionError(f"no Tab leads to {name}")
