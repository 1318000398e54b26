"""What the database says afterwards, beside what each visitor was told."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.audit.verification import verify
from app.clinic import access, timetable, waitlist
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicWaiting
from app.clinic.rules import ACTIVE, PROMISED, Origin, State, Step, WaitState
from app.clinic.slots import key_of
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from tests.clinic.race.people import Ledger

STAYS = {
    "waiting": {WaitState.WAITING, WaitState.OFFERED, WaitState.LAPSED},
    "taken": {WaitState.TAKEN},
    "left": {WaitState.LEFT, WaitState.LAPSED},
}


def doubles() -> list[str]:
    """Pairs of bookings that take the same time of one consultant."""
    rows = db.session.scalars(
        select(ClinicBooking).where(ClinicBooking.state.in_(ACTIVE)).order_by(ClinicBooking.id)
    ).all()
    live = [one for one in rows if one.is_live]
    return [
        f"{one.reference} and {other.reference} at {one.starts_at}"
        for place, one in enumerate(live)
        for other in live[place + 1 :]
        if one.consultant_id == other.consultant_id
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    ]


def lost(ledgers: Iterable[Ledger]) -> list[str]:
    """What a visitor was told and the database does not know."""
    found = []
    for ledger in ledgers:
        for token, told in ledger.booked.items():
            row = access.booking_by_token(token)
            is_so = row is not None and (
                row.state is State.CANCELLED
                if told == "cancelled"
                else row.state in PROMISED and key_of(row.consultant_id or 0, row.starts_at) == told
            )
            if not is_so:
                found.append(f"told {told}, is {row and (row.state, row.starts_at)}")
        for token, told in ledger.waits.items():
            place = access.waiting_by_token(token)
            if place is None or place.state not in STAYS[told]:
                found.append(f"told {told}, is {place and place.state}")
            elif told == "taken" and (place.booking is None or place.booking.state not in PROMISED):
                found.append("an offer that was taken is no booking")
    return found


def overtaken(since: datetime) -> list[str]:
    """Those who waited longer and were passed over: by somebody who came later, or by somebody who did not wait.
    Ids begin anew with each round, so the trail is read from ``since``."""
    gone = select(TrailEntry.subject_id, TrailEntry.at).where(
        TrailEntry.action == "waiting.left", TrailEntry.at >= since
    )
    left = {row.subject_id: row.at for row in db.session.execute(gone)}
    rows = list(db.session.scalars(select(ClinicWaiting).order_by(ClinicWaiting.joined_at, ClinicWaiting.id)))
    found = []
    for place, one in enumerate(rows):
        until = one.offered_at or left.get(one.id)
        for later in rows[place + 1 :]:
            if later.offered_at is not None and (until is None or later.offered_at < until):
                found.append(f"{later.id} was offered a seat before {one.id}")
        walked_in = select(ClinicBooking).where(
            ClinicBooking.origin != Origin.OFFER, ClinicBooking.created_at > one.joined_at
        )
        for other in db.session.scalars(walked_in.order_by(ClinicBooking.id)):
            if until is None or other.created_at < until:
                found.append(f"{other.reference} was held while {one.id} waited")
    return found


def unserved() -> list[str]:
    """Whoever still waits although a seat is free, once the clock has been acted on."""
    with writing():
        waitlist.begin()
    moment = now()
    free = timetable.open_slots(moment, moment + timedelta(days=10), moment)
    waiting = timetable.wishes()
    return [f"{len(waiting)} wait while {len(free)} are free"] if waiting and free else []


def half_done() -> list[str]:
    """Bookings without their visitor, without their event or with two of them, and a trail that does not hold."""
    found = []
    query = select(ClinicBooking).where(ClinicBooking.state.in_(PROMISED)).order_by(ClinicBooking.id)
    for one in db.session.scalars(query):
        count = db.session.scalar(
            select(func.count(ClinicEvent.id)).where(
                ClinicEvent.booking_id == one.id, ClinicEvent.step == Step.BOOKED
            )
        )
        if count != 1 or not one.name or not one.phone:
            found.append(f"{one.reference} is booked with {count} events")
    if fault := verify().fault:
        found.append(f"the trail is broken: {fault}")
    return found
