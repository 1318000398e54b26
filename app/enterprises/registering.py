"""An enterprise enters the register and is corrected; what its owner agrees to, and takes back."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import flag_modified

from app.cooperatives.names import slugify
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import is_sqlite
from app.enterprises import messages
from app.enterprises.deriving import derived, staff_text, values_of
from app.enterprises.history import actor, note, trail
from app.enterprises.links import make_link, renew_links
from app.enterprises.models import Enterprise, EnterpriseConsent, EnterpriseIndex, EnterpriseProduct
from app.enterprises.publication import live_purposes, showable
from app.enterprises.queries import region
from app.enterprises.rules import Origin, Precision, Purpose, State
from app.files.services import set_public

COLUMNS = (
    "name", "owner_name", "owner_phone", "owner_email", "products", "activity", "kode_kelurahan", "kode_kecamatan",
    "address", "latitude", "longitude", "point_precision", "legal_form", "start_year", "workers_men", "workers_women",
    "sales_band", "capital_band", "has_nib", "nib", "digital", "infrastructure", "owner_age_band", "owner_sex",
    "owner_education", "owner_disability", "funding", "needs", "cooperative_id", "contacts", "opening_hours",
    "sector", "sector_version",
)  # fmt: skip
"""What people fill in; the others follow from these (``deriving``) or belong to the listing itself."""
RESERVED = frozenset(
    ("daftar", "saya", "peta", "klaster", "cari", "baru", "antrean", "impor", "pengingat", "gabung", "tautan")
)
PICTURE = "enterprise_product"
CLOSED = (State.MERGED, State.DELETED)


def start(values: Mapping[str, Any], *, origin: Origin = Origin.OWNER) -> tuple[Enterprise, str]:
    """A draft with ``values`` (of :data:`COLUMNS`), and the token of the link by which its owner goes on."""
    enterprise = add_enterprise(values, origin=origin)
    token = make_link(enterprise)
    messages.send_link(enterprise, token)
    return enterprise, token


def add_enterprise(values: Mapping[str, Any], *, origin: Origin = Origin.OWNER, **more: Any) -> Enterprise:
    """A row in state draft, also without a name (as a list without names brings it). ``more``: other columns, as given."""
    filled = dict(values)
    columns = filled | derived(filled, region()) | more
    columns |= {"region": current_app.config["REGION"], "origin": origin}
    enterprise = enter(columns)
    db.session.add(EnterpriseIndex(id=enterprise.id, search_text=staff_text(filled, region())))
    trail(enterprise, "enterprise.started", after=filled)
    note(enterprise, kind="started", template=N_("Pendaftaran dimulai"))
    return enterprise


def enter(columns: Mapping[str, Any]) -> Enterprise:
    """The row, at the first free address for its name. Two that enter at the same moment get two addresses."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    for slug in slugs_for(str(columns.get("name") or "")):
        statement = insert(Enterprise).values(**{**columns, "slug": slug})
        row = db.session.execute(
            statement.on_conflict_do_nothing(index_elements=["slug"]).returning(Enterprise.id)
        )
        if (id_ := row.scalar()) is not None:
            return db.session.get_one(Enterprise, id_)
    raise AssertionError("numbers never end")


def slugs_for(name: str) -> Iterator[str]:
    """``keripik-tempe-melati``, ``keripik-tempe-melati-2`` … without end."""
    slug = slugify(name) if name.strip() else "ukm"
    slug = "ukm" if slug == "koperasi" else slug
    if slug in RESERVED:
        slug = f"ukm-{slug}"
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1


