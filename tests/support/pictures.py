"""Draws the site's own pictures anew: ``python -m tests.support.pictures``. They are kept in the tree.

The icons of the installed site, from the favicon; and what stands beside a link to the site in a message, from the knot.
"""

import base64
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from app.core.knot import AMBER, TEAL
from tests.support.browser import FLAGS, find_chromium

STATIC = Path(__file__).parents[2] / "app/static"
FOLDER = STATIC / "pictures"
LETTERS = STATIC / "vendor/fonts/PlusJakartaSans-Bold.ttf"
GROUND, TEAL_LINE, AMBER_LINE, PAPER = "#0d4644", "#7cc8bf", "#e0a11b", "#f8f4ea"
COLOURS = 32
ICONS = {"icon-180.png": 180, "icon-192.png": 192, "icon-512.png": 512}
SHARED = (1200, 630)
SHARED_SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="-40 -13 144 75.6" fill="none"
stroke-width="4"><rect x="-40" y="-13" width="144" height="76" fill="{ground}"/>
<path stroke="{teal}" d="{teal_path}M-40 12H1M-40 20H1"/><path stroke="{amber}" d="{amber_path}M63 12H104M63 20H104"/>
<text x="32" y="51" font-size="13" text-anchor="middle" font-family="letters" fill="{paper}">Simpul</text></svg>"""


def icon() -> str:
    """The favicon without its round corners, which phones cut themselves, and small enough for the circle they may cut."""
    svg = (STATIC / "favicon.svg").read_text().replace(' rx="7"', "")
    return (
        svg.replace('viewBox="0 0 32 32"', 'viewBox="-1 -1 34 34" width="100%" height="100%"')
        .replace('<rect width="32" height="32"', '<rect x="-1" y="-1" width="34" height="34"')
        .replace("M0 6H", "M-1 6H")
        .replace("14 19H0", "14 19H-1")
        .replace("M32 13H", "M33 13H")
        .replace("18 26H32", "18 26H33")
    )


def shared() -> str:
    """The knot and the name, as wide as messages show it."""
    width, height = SHARED
    return SHARED_SVG.format(
        width=width, height=height, ground=GROUND, teal=TEAL_LINE, amber=AMBER_LINE, paper=PAPER,
        teal_path=TEAL, amber_path=AMBER,
    )  # fmt: skip


def drawn(browser: Browser, svg: str, width: int, height: int) -> Image.Image:
    """``svg`` as a picture of few colours."""
    letters = base64.b64encode(LETTERS.read_bytes()).decode()
    face = f"@font-face {{ font-family: letters; src: url(data:font/ttf;base64,{letters}) }}"
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_content(f"<style>{face} body {{ margin: 0 }} svg {{ display: block }}</style>{svg}")
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot()))
    page.close()
    return picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--no-sandbox"])
        for name, size in ICONS.items():
            drawn(browser, icon(), size, size).save(FOLDER / name, optimize=True)
        drawn(browser, shared(), *SHARED).save(FOLDER / "share.png", optimize=True)
        browser.close()
    for path in sorted(FOLDER.iterdir()):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
