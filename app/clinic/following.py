"""When hours stay and their place changes, bookings go along, and their visitors are told where to come."""

from sqlalchemy import select

from app.accounts.models import User
from app.clinic import happening, messages
from app.clinic.models import ClinicBooking
from app.clinic.plans import stands_in
from app.clinic.rules import Channel, State, Step
from app.clinic.timetable import day_of, read_timetable
from app.core.database import now
from app.core.extensions import db

COMES = (Channel.OFFICE, Channel.VISIT)
"""Ways to meet for which a visitor goes somewhere."""


def follow_place(consultant_id: int, *, by: User) -> int:
    """Give coming bookings of a consultant the place and title that their slots have now; how many visitors have to go elsewhere.
    Whoever calls this has lined up."""
    query = select(ClinicBooking).where(
        ClinicBooking.consultant_id == consultant_id,
        ClinicBooking.state == State.BOOKED,
        ClinicBooking.seat.is_not(None),
        ClinicBooking.starts_at > now(),
    )
    coming = db.session.scalars(query.order_by(ClinicBooking.starts_at, ClinicBooking.id)).all()
    if not coming:
        return 0
    table = read_timetable(day_of(coming[0].starts_at), day_of(coming[-1].starts_at), [consultant_id])
    count = 0
    for one in coming:
        slots = table.slots(consultant_id, day_of(one.starts_at))
        slot = next((slot for slot in slots if stands_in(one, [slot])), None)
        if slot is None or (slot.place, slot.title) == (one.place, one.title):
            continue
        before = one.place
        one.place, one.title = slot.place, slot.title
        if before != slot.place and one.channel in COMES:
            _tell(one, before, by)
            count += 1
    db.session.flush()
    return count


def _tell(booking: ClinicBooking, before: str, by: User) -> None:
    booking.version += 1
    db.session.flush()
    after = {"when": f"{happening.when_of(booking)}, {messages.where_of(booking)}"}
    happening.happened(booking, Step.MOVED, by=by, detail=after, before={"place": before})
    messages.tell_booking(booking, "place")
