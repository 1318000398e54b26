"""Chromium, and what must not happen in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
# This machine, as an office network knows it: without https, so no secure context.
PLAIN_HOST = "simpul.kantor.example"
FLAGS = [
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
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
AXE = AXE_FILE_PATH.read_text(encoding="utf-8")


def find_chromium() -> str | None:
    """Where this system keeps its Chromium or Chrome."""
    on_path = (shutil.which(name) for name in NAMES)
    in_place = (str(place) for place in PLACES if place.exists())
    return next((found for found in (*on_path, *in_place) if found), None)


@contextmanager
def watched_page(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page of the site at ``address`` in a context of its own; when the block ends, whatever went wrong in it fails the test.

    Wrong is: an error or warning of the policy on the console, an uncaught exception, a file that is missing, any 5xx, a
    request to another host. A page that answers 4xx on purpose (a form sent back) is fine.
    """
    context = browser.new_context(base_url=address, locale="id-ID", timezone_id="Asia/Jakarta", **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    wrong: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED):
            wrong.append(f"console: {message.text} ({message.location['url']})")

    def on_response(response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= (500 if is_page else 400):
            wrong.append(f"{response.status} {response.url}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            wrong.append(f"another host: {request.url}")

    context.on("console", on_console)
    context.on("weberror", lambda error: wrong.append(f"exception: {error.error}"))
    context.on("request", on_request)
    context.on("response", on_response)
    try:
        yield page
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)


def axe_violations(page: Page, within: str = "") -> list[str]:
    """What axe finds against WCAG 2.2 AA and best practice, one line per element; ``within`` the part that this selects.

    Of a long list the first lines are looked at. The script is sent once to each page.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    violations = page.evaluate(
        "([about, wanted]) => axe.run(about, wanted).then((found) => found.violations)",
        [{"include": [[within or "html"]], "exclude": [[one] for one in ALIKE]}, WANTED],
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in violations
        for node in violation["nodes"]
    ]
