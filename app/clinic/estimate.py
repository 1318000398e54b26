"""About how long somebody in the line waits, from what the latest visits took."""

from sqlalchemy import func, or_, select

from app.clinic.line import away_now, line_for
from app.clinic.line_rules import usual_minutes, wait_minutes
from app.clinic.models import ClinicBooking
from app.clinic.rules import Origin, State, Topic
from app.clinic.settings import limits
from app.clinic.timetable import read_timetable
from app.core.database import now, today
from app.core.extensions import db

PAST_VISITS = 20


def usual_visit(topic: Topic) -> float:
    """How many minutes a visit about ``topic`` takes: the median of the latest ones, else what a slot is planned for."""
    rows = db.session.execute(
        select(ClinicBooking.started_at, ClinicBooking.finished_at)
        .where(
            ClinicBooking.topic == topic,
            ClinicBooking.state == State.DONE,
            ClinicBooking.started_at.is_not(None),
            ClinicBooking.finished_at.is_not(None),
        )
        .order_by(ClinicBooking.finished_at.desc())
        .limit(PAST_VISITS)
    ).all()
    past = [(done - began).total_seconds() / 60 for began, done in rows if began and done]
    return usual_minutes(past, limits().slot_minutes)


def at_work(topic: Topic) -> int:
    """How many consultants of ``topic`` have hours today."""
    day = today()
    table = read_timetable(day, day)
    return sum(topic in person.topics and bool(table.slots(id_, day)) for id_, person in table.people.items())


def waits_for(booking: ClinicBooking) -> int:
    """About how many minutes until ``booking`` is called, in steps of five; 0 for whoever does not wait. Say "sekitar"."""
    if booking.state is not State.ARRIVED or booking.called_at is not None:
        return 0
    consultant = None if booking.consultant_id in away_now([booking]) else booking.consultant
    people = [one for one in line_for(consultant) if one.called_at is None]
    if consultant is None:
        people = [
            one
            for one in people
            if one.topic is booking.topic or one.consultant_id in (None, booking.consultant_id)
        ]
    ahead = next((place for place, one in enumerate(people) if one.id == booking.id), 0)
    busy = db.session.scalar(
        select(func.count(ClinicBooking.id)).where(
            ClinicBooking.queue_day == today(),
            or_(
                ClinicBooking.state == State.RUNNING,
                (ClinicBooking.state == State.ARRIVED) & ClinicBooking.called_at.is_not(None),
            ),
            ClinicBooking.consultant_id == consultant.id
            if consultant
            else ClinicBooking.topic == booking.topic,
        )
    )
    due = (booking.starts_at - now()).total_seconds() / 60 if booking.origin is not Origin.WALK_IN else 0.0
    servers = 1 if consultant else at_work(booking.topic)
    return wait_minutes(ahead + (busy or 0), servers, usual_visit(booking.topic), due)
