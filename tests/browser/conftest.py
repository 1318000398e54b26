"""The real site in a real browser. ``site`` is empty and each module's own; ``demo_site`` holds the demonstration data.

``--headed`` shows the browser; the pages of a failed test are kept as pictures in test-results/.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import DESK, FLAGS, PHONE, axe_violations, find_chromium, watched_page
from tests.support.databases import Databases
from tests.support.site import Site, running_site

PICTURES = Path(__file__).parents[2] / "test-results"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        pages = {
            name: value for name, value in getattr(item, "funcargs", {}).items() if isinstance(value, Page)
        }
        for name, page in pages.items():
            page.screenshot(path=PICTURES / f"{item.name}-{name}.png", full_page=True)
    return report


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """The system's Chromium; without one these tests fail, and say what to install."""
    path = find_chromium()
    if path is None:
        pytest.fail("no Chromium or Chrome found; on Debian: sudo apt install chromium", pytrace=False)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, "--no-sandbox"] if as_root else FLAGS
    headless = not pytestconfig.getoption("--headed")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=flags, headless=headless)


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site without demonstration data, fresh for each module: ``site.url``, ``site.flask("user", "create", …)``."""
    instance = tmp_path_factory.mktemp("site")
    with databases.fresh() as url, running_site(instance, url, "--empty", DEVELOPMENT="1") as started:
        yield started


@pytest.fixture(scope="session")
def demo_site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with the demonstration data, one for the whole run: only look at it, or undo what you change."""
    instance = tmp_path_factory.mktemp("demo")
    with databases.fresh() as url, running_site(instance, url, DEVELOPMENT="1") as started:
        yield started


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """Of the site that this test uses; ``page.goto("/masuk")`` starts there."""
    name = "demo_site" if "demo_site" in request.fixturenames else "site"
    url: str = request.getfixturevalue(name).url
    return url


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """``open_page(PHONE, java_script_enabled=False)``: one more person at one more device, as watched as the others."""
    with ExitStack() as opened:
        yield lambda device=DESK, **options: opened.enter_context(
            watched_page(browser, address, **device | options)
        )


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A desk: 1280 pixels wide. Anything wrong on the console, in the policy or on the network fails the test."""
    return open_page(DESK)


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A phone: 360 × 780, touch."""
    return open_page(PHONE)


@pytest.fixture
def plain_phone(open_page: Callable[..., Page]) -> Page:
    """The phone with JavaScript off."""
    return open_page(PHONE, java_script_enabled=False)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)``: nothing against WCAG 2.2 AA or best practice on this page, in light and in dark."""

    def check(page: Page) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = axe_violations(page)
            assert not found, f"{page.url} ({scheme}):\n" + "\n".join(found)
        page.emulate_media(color_scheme="null", reduced_motion="null")

    return check
