"""Changes of the register: a cooperative enters it, is corrected, is dissolved."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import Date, Integer, String, bindparam, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives.derived import SOURCES, derived
from app.cooperatives.fields import LABELS, OLDEST
from app.cooperatives.models import Cooperative, CooperativeTable, Listing
from app.cooperatives.names import slugify
from app.cooperatives.queries import region
from app.cooperatives.rules import is_nik
from app.cooperatives.timeline import hold, note
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import is_sqlite

CODES = tuple(LABELS)
RESERVED = frozenset(("baru", "impor", "ekspor", "surat"))  # addresses of /dinas/koperasi itself
CHANGED = N_("Data di register diubah")
ADOPTED = N_("Identitas disalin dari laporan tahun buku %(year)s yang disetujui")
KNOWN = CooperativeTable.c.last_report_year
REPORTED = (
    update(CooperativeTable)
    .where(
        CooperativeTable.c.id == bindparam("cooperative"),
        or_(KNOWN.is_(None), bindparam("of", type_=Integer) > KNOWN),
    )
    .values(last_report_year=bindparam("of", type_=Integer))
)


def add_cooperative(
    values: Mapping[str, Any],
    *,
    listing: Listing = Listing.LISTED,
    source_id: str | None = None,
    is_demo: bool = False,
    actor_name: str = "",
) -> Cooperative:
    """A cooperative enters the register. ``values`` are keyed by the codes of :data:`CODES`; days may be ISO text.

    Raises RuleBroken for a value that cannot stand in its column.
    """
    cleaned = clean(dict(values) | ({"source_id": source_id} if source_id else {}))
    if not cleaned.get("nama_koperasi"):
        raise RuleBroken(N_("Isi nama koperasi."), field="nama_koperasi")
    columns = cleaned | derived(cleaned, region())
    columns |= {"listing": listing, "is_demo": is_demo, "region": current_app.config["REGION"]}
    cooperative = _insert(columns)
    record(
        "cooperative.added" if listing is Listing.LISTED else "cooperative.proposed",
        kind="cooperative",
        subject_id=cooperative.id,
        name=cooperative.nama_koperasi,
        after=plain(cleaned),
    )
    template = N_("Masuk register") if listing is Listing.LISTED else N_("Diusulkan untuk masuk register")
    note(cooperative, kind="added", template=template, actor_name=actor_name or None)
    return cooperative


def _insert(columns: Mapping[str, Any]) -> Cooperative:
    """The row, at the first free address for its name. Two that enter at the same moment get two addresses."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    for slug in slugs_for(columns["nama_koperasi"]):
        statement = insert(Cooperative).values(**columns, slug=slug)
        row = db.session.execute(
            statement.on_conflict_do_nothing(index_elements=["slug"]).returning(Cooperative.id)
        )
        if (id_ := row.scalar()) is not None:
            return db.session.get_one(Cooperative, id_)
    raise AssertionError("numbers never end")


