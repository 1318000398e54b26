"""What a search of the whole site, and search engines, find of the register."""

from collections.abc import Iterable

from flask import url_for
from sqlalchemy import select

from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.queries import region
from app.core.extensions import db
from app.core.hits import Hit, PublicPage
from app.core.i18n import _
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
    """The addresses of the listed cooperatives."""
    yield PublicPage(url_for("cooperatives.directory"))
    query = select(Cooperative.slug).where(Cooperative.listing == Listing.LISTED).order_by(Cooperative.id)
    for slug in db.session.scalars(query):
        yield PublicPage(url_for("cooperatives.show", slug=slug))
