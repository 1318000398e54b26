"""What an operator who leaves hands on: the open requests that they had taken."""

from flask_babel import gettext
from sqlalchemy import select, update

from app.accounts.models import User
from app.accounts.signals import Section, SectionLine, person_deactivated, roles_taken, work_asked
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.formatting import long_date
from app.desk.models import ServiceRequest


@person_deactivated.connect
def hand_over(person: User, successor: User | None = None) -> None:
    """Give what somebody who left had taken to ``successor``, or put it back for anybody."""
    theirs = (ServiceRequest.assignee_id == person.id) & ServiceRequest.outcome.is_(None)
    goes_to = successor if successor is not None and successor.has_role(Role.OPERATOR) else None
    db.session.execute(
        update(ServiceRequest)
        .where(theirs)
        .values(assignee_id=goes_to.id if goes_to else None, taken_at=now() if goes_to else None)
        .execution_options(synchronize_session="fetch")
    )


@roles_taken.connect
def put_back(person: User, roles: frozenset[Role]) -> None:
    """Give back for anybody what somebody had taken who is no operator any more."""
    if Role.OPERATOR in roles:
        hand_over(person)


@work_asked.connect
def work_left(person: User) -> Section | None:
    """The open requests that ``person`` has taken."""
    query = (
        select(ServiceRequest)
        .where(ServiceRequest.assignee_id == person.id, ServiceRequest.outcome.is_(None))
        .order_by(ServiceRequest.due_on, ServiceRequest.id)
    )
    lines = tuple(
        SectionLine(
            f"{request.number} {request.title}",
            f"/dinas/permintaan/{request.id}",
            gettext("batas %(day)s", day=long_date(request.due_on)),
        )
        for request in db.session.scalars(query)
    )
    return Section(gettext("Permohonan yang sedang dikerjakan"), lines) if lines else None
