"""What search engines and phones ask a site for: which pages there are, what to leave alone, how to install it."""

from collections.abc import Iterable
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape  # it writes XML, and reads none  # nosec B406

from flask import Response, abort, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue

from app.content import queries as content
from app.cooperatives import hits as cooperatives
from app.core.access import public
from app.core.caching import kept_page
from app.core.hits import PublicPage
from app.core.kept_figures import kept_figure
from app.core.office import office
from app.core.sharing import public_address
from app.enterprises import queries as enterprises
from app.pages import home, own_pages
from app.pages.blueprint import bp
from app.programs import queries as programs

EACH = 5000  # ids of one part; the protocol allows 50,000 addresses, but a part is made in one piece
SHORT = (own_pages, content, programs)
REGISTERS = (cooperatives, enterprises)
CLOSED = (
    "/dinas",
    "/akun",
    "/masuk",
    "/keluar",
    "/sandi",
    "/cari",
    "/laporan/",
    "/berkas",
    "/verifikasi/",
    "/klinik/",
)
"""Where nothing is for everybody, or where each address is endless or a secret."""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


Block = tuple[int, int, int]
"""Which register, which :data:`EACH` of its ids from 0, and how many of these rows have a page."""


@bp.get("/sitemap.xml")
@public
@kept_page(home.revision)
def site_map() -> ResponseReturnValue:
    """Every public page with the day of its last change; an index of parts where there are many."""
    blocks = _blocks()
    if sum(many for _register, _block, many in blocks) <= EACH:
        rows = chain.from_iterable(register.row_pages() for register in REGISTERS)
        return _xml("urlset", map(_entry, chain(_few(), rows)))
    addresses = (url_for(".site_map_part", number=number) for number in range(1, len(blocks) + 2))
    return _xml(
        "sitemapindex", (f"<sitemap><loc>{escape(public_address(one))}</loc></sitemap>" for one in addresses)
    )


@bp.get("/sitemap-<int:number>.xml")
@public
@kept_page(home.revision)
def site_map_part(number: int) -> ResponseReturnValue:
    """One part of a long site map, from 1: first the pages of no register, then each register by the ids of its rows, so that no
    part is looked for among all, and a new row changes only the last."""
    if number == 1:
        return _xml("urlset", map(_entry, _few()))
    blocks = _blocks()
    if not 1 < number <= len(blocks) + 1:
        abort(404)
    register, block, _many = blocks[number - 2]
    ids = range(block * EACH + 1, (block + 1) * EACH + 1)
    return _xml("urlset", map(_entry, REGISTERS[register].row_pages(ids)))


def _few() -> Iterable[PublicPage]:
    """The pages that are not those of rows of a register."""
    few = [source.public_pages() for source in SHORT] + [register.own_pages() for register in REGISTERS]
    return chain.from_iterable(few)


def _blocks() -> list[Block]:
    """What the parts of the site map are made of; a kept figure."""
    return kept_figure(f"blocks of the site map by {EACH}", home.revision, _counted_blocks)


def _counted_blocks() -> list[Block]:
    return [
        (place, block, many)
        for place, register in enumerate(REGISTERS)
        for block, many in register.row_blocks(EACH).items()
    ]


def _entry(page: PublicPage) -> str:
    changed = f"<lastmod>{page.changed.isoformat()}</lastmod>" if page.changed else ""
    return f"<url><loc>{escape(public_address(page.url))}</loc>{changed}</url>"


def _xml(root: str, entries: Iterable[str]) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{"".join(entries)}</{root}>'
    return Response(body, content_type="application/xml; charset=utf-8")


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What crawlers are to leave alone, and where the site map is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    answer = Response(
        "\n".join([*lines, "", f"Sitemap: {public_address('/sitemap.xml')}", ""]), mimetype="text/plain"
    )
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/simpul.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """How a phone installs the site on its home screen."""
    asset: Any = current_app.jinja_env.globals["asset"]
    sizes = (192, 512)
    icons = [
        {
            "src": asset(f"pictures/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in sizes
        for purpose in ("any", "maskable")
    ]
    answer = jsonify(
        {
            "id": "/",
            "name": f"Simpul, {office().full_name}",
            "short_name": "Simpul",
            "lang": "id",
            "start_url": "/",
            "scope": "/",
            "display": "minimal-ui",
            "background_color": "#faf7f0",
            "theme_color": "#0d4644",
            "icons": icons,
        }
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
