"""Reminding visitors a day and two hours ahead: in the inbox, by e-mail, and by a list from which staff send WhatsApp messages.

What was sent is a row that can only be there once, so running it again sends nothing twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.clinic import happening, messages
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicReminder
from app.clinic.rules import ReminderKind, State, Step
from app.clinic.settings import limits, line_up
from app.core.database import now
from app.core.extensions import db
from app.core.upsert import insert_into

AHEAD = {ReminderKind.DAY: timedelta(hours=24), ReminderKind.HOURS: timedelta(hours=2)}
TOGETHER = 50  # reminders of one write unit


@dataclass(frozen=True)
class Due:
    """A reminder that is to be sent."""

    booking_id: int
    kind: ReminderKind


def window(kind: ReminderKind, moment: datetime) -> tuple[datetime, datetime]:
    """Bookings that begin after the first and up to the second are reminded now. The day's reminder ends where the one of two
    hours begins: nobody gets both at once."""
    if kind is ReminderKind.HOURS:
        return moment, moment + AHEAD[kind]
    return moment + AHEAD[ReminderKind.HOURS], moment + AHEAD[kind]


def due_reminders(moment: datetime, limit: int | None = None) -> list[Due]:
    """What is to be sent at ``moment`` and was not yet, the next visit first. Who booked or moved after a reminder's time was told
    enough by that, and gets only the later one."""
    found: list[tuple[datetime, Due]] = []
    for kind, ahead in AHEAD.items():
        since, until = window(kind, moment)
        sent = exists().where(
            ClinicReminder.booking_id == ClinicBooking.id,
            ClinicReminder.kind == kind,
            ClinicReminder.starts_at == ClinicBooking.starts_at,
        )
        query = (
            select(ClinicBooking.id, ClinicBooking.starts_at, ClinicBooking.timed_at)
            .where(
                ClinicBooking.state == State.BOOKED,
                ClinicBooking.starts_at > since,
                ClinicBooking.starts_at <= until,
                ~sent,
            )
            .order_by(ClinicBooking.starts_at, ClinicBooking.id)
        )
        found += [
            (starts, Due(id_, kind))
            for id_, starts, made in db.session.execute(query)
            if made < starts - ahead
        ]
    return [due for _starts, due in sorted(found, key=lambda one: (one[0], one[1].booking_id))][:limit]


def remind(dues: list[Due]) -> dict[ReminderKind, int]:
    """Send these, inside one write unit; how many of each kind were new. What was cancelled or moved since they were looked up is
    left out: it is reminded when its new time comes."""
    line_up()
    counts, moment = dict.fromkeys(ReminderKind, 0), now()
    for due in dues:
        booking = db.session.get(ClinicBooking, due.booking_id, populate_existing=True)
        if booking is None or not _is_due(booking, due.kind, moment):
            continue
        if _first_time(booking, due.kind):
            messages.tell_booking(booking, due.kind)
            happening.happened(booking, Step.REMINDED, detail={"kind": due.kind})
            counts[due.kind] += 1
    return counts


def _is_due(booking: ClinicBooking, kind: ReminderKind, moment: datetime) -> bool:
    since, until = window(kind, moment)
    in_time = since < booking.starts_at <= until and booking.timed_at < booking.starts_at - AHEAD[kind]
    return booking.state is State.BOOKED and in_time


def _first_time(booking: ClinicBooking, kind: ReminderKind) -> bool:
    insert = insert_into(ClinicReminder).values(
        booking_id=booking.id, kind=kind, starts_at=booking.starts_at, at=now()
    )
    row = insert.on_conflict_do_nothing().returning(ClinicReminder.id)
    return db.session.scalar(row) is not None


@dataclass(frozen=True)
class ToHand:
    """A reminder that staff may pass on by WhatsApp; ``url`` opens it with the text ready, empty where the number has none."""

    reminder: ClinicReminder
    booking: ClinicBooking
    url: str


def to_hand() -> list[ToHand]:
    """Reminders of coming visits that were made and not passed on by WhatsApp, the next visit first; of one visit the latest."""
    query = (
        select(ClinicReminder, ClinicBooking)
        .join(ClinicBooking, ClinicBooking.id == ClinicReminder.booking_id)
        .where(
            ClinicReminder.handed_at.is_(None),
            ClinicReminder.starts_at == ClinicBooking.starts_at,
            ClinicBooking.state == State.BOOKED,
            ClinicBooking.starts_at > now(),
        )
        .options(joinedload(ClinicBooking.consultant).joinedload(ClinicConsultant.user))
        .order_by(ClinicBooking.starts_at, ClinicBooking.id, ClinicReminder.id)
    )
    latest = {booking.id: (row, booking) for row, booking in db.session.execute(query)}
    limits_ = limits()
    return [
        ToHand(
            row,
            booking,
            messages.whatsapp_to(booking.phone, messages.reminder_text(booking, row.kind, limits_)),
        )
        for row, booking in latest.values()
    ]


def handed(reminder: ClinicReminder, *, by: User) -> None:
    """Staff has passed it on, and with it what was to be said of the same time before. Twice is once."""
    same = update(ClinicReminder).where(
        ClinicReminder.booking_id == reminder.booking_id,
        ClinicReminder.starts_at == reminder.starts_at,
        ClinicReminder.id <= reminder.id,
        ClinicReminder.handed_at.is_(None),
    )
    change = same.values(handed_at=now(), handed_by_id=by.id)
    db.session.execute(change.execution_options(synchronize_session="fetch"))