def save(
    enterprise: Enterprise,
    values: Mapping[str, Any],
    *,
    consents: Mapping[Purpose, bool] | None = None,
    version: int | None = None,
) -> list[str]:
    """Set ``values`` (of :data:`COLUMNS`) and ``consents``; the names of the columns that changed.

    A listing in the register counts as confirmed by it. Raises RuleBroken when somebody else changed the row since
    ``version``, and for a row that is merged or deleted.
    """
    hold(enterprise)
    _check_open(enterprise)
    before = values_of(enterprise, values)
    changed = [name for name in values if values[name] != before[name]]
    is_stale = version is not None and version != enterprise.version
    if is_stale and (changed or _new_to(enterprise, consents or {})):
        raise RuleBroken(
            N_(
                "Data ini baru saja diubah di tempat lain. Isian Anda masih ada di bawah: periksa, lalu simpan lagi."
            )
        )
    for name in changed:
        setattr(enterprise, name, values[name])
    if consents:
        set_consents(enterprise, consents)
    if not changed:
        return []
    if enterprise.state in (State.LISTED, State.HIDDEN):
        enterprise.confirmed_at = now()
        renew_links(enterprise)
    rederive(enterprise)
    trail(
        enterprise,
        "enterprise.changed",
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    if enterprise.state not in (State.DRAFT, State.RETURNED):
        note(enterprise, kind="changed", template=N_("Data diubah"), params={"fields": changed})
    return changed


def check_seen(enterprise: Enterprise, version: int | None) -> None:
    """Raises RuleBroken when somebody else changed the row since ``version``, which a page showed; None: no page did."""
    if version is not None and version != enterprise.version:
        raise RuleBroken(N_("Data ini berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu putuskan."))


def _new_to(enterprise: Enterprise, wanted: Mapping[Purpose, bool]) -> bool:
    """Whether something would be agreed to that is not agreed to now."""
    live = live_purposes(enterprise)
    return any(agreed and purpose not in live for purpose, agreed in wanted.items())


def agree(enterprise: Enterprise, wanted: Mapping[Purpose, bool], *, version: int | None = None) -> None:
    """The owner's whole choice of consents. What is taken back is taken back whatever the page showed; a page that is older
    than a change elsewhere gives nothing again: it raises RuleBroken, as does a row that is merged or deleted. What cannot be
    agreed to (:func:`showable`) is not."""
    hold(enterprise)
    _check_open(enterprise)
    if _new_to(enterprise, wanted):
        check_seen(enterprise, version)
    possible = live_purposes(enterprise) | showable(enterprise)
    set_consents(enterprise, {purpose: agreed and purpose in possible for purpose, agreed in wanted.items()})


def _check_open(enterprise: Enterprise) -> None:
    if enterprise.state in CLOSED:
        raise RuleBroken(N_("Data usaha ini sudah dihapus atau digabung, jadi tidak dapat diubah."))


def rederive(enterprise: Enterprise) -> None:
    """Set what follows from the columns that people fill in, and let both searches find it by that."""
    goods = db.session.scalars(
        select(EnterpriseProduct.name)
        .where(EnterpriseProduct.enterprise_id == enterprise.id)
        .order_by(EnterpriseProduct.id)
    ).all()
    values = values_of(enterprise, COLUMNS)
    for name, value in derived(values, region(), goods=goods).items():
        setattr(enterprise, name, value)
    index = db.session.get(EnterpriseIndex, enterprise.id)
    if index is None:
        index = EnterpriseIndex(id=enterprise.id)
        db.session.add(index)
    index.search_text = staff_text(values | {"kode_kecamatan": enterprise.kode_kecamatan}, region())
    db.session.flush()


def set_consents(enterprise: Enterprise, wanted: Mapping[Purpose, bool]) -> None:
    """Record what the owner agrees to or takes back; what follows from it holds at once.

    Without LOCATION nothing finer than the kecamatan is published; without LISTING the enterprise stays in the register,
    but nobody outside the office sees it. Where LISTING is not asked, as with the place of a row from the office's own list, it
    stays in sight as it was.
    """
    live = live_purposes(enterprise)
    granted = [purpose for purpose, agreed in wanted.items() if agreed and purpose not in live]
    revoked = [purpose for purpose, agreed in wanted.items() if not agreed and purpose in live]
    _write_consents(enterprise, granted, revoked)
    if wanted.get(Purpose.LOCATION) is False and enterprise.point_precision is not Precision.KECAMATAN:
        enterprise.point_precision = Precision.KECAMATAN
        rederive(enterprise)
    agreed = (live | set(granted)) - set(revoked)
    if Purpose.LISTING in wanted and enterprise.state in (State.LISTED, State.HIDDEN):
        show_or_hide(enterprise, shown=Purpose.LISTING in agreed)
    if granted or revoked:
        flag_modified(enterprise, "state")  # a newer version: a page opened before must not give it again
        db.session.flush()
        trail(
            enterprise,
            "enterprise.consented",
            before={"consents": sorted(live)},
            after={"consents": sorted(agreed)},
        )


def _write_consents(enterprise: Enterprise, granted: list[Purpose], revoked: list[Purpose]) -> None:
    from_now = now()
    for purpose in granted:
        db.session.add(
            EnterpriseConsent(
                enterprise_id=enterprise.id,
                purpose=purpose,
                granted_at=from_now,
                granted_by=actor()[1][:200],
            )
        )
    if revoked:
        rows = db.session.scalars(
            select(EnterpriseConsent).where(
                EnterpriseConsent.enterprise_id == enterprise.id,
                EnterpriseConsent.purpose.in_(revoked),
                EnterpriseConsent.revoked_at.is_(None),
            )
        )
        for row in rows:
            row.revoked_at = from_now
    db.session.flush()


def show_or_hide(enterprise: Enterprise, *, shown: bool) -> None:
    """In sight or out of sight of the public, with the pictures of its products."""
    state = State.LISTED if shown else State.HIDDEN
    if state is enterprise.state:
        return
    enterprise.state = state
    pictures(enterprise, public=shown)
    note(
        enterprise,
        kind="shown" if shown else "hidden",
        template=N_("Tampil di daftar umum") if shown else N_("Tidak tampil lagi di daftar umum"),
    )
    db.session.flush()


def pictures(enterprise: Enterprise, *, public: bool) -> None:
    """Open the pictures of its products to everybody, or close them."""
    ids = db.session.scalars(
        select(EnterpriseProduct.id).where(EnterpriseProduct.enterprise_id == enterprise.id)
    )
    for id_ in ids:
        set_public(PICTURE, id_, public=public)


def submit(enterprise: Enterprise) -> None:
    """The registration is complete and waits for an operator. Raises RuleBroken, naming the field, for what is missing."""
    hold(enterprise)
    if enterprise.state not in (State.DRAFT, State.RETURNED):
        raise RuleBroken(N_("Pendaftaran ini sudah dikirim."))
    for field, sentence in NEEDED.items():
        if not getattr(enterprise, field):
            raise RuleBroken(sentence, field=field)
    if not (enterprise.owner_phone or enterprise.owner_email):
        raise RuleBroken(N_("Isi nomor HP atau surel pemilik di langkah 1."), field="owner_phone")
    before = enterprise.state
    enterprise.state, enterprise.submitted_at, enterprise.return_reason = State.WAITING, now(), ""
    db.session.flush()
    trail(enterprise, "enterprise.submitted", before={"state": before}, after={"state": enterprise.state})
    note(enterprise, kind="submitted", template=N_("Pendaftaran dikirim"))


NEEDED = {
    "name": N_("Isi nama usaha di langkah 1."),
    "products": N_("Isi apa yang dibuat atau dijual di langkah 1."),
    "activity": N_("Pilih bidang usaha di langkah 1."),
    "owner_name": N_("Isi nama pemilik di langkah 1."),
    "kode_kelurahan": N_("Pilih kelurahan di langkah 2."),
}
