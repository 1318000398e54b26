"""Takes the pictures of the user guide anew: ``python -m tests.support.guide_pictures http://127.0.0.1:8000 [NAME…]``.

The address is that of a site with the demonstration data (``./run``). Pictures show a page's main part only, so that they stay
right when the menu changes; run this when a screen that they show has changed, and look at them before keeping them.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from app.core.access import Role
from app.demo.accounts import SIGN_INS
from tests.support import second_step
from tests.support.browser import FLAGS, find_chromium
from tests.support.pictures import STATIC

FOLDER = STATIC / "guide"
PHONE = {"viewport": {"width": 360, "height": 700}, "device_scale_factor": 1.5}
DESK = {"viewport": {"width": 900, "height": 700}, "device_scale_factor": 1}
LARGEST = 25 << 10  # bytes
QUALITIES = (75, 60, 45, 30)


def nothing(_page: Page) -> None:
    """The page is as wanted."""


def first(selector: str) -> Callable[[Page], None]:
    """Follow the first link that ``selector`` finds."""

    def follow(page: Page) -> None:
        page.goto(str(page.locator(selector).first.get_attribute("href")))

    return follow


@dataclass(frozen=True)
class Picture:
    """One picture: its name (``-ponsel``: taken on a phone), who sees it, where, the way from there, and how much of it."""

    name: str
    who: Role | None
    path: str
    way: Callable[[Page], None] = field(default=nothing)
    height: int = 620  # CSS pixels

    @property
    def device(self) -> dict[str, object]:
        """What it is taken on."""
        return PHONE if self.name.endswith("-ponsel") else DESK


REPORT = first("main a[href*='/laporan/'][href*='bagian'], main a[href^='/laporan/']")


def fourth_part(page: Page) -> None:
    """The figures of the report."""
    REPORT(page)
    page.goto(f"{page.url.split('?')[0]}?bagian=4")
    page.locator("#q-aset, [data-code=aset], .question").nth(2).evaluate(
        "one => one.scrollIntoView({behavior: 'instant'})"
    )


def risky_report(page: Page) -> None:
    """The changed answers of the report that waits first."""
    first("main table a[href^='/dinas/periksa/']")(page)
    page.locator(".compare-row").first.evaluate("one => one.scrollIntoView({behavior: 'instant'})")


def day_with_visits(page: Page) -> None:
    """The latest day on which the consultant saw people."""
    for _day in range(10):
        if page.locator(".visit-line .visit-time time").count():
            return
        page.locator("main nav a[data-key=p]").click()
        page.wait_for_load_state()


def latest_visit(page: Page) -> None:
    """The latest visit that is over."""
    over = page.locator(".visit-line.is-over .visit-what a")
    for _day in range(10):
        if over.count():
            break
        page.locator("main nav a[data-key=p]").click()
        page.wait_for_load_state()
    over.first.click()
    page.wait_for_load_state()


PICTURES = (
    Picture("daftar-ponsel", None, "/daftar?q=konsumen", height=560),
    Picture("isi-ponsel", Role.COOPERATIVE, "/laporan", fourth_part),
    Picture("periksa", Role.OPERATOR, "/dinas/periksa", risky_report),
    Picture("belum-lapor", Role.OPERATOR, "/dinas/belum-lapor", height=640),
    Picture("klinik-hari", Role.CONSULTANT, "/dinas/klinik/hari", day_with_visits, height=640),
    Picture("klinik-kunjungan", Role.CONSULTANT, "/dinas/klinik/hari", latest_visit, height=760),
    Picture("program-baru", Role.EDITOR, "/dinas/program/baru", height=640),
    Picture("daftar-program", Role.EDITOR, "/dinas/program", height=560),
    Picture("ukm-daftar-ponsel", None, "/ukm/daftar", height=620),
    Picture("ukm-ponsel", None, "/ukm", height=620),
    Picture("pengguna", Role.ADMIN, "/dinas/pengguna", height=560),
    Picture("sistem", Role.ADMIN, "/dinas/sistem", height=520),
)


def taken(page: Page, picture: Picture) -> bytes:
    """The picture as WebP, as good as the size allows."""
    box = page.locator("main").bounding_box() or {"y": 0.0, "height": 0.0}
    clip = {
        "x": 0,
        "y": box["y"],
        "width": picture.device["viewport"]["width"],  # type: ignore[index]
        "height": min(box["height"], picture.height),
    }
    as_seen = page.evaluate("scrollY") > 0  # scrolled to what matters: as it stands on the screen
    if not as_seen:
        page.add_style_tag(
            content=".actionbar { position: static }"
        )  # else it would hide what stands below it
    shown = page.screenshot() if as_seen else page.screenshot(full_page=True, clip=clip)
    shot = Image.open(io.BytesIO(shown)).convert("RGB")
    for quality in QUALITIES:
        packed = io.BytesIO()
        shot.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= LARGEST:
            return packed.getvalue()
    raise ValueError(f"{picture.name} is larger than {LARGEST} bytes")


def main(base: str, names: list[str]) -> None:
    """Take every picture, or those with these names, in both languages."""
    FOLDER.mkdir(exist_ok=True)
    signs_in = {one.role: one for one in SIGN_INS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--no-sandbox"])
        for picture in [one for one in PICTURES if not names or one.name in names]:
            page = browser.new_page(base_url=base, color_scheme="light", bypass_csp=True, **picture.device)  # type: ignore[arg-type]
            if picture.who:
                page.goto("/masuk")
                page.fill("[name=email]", signs_in[picture.who].email)
                page.fill("[name=password]", signs_in[picture.who].password)
                page.locator("main form").get_by_role("button", name="Masuk").first.click()
                page.wait_for_load_state()
                if secret := signs_in[picture.who].secret:
                    page.wait_for_timeout(second_step.STEP * 1000)  # no code is taken twice
                    page.fill("[name=kode]", second_step.code(secret))
                    page.locator("main form").get_by_role("button", name="Masuk").first.click()
                    page.wait_for_load_state()
            for language, suffix in (("id", ""), ("en", "-en")):
                page.goto(f"{picture.path}{'&' if '?' in picture.path else '?'}lang={language}")
                picture.way(page)
                name = (
                    picture.name.replace("-ponsel", f"{suffix}-ponsel")
                    if "-ponsel" in picture.name
                    else picture.name + suffix
                )
                (FOLDER / f"{name}.webp").write_bytes(taken(page, picture))
                print(f"{name}: {(FOLDER / f'{name}.webp').stat().st_size} bytes, {page.url}")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
