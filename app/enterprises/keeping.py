"""What an owner does with a listing: confirm it, show products, say when it is open, take it away."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, select, update

from app.accounts.models import User
from app.accounts.services import create_user, set_roles
from app.audit.services import erase_values
from app.cooperatives.timeline import hold
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.enterprises import messages
from app.enterprises.clusters.models import ClusterMembership
from app.enterprises.history import note, trail
from app.enterprises.links import renew_links, revoke_links
from app.enterprises.models import (
    Enterprise,
    EnterpriseConsent,
    EnterpriseEvent,
    EnterpriseIndex,
    EnterpriseMerge,
    EnterpriseOwner,
    EnterpriseProduct,
)
from app.enterprises.registering import COLUMNS, PICTURE, rederive
from app.enterprises.rules import Origin, Precision, State
from app.enterprises.signals import enterprise_erased
from app.enterprises.verifying import VISIT, told
from app.files.prepared import Prepared
from app.files.queries import files_about
from app.files.services import keep, remove
from app.notifications import inbox

MOST_PRODUCTS = 30
EMPTY = {
    "name": "",
    "products": "",
    "digital": [],
    "infrastructure": {},
    "funding": [],
    "needs": [],
    "contacts": {},
    "opening_hours": {},
    "point_precision": Precision.KECAMATAN,
}
"""What stands in columns that cannot be null, once their values are erased."""


def confirm(enterprise: Enterprise) -> None:
    """Everything in it is still right. Raises RuleBroken for one that is not in the register."""
    hold(enterprise)
    if enterprise.state not in (State.LISTED, State.HIDDEN):
        raise RuleBroken(N_("Pendaftaran ini belum diperiksa, jadi belum perlu dikonfirmasi."))
    before, enterprise.confirmed_at = enterprise.confirmed_at, now()
    renew_links(enterprise)
    db.session.flush()
    trail(
        enterprise,
        "enterprise.confirmed",
        before={"confirmed_at": before},
        after={"confirmed_at": enterprise.confirmed_at},
    )
    note(enterprise, kind="confirmed", template=N_("Dinyatakan masih benar"))


def save_product(
    enterprise: Enterprise,
    values: Mapping[str, Any],
    *,
    product: EnterpriseProduct | None = None,
    picture: Prepared | None = None,
    without_picture: bool = False,
) -> EnterpriseProduct:
    """Add a product or change one. A new picture takes the place of the old one."""
    hold(enterprise)
    if product is None:
        count = db.session.scalars(
            select(EnterpriseProduct.id).where(EnterpriseProduct.enterprise_id == enterprise.id)
        ).all()
        if len(count) >= MOST_PRODUCTS:
            raise RuleBroken(N_("Paling banyak %(most)s produk. Hapus satu dulu."), most=MOST_PRODUCTS)
        product = EnterpriseProduct(enterprise_id=enterprise.id)
        db.session.add(product)
    for name, value in values.items():
        setattr(product, name, value)
    db.session.flush()
    if picture is not None or without_picture:
        _drop_files(PICTURE, product.id)
        product.picture_token = None
    if picture is not None:
        public = enterprise.state is State.LISTED
        product.picture_token = keep(picture, about=(PICTURE, product.id), public=public).token
    rederive(enterprise)
    trail(enterprise, "enterprise.product_saved", after=dict(values))
    return product


def remove_product(enterprise: Enterprise, product: EnterpriseProduct) -> None:
    """It is not sold any more."""
    hold(enterprise)
    _drop_files(PICTURE, product.id)
    trail(enterprise, "enterprise.product_removed", before={"name": product.name})
    db.session.delete(product)
    db.session.flush()
    rederive(enterprise)


def _drop_files(kind: str, subject_id: int) -> None:
    for stored in files_about(kind, subject_id):
        remove(stored)


def add_owner(enterprise: Enterprise, user: User) -> None:
    """``user`` keeps the listing from now on. Raises RuleBroken for staff, and for whoever keeps it already."""
    if user.is_staff:
        raise RuleBroken(N_("Akun petugas Dinas tidak dapat memiliki usaha di sini. Pakai akun pribadi."))
    known = select(EnterpriseOwner.id).where(
        EnterpriseOwner.user_id == user.id, EnterpriseOwner.enterprise_id == enterprise.id
    )
    if db.session.scalar(known) is not None:
        raise RuleBroken(N_("Usaha ini sudah ada di akun Anda."))
    db.session.add(EnterpriseOwner(user_id=user.id, enterprise_id=enterprise.id))
    db.session.flush()
    set_roles(user, user.roles | {Role.ENTERPRISE})
    trail(enterprise, "enterprise.owner_added", after={"user_id": user.id})


def open_account(
    enterprise: Enterprise, *, name: str, email: str | None, phone: str | None, password_hash: str
) -> User:
    """The holder of the link makes an account, which takes the link's place. Raises RuleBroken as ``create_user`` does."""
    hold(enterprise)
    user = create_user(
        name=name, email=email, phone=phone, password_hash=password_hash, roles=[Role.ENTERPRISE]
    )
    add_owner(enterprise, user)
    revoke_links(enterprise)
    note(enterprise, kind="account", template=N_("Pemilik membuat akun"))
    return user


