"""The line at the counter as screens show it: who is served, who is next, and about how long each waits."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.clinic.calendar_models import ClinicConsultant
from app.clinic.estimate import PAST_VISITS
from app.clinic.line import away_now, line_for
from app.clinic.line_rules import usual_minutes, wait_minutes
from app.clinic.models import ClinicBooking
from app.clinic.rules import Origin, State, Topic
from app.clinic.settings import limits
from app.clinic.timetable import read_timetable
from app.core.database import now, today
from app.core.extensions import db

NEW = timedelta(minutes=2)
"""So long after a call the screen marks it."""
LATELY = timedelta(days=366)


@dataclass(frozen=True)
class Line:
    """Today's line: those who wait in order with their minutes (None: nobody works on their topic today), and those who are called or served, by consultant."""

    waiting: tuple[tuple[ClinicBooking, int | None], ...]
    served: tuple[ClinicBooking, ...]


def line_now() -> Line:
    """The line of this moment; a few queries, however long it is."""
    served = busy()
    waiting = [one for one in line_for() if one.called_at is None]
    minutes = waits(waiting, served)
    return Line(tuple((one, minutes[one.id]) for one in waiting), tuple(served))


def busy() -> list[ClinicBooking]:
    """Those who were called or are with a consultant now, the latest call first."""
    query = (
        select(ClinicBooking)
        .where(
            ClinicBooking.state.in_((State.ARRIVED, State.RUNNING)),
            ClinicBooking.queue_day == today(),
            ClinicBooking.called_at.is_not(None) | (ClinicBooking.state == State.RUNNING),
        )
        .options(joinedload(ClinicBooking.consultant).joinedload(ClinicConsultant.user))
        .order_by(ClinicBooking.called_at.desc(), ClinicBooking.id.desc())
    )
    return list(db.session.scalars(query))


def waits(people: Sequence[ClinicBooking], served: Sequence[ClinicBooking]) -> dict[int, int | None]:
    """Booking → about how many minutes until it is called: what ``estimate.waits_for`` says of each, for all at once.

    None where no consultant of the topic works today: nobody can say. ``people`` wait, in the order in which they are called; ``served`` are with a consultant or on their way.
    """
    if not people:
        return {}
    usual, at_work, away = usual_visits(), consultants_at_work(), away_now(people)
    busy_with, busy_about = Counter(one.consultant_id for one in served), Counter(one.topic for one in served)
    found: dict[int, int | None] = {}
    moment = now()
    for one in people:
        if one.consultant_id is not None and one.consultant_id not in away:
            ahead = [
                other
                for other in people
                if other.consultant_id == one.consultant_id
                or (other.consultant_id is None and other.topic in at_work.topics_of(one.consultant_id))
            ]
            before, servers = busy_with[one.consultant_id], 1
        else:
            ahead = [
                other
                for other in people
                if other.topic is one.topic or other.consultant_id in (None, one.consultant_id)
            ]
            before, servers = busy_about[one.topic], at_work.count(one.topic, besides=one.consultant_id)
            if not servers:
                found[one.id] = None
                continue
        due = (one.starts_at - moment).total_seconds() / 60 if one.origin is not Origin.WALK_IN else 0.0
        found[one.id] = wait_minutes(ahead.index(one) + before, servers, usual[one.topic], due)
    return found


@dataclass(frozen=True)
class AtWork:
    """Which consultants have hours today, and what about."""

    topics: dict[int, frozenset[str]]
    with_hours: frozenset[int]
    away: frozenset[int]  # now: on leave, or without hours today

    def topics_of(self, consultant_id: int) -> frozenset[str]:
        """What one of them is consulted about."""
        return self.topics.get(consultant_id, frozenset())

    def count(self, topic: Topic, *, besides: int | None = None) -> int:
        """How many of them, ``besides`` one, see people about ``topic`` today."""
        return sum(topic in self.topics[id_] for id_ in self.with_hours if id_ != besides)


def consultants_at_work() -> AtWork:
    """Who works today; read once."""
    day, moment = today(), now()
    table = read_timetable(day, day)
    return AtWork(
        {id_: frozenset(person.topics) for id_, person in table.people.items()},
        frozenset(id_ for id_ in table.people if table.slots(id_, day)),
        frozenset(id_ for id_ in table.people if table.is_away(id_, moment)),
    )


def usual_visits() -> dict[Topic, float]:
    """How many minutes a visit about each topic takes: what ``estimate.usual_visit`` says, in one query
    over a year."""
    place = func.row_number().over(
        partition_by=ClinicBooking.topic, order_by=ClinicBooking.finished_at.desc()
    )
    latest = (
        select(ClinicBooking.topic, ClinicBooking.started_at, ClinicBooking.finished_at, place.label("place"))
        .where(
            ClinicBooking.state == State.DONE,
            ClinicBooking.started_at.is_not(None),
            ClinicBooking.finished_at > now() - LATELY,
        )
        .subquery()
    )
    rows = select(latest.c.topic, latest.c.started_at, latest.c.finished_at)
    past: dict[Topic, list[float]] = defaultdict(list)
    for topic, began, done in db.session.execute(rows.where(latest.c.place <= PAST_VISITS)):
        past[topic].append((done - began).total_seconds() / 60)
    planned = limits().slot_minutes
    return {topic: usual_minutes(past[topic], planned) for topic in Topic}
