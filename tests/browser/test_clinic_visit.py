"""The waiting room's screen renews itself while somebody at the counter hands out numbers."""

import re

import pytest
from playwright.sync_api import expect

from app.core.access import Role
from tests.support.browser import DESK

pytestmark = pytest.mark.usefixtures("demo_site")


def test_a_number_appears_on_the_screen_by_itself_and_a_lost_network_is_said(open_page, signed_in):
    counter, screen = open_page(DESK), open_page(DESK)
    screen.clock.install()
    screen.goto("/klinik/antrean")
    signed_in(counter, Role.OPERATOR)
    counter.goto("/dinas/klinik/loket")
    counter.get_by_label("Keuangan dan pembiayaan").check()
    counter.get_by_role("button", name="Beri nomor").click()
    number = counter.locator(".ticket-when b").inner_text()
    expect(screen.locator("#berikutnya")).not_to_contain_text(re.compile(rf"\b{number}\b"))
    screen.clock.fast_forward(16_000)
    expect(screen.locator("#berikutnya")).to_contain_text(number)
    expect(screen.get_by_text("Sambungan terputus")).to_be_hidden()
    screen.context.set_offline(True)
    screen.clock.fast_forward(16_000)
    expect(screen.get_by_text("Sambungan terputus")).to_be_visible()
    screen.context.set_offline(False)
    screen.clock.fast_forward(16_000)
    expect(screen.get_by_text("Sambungan terputus")).to_be_hidden()
