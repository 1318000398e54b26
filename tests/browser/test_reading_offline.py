"""What a visitor has read opens without a network too, and says that it is a copy; nothing of a person ever does."""

import pytest

from tests.support.browser import PHONE, axe_violations

KEPT = """async () => (await caches.has("read"))
  ? (await (await caches.open("read")).keys()).map(({url}) => new URL(url).pathname) : []"""


def wait_until(page, wanted: set[str]) -> None:
    """Until the copies that the phone holds are ``wanted``, others aside."""
    for _ in range(50):
        if wanted <= set(page.evaluate(KEPT)):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"kept are {page.evaluate(KEPT)}")


def test_pages_that_were_read_open_without_a_network_until_somebody_signs_in(site, open_page):
    page = open_page(PHONE)
    page.goto("/")
    assert (
        page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    )  # a first visit is light
    page.get_by_role("link", name="Program", exact=True).first.click()
    wait_until(page, {"/", "/program", "/tanpa-jaringan"})
    page.get_by_role("link", name="Koperasi", exact=True).first.click()
    wait_until(page, {"/koperasi"})
    page.goto("/koperasi?q=melati")  # a list of one's own is no page to keep
    page.goto("/cari?q=melati")
    page.goto("/masuk")

    page.context.set_offline(True)
    for path in ("/koperasi", "/program", "/"):
        page.goto(path)
        assert page.get_by_text("Anda sedang tidak tersambung. Ini salinan halaman tanggal").is_visible()
    assert "{tanggal}" not in page.content()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.masthead')).borderBottomStyle") == "solid"
    )  # styled
    assert not axe_violations(page)
    page.goto("/cari?q=melati")
    assert page.get_by_role("heading", level=1).inner_text() == "Anda sedang tidak tersambung"
    page.context.set_offline(False)

    assert not {"/cari", "/masuk"} & set(page.evaluate(KEPT))
    page.goto("/program")
    assert page.get_by_text("Ini salinan").is_hidden()
