"""Writing the timeline of a cooperative, and holding its row while something about it is decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import insert

from app.audit.services import acting_person
from app.cooperatives.models import Cooperative, TimelineEvent
from app.core.database import Base, now
from app.core.extensions import db

Row = TypeVar("Row", bound=Base)
APPEND = insert(TimelineEvent.__table__)  # type: ignore[arg-type]
"""No object: nobody looks at the event in the unit that adds it."""


def hold(row: Row) -> Row:
    """Read ``row`` anew and keep others from changing it until this write unit ends.

    What is checked afterwards still holds when it is written. Those who need a cooperative and a claim hold the cooperative
    first, so that no two wait for each other. On SQLite the unit itself has the only pen.
    """
    lock = {"of": type(row), "key_share": True}  # rows that refer to it may still be added
    db.session.refresh(row, with_for_update=lock)
    return row


def note(
    cooperative: Cooperative,
    *,
    kind: str,
    template: str,
    params: Mapping[str, Any] | None = None,
    link: str | None = None,
    actor_name: str | None = None,
    at: datetime | None = None,
    flush: bool = True,
) -> None:
    """Append to the timeline of ``cooperative``. ``template`` is marked by ``N_``; ``params`` must be JSON-able.

    Two names in ``params`` are special: ``day`` is ISO text and shown in the reader's language, ``codes`` are the fields that
    changed.
    ``link`` is an address inside the site; ``actor_name`` whoever acts unless given; ``at`` this moment unless given. ``flush``:
    not for a verb that flushes later, all at once.
    """
    if flush:
        db.session.flush()
    name = (actor_name or acting_person()[1])[:200]
    row = {
        "cooperative_id": cooperative.id,
        "at": at or now(),
        "kind": kind,
        "template": template,
        "params": dict(params or {}),
        "actor_name": name,
        "link": link,
    }
    with db.session.no_autoflush:
        db.session.execute(APPEND, row)
