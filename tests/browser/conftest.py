"""The real site in a real browser. ``site`` holds what tests put there; ``demo_site`` holds the demonstration data.

``--headed`` shows the browser; a failed test tells the end of its server's log and where the pictures of its pages lie.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from app.core.access import Role
from tests.support.browser import (
    DESK,
    FLAGS,
    OF_COLOURS,
    PHONE,
    WANTED,
    Devices,
    axe_violations,
    find_chromium,
    watched_page,
)
from tests.support.databases import Databases
from tests.support.site import Site, running_site, start_up_once

if TYPE_CHECKING:
    from flask import Flask

    from tests.support.journey import Manager
    from tests.support.workshop import Draft, Workshop

PICTURES = Path(__file__).parents[2] / "test-results"
OPENED = pytest.StashKey[list[Page]]()  # by a test
LAST_LINES = 60  # of the server's log, shown with a failure
expect.set_options(timeout=15_000)  # milliseconds; a busy machine is no failure


# Files that test what a device keeps, or that have a site of their own: each test on devices that nobody has used.
NEW_DEVICES = {"test_journey", "test_watching", "test_offline", "test_offline_phones", "test_reading_offline"}
LONGEST = (
    "demo",
    "test_a_report_travels",
    "test_power_cuts",
    "test_offline",
    "test_autosave",
    "test_live_checks",
)


def pytest_itemcollected(item: pytest.Item) -> None:
    """One worker for whatever shares a running site: run with ``--dist loadgroup``, which asks for groups before
    :func:`pytest_collection_modifyitems` below is called."""
    item.add_marker(pytest.mark.xdist_group(group_of(item)))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest group first."""
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    others = [item for item in items if item.path.parent != Path(__file__).parent]
    items[:] = sorted(here, key=lambda item: place_of(group_of(item))) + others


def group_of(item: pytest.Item) -> str:
    """The site that a test uses, by a name; each telling of the journey has its own."""
    if "demo_site" in getattr(item, "fixturenames", ()):
        return "demo"
    return item.name if item.path.stem == "test_journey" else item.path.stem


