"""When two rows turn out to be one cooperative or one UKM: its applications go along, and come back when that is undone.

Where both applied for the same programme, the application of the one that goes is withdrawn: one applicant has one seat. When
a UKM's data are erased, so is what its applications say of it and of its owner.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.audit.services import erase_values
from app.cooperatives import signals as cooperatives
from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Moved
from app.core.extensions import db
from app.enterprises import signals as enterprises
from app.enterprises.models import Enterprise
from app.programs import applying
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import OPEN, Progress
from app.programs.rules import Standing

NAME = "applications"
GONE = "–"
COLUMNS = {Cooperative: "cooperative_id", Enterprise: "enterprise_id"}


def _live(row: Cooperative | Enterprise) -> list[ProgramApplication]:
    query = select(ProgramApplication).where(
        getattr(ProgramApplication, COLUMNS[type(row)]) == row.id,
        ProgramApplication.state != Progress.WITHDRAWN,
    )
    return list(db.session.scalars(query.order_by(ProgramApplication.id)))


@enterprises.merging.connect
@cooperatives.merging.connect
def hand_over(other: Cooperative | Enterprise, *, into: Cooperative | Enterprise) -> Moved | None:
    """The applications of ``other`` are those of ``into``."""
    taken = {one.program_id for one in _live(into)}
    moved = []
    for one in _live(other):
        if one.program_id not in taken:
            setattr(one, COLUMNS[type(into)], into.id)
            moved.append(one.id)
        elif one.state in OPEN:
            applying.give_up(one)
    db.session.flush()
    return Moved(NAME, {"ids": moved}) if moved else None


@enterprises.unmerging.connect
@cooperatives.unmerging.connect
def hand_back(
    other: Cooperative | Enterprise, *, out_of: Cooperative | Enterprise, moved: Mapping[str, Any]
) -> None:
    """Those that came from ``other`` go back."""
    ids, column = moved.get(NAME, {}).get("ids", []), COLUMNS[type(other)]
    query = select(ProgramApplication).where(
        ProgramApplication.id.in_(ids), getattr(ProgramApplication, column) == out_of.id
    )
    for one in db.session.scalars(query):
        setattr(one, column, other.id)
    db.session.flush()


@enterprises.enterprise_erased.connect
def forget(enterprise: Enterprise, **_about: object) -> None:
    """Withdraw what is open, and keep of each application only that there was one, and what became of it."""
    query = select(ProgramApplication).where(ProgramApplication.enterprise_id == enterprise.id)
    for one in db.session.scalars(query.order_by(ProgramApplication.id)).all():
        one.name = one.contact_name = GONE
        one.contact_phone = one.answer = ""
        one.facts = {}
        if one.reason:
            one.reason = GONE
        db.session.flush()
        erase_values(applying.KIND, one.id)
        if one.state in OPEN and one.program.standing is not Standing.OVER:
            applying.give_up(one)
