"""Chromium, and what must not happen in it."""

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from tests.support.colours import Judged

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
# This machine, as an office network knows it: without https, so no secure context.
PLAIN_HOST = "simpul.kantor.example"
# Of these the last flag counts, so what Playwright turns off comes first; then the address bar's suggestions, which are pages of
# their own in each window, and renderers in reserve: more than half of what a new window costs.
TURNED_OFF = """AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable
    LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect OptimizationHints
    NetworkTimeServiceQuerying AimEnabled PreconnectToSearch
    WebUIOmniboxPopup WebUIOmniboxFullPopup WebUIOmniboxAimPopup PreloadTopChromeWebUI SpareRendererForSitePerProcess""".split()
FLAGS = [
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
    f"--disable-features={','.join(TURNED_OFF)}",
    "--process-per-site",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
# What Chromium says of a file that is missing (told by its status), and of a header that means nothing on plain http.
EXPECTED = ("Failed to load resource", "The Cross-Origin-Opener-Policy header has been ignored")
MANY = 6  # of the lines of a list and of the choices of a select; the next are drawn by the same macro
ALIKE = [f"{one}:nth-child(n+{MANY + 1})" for one in ("tbody > tr", ".rows > li", "option")]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WANTED = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"], "preload": False}
# What can change when only colours do, as from the light scheme to the dark one.
OF_COLOURS = WANTED | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# And when the page grows wider as well: what stands where, and what is seen of it.
OF_LOOKS = WANTED | {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
    }
}
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")


def find_chromium() -> str | None:
    """Where this system keeps its Chromium or Chrome."""
    on_path = (shutil.which(name) for name in NAMES)
    in_place = (str(place) for place in PLACES if place.exists())
    return next((found for found in (*on_path, *in_place) if found), None)


class Device:
    """A context of its own at the site at ``address``, with whatever went ``wrong`` in it.

    Wrong is: an error or warning of the policy on the console, an uncaught exception, a file that is missing, any 5xx, a
    request to another host. A page that answers 4xx on purpose (a form sent back) is fine.
    """

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address, self.wrong = address, list[str]()
        self.context = browser.new_context(
            base_url=address, locale="id-ID", timezone_id="Asia/Jakarta", **options
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.context.on("console", self.on_console)
        self.context.on("weberror", lambda error: self.wrong.append(f"exception: {error.error}"))
        self.context.on("request", self.on_request)
        self.context.on("response", self.on_response)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            self.wrong.append(f"console: {message.text} ({message.location['url']})")

    def on_response(self, response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            self.wrong.append(f"{response.status} {response.url}")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"another host: {request.url}")

    def sweep(self) -> None:
        """As new, but for the files that it has read: no cookies, nothing kept, one empty page."""
        left, self.page = self.context.pages, self.context.new_page()
        for page in left:
            page.close()
        everything = {"origin": self.address, "storageTypes": "all"}
        self.context.new_cdp_session(self.page).send("Storage.clearDataForOrigin", everything)
        self.context.clear_cookies()
        self.context.clear_permissions()
        self.context.set_offline(False)
        self.wrong.clear()


class Devices:
    """Those of one browser: each is used by one test after another, for a new one costs more than most tests."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[str, list[Device]] = defaultdict(list)

    @contextmanager
    def page(self, address: str, **options: Any) -> Iterator[Page]:
        """An empty page on such a device; when the block ends, whatever went wrong in it fails the test."""
        free = self.free[json.dumps([address, options], sort_keys=True)]
        device = free.pop() if free else Device(self.browser, address, **options)
        try:
            yield device.page
        finally:
            wrong = list(device.wrong)
            device.sweep()
            free.append(device)
        assert not wrong, "\n".join(wrong)


@contextmanager
def watched_page(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page on a device that nobody has used; when the block ends, whatever went wrong in it fails the test."""
    device = Device(browser, address, **options)
    try:
        yield device.page
    finally:
        device.context.close()
    assert not device.wrong, "\n".join(device.wrong)


def axe_violations(
    page: Page, within: str = "", wanted: dict[str, Any] = WANTED, judged: Judged | None = None
) -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice, one line per element; ``within`` the part that this selects.

    Of a long list the first lines are looked at. The script is sent once to each page. Colours that were ``judged`` on other
    pages are not judged again.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    unjudged = judged.leave_out(page, ALIKE) if judged else set()
    violations = page.evaluate(
        "([about, wanted]) => axe.run(about, wanted).then((found) => found.violations)",
        [{"include": [[within or "html"]], "exclude": [[one] for one in ALIKE]}, wanted],
    )
    if judged and "color-contrast" not in {violation["id"] for violation in violations}:
        judged.grounds |= unjudged
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in violations
        for node in violation["nodes"]
    ]
