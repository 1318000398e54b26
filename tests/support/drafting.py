"""What a form that saves by itself shows, and how a test waits for it: for what happens, not for a time."""

import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

LONG = 15  # seconds


def began(page: Page) -> None:
    """The page has begun to save by itself."""
    expect(page.locator("input[name=baru]")).to_be_attached()


def status(page: Page, words: str) -> None:
    """Where the saves stand, in the bar below the form."""
    expect(page.locator(".actionbar-status")).to_contain_text(words)


def saved(page: Page) -> None:
    """All that was typed has arrived."""
    page.evaluate("document.activeElement.blur()")
    status(page, "Tersimpan")
    expect(page.locator(".actionbar-status .saved")).to_be_visible()


def eventually(arrived: Callable[[], bool]) -> None:
    """For what only the database tells: returns as soon as it is so, and fails when it never is."""
    deadline = time.monotonic() + LONG
    while not arrived():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