def slugs_for(name: str) -> Iterator[str]:
    """``koperasi-melati``, ``koperasi-melati-2`` … without end."""
    slug = slugify(name)
    if slug in RESERVED:
        slug = f"koperasi-{slug}"
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` as their columns keep them: blank is None, days are dates. Raises RuleBroken for what would not fit."""
    if unknown := set(values) - set(CODES):
        raise ValueError(f"the register has no {', '.join(sorted(unknown))}")
    return {code: _clean(code, value) for code, value in values.items()}


def _clean(code: str, value: Any) -> Any:
    kind = CooperativeTable.c[code].type
    if value is None or value == "":
        return None
    if isinstance(kind, Date):
        return date.fromisoformat(value) if isinstance(value, str) else value
    text = str(value)
    if code == "nik_koperasi" and not is_nik(text):
        raise RuleBroken(
            N_("NIK koperasi terdiri dari 13 angka; “%(raw)s” bukan."), field=code, raw=text[:40]
        )
    if isinstance(kind, String) and kind.length and len(text) > kind.length:
        raise RuleBroken(
            N_("Isian ini %(length)s huruf; paling banyak %(most)s. Pendekkan isinya."),
            field=code,
            length=len(text),
            most=kind.length,
        )
    return text


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` as JSON keeps them."""
    return {code: value.isoformat() if isinstance(value, date) else value for code, value in values.items()}


def change_cooperative(
    cooperative: Cooperative,
    values: Mapping[str, Any],
    *,
    reason_template: str = CHANGED,
    params: Mapping[str, Any] | None = None,
    actor_name: str | None = None,
) -> list[str]:
    """Set ``values`` and return the codes that were different before; none changed, nothing is noted.

    The address stays. Raises RuleBroken for a value that cannot stand in its column.
    """
    cleaned = clean(values)
    hold(cooperative)
    if not cleaned.get("nama_koperasi", cooperative.nama_koperasi):
        raise RuleBroken(N_("Isi nama koperasi."), field="nama_koperasi")
    if village := cleaned.get("kode_kelurahan", cooperative.kode_kelurahan):
        cleaned["kode_kecamatan"] = village[:8]
    before = {code: getattr(cooperative, code) for code in cleaned}
    changed = [code for code in cleaned if cleaned[code] != before[code]]
    if not changed:
        return []
    for code in changed:
        setattr(cooperative, code, cleaned[code])
    if SOURCES & set(changed):
        for code, value in derived({code: getattr(cooperative, code) for code in SOURCES}, region()).items():
            setattr(cooperative, code, value)
    db.session.flush()
    record(
        "cooperative.changed",
        kind="cooperative",
        subject_id=cooperative.id,
        name=cooperative.nama_koperasi,
        before=plain({code: before[code] for code in changed}),
        after=plain({code: cleaned[code] for code in changed}),
    )
    told = dict(params or {}) | {"codes": changed}
    note(cooperative, kind="changed", template=reason_template, params=told, actor_name=actor_name)
    return changed


def adopt_answers(
    cooperative: Cooperative,
    values: Mapping[str, Any],
    rat: date | None,
    *,
    year: int,
    instead_of: date | None = None,
) -> list[str]:
    """An approved report of ``year`` becomes what the register says; ``rat`` counts when it is the latest known, or where the
    register has the day ``instead_of``, which was corrected.

    Returns the codes that changed. A blank name changes nothing.
    """
    adopted = {code: value for code, value in values.items() if code != "nama_koperasi" or value}
    hold(cooperative)
    known = cooperative.last_rat
    corrected = instead_of is not None and known == instead_of
    if corrected or (rat is not None and (known is None or rat > known)):
        adopted["last_rat"] = rat
    note_report(cooperative, year=year)
    return change_cooperative(cooperative, adopted, reason_template=ADOPTED, params={"year": year})


def note_report(cooperative: Cooperative, *, year: int) -> None:
    """A report of book year ``year`` now counts for ``cooperative``: the list can be filtered by the latest one.

    One statement that touches nothing else of the row, so it neither waits for nor disturbs who is changing that.
    """
    with db.session.no_autoflush:
        db.session.execute(REPORTED, {"cooperative": cooperative.id, "of": year})


def dissolve(cooperative: Cooperative, *, on: date, decree: str, by: User | None) -> None:
    """*Bubar*: by the decree of that number, on that day. Raises RuleBroken when it is so already or cannot be."""
    hold(cooperative)
    number = " ".join(decree.split())
    if cooperative.dissolved_on is not None:
        raise RuleBroken(N_("Koperasi ini sudah tercatat bubar."))
    if not number:
        raise RuleBroken(N_("Isi nomor keputusan pembubaran."), field="nomor_keputusan")
    if len(number) > 120:
        raise RuleBroken(N_("Nomor keputusan paling panjang 120 huruf."), field="nomor_keputusan")
    if on > today():
        raise RuleBroken(N_("Tanggal ini belum terjadi. Periksa tahunnya."), field="tanggal_bubar")
    if on < max(OLDEST, cooperative.tanggal_badan_hukum or OLDEST):
        raise RuleBroken(
            N_("Tanggal bubar tidak mungkin sebelum koperasi berdiri. Periksa tahunnya."),
            field="tanggal_bubar",
        )
    cooperative.dissolved_on, cooperative.dissolved_decree = on, number
    db.session.flush()
    _trail(cooperative, "cooperative.dissolved", None, None, {"dissolved_on": on, "dissolved_decree": number})
    note(
        cooperative,
        kind="dissolved",
        template=N_("Bubar menurut keputusan %(decree)s tanggal %(day)s"),
        params={"decree": number, "day": on.isoformat()},
        actor_name=by.name if by else None,
    )


def undo_dissolution(cooperative: Cooperative, *, reason: str, by: User | None) -> None:
    """The dissolution was noted by mistake or has been lifted; ``reason`` says which. Raises RuleBroken."""
    hold(cooperative)
    on, decree, told = cooperative.dissolved_on, cooperative.dissolved_decree, " ".join(reason.split())
    if on is None:
        raise RuleBroken(N_("Koperasi ini tidak tercatat bubar."))
    if not told:
        raise RuleBroken(N_("Isi alasan pembatalan."), field="alasan")
    cooperative.dissolved_on = cooperative.dissolved_decree = None
    db.session.flush()
    none = {"dissolved_on": None, "dissolved_decree": None, "reason": told}
    _trail(cooperative, "cooperative.restored", on, decree, none)
    note(
        cooperative,
        kind="restored",
        template=N_("Pembubaran dibatalkan: %(reason)s"),
        params={"reason": told},
        actor_name=by.name if by else None,
    )


def _trail(
    cooperative: Cooperative, action: str, on: date | None, decree: str | None, after: Mapping[str, Any]
) -> None:
    record(
        action,
        kind="cooperative",
        subject_id=cooperative.id,
        name=cooperative.nama_koperasi,
        before=plain({"dissolved_on": on, "dissolved_decree": decree}),
        after=plain(after),
    )