def adopt(enterprise: Enterprise, user: User) -> None:
    """The holder of the link has an account already: the listing goes into it, and the link ends."""
    hold(enterprise)
    add_owner(enterprise, user)
    revoke_links(enterprise)
    note(enterprise, kind="account", template=N_("Usaha masuk ke akun pemilik"))


def release(enterprise: Enterprise, user: User, *, reason: str) -> None:
    """``user`` keeps the listing no longer, and is told why. Raises RuleBroken without a reason."""
    hold(enterprise)
    words = told(reason, field="alasan")
    if not words:
        raise RuleBroken(N_("Isi alasannya. Yang bersangkutan membacanya."), field="alasan")
    db.session.execute(
        delete(EnterpriseOwner).where(
            EnterpriseOwner.user_id == user.id, EnterpriseOwner.enterprise_id == enterprise.id
        ),
        execution_options={"synchronize_session": "fetch"},
    )
    trail(enterprise, "enterprise.owner_released", before={"user_id": user.id}, after={"reason": words})
    note(enterprise, kind="account", template=N_("Dilepaskan dari akun pemilik"), words=words)
    inbox.tell(
        [user.id],
        N_(
            "%(name)s tidak lagi di akun Anda. Alasan petugas: “%(reason)s”. Kalau ini keliru, hubungi kantor."
        ),
        {"name": enterprise.name, "reason": words},
        kind="enterprise",
    )


def delete_enterprise(enterprise: Enterprise) -> None:
    """Every value of the owner is erased, here and on the trail; that there was a listing, and what was done with it, stays.

    Rows that were merged into it were the same business, and go the same way.
    """
    hold(enterprise)
    merges = db.session.scalars(
        select(EnterpriseMerge).where(EnterpriseMerge.survivor_id == enterprise.id)
    ).all()
    twins = [one.merged for one in merges if one.undone_at is None]
    for made in merges:
        made.moved = {}
    for row in (enterprise, *twins):
        trail(row, "enterprise.deleted", before={"state": row.state}, after={"state": State.DELETED})
        _erase(row)
        note(row, kind="deleted", template=N_("Data dihapus atas permintaan pemilik"))


def unnamed_draft() -> ColumnElement[bool]:
    """The condition on drafts without a name that a list has brought, and that nobody keeps."""
    is_kept = exists().where(EnterpriseOwner.enterprise_id == Enterprise.id)
    return and_(
        Enterprise.state == State.DRAFT, Enterprise.name == "", Enterprise.origin == Origin.IMPORT, ~is_kept
    )


def discard_drafts(ids: Collection[int]) -> int:
    """Erase those of these that are unnamed drafts still; how many. The same row of the same list does not come in again."""
    query = select(Enterprise).where(Enterprise.id.in_(ids), unnamed_draft()).order_by(Enterprise.id)
    found = 0
    for row in db.session.scalars(query).all():
        hold(row)
        if row.name or row.state is not State.DRAFT:
            continue  # completed at this very moment
        trail(row, "enterprise.discarded", before={"state": row.state}, after={"state": State.DELETED})
        _erase(row)
        note(row, kind="discarded", template=N_("Draf tanpa nama dibuang petugas"))
        found += 1
    return found


def _erase(row: Enterprise) -> None:
    for product in db.session.scalars(
        select(EnterpriseProduct).where(EnterpriseProduct.enterprise_id == row.id)
    ):
        _drop_files(PICTURE, product.id)
        db.session.delete(product)
    for event in db.session.scalars(select(EnterpriseEvent).where(EnterpriseEvent.enterprise_id == row.id)):
        if event.picture_token:
            _drop_files(VISIT, event.id)
        event.note, event.params, event.picture_token = "", {}, None
    db.session.execute(
        update(EnterpriseConsent)
        .where(EnterpriseConsent.enterprise_id == row.id, EnterpriseConsent.revoked_at.is_(None))
        .values(revoked_at=now()),
        execution_options={"synchronize_session": "fetch"},
    )
    for gone in (
        delete(EnterpriseOwner).where(EnterpriseOwner.enterprise_id == row.id),
        delete(EnterpriseIndex).where(EnterpriseIndex.id == row.id),
        delete(ClusterMembership).where(ClusterMembership.enterprise_id == row.id),
    ):
        db.session.execute(gone, execution_options={"synchronize_session": "fetch"})
    revoke_links(row)
    messages.forget_letters(row)
    for name in COLUMNS:
        setattr(row, name, EMPTY.get(name))
    row.name_key, row.owner_key, row.search_text = "", None, ""
    row.size_class = row.class_criterion = row.source_id = row.map_key = row.public_kelurahan = None
    row.traits = 0
    page = row.slug
    row.slug, row.return_reason, row.state = f"dihapus-{row.id}", "", State.DELETED
    db.session.flush()
    erase_values("enterprise", row.id)
    enterprise_erased.send(row, slug=page)
