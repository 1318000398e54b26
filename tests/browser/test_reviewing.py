"""A report is reviewed without a mouse, and what is typed is never taken for a shortcut."""

import pytest
from playwright.sync_api import Page, expect

from app.core.access import Role
from tests.support.browser import PHONE


@pytest.fixture
def desk(demo_site, page, signed_in) -> Page:
    """The operator before the riskiest report."""
    signed_in(page, Role.OPERATOR).goto("/dinas/periksa?peringatan=ada")
    page.locator("tbody th a").first.click()
    page.wait_for_selector("[data-shortcuts]:not([hidden])")
    return page


def test_rows_are_walked_marked_and_commented_by_keys(desk):
    rows = desk.locator("[data-row]")
    desk.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    desk.keyboard.press("m")
    expect(rows.nth(0).get_by_role("checkbox")).to_be_checked()
    desk.keyboard.press("c")
    expect(rows.nth(0).locator("textarea")).to_be_focused()
    desk.keyboard.type("jmcsrnl?")
    expect(rows.nth(0).locator("textarea")).to_have_value("jmcsrnl?")
    desk.keyboard.press("Escape")
    expect(rows.nth(0)).to_be_focused()
    desk.keyboard.press("a")
    expect(desk.locator("#alasan")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("s")
    expect(desk.locator("button[value=setujui]")).to_be_focused()
    desk.keyboard.press("r")
    expect(desk.locator("button[value=kembalikan]")).to_be_focused()
    desk.keyboard.press("?")
    expect(desk.locator("dl.keys")).to_be_visible()


def test_whoever_turns_the_keys_off_is_left_alone(desk):
    desk.locator("[data-shortcuts]").click()
    desk.keyboard.press("j")
    expect(desk.locator("[data-row]").first).not_to_be_focused()
    desk.locator("[data-shortcuts]").click()


def test_a_card_on_a_phone_breaks_neither_its_figures_nor_its_labels(demo_site, open_page, signed_in):
    page = signed_in(open_page(PHONE), Role.OPERATOR)
    page.goto("/dinas/periksa")
    why = page.locator("td.queue-why").first
    expect(why).to_be_visible()
    card, cell = why.locator("xpath=..").bounding_box(), why.bounding_box()
    assert cell["width"] == pytest.approx(card["width"], abs=1)
    assert why.evaluate("cell => getComputedStyle(cell, '::before').overflowWrap") == "normal"
