"""Taking a seat of the calendar. Whoever calls this has lined up (``settings.line_up``); the unique index of the table guards it
all the same."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import text, update

from app.clinic.access import digest, new_form_key, new_reference, token_from
from app.clinic.models import TAKES_A_SEAT, ClinicBooking
from app.clinic.rules import Channel, State, Topic, free_seat
from app.clinic.slots import Slot, taken_seats
from app.clinic.timetable import taken_between
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.upsert import insert_into

TAKEN = N_("Jam itu baru saja diambil orang lain. Pilih jam lain.")
NO_SUCH_SLOT = N_("Jam itu tidak lagi tersedia. Pilih jam lain.")


def expire_holds(moment: datetime) -> list[int]:
    """Let go of seats whose hold has run out; the ids of their bookings."""
    done = db.session.scalars(
        update(ClinicBooking)
        .where(ClinicBooking.state == State.HELD, ClinicBooking.expires_at <= moment)
        .values(state=State.EXPIRED, holder="")
        .returning(ClinicBooking.id)
        .execution_options(synchronize_session="fetch")
    )
    return list(done)


def let_go(booking: ClinicBooking) -> None:
    """End a hold before its time."""
    booking.state, booking.holder = State.EXPIRED, ""


def seat_in(slot: Slot, moment: datetime, *, besides: Collection[int] = ()) -> int | None:
    """The lowest free seat of ``slot``; None when it is full, or its consultant busy. Bookings in ``besides`` (ids) count as if
    they were not."""
    taken = taken_between(slot.starts_at, slot.ends_at, moment, [slot.consultant_id])
    seats = taken_seats(slot, (one for one in taken if one.booking_id not in besides))
    return None if seats is None else free_seat(slot.capacity, seats)


def place_in(slot: Slot, seat: int) -> Mapping[str, Any]:
    """The columns of a booking that say where it stands in the calendar."""
    return {
        "consultant_id": slot.consultant_id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "seat": seat,
        "place": slot.place,
        "title": slot.title,
    }


def channel_in(slot: Slot, channel: Channel | None) -> Channel:
    """``channel``, or the first of ``slot``. Raises RuleBroken when the slot is not held so."""
    if channel is None:
        return slot.channels[0]
    if channel not in slot.channels:
        raise RuleBroken(
            N_("Jam itu tidak tersedia lewat saluran yang dipilih. Pilih jam lain."), field="saluran"
        )
    return channel


def hold_seat(
    slot: Slot, moment: datetime, *, topic: Topic, channel: Channel | None, life: timedelta, **columns: Any
) -> ClinicBooking:
    """Hold a seat of ``slot`` from ``moment`` for ``life``. Raises RuleBroken when none is free."""
    seat = seat_in(slot, moment)
    if seat is None:
        raise RuleBroken(TAKEN, field="slot")
    form_key = columns.pop("form_key", None) or new_form_key()
    insert = insert_into(ClinicBooking).values(
        form_key=form_key,
        token_digest=digest(token_from(form_key)),
        reference=new_reference(),
        region=current_app.config["REGION"],
        state=State.HELD,
        expires_at=moment + life,
        topic=topic,
        channel=channel_in(slot, channel),
        **place_in(slot, seat),
        **columns,
    )
    taken = insert.on_conflict_do_nothing(
        index_elements=["consultant_id", "starts_at", "seat"], index_where=text(TAKES_A_SEAT)
    )
    id_ = db.session.scalar(taken.returning(ClinicBooking.id))
    if id_ is None:
        raise RuleBroken(TAKEN, field="slot")
    return db.session.get_one(ClinicBooking, id_)
