"""The watch over the browser turns red: on a page with faults, each is reported."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.browser import DESK, watched_page

START = "<!doctype html><html lang=id><meta name=viewport content='width=device-width'><title>Uji</title><main><h1>Uji</h1>"
PAGES = {
    "/": START,
    "/exception": START + "<script src=/broken.js></script>",
    "/broken.js": "undefinedFunction()",
    "/policy": START + "<p style='color:red'>x",
    "/missing": START + "<img alt='' src=/nothing.png>",
    "/elsewhere": START + "<img alt='' src=//localhost:9/x.png>",
    "/picture-without-words": START + "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
}


class Handler(BaseHTTPRequestHandler):
    """Answers with the pages above under a strict policy."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'none'; img-src * data:; script-src 'self'")
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
