"""When two rows of the register turn out to be one cooperative: its applications go along, and come back when that is undone.

Where both applied for the same programme, the application of the one that goes is withdrawn: one cooperative has one seat.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Moved, merging, unmerging
from app.core.extensions import db
from app.programs import applying
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import OPEN, Progress

NAME = "applications"


def _live(cooperative: Cooperative) -> list[ProgramApplication]:
    query = select(ProgramApplication).where(
        ProgramApplication.cooperative_id == cooperative.id, ProgramApplication.state != Progress.WITHDRAWN
    )
    return list(db.session.scalars(query.order_by(ProgramApplication.id)))


@merging.connect
def hand_over(other: Cooperative, *, into: Cooperative) -> Moved | None:
    """The applications of ``other`` are those of ``into``."""
    taken = {one.program_id for one in _live(into)}
    moved = []
    for one in _live(other):
        if one.program_id not in taken:
            one.cooperative_id = into.id
            moved.append(one.id)
        elif one.state in OPEN:
            applying.give_up(one)
    db.session.flush()
    return Moved(NAME, {"ids": moved}) if moved else None


@unmerging.connect
def hand_back(other: Cooperative, *, out_of: Cooperative, moved: Mapping[str, Any]) -> None:
    """Those that came from ``other`` go back."""
    ids = moved.get(NAME, {}).get("ids", [])
    for one in db.session.scalars(
        select(ProgramApplication).where(
            ProgramApplication.id.in_(ids), ProgramApplication.cooperative_id == out_of.id
        )
    ):
        one.cooperative_id = other.id
    db.session.flush()
