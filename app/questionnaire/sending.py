"""Reading what the sending of a report looks at, at once: everybody else who wants to write waits behind it."""

from dataclasses import dataclass
from datetime import MAXYEAR
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.core.extensions import db
from app.questionnaire.models import Report, ReportEvent
from app.questionnaire.queries import LOCKED, LastYear, id_of
from app.questionnaire.rules import Origin, Status


@dataclass(frozen=True)
class Sending:
    """A locked report with what its sending looks at: last year's report that counts, and the answers of the latest event."""

    report: Report
    last: LastYear | None
    snapshot: dict[str, Any]


EARLIER = aliased(Report)
SNAPSHOT = (
    select(ReportEvent.answers)
    .where(ReportEvent.report_id == Report.id)
    .order_by(ReportEvent.id.desc())
    .limit(1)
    .correlate(Report)
    .scalar_subquery()
)


def _earlier(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """``column`` of the latest earlier report that counts as history."""
    counts = or_(EARLIER.status != Status.DRAFT, EARLIER.origin == Origin.IMPORTED)
    query = select(column).where(
        EARLIER.cooperative_id == Report.cooperative_id, EARLIER.year < Report.year, counts
    )
    return query.order_by(EARLIER.year.desc()).limit(1).correlate(Report).scalar_subquery()


SENDING = LOCKED.add_columns(
    _earlier(EARLIER.year).label("last_year"),
    _earlier(EARLIER.answers).label("last_answers"),
    SNAPSHOT.label("snapshot"),
)


def held_for_sending(report: Report | int) -> Sending:
    """:func:`held_again`, :func:`last_answers` and :func:`last_snapshot` in one query: everybody else waits behind it."""
    held, year, answers, snapshot = db.session.execute(SENDING, {"id": id_of(report)}).one()
    return Sending(held, LastYear(year, answers) if year is not None else None, snapshot or {})


OWN_ID = (
    select(Report.__table__.c.id)
    .join(Membership.__table__, Membership.cooperative_id == Report.cooperative_id)
    .join(Cooperative.__table__, Cooperative.id == Report.cooperative_id)
    .where(
        Cooperative.slug == bindparam("slug"),
        Membership.user_id == bindparam("user_id"),
        Membership.state == MembershipState.ACTIVE,
        Report.year == bindparam("year"),
    )
)


def own_report_id(user_id: int, slug: str, year: int) -> int | None:
    """The id of the report of ``year`` of the cooperative at ``slug``, if it was begun and the person may act for that."""
    if year > MAXYEAR:
        return None
    return db.session.scalar(OWN_ID, {"user_id": user_id, "slug": slug, "year": year})
