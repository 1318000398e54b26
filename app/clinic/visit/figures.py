"""The figures of the clinic for one calendar year, from what the database holds."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import func, select

from app.clinic.models import ClinicBooking, ClinicRating
from app.clinic.rules import State, Topic
from app.clinic.timetable import free_slots
from app.clinic.visit.counting import Line, Rating, Table, Visit, lines, released, table, whole
from app.clinic.visit.reading import kept_follow_ups, over_in
from app.core.database import office_zone, today
from app.core.extensions import db

PARTS = ("topic", "month", "kecamatan")
NOWHERE = "-"
"""The key of visits whose kecamatan is not known."""


@dataclass(frozen=True)
class Figures:
    """What may be told of one year by one part: its lines, all together, and visits by topic and that part."""

    year: int
    part: str
    lines: tuple[Line, ...]
    whole: Line | None
    table: Table | None  # none by topic, which would cross itself


def figures(year: int, part: str) -> Figures:
    """The figures of ``year`` by ``topic``, ``month`` or ``kecamatan``; three queries."""
    visits, ratings = visits_of(year), released(ratings_of(year), over=month_key(today()))
    return Figures(
        year,
        part,
        tuple(lines(visits, ratings, part)),
        whole(visits, ratings),
        None if part == "topic" else table(visits, "topic", part),
    )


def visits_of(year: int) -> list[Visit]:
    """Every visit of the year, and every time to which nobody came."""
    query = over_in(year, current_app.config["REGION"])
    wanted = query.subquery()
    agreed = kept_follow_ups(select(wanted.c.id))
    zone = office_zone()
    found = []
    for id_, topic, starts_at, kecamatan, state, arrived_at, started_at in db.session.execute(query):
        promised, kept = agreed.get(id_, (0, 0))
        found.append(
            Visit(
                topic=topic.value,
                month=month_key(starts_at.astimezone(zone).date()),
                kecamatan=kecamatan or NOWHERE,
                missed=state is State.MISSED,
                waited=minutes_between(arrived_at, started_at),
                promised=promised,
                kept=kept,
            )
        )
    return found


def minutes_between(start: datetime | None, end: datetime | None) -> float | None:
    """How long somebody waited; None where one of the two was not noted."""
    if start is None or end is None or end < start:
        return None
    return (end - start).total_seconds() / 60


def ratings_of(year: int) -> list[Rating]:
    """Every rating of the year."""
    query = select(ClinicRating).where(ClinicRating.month.between(date(year, 1, 1), date(year, 12, 31)))
    return [
        Rating(one.topic.value, month_key(one.month), one.kode_kecamatan or NOWHERE, one.useful, one.clear)
        for one in db.session.scalars(query.order_by(ClinicRating.id))
    ]


def month_key(day: date) -> str:
    """``2026-11``."""
    return f"{day.year:04}-{day.month:02}"


def first_free_by_topic() -> dict[Topic, datetime]:
    """When the next free slot of each topic begins; topics that nobody can book are missing."""
    found: dict[Topic, datetime] = {}
    for free in free_slots():
        for topic in Topic:
            if topic not in found and free.slot.suits(topic, None, None):
                found[topic] = free.starts_at
        if len(found) == len(Topic):
            break
    return found


def years() -> list[int]:
    """The years that can be looked at, the latest first."""
    first = db.session.scalar(select(func.min(ClinicBooking.starts_at)))
    begun = first.astimezone(office_zone()).year if first else today().year
    return list(range(today().year, min(begun, today().year) - 1, -1))
