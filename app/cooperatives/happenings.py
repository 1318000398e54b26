"""Reading the timeline of a cooperative."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.cooperatives.models import Cooperative, TimelineEvent
from app.core.extensions import db
from app.core.formatting import long_date
from app.core.text import Text

TIMELINE = 50  # events that a card shows at once


@dataclass(frozen=True)
class Happening:
    """One line of a timeline; ``codes`` are the fields that it changed."""

    event: TimelineEvent
    text: Text
    codes: tuple[str, ...]


def timeline_of(cooperative: Cooperative, limit: int = TIMELINE) -> list[Happening]:
    """What happened to ``cooperative``, newest first."""
    events = db.session.scalars(
        select(TimelineEvent)
        .where(TimelineEvent.cooperative_id == cooperative.id)
        .order_by(TimelineEvent.at.desc(), TimelineEvent.id.desc())
        .limit(limit)
    )
    return [
        Happening(
            event, Text(event.template, _for_reader(event.params)), tuple(event.params.get("codes", ()))
        )
        for event in events
    ]


def _for_reader(params: Mapping[str, Any]) -> dict[str, Any]:
    """``day`` of a timeline's sentence is stored as ISO text and read in the reader's language."""
    return {
        name: long_date(date.fromisoformat(value)) if name == "day" else value
        for name, value in params.items()
    }
