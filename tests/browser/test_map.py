"""The map of UKM and the point on it: what only a browser can show."""

import re

from playwright.sync_api import expect

from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise
from app.enterprises.rules import Precision, Purpose, State
from tests.support.browser import PHONE

VALUES = {
    "products": "Keripik tempe",
    "activity": "makanan-kemasan",
    "owner_name": "Sekar Contoh",
    "owner_phone": "+6281200000001",
    "kode_kelurahan": "35.73.01.1007",
    "kode_kecamatan": "35.73.01",
    "point_precision": Precision.EXACT,
    "longitude": 112.65,
}


def listed(name: str, latitude: float) -> Enterprise:
    enterprise = services.add_enterprise(VALUES | {"name": name, "latitude": latitude})
    services.set_consents(enterprise, {Purpose.LISTING: True, Purpose.LOCATION: True})
    services.submit(enterprise)
    enterprise.state, enterprise.confirmed_at = State.LISTED, enterprise.submitted_at
    return enterprise


def test_marks_part_as_one_comes_nearer_and_the_keyboard_reaches_each(workshop, open_page, axe):
    with writing():
        for number in range(3):
            listed(f"Keripik Peta {number}", -7.95 - number * 0.004)
        listed("Sambal Jauh", -8.01)
    page = open_page(PHONE)
    page.goto("/ukm/peta?q=peta")
    expect(page.locator(".map-mark")).to_have_text(["3"])
    expect(page.locator("[data-map-status]")).to_have_text("Peta menampilkan 3 usaha.")
    axe(page, "[data-map]")
    view = page.locator("[data-map-view]")
    view.focus()
    page.keyboard.press("Tab")  # larger
    page.keyboard.press("Tab")  # smaller
    page.keyboard.press("Tab")
    for _step in range(4):
        if page.locator(".map-pin").count() == 3:
            break
        mark = page.locator(".map-mark").first
        mark.focus()
        with page.expect_response(re.compile(r"peta\.json")):
            page.keyboard.press("Enter")
        page.wait_for_timeout(400)
    expect(page.get_by_role("link", name="Keripik Peta 0")).to_have_attribute("href", "/ukm/keripik-peta-0")
    expect(page.locator(".map-pin")).to_have_count(3)
    with page.expect_response(re.compile(r"peta\.json")):
        view.focus()
        page.keyboard.press("ArrowLeft")
    page.get_by_role("link", name="Daftar", exact=True).click()
    expect(page).to_have_url(re.compile(r"/ukm\?q=peta$"))


def test_an_owner_puts_the_point_with_a_tap_and_moves_it_with_the_arrow_keys(site, phone):
    phone.goto("/ukm/daftar")
    for name, typed in (
        ("name", "Keripik Titik"),
        ("products", "keripik"),
        ("owner_name", "Sekar"),
        ("owner_phone", "081200000002"),
    ):
        phone.fill(f"[name={name}]", typed)
    phone.get_by_role("button", name="Lanjut").click()
    phone.select_option("[name=kode_kelurahan]", "35.73.01.1007")
    phone.get_by_role("button", name="Pilih di peta").click()
    expect(phone.locator("[data-map-view]")).to_be_focused()
    latitude, longitude = phone.locator("[name=latitude]"), phone.locator("[name=longitude]")
    expect(latitude).to_have_value("")
    phone.locator("[data-map-view]").tap(position={"x": 200, "y": 150})
    expect(latitude).to_have_value(re.compile(r"^-7\.9\d{5}$"))
    east = float(longitude.input_value())
    phone.locator("[data-map-view]").focus()
    phone.keyboard.press("ArrowRight")
    expect(longitude).not_to_have_value(f"{east:.6f}")
    assert 0 < float(longitude.input_value()) - east < 0.01
    phone.get_by_role("button", name="Kosongkan titik").click()
    expect(latitude).to_have_value("")
