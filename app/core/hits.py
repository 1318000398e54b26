"""What a search finds, whichever feature it stands in, and the pages that a site map names.

Each public feature has ``queries.hits(q, limit) -> list[Hit]`` (best first, for everybody, in the reader's language) and
``queries.public_pages() -> Iterable[PublicPage]``; the pages feature joins them in ``/cari`` and ``/sitemap.xml``. A register
tells its own few pages (``own_pages() -> Iterable[PublicPage]``) from those of its rows, of which some can be asked by id
(``row_pages(ids: range | None) -> Iterable[PublicPage]``), and says of every ``each`` ids how many rows are public, where any are
(``row_blocks(each) -> dict[int, int]``).
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Hit:
    """One thing that a search may mean.

    ``kind``: program, service, cooperative, enterprise, news, information, about, guide or page. ``url``: its address within
    the site. ``text``: a plain sentence or more about it, of which the part that answers is shown. ``note``: what tells it
    from its namesakes, such as "Batas 14 Maret 2026". ``keywords``: by what else it may be found; never shown.
    """

    kind: str
    title: str
    url: str
    text: str = ""
    note: str = ""
    keywords: str = ""


@dataclass(frozen=True)
class PublicPage:
    """A page that search engines may know: its address within the site, and the day on which it last changed."""

    url: str
    changed: date | None = None
