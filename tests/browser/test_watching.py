"""The watch over the browser turns red: on a page with faults, each is reported."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.browser import DESK, axe_violations, watched_page
from tests.support.colours import FIND, Judged
from tests.support.looks import Look, LookedAt
from tests.support.visits import Visit

START = "<!doctype html><html lang=id><meta name=viewport content='width=device-width'><title>Uji</title><main><h1>Uji</h1>"
PAGES = {
    "/": START,
    "/exception": START + "<script src=/broken.js></script>",
    "/broken.js": "undefinedFunction()",
    "/policy": START + "<p style='color:red'>x",
    "/missing": START + "<img alt='' src=/nothing.png>",
    "/elsewhere": START + "<img alt='' src=//localhost:9/x.png>",
    "/pale-in-the-dark": START + "<link rel=stylesheet href=/pale.css><p>Pucat dalam gelap",
    "/pale": START + "<link rel=stylesheet href=/paler.css><p>Pucat",
    "/paler.css": "p { color: #777; background: #666 }",
    "/pale.css": "@media (prefers-color-scheme: dark) { p { color: #777; background: #666 } }",
    "/picture-without-words": START + "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
}


class Handler(BaseHTTPRequestHandler):
    """Answers with the pages above under a strict policy."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(404 if body is None else 200)
        kinds = {".js": "text/javascript", ".css": "text/css"}
        self.send_header("Content-Type", kinds.get(Path(self.path).suffix, "text/html"))
        policy = "default-src 'none'; img-src * data:; script-src 'self'; style-src 'self'"
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_sound_page_passes_on_a_phone(phone, axe):
    phone.goto("/")
    assert phone.evaluate("innerWidth") == 360
    axe(phone)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/exception", "exception: undefinedFunction is not defined"),
        ("/policy", "console: Applying inline style violates"),
        ("/missing", "404 http"),
        ("/elsewhere", "another host: http://localhost:9/x.png"),
    ],
)
def test_each_fault_is_reported(browser, address, path, fault):
    with pytest.raises(AssertionError, match=fault), watched_page(browser, address, **DESK) as page:
        page.goto(path, wait_until="networkidle")


def test_axe_turns_red(page, axe):
    page.goto("/picture-without-words")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_axe_turns_red_for_colours_of_the_dark_scheme_alone(page, axe):
    page.goto("/pale-in-the-dark")
    with pytest.raises(AssertionError, match=r"\(dark\):\s+color-contrast"):
        axe(page)


def test_colours_that_were_judged_are_not_judged_again_and_others_are(page):
    judged = Judged()
    page.goto("/")
    assert not axe_violations(page, judged=judged)
    assert judged.grounds
    page.goto("/pale")
    for _ in range(2):  # what was found wrong is no more right the second time
        (fault,) = axe_violations(page, judged=judged)
        assert fault.startswith("color-contrast")
    page.goto("/pale")
    all_of_it = Judged(set(page.evaluate(FIND, "script")))
    assert not axe_violations(page, judged=all_of_it)


@pytest.mark.parametrize(
    ("html", "look"),
    [
        ("<main><h1>A</h1><p class=soft>b</p></main>", Look.NONE),
        ("<main><h1>A</h1><p class=soft>other words</p></main>", Look.GLANCE),
        ("<main><h1>A</h1><p class=loud>b</p></main>", Look.ONE),
        ("<main><h1>A</h1><div><p class=soft>b</p></div></main>", Look.ONE),
        ("<main><h1>A</h1><p class=soft aria-hidden=true>b</p></main>", Look.ONE),
        ("<main><h1></h1><p class=soft>b</p></main>", Look.ONE),
        ("<main><p class=soft>b</p><h1>A</h1><h3>c</h3></main>", Look.ONE),
    ],
    ids=["the same", "other words", "another kind", "another place", "hidden", "without words", "a heading"],
)
def test_what_was_not_looked_at_yet_is_noticed(html, look):
    visit, looked_at = Visit(None, "pages.home", "/", True), LookedAt()
    first = "<main><h1>A</h1><p class=soft>b</p></main>"
    assert looked_at.chooses(visit, first) is Look.BOTH
    assert looked_at.chooses(visit, html) is look
