"""Forgetting who asked, once the time has passed for which the site promises to keep it."""

from sqlalchemy import delete, exists, select, update

from app.audit.services import erase_values
from app.core.database import now, today
from app.core.extensions import db
from app.desk.models import ABOUT, RequestEvent, ServiceRequest
from app.desk.queries import to_erase
from app.desk.rules import erased_before
from app.files.models import StoredFile

AT_ONCE = 200
GONE = "–"


def erase_due() -> int:
    """Empty what the requesters of long-closed requests said about themselves; how many requests. Number, service, days and
    outcome stay for the register."""
    query = select(ServiceRequest.id).where(to_erase(erased_before(today()))).order_by(ServiceRequest.id)
    ids = list(db.session.scalars(query.limit(AT_ONCE)))
    if not ids:
        return 0
    db.session.execute(
        update(ServiceRequest)
        .where(ServiceRequest.id.in_(ids))
        .values(
            name=GONE, phone=None, email=None, kode_kelurahan=None, address="", organisation="", question=GONE, purpose="",
            closing_message="", reason="", remark="", cooperative_id=None, enterprise_id=None, requester_id=None,
            erased_at=now(), letter_number="", search_text=ServiceRequest.number,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.execute(delete(RequestEvent).where(RequestEvent.request_id.in_(ids)))
    db.session.execute(delete(StoredFile).where(StoredFile.about_kind == ABOUT, StoredFile.about_id.in_(ids)))
    for one in ids:
        erase_values(ABOUT, one)
    db.session.expire_all()
    return len(ids)


def anything_to_erase() -> bool:
    """Whether :func:`erase_due` would find something."""
    return bool(db.session.scalar(select(exists().where(to_erase(erased_before(today()))))))
