"""A passkey in a real browser, with the device that Chromium plays: added, signed in with, asked for again, removed."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.core.access import Role
from tests.factories import PASSWORD
from tests.support.browser import PHONE

pytest.importorskip("webauthn", reason="the extra has no wheels for this machine")

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(site):
    """Browsers give no passkey to a bare number."""
    return site.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def operator(workshop):
    """Somebody of the office, by the e-mail address to sign in with."""
    return workshop.user(Role.OPERATOR, email=f"kunci{next(workshop.numbers)}@uji.example").email


def sign_in(page: Page, email: str) -> None:
    page.goto("/masuk")
    page.get_by_label("Surel atau nomor telepon").fill(email)
    page.get_by_label("Sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()


def test_a_passkey_is_added_signed_in_with_and_removed(open_page, operator, axe):
    page = open_page(PHONE)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    sign_in(page, operator)
    page.goto("/akun/kode-masuk")
    page.get_by_role("link", name="Tambah kunci sandi").click()
    expect(page.get_by_text("Peramban ini tidak dapat")).to_be_hidden()
    axe(page)
    page.get_by_label("Nama kunci ini").fill("Ponsel saya")
    page.get_by_role("button", name="Buat kunci sandi").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kunci sandi tersimpan")
    expect(page.locator(".recovery-codes li")).to_have_count(10)

    page.goto("/akun/kunci-sandi")
    page.get_by_label("Nama kunci ini").press("Enter")  # goes by the device as well
    expect(page.get_by_text("Perangkat ini sudah punya kunci sandi")).to_be_visible()

    page.goto("/akun")
    page.get_by_role("banner").get_by_role("button", name="Keluar").click()
    expect(page.get_by_text("Anda sudah keluar.")).to_be_visible()
    sign_in(page, operator)
    expect(page).to_have_url(re.compile("/masuk/kode$"))
    axe(page)
    page.get_by_role("button", name="Pakai kunci sandi").click()
    expect(page).to_have_url(re.compile("/dinas$"))

    page.goto("/akun/kode-masuk")
    expect(page.get_by_role("listitem").filter(has_text="Ponsel saya")).to_contain_text("Terakhir dipakai")
    page.get_by_role("button", name="Hapus Ponsel saya").click()
    axe(page, "dialog[open]")
    page.get_by_role("dialog").get_by_role("button", name="Hapus", exact=True).click()
    expect(page.get_by_text("Kunci sandi “Ponsel saya” dihapus.")).to_be_visible()


def test_without_script_the_page_says_so_and_the_code_is_still_asked_for(open_page, operator):
    page = open_page(PHONE, java_script_enabled=False)
    sign_in(page, operator)
    page.goto("/akun/kunci-sandi")
    expect(page.get_by_text("Peramban ini tidak dapat membuat kunci sandi.")).to_be_visible()
    expect(page.get_by_role("button", name="Buat kunci sandi")).to_be_hidden()
