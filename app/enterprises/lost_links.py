"""A lost secret link: its owner gets a new one at the recorded address, never at one that the asking person names.

Where e-mail works and an address is recorded, the link goes there at once; else an operator sees the request and sends the
link to the recorded telephone number. Whoever asks learns nothing: the answer is the same for any number.
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.rules import read_email
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import Unreadable, fold_space, parse_phone
from app.core.text import N_
from app.core.upsert import insert_into
from app.enterprises.history import note
from app.enterprises.link_models import EnterpriseLinkRequest
from app.enterprises.models import Enterprise, EnterpriseLink, EnterpriseOwner
from app.enterprises.rules import State
from app.enterprises.verifying import issue_link
from app.notifications.delivery import is_configured

REST = timedelta(hours=1)
"""So long no second link is sent for the same listing."""
MOST = 5  # listings of one owner that one request is about
SHOWN = 200
GONE = (State.MERGED, State.DELETED)


def read_contact(raw: str) -> str:
    """An e-mail address, or a telephone number in E.164. Raises RuleBroken for what is neither."""
    words = fold_space(raw)
    try:
        found = read_email(words) if "@" in words else parse_phone(words)
    except Unreadable as wrong:
        raise RuleBroken(wrong.text.template, field="kontak", **wrong.text.params) from wrong
    if not found:
        raise RuleBroken(N_("Isi nomor HP atau surel yang Anda tulis waktu mendaftar."), field="kontak")
    return found


def ask_again(contact: str) -> None:
    """Somebody who says that ``contact`` is theirs lost the link. Does nothing where no listing without an account has it."""
    with_account = exists().where(EnterpriseOwner.enterprise_id == Enterprise.id)
    query = select(Enterprise).where(
        or_(Enterprise.owner_phone == contact, Enterprise.owner_email == contact),
        Enterprise.state.not_in(GONE),
        ~with_account,
    )
    for enterprise in db.session.scalars(query.order_by(Enterprise.id).limit(MOST)):
        if enterprise.owner_email and is_configured():
            if not _was_just_sent(enterprise):
                issue_link(enterprise)
        elif enterprise.owner_phone and _noted(enterprise):
            note(enterprise, kind="link_asked", template=N_("Pemilik meminta tautan baru"))


def _was_just_sent(enterprise: Enterprise) -> bool:
    since = now() - REST
    query = exists().where(EnterpriseLink.enterprise_id == enterprise.id, EnterpriseLink.created_at > since)
    return bool(db.session.scalar(select(query)))


def _noted(enterprise: Enterprise) -> bool:
    """Put the request on the office's list; False when one stands there already."""
    row = {"enterprise_id": enterprise.id, "asked_at": now()}
    statement = insert_into(EnterpriseLinkRequest).values(**row).on_conflict_do_nothing()
    return db.session.scalar(statement.returning(EnterpriseLinkRequest.id)) is not None


def open_requests() -> list[EnterpriseLinkRequest]:
    """Who waits for a new link, longest first."""
    query = select(EnterpriseLinkRequest).join(EnterpriseLinkRequest.enterprise).where(*_waiting())
    ordered = query.order_by(EnterpriseLinkRequest.asked_at, EnterpriseLinkRequest.id).limit(SHOWN)
    return list(db.session.scalars(ordered.options(joinedload(EnterpriseLinkRequest.enterprise))))


def open_count() -> int:
    """How many wait."""
    query = select(func.count()).select_from(EnterpriseLinkRequest).join(EnterpriseLinkRequest.enterprise)
    return db.session.scalar(query.where(*_waiting())) or 0


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return EnterpriseLinkRequest.done_at.is_(None), Enterprise.state.not_in(GONE)
