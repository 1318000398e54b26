"""What an operator who leaves hands on: the reports they had taken to review."""

from flask_babel import gettext
from sqlalchemy import delete, select, update
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_deactivated, roles_taken, work_asked
from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.review.models import Assignment


@person_deactivated.connect
def hand_over(person: User, successor: User | None = None) -> None:
    """Give what somebody who left had taken to ``successor``, or put it back for anybody."""
    theirs = Assignment.user_id == person.id
    if successor is None or not successor.has_role(Role.OPERATOR):
        db.session.execute(delete(Assignment).where(theirs))
    else:
        db.session.execute(
            update(Assignment)
            .where(theirs)
            .values(user_id=successor.id, taken_at=now())
            .execution_options(synchronize_session="fetch")
        )


@roles_taken.connect
def put_back(person: User, roles: frozenset[Role]) -> None:
    """Give back for anybody what somebody had taken who is no operator any more."""
    if Role.OPERATOR in roles:
        hand_over(person)


@work_asked.connect
def work_left(person: User) -> Section | None:
    """The reports that ``person`` has taken to review and not decided."""
    query = (
        select(Report)
        .join(Assignment, Assignment.report_id == Report.id)
        .join(Report.cooperative)
        .where(Assignment.user_id == person.id, Report.status == Status.SUBMITTED)
        .options(contains_eager(Report.cooperative).load_only(Cooperative.nama_koperasi))
        .order_by(Report.submitted_at, Report.id)
    )
    found = db.session.scalars(query).all()
    if not found:
        return None
    lines = tuple(
        SectionLine(
            report.cooperative.nama_koperasi,
            f"/dinas/periksa/{report.id}",
            gettext("tahun buku %(year)s", year=report.year),
        )
        for report in found
    )
    return Section(gettext("Laporan yang sedang diperiksa"), lines)
