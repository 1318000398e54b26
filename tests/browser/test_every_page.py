"""Every page that answers a GET, opened by everybody who may, as it stands on the demonstration data.

What is public is looked at as somebody who has not signed in; everybody else opens it too, only without a browser.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page, Response

from app.core.access import Role
from app.core.extensions import db
from app.demo.accounts import SIGN_INS
from app.factory import create_app
from tests.support.browser import DESK, PHONE, axe_violations, watched_page
from tests.support.journey import Operator
from tests.support.site import Site
from tests.support.visits import EVERYBODY, Examples, Look, Visit, visits, worth_a_look

KIBIBYTE = 1024
FIRST_VISIT = 20 * KIBIBYTE  # to "/", everything included: a budget of DESIGN.md, as the next
LATER_PAGE = 8 * KIBIBYTE
LARGE = {
    "pages.components": "shows every component in every state, and only to developers",
    "questionnaire.offline": "all four sections, fetched once and kept for when there is no network",
}
FILES = {".xml", ".json", ".ics", ".webmanifest", ".txt"}
NARROW = {"width": 320, "height": 780}
LEFTOVER = re.compile(r"%\(\w+\)[sd]|\{\{|\{%|Undefined")  # of a text that nobody filled in
GONE_WRONG = {"/tidak-ada": 404, "/sandi/tidak-ada": 410, "/verifikasi/SMP-25-AAAA-BBBB": 404}
LIST = "Nama Koperasi;No Badan Hukum;Kelurahan\nKoperasi Coba Rekaan;518/009/BH/CONTOH/2020;Dinoyo\n"
PASSWORDS = {one.role: (one.email, one.password) for one in SIGN_INS}


@pytest.fixture(scope="module")
def pages(demo_site: Site, browser: Browser) -> list[Visit]:
    """All visits. What the demonstration lacks is made first: an invitation, and a file that waits to be imported."""
    invited = ("--phone", "0812-5550-7777", "--name", "Undangan Rekaan", "--role", "editor")
    token = re.search(r"/sandi/(\S+)", demo_site.flask("user", "create", *invited))[1]  # type: ignore[index]
    with watched_page(browser, demo_site.url, **DESK) as page:
        Operator(page).signs_in(*PASSWORDS[Role.OPERATOR]).tries_import("contoh.csv", LIST)
    url = demo_site.environment["SIMPUL_DATABASE_URL"]
    app = create_app({"INSTANCE": str(demo_site.instance), "DATABASE_URL": url, "DEVELOPMENT": "1"})
    with app.app_context():
        found = visits(app, Examples(token))
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "nobody")
def test_every_page_is_sound(demo_site, pages, browser, who):
    found: list[str] = []
    with watched_page(browser, demo_site.url, **PHONE | {"color_scheme": "light"}) as page:
        signed_in(page, who)
        for visit, look in worth_a_look(pages):
            if visit.who == who and (answer := opened(page, visit)):
                found += [f"{visit.address}: {fault}" for fault in faults(page, answer, visit, look)]
                if look is Look.BOTH:
                    found += [
                        f"{visit.address} (wide, dark): {fault}" for fault in faults_of_the_other_look(page)
                    ]
                page.set_viewport_size(PHONE["viewport"])
                page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", GONE_WRONG)
def test_a_page_that_says_no_is_sound_too(demo_site, phone, path):
    response = phone.goto(path)
    assert response.status == GONE_WRONG[path]
    assert not list(faults(phone, response, Visit(None, "", path, True)))


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "nobody")
def test_every_page_opens_in_english_too(demo_site, pages, open_page, who):
    page = signed_in(open_page(DESK), who)
    page.request.get("/?lang=en")
    for visit in pages:
        if visit.who != who:
            continue
        answer = page.request.get(visit.address, max_redirects=0)
        assert answer.status < 400, visit.address
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            text = answer.text()
            assert '<html lang="en">' in text, visit.address
            assert text.count("<h1") == 1, visit.address
            assert not LEFTOVER.search(re.sub(r"<[^>]+>", " ", text)), visit.address


def test_the_first_visit_is_light(demo_site, browser):
    sizes = []
    with watched_page(browser, demo_site.url, **PHONE) as page:
        page.context.on("requestfinished", lambda request: sizes.append(request.sizes()))
        page.goto("/", wait_until="networkidle")
        total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert len(sizes) > 3
    assert total <= FIRST_VISIT


def signed_in(page: Page, who: Role | None) -> Page:
    """``page``, after ``who`` has signed in."""
    if who:
        Operator(page).signs_in(*PASSWORDS[who])
    return page


def opened(page: Page, visit: Visit) -> Response | None:
    """The page, now in the browser; None for a file and for a way on to another page. Being refused is a fault."""
    if (
        PurePosixPath(urlsplit(visit.address).path).suffix in FILES
    ):  # a browser would draw its own page around them
        assert page.request.get(visit.address).ok, visit.address
        return None
    try:
        answer = page.goto(visit.address)
    except Error as refusal:
        if "Download is starting" in refusal.message:
            return None
        raise
    assert answer is not None
    assert answer.ok, f"{answer.status} {visit.address}"
    assert visit.endpoint == "accounts.sign_in" or "/masuk" not in answer.url, visit
    is_page = (answer.header_value("content-type") or "").startswith("text/html")
    return answer if is_page and not answer.request.redirected_from else None


def faults(page: Page, response: Response, visit: Visit, look: Look = Look.ONE) -> Iterator[str]:
    """What is wrong with the page that stands in the browser; it is made narrower in the end."""
    if (titles := page.locator("h1").count()) != 1:
        yield f"{titles} first headings"
    words = page.locator("body").inner_text()
    if leftover := LEFTOVER.search(words) or re.search(r"\bNone\b", words):
        yield f"unfinished words: {leftover[0]}"
    if (size := response.request.sizes()["responseBodySize"]) > LATER_PAGE and visit.endpoint not in LARGE:
        yield f"{size} bytes"
    if look is not Look.GLANCE:
        yield from axe_violations(page)
    page.set_viewport_size(NARROW)
    yield from beyond_the_edge(page)


def faults_of_the_other_look(page: Page) -> Iterator[str]:
    """The same page as on a desk, in the dark scheme."""
    page.set_viewport_size(DESK["viewport"])
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    yield from axe_violations(page)
    yield from beyond_the_edge(page)


def beyond_the_edge(page: Page) -> Iterator[str]:
    """Compared with the width that was asked for: a phone widens its own viewport to whatever juts out."""
    if (beyond := page.evaluate("document.documentElement.scrollWidth") - page.viewport_size["width"]) > 0:
        yield f"{beyond} pixels beyond the edge"
