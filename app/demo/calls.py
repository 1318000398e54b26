"""Whom the fictional office has called about this year's report, one that got more time, and what was typed into ODS."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.database import now
from app.core.extensions import db
from app.questionnaire.models import Extension, Report
from app.questionnaire.queries import current_edition
from app.questionnaire.rules import Status
from app.review.models import Contact, OdsEntry
from app.review.outreach_rules import Result, Way
from app.review.queries import missing

CALLS = (
    (Way.PHONE, Result.WILL_FILE, "Menunggu RAT minggu depan."),
    (Way.WHATSAPP, Result.NO_ANSWER, ""),
    (Way.PHONE, Result.NEEDS_HELP, "Bendahara akan datang ke kantor hari Kamis."),
    (Way.PHONE, Result.WRONG_NUMBER, ""),
    (Way.VISIT, Result.STOPPED, "Menurut tetangga kantornya sudah lama tutup."),
)
TYPED = 40  # reports of the year before that stand in ODS


def call_some(operator: User) -> None:
    """Note the calls, the extension and the ticks; nothing while no year is open."""
    edition = current_edition()
    if edition is None:
        return
    waiting = db.session.scalars(missing(edition.year).order_by(Cooperative.id).limit(4 * len(CALLS))).all()
    for place, (cooperative, (way, result, note)) in enumerate(zip(waiting[::4], CALLS, strict=False)):
        db.session.add(
            Contact(
                cooperative_id=cooperative.id,
                year=edition.year,
                at=_office_hour(place),
                channel=way,
                result=result,
                note=note,
                actor_id=operator.id,
                actor_name=operator.name,
            )
        )
    for cooperative in waiting[:1]:
        db.session.add(
            Extension(
                cooperative_id=cooperative.id,
                year=edition.year,
                until=edition.closes + timedelta(days=31),
                reason="RAT ditunda karena pengurus berganti.",
                given_at=_office_hour(0),
                given_by=operator.name,
            )
        )
    query = select(Report).where(Report.year == edition.year - 1, Report.status == Status.APPROVED)
    for report in db.session.scalars(query.order_by(Report.id).limit(TYPED)):
        report.ods_version = report.version
        db.session.add(
            OdsEntry(
                report_id=report.id,
                version=report.version,
                answers=report.answers,
                entered_at=max(_office_hour(30), report.updated_at),
                entered_by=operator.name,
            )
        )
    db.session.flush()


def _office_hour(days: int) -> datetime:
    """A morning in the office, ``days`` days before yesterday."""
    return (now() - timedelta(days=1 + days)).replace(hour=3, minute=17, second=0, microsecond=0)
