"""What search engines and phones ask a site for: which pages there are, what to leave alone, how to install it."""

from collections.abc import Iterable
from itertools import chain, islice
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

EACH = 5000  # addresses of one part; the protocol allows 50,000, but a part is made in one piece
MOST_PARTS = 400
SOURCES = (own_pages, content, programs, cooperatives, enterprises)
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


def _pages() -> Iterable[PublicPage]:
    return chain.from_iterable(source.public_pages() for source in SOURCES)


@bp.get("/sitemap.xml")
@public
@kept_page(home.revision)
def site_map() -> ResponseReturnValue:
    """Every public page with the day of its last change; an index of parts where there are many."""
    pages = list(islice(_pages(), EACH + 1))
    if len(pages) <= EACH:
        return _xml("urlset", map(_entry, pages))
    parts = kept_figure(f"parts of the site map by {EACH}", home.revision, _parts)
    addresses = (url_for(".site_map_part", number=number) for number in range(1, parts + 1))
    return _xml(
        "sitemapindex", (f"<sitemap><loc>{escape(public_address(one))}</loc></sitemap>" for one in addresses)
    )


@bp.get("/sitemap-<int:number>.xml")
@public
@kept_page(home.revision)
def site_map_part(number: int) -> ResponseReturnValue:
    """One part of a long site map, from 1."""
    if not 0 < number <= MOST_PARTS:
        abort(404)
    pages = list(islice(_pages(), (number - 1) * EACH, number * EACH))
    return _xml("urlset", map(_entry, pages)) if pages else abort(404)


def _parts() -> int:
    return 1 + (sum(1 for _page in _pages()) - 1) // EACH


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
