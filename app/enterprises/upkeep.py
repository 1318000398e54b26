"""Rows that are older than a derived column get its value, when a newer Simpul starts."""

from sqlalchemy import select, update

from app.core.extensions import db
from app.enterprises.models import UNDERIVED, Enterprise
from app.enterprises.registering import rederive
from app.enterprises.rules import State

BATCH = 500
KEPT = tuple(
    state for state in State if state != State.DELETED
)  # each named: the index of traits begins with the state
OLDER = Enterprise.traits == int(UNDERIVED)


def fill_in() -> int:
    """Derive some of them anew; how many were left before it. What was erased stays erased."""
    db.session.execute(update(Enterprise).where(OLDER, Enterprise.state == State.DELETED).values(traits=0))
    rows = db.session.scalars(select(Enterprise).where(Enterprise.state.in_(KEPT), OLDER).limit(BATCH)).all()
    for row in rows:
        rederive(row)
    return len(rows)
