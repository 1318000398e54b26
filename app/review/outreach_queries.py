"""Who has not filed, who of the office spoke with them last, and who is to be reminded."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.core.extensions import db
from app.review.models import Contact, Reminder
from app.review.outreach_rules import Result

NOBODY, SOMEBODY = "belum", "sudah"


def contact_condition(wanted: str, year: int) -> ColumnElement[bool] | None:
    """Cooperatives nobody has contacted about ``year`` (``belum``), somebody has (``sudah``), or last with a Result."""
    about = select(Contact.id).where(Contact.cooperative_id == Cooperative.id, Contact.year == year)
    if wanted == NOBODY:
        return ~about.exists()
    if wanted == SOMEBODY:
        return about.exists()
    if wanted in set(Result):
        latest = about.with_only_columns(func.max(Contact.id)).correlate(Cooperative).scalar_subquery()
        return exists().where(Contact.id == latest, Contact.result == wanted)
    return None


def last_contacts(cooperative_ids: Sequence[int], year: int) -> dict[int, Contact]:
    """The latest contact about ``year`` by cooperative id, in one query."""
    latest = (
        select(func.max(Contact.id))
        .where(Contact.year == year, Contact.cooperative_id.in_(cooperative_ids))
        .group_by(Contact.cooperative_id)
    )
    rows = db.session.scalars(select(Contact).where(Contact.id.in_(latest)))
    return {row.cooperative_id: row for row in rows}


def contacts_of(cooperative: Cooperative, year: int) -> list[Contact]:
    """All contacts about ``year``, the latest first."""
    about = select(Contact).where(Contact.cooperative_id == cooperative.id, Contact.year == year)
    return list(db.session.scalars(about.order_by(Contact.id.desc()).limit(100)))


def reminders_of(cooperative: Cooperative, year: int) -> list[Reminder]:
    """The reminders that were sent about ``year``, the latest first."""
    about = select(Reminder).where(Reminder.cooperative_id == cooperative.id, Reminder.year == year)
    return list(db.session.scalars(about.order_by(Reminder.id.desc()).limit(100)))


def reminded(cooperative_ids: Sequence[int], year: int) -> set[tuple[int, date, int]]:
    """(cooperative, deadline, days before) of the reminders already sent."""
    rows = db.session.execute(
        select(Reminder.cooperative_id, Reminder.due, Reminder.days_before).where(
            Reminder.year == year, Reminder.cooperative_id.in_(cooperative_ids)
        )
    )
    return {(row[0], row[1], row[2]) for row in rows}


def members_by_cooperative(cooperative_ids: Sequence[int]) -> dict[int, list[User]]:
    """The active members by cooperative id, in one query."""
    rows = (
        select(Membership.cooperative_id, User)
        .join(Membership.user)
        .where(
            Membership.cooperative_id.in_(cooperative_ids),
            Membership.state == MembershipState.ACTIVE,
            User.deactivated_at.is_(None),
        )
        .order_by(Membership.id)
    )
    found: dict[int, list[User]] = {}
    for cooperative_id, person in db.session.execute(rows):
        found.setdefault(cooperative_id, []).append(person)
    return found