def place_of(group: str) -> int:
    """When a group begins."""
    return next((place for place, start in enumerate(LONGEST) if group.startswith(start)), len(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.when == "call" and report.failed:
        for number, page in enumerate(item.stash.get(OPENED, [])):
            report.sections.append((f"page {number}", kept_picture(page, f"{item.name}-{number}.png")))
        for name, site in getattr(item, "funcargs", {}).items():
            if isinstance(site, Site):
                log = site.server.log.read_text(encoding="utf-8", errors="replace")
                report.sections.append(
                    (f"the server's log ({name})", "\n".join(log.splitlines()[-LAST_LINES:]))
                )
    return report


def kept_picture(page: Page, name: str) -> str:
    """Keep how ``page`` looks; returns where it stands and where the picture lies."""
    path = PICTURES / re.sub(r"[^\w.-]+", "-", name)
    try:
        page.screenshot(path=path, full_page=True, timeout=5_000)
    except Error as error:
        return f"{page.url}: no picture: {error.message}"
    return f"{page.url}: {path}"


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


@pytest.fixture(scope="session")
def devices(browser: Browser) -> Devices:
    """What pages are opened on; tests take ``open_page``."""
    return Devices(browser)


@pytest.fixture(scope="session")
def empty_site(
    pytestconfig: pytest.Config, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Path | None:
    """What an empty site looks like after its start-up, made once for all workers of this run; None where it cannot be copied."""
    if databases.kind != "sqlite":
        return None
    folder = tmp_path_factory.getbasetemp()
    return start_up_once((folder.parent if hasattr(pytestconfig, "workerinput") else folder) / "empty-site")


@pytest.fixture(scope="session")
def site(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, empty_site: Path | None
) -> Iterator[Site]:
    """A running site without demonstration data, one for the whole run: ``site.url``, ``site.flask("user", "create", …)``."""
    instance = tmp_path_factory.mktemp("site")
    with (
        databases.fresh() as url,
        running_site(instance, url, "--empty", like=empty_site, DEVELOPMENT="1") as started,
    ):
        yield started


@pytest.fixture(scope="session")
def site_workshop(site: Site) -> Iterator["Workshop"]:
    """The one workshop of the site; tests take ``workshop``."""
    from tests.support.workshop import Workshop, beside

    with beside(site) as app:
        yield Workshop(app, site.url)


@pytest.fixture
def workshop(site_workshop: "Workshop") -> Iterator["Workshop"]:
    """Puts people, cooperatives and drafts into the site: each test its own, for all share the site."""
    from app.core.extensions import db

    with site_workshop.app.app_context():
        yield site_workshop
        db.session.remove()


@pytest.fixture(scope="session")
def demo_site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site with the demonstration data, one for the whole run: only look at it, or undo what you change. Its clock
    stands still: comparing reports and grouping UKM takes seconds each."""
    instance = tmp_path_factory.mktemp("demo")
    with (
        databases.fresh() as url,
        running_site(instance, url, "--ukm", "150", DEVELOPMENT="1", SCHEDULER="0") as started,
    ):
        yield started


@pytest.fixture(scope="session")
def demo_app(demo_site: Site) -> Iterator["Flask"]:
    """The application on the data of the site with the demonstration."""
    from tests.support.client import Client, watch_safe_requests
    from tests.support.workshop import beside

    with beside(demo_site) as app:
        app.test_client_class = Client
        watch_safe_requests(app)
        yield app


@pytest.fixture(scope="session")
def signed_in(demo_site: Site, demo_app: "Flask") -> Callable[[Page, Role | None], Page]:
    """``signed_in(page, Role.EDITOR)``: the page, on whose device the demonstration's editor is signed in; None: nobody."""
    from tests.support.workshop import demo_cookie

    def sign_in(page: Page, who: Role | None) -> Page:
        if who:
            page.context.add_cookies([demo_cookie(demo_app, who, demo_site.url)])
        return page

    return sign_in


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    """Of the site that this test uses; ``page.goto("/masuk")`` starts there."""
    name = "demo_site" if "demo_site" in request.fixturenames else "site"
    url: str = request.getfixturevalue(name).url
    return url


@pytest.fixture
def open_page(
    browser: Browser, devices: Devices, address: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """``open_page(PHONE, java_script_enabled=False)``: one more person at one more device, as watched as the others.

    ``new=True``: a device that has never been to this site; else it may hold the site's files, and nothing more.
    """
    with ExitStack() as opened:

        def open_one(
            device: dict[str, Any] = DESK, *, new: bool = request.path.stem in NEW_DEVICES, **options: Any
        ) -> Page:
            given = device | options
            device_page = watched_page(browser, address, **given) if new else devices.page(address, **given)
            page = opened.enter_context(device_page)
            request.node.stash.setdefault(OPENED, []).append(page)
            return page

        yield open_one


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
def draft(workshop: "Workshop") -> "Draft":
    """A report that a cooperative has not begun yet, and its two members; last year's is known."""
    from tests.support.answers import sound

    return workshop.draft(last=sound())


@pytest.fixture
def sets_up(workshop: "Workshop", draft: "Draft") -> Callable[[Page], "Manager"]:
    """``sets_up(page)``: one of its members, who has just put the form on that device, under a PIN."""
    from tests.support import offline

    def set_up(page: Page) -> "Manager":
        workshop.sign_in(page, draft.ani)
        return offline.sets_up(page, draft.form)

    return set_up


@pytest.fixture
def axe() -> Callable[..., None]:
    """``axe(page)``: nothing against WCAG 2.2 AA or best practice on this page, in light and in dark. ``axe(page, "#q-aset")``:
    only in that part, where the rest is known to be sound."""

    def check(page: Page, within: str = "") -> None:
        for scheme, wanted in (("light", WANTED), ("dark", OF_COLOURS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = axe_violations(page, within, wanted)
            assert not found, f"{page.url} ({scheme}):\n" + "\n".join(found)
        page.emulate_media(color_scheme="null", reduced_motion="null")

    return check
