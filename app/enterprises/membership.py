"""Which cooperative an owner is a member of, found by its name as it is typed."""

from sqlalchemy import select

from app.cooperatives.models import Cooperative, Listing
from app.cooperatives.names import fold_name, similar_folded
from app.core.extensions import db
from app.core.parsing import Unreadable, fold_space
from app.core.search import find
from app.core.text import N_

NEAR = 0.9
OFFERED = 3


def read_cooperative(raw: str, *, recorded: Cooperative | None = None) -> int | None:
    """The id of the one listed cooperative that is called so. Raises Unreadable, offering near names, when it is not clear.

    ``recorded`` is what the register says already: whoever leaves its name as it stands means the same one, also where it is
    not listed any more, or another has the same name.
    """
    if not raw:
        return None
    if recorded is not None and fold_space(recorded.nama_koperasi).casefold() == raw.casefold():
        return recorded.id
    ids = find("cooperative", raw, where=(Cooperative.listing == Listing.LISTED,), limit=20)
    rows = {row.id: row for row in db.session.scalars(select(Cooperative).where(Cooperative.id.in_(ids)))}
    ranked = [rows[id_] for id_ in ids if id_ in rows]
    same = [row for row in ranked if row.nama_koperasi.casefold() == raw.casefold()]
    near = same or [row for row in ranked if similar_folded(fold_name(raw), row.name_key) >= NEAR]
    if len(near) == 1:
        return near[0].id
    if ranked:
        names = "; ".join(row.nama_koperasi for row in (near or ranked)[:OFFERED])
        raise Unreadable(
            N_("Koperasi mana? Tulis persis salah satu: %(names)s. Atau kosongkan."), names=names
        )
    raise Unreadable(
        N_("Koperasi “%(raw)s” tidak ada di daftar kami. Periksa ejaannya, atau kosongkan."), raw=raw[:60]
    )
