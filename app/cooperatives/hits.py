"""What a search of the whole site, and search engines, find of the register."""

from collections.abc import Iterable
from itertools import chain

from flask import url_for
from sqlalchemy import select

from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import region
from app.core.extensions import db
from app.core.hits import Hit, PublicPage
from app.core.i18n import _
from app.core.paging import count_blocks
from app.core.plans import unindexed
from app.core.search import find


def hits(q: str, limit: int) -> list[Hit]:
    """Listed cooperatives that ``q`` may mean, best first; two queries."""
    ids = find("cooperative", q, where=[Cooperative.listing == Listing.LISTED], limit=limit)
    rows = {row.id: row for row in db.session.scalars(select(Cooperative).where(Cooperative.id.in_(ids)))}
    return [_hit(rows[id_]) for id_ in ids if id_ in rows]


def _hit(row: Cooperative) -> Hit:
    places = region()
    village = places.name_of(row.kode_kelurahan) if row.kode_kelurahan else ""
    district = places.name_of(row.kode_kecamatan) if row.kode_kecamatan else ""
    parts = [
        _("Kelurahan %(name)s", name=village) if village else "",
        _("Kecamatan %(name)s", name=district) if district else "",
    ]
    return Hit(
        kind="cooperative",
        title=row.nama_koperasi,
        url=url_for("cooperatives.show", slug=row.slug),
        text=row.nomor_badan_hukum or "",
        note=", ".join(filter(None, parts)),
        keywords=row.search_text.partition("\n")[2],
    )


def public_pages() -> Iterable[PublicPage]:
    """The pages that search engines may know."""
    return chain(own_pages(), row_pages())


def own_pages() -> Iterable[PublicPage]:
    """The address of the list."""
    yield PublicPage(url_for("cooperatives.directory"))


def row_pages(ids: range | None = None) -> Iterable[PublicPage]:
    """The addresses of the listed cooperatives; of those with ``ids``."""
    pages = url_for("cooperatives.show", slug="-").removesuffix("-")  # a slug stands in an address as it is
    query = select(Cooperative.slug).where(unindexed(Cooperative.listing) == Listing.LISTED)
    if ids is not None:
        query = query.where(Cooperative.id.between(ids.start, ids.stop - 1))
    for slug in db.session.scalars(query.order_by(Cooperative.id)):
        yield PublicPage(pages + slug)


def row_blocks(each: int) -> dict[int, int]:
    """Of every ``each`` ids how many are listed."""
    return count_blocks(Cooperative.id, each, Cooperative.listing == Listing.LISTED)
