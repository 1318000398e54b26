"""Every page that answers a GET, opened by everybody who may, as it stands on the demonstration data.

What is public is looked at as somebody who has not signed in; everybody else opens it too, only without a browser. In the
browser a page is 320 pixels wide and light; the first of its endpoint then also as at a desk, in the dark scheme, for what hangs
on that: colours, and what stands where.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import APIResponse, Error, Page, Response

from tests.support.browser import AXE, DESK, OF_LOOKS, PHONE, axe_violations, watched_page
from tests.support.examples import lacking
from tests.support.looks import Look, LookedAt, worth_a_look
from tests.support.visits import EVERYBODY, Visit, visits
from tests.support.workshop import demo_cookie

KIBIBYTE = 1024
FIRST_VISIT = 20 * KIBIBYTE  # to "/", everything included: a budget of DESIGN.md, as the next
LATER_PAGE = 8 * KIBIBYTE
LARGE = {
    "pages.components": "shows every component in every state, and only to developers",
    "questionnaire.offline": "all four sections, fetched once and kept for when there is no network",
}
NARROW = PHONE | {
    "viewport": {"width": 320, "height": 780},
    "device_scale_factor": 1,
    "color_scheme": "light",
    "reduced_motion": "reduce",
}
FILE = re.compile(r"\.\w+(\?|$)|[?&]format=")  # by its address
LEFTOVER = re.compile(r"%\(\w+\)[sd]|\{\{|\{%|Undefined")  # of a text that nobody filled in
GONE_WRONG = {"/tidak-ada": 404, "/sandi/tidak-ada": 410, "/verifikasi/SMP-25-AAAA-BBBB": 404}


@pytest.fixture(scope="module")
def pages(demo_app: Flask) -> list[Visit]:
    """All visits. What the demonstration lacks is made first."""
    with demo_app.app_context():
        return visits(demo_app, lacking.make())


@pytest.fixture(scope="module")
def looked_at() -> LookedAt:
    """What the tests of this file have looked at."""
    return LookedAt()


@pytest.mark.timeout(900)  # a busy machine is no failure
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "nobody")
def test_every_page_is_sound(demo_site, pages, browser, signed_in, looked_at, who):
    found: list[str] = []
    with watched_page(browser, demo_site.url, **NARROW) as page:
        page.context.add_init_script(AXE)  # compiled once; sent to each page it is half the work
        signed_in(page, who)
        for visit in worth_a_look(pages):
            if visit.who == who:
                found += [f"{visit.address}: {fault}" for fault in faults_of(page, visit, looked_at)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", GONE_WRONG)
def test_a_page_that_says_no_is_sound_too(demo_site, open_page, path):
    page = open_page(NARROW)
    response = page.goto(path)
    assert response.status == GONE_WRONG[path]
    assert not [*faults(page), *axe_violations(page)]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who or "nobody")
def test_every_page_opens_in_english_too(demo_app, pages, who):
    client = demo_app.test_client()
    client.check_html = (
        False  # these pages in Indonesian are parsed elsewhere, and English changes only words
    )
    if who:
        client.set_cookie("simpul", demo_cookie(demo_app, who, "http://localhost")["value"])
    client.get("/?lang=en")
    for visit in first_of_each_endpoint(visit for visit in worth_a_look(pages) if visit.who == who):
        answer = client.get(visit.address)
        assert answer.status_code < 400, visit.address
        if answer.status_code == 200 and answer.content_type.startswith("text/html"):
            assert '<html lang="en">' in answer.text, visit.address
            assert answer.text.count("<h1") == 1, visit.address
            assert not LEFTOVER.search(re.sub(r"<[^>]+>", " ", answer.text)), visit.address


def test_the_first_visit_is_light(demo_site, browser):
    sizes = []
    with watched_page(browser, demo_site.url, **PHONE) as page:
        page.context.on("requestfinished", lambda request: sizes.append(request.sizes()))
        page.goto("/", wait_until="networkidle")
        total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert len(sizes) >= 3  # page, style, script; and a picture for the tab, where there are tabs
    assert total <= FIRST_VISIT


def first_of_each_endpoint(found: Iterable[Visit]) -> Iterable[Visit]:
    """What the language changes are words, and whether each has its English is asked of the catalogue (tests/test_translations)."""
    return {visit.endpoint: visit for visit in reversed(list(found))}.values()


def faults_of(page: Page, visit: Visit, looked_at: LookedAt) -> Iterator[str]:
    """What is wrong with one page. The first of each endpoint is judged by axe, and of the others whatever holds an element of a
    new kind or in a new place; the rest is looked at for how its words fit."""
    response = opened(page, visit)
    if response is None:
        return
    look = looked_at.chooses(visit, response.text())
    if look is Look.NONE:
        return
    if (size := response.request.sizes()["responseBodySize"]) > LATER_PAGE and visit.endpoint not in LARGE:
        yield f"{size} bytes"
    yield from faults(page)
    if look is not Look.GLANCE:
        yield from axe_violations(page, judged=looked_at.judged)
    if look is Look.BOTH:
        yield from (f"wide, dark: {fault}" for fault in faults_of_the_other_look(page, looked_at))


def opened(page: Page, visit: Visit) -> Response | None:
    """The page that now stands in the browser; None where the address leads on or answers with a file."""
    if FILE.search(visit.address):
        answer: Response | APIResponse | None = page.request.get(visit.address, max_redirects=0)
    else:
        try:
            answer = page.goto(visit.address)
        except Error:  # a file, which the browser saves
            answer = page.request.get(visit.address, max_redirects=0)
    assert answer is not None
    assert answer.status < 400, f"{answer.status} {visit.address}"
    led_to_sign_in = "/masuk" in answer.headers.get("location", "") + urlsplit(answer.url).path
    assert visit.address.startswith("/masuk") or not led_to_sign_in, f"{visit.who} is refused {visit.address}"
    if isinstance(answer, APIResponse) or answer.request.redirected_from:
        return None
    return answer if answer.headers["content-type"].startswith("text/html") else None


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the words and the width of the page that stands in the browser."""
    titles, words, width = page.evaluate(
        "[document.querySelectorAll('h1').length, document.body.innerText, document.documentElement.scrollWidth]"
    )
    if titles != 1:
        yield f"{titles} first headings"
    if leftover := LEFTOVER.search(words) or re.search(r"\bNone\b", words):
        yield f"unfinished words: {leftover[0]}"
    yield from beyond_the_edge(page, width)


def faults_of_the_other_look(page: Page, looked_at: LookedAt) -> Iterator[str]:
    """The same page as on a desk, in the dark scheme; afterwards it is narrow again."""
    page.set_viewport_size(DESK["viewport"])
    page.emulate_media(color_scheme="dark")
    yield from axe_violations(page, wanted=OF_LOOKS, judged=looked_at.judged)
    yield from beyond_the_edge(page, page.evaluate("document.documentElement.scrollWidth"))
    page.set_viewport_size(NARROW["viewport"])
    page.emulate_media(color_scheme="light")


def beyond_the_edge(page: Page, width: int) -> Iterator[str]:
    """``width`` is the content's in pixels, compared with what was asked for: a phone widens its own viewport to whatever juts
    out."""
    if (beyond := width - page.viewport_size["width"]) > 0:
        yield f"{beyond} pixels beyond the edge"
