"""Waiting for a seat: first come, first offered. An offer holds the seat for a while, then it is the next one's turn.

:func:`settle` does what the clock has brought. Every write of the clinic begins with it, so nobody overtakes; pages read as if
it had just run (``timetable.free_slots``, :func:`standing`); and the site's own clock runs it so that people hear of their offers.
"""

from datetime import datetime

from flask import current_app
from sqlalchemy import exists, func, select

from app.accounts.models import User
from app.clinic import happening, messages, seats
from app.clinic.access import digest, new_form_key, token_from, waiting_by_token
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import Channel, Origin, State, Topic, WaitState, offer_until
from app.clinic.settings import limits, line_up
from app.clinic.slots import Slot, Wish, claims
from app.clinic.timetable import free_slots, horizon, open_slots, slot_at, wishes
from app.clinic.visitor import Visitor
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_

GONE = N_("Tempat di daftar tunggu ini sudah tidak ada.")


def begin() -> datetime:
    """Line up, and bring the calendar up to this moment, which is returned."""
    db.session.flush()
    line_up()
    db.session.expire_all()  # what was read before may have changed while we waited
    moment = now()
    settle(moment)
    return moment


def settle(moment: datetime) -> int:
    """Let go of holds that have run out, end the offers among them, and offer free seats to those who wait, in their order; how
    many offers were made. Whoever calls this has lined up."""
    seats.expire_holds(moment)
    _end_offers()
    waiting = wishes()
    if not waiting:
        return 0
    free = open_slots(moment, horizon(moment), moment)
    given = claims(waiting, free, moment, limits())
    for wish, slot in given:
        _offer(wish, slot, moment)
    return len(given)


def _end_offers() -> None:
    """Whoever let an offer pass leaves the line."""
    query = (
        select(ClinicWaiting)
        .join(ClinicBooking, ClinicBooking.id == ClinicWaiting.booking_id)
        .where(ClinicWaiting.state == WaitState.OFFERED, ClinicBooking.state != State.HELD)
        .order_by(ClinicWaiting.id)
    )
    for one in db.session.scalars(query).all():
        one.state = WaitState.LAPSED
        db.session.flush()
        happening.waited(one, "lapsed")


def take_back() -> int:
    """After hours or days off have changed: whoever was offered a seat that is no longer in the calendar waits again at their own
    place, and may be offered another at once; how many. Whoever calls this has lined up."""
    moment, lost = now(), 0
    query = select(ClinicWaiting).where(ClinicWaiting.state == WaitState.OFFERED).order_by(ClinicWaiting.id)
    for one in db.session.scalars(query).all():
        seat = one.booking
        if seat is None or not seat.is_live or is_there(seat):
            continue
        seat.state = State.EXPIRED
        one.state, one.booking_id, one.offered_at = WaitState.WAITING, None, None
        db.session.flush()
        happening.waited(one, "withdrawn")
        lost += 1
    if lost:
        settle(moment)
    return lost


def is_there(seat: ClinicBooking) -> bool:
    """Whether the calendar still has the time of ``seat``, by its channel."""
    slot = slot_at(seat.slot_key)
    return slot is not None and slot.ends_at == seat.ends_at and seat.channel in slot.channels


def _offer(wish: Wish, slot: Slot, moment: datetime) -> None:
    until = offer_until(slot.starts_at, moment, limits())
    waiting = db.session.get_one(ClinicWaiting, wish.waiting_id)
    if until is None:
        return
    try:
        booking = seats.hold_seat(
            slot,
            moment,
            topic=wish.topic,
            channel=wish.channel,
            life=until - moment,
            origin=Origin.OFFER,
            is_demo=waiting.is_demo,
        )
    except (
        RuleBroken
    ):  # whoever cancels or books must not be refused because of it; the next write tries again
        return
    waiting.state, waiting.booking_id, waiting.offered_at = WaitState.OFFERED, booking.id, moment
    db.session.flush()
    happening.waited(waiting, "offered")
    messages.tell_offer(waiting, booking)


def join(
    visitor: Visitor,
    *,
    topic: Topic,
    consultant_id: int | None = None,
    channel: Channel | None = None,
    form_key: str | None = None,
    by: User | None = None,
) -> ClinicWaiting:
    """Go to the end of the line. The same form sent twice gives the same place. Raises RuleBroken while a seat is free, and for
    whoever waits for this already."""
    begin()
    key = form_key or new_form_key()
    earlier = waiting_by_token(token_from(key))
    if earlier is not None:
        return earlier
    columns = visitor.columns_of_waiting()
    if consultant_id is not None:
        consultant = db.session.get(ClinicConsultant, consultant_id)
        if consultant is None or topic not in consultant.topics:
            raise RuleBroken(N_("Konsultan itu tidak menangani topik ini."), field="konsultan")
    if free_slots(topic=topic, consultant_id=consultant_id, channel=channel, limit=1):
        raise RuleBroken(N_("Masih ada waktu kosong. Pilih salah satunya."), field="slot")
    if _waits_already(visitor, topic):
        raise RuleBroken(N_("Nomor ini sudah menunggu untuk topik yang sama."), field="telepon")
    made = ClinicWaiting(
        form_key=key,
        token_digest=digest(token_from(key)),
        region=current_app.config["REGION"],
        joined_at=now(),
        state=WaitState.WAITING,
        topic=topic,
        consultant_id=consultant_id,
        channel=channel,
        made_by_id=by.id if by else None,
        **columns,
    )
    db.session.add(made)
    db.session.flush()
    happening.waited(made, "joined", by=by)
    return made


def _waits_already(visitor: Visitor, topic: Topic) -> bool:
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ClinicWaiting.state.in_((WaitState.WAITING, WaitState.OFFERED)),
                    ClinicWaiting.topic == topic,
                    ClinicWaiting.phone == visitor.phone,
                )
            )
        )
    )


def leave(waiting: ClinicWaiting, *, by: User | None = None) -> None:
    """Go out of the line; a seat that was offered goes to the next. Doing it twice changes nothing."""
    moment = begin()
    db.session.refresh(waiting)
    if waiting.state not in (WaitState.WAITING, WaitState.OFFERED):
        return
    if waiting.state is WaitState.OFFERED and waiting.booking is not None:
        waiting.booking.state = State.EXPIRED
    waiting.state = WaitState.LEFT
    db.session.flush()
    happening.waited(waiting, "left", by=by)
    settle(moment)


def standing(waiting: ClinicWaiting) -> WaitState:
    """Where somebody stands at this moment, whether or not the clock has been acted on."""
    if waiting.state is WaitState.OFFERED and (waiting.booking is None or not waiting.booking.is_live):
        return WaitState.LAPSED
    return waiting.state


def asked_for(waiting: ClinicWaiting) -> ClinicConsultant | None:
    """For whom somebody waits; None for anybody, and once that consultant no longer receives people about it."""
    wanted = waiting.consultant
    still = wanted is not None and wanted.active and wanted.user.is_active and waiting.topic in wanted.topics
    return wanted if still else None


def place_in_line(waiting: ClinicWaiting) -> int:
    """How many wait before this one for the same topic, and one more; 0 for whoever does not wait."""
    if waiting.state is not WaitState.WAITING:
        return 0
    before = (ClinicWaiting.joined_at < waiting.joined_at) | (
        (ClinicWaiting.joined_at == waiting.joined_at) & (ClinicWaiting.id < waiting.id)
    )
    count = db.session.scalar(
        select(func.count(ClinicWaiting.id)).where(
            ClinicWaiting.state == WaitState.WAITING, ClinicWaiting.topic == waiting.topic, before
        )
    )
    return (count or 0) + 1


def line() -> list[ClinicWaiting]:
    """Those who wait or have an offer, first come first."""
    query = select(ClinicWaiting).where(ClinicWaiting.state.in_((WaitState.WAITING, WaitState.OFFERED)))
    return list(db.session.scalars(query.order_by(ClinicWaiting.joined_at, ClinicWaiting.id)))


def anything_to_settle() -> bool:
    """Whether :func:`settle` would find something. Must not write."""
    moment = now()
    lapsed = exists().where(
        ClinicWaiting.state == WaitState.OFFERED,
        ClinicWaiting.booking_id == ClinicBooking.id,
        (ClinicBooking.state != State.HELD) | (ClinicBooking.expires_at <= moment),
    )
    if db.session.scalar(select(lapsed)):
        return True
    waiting = wishes()
    return bool(waiting and claims(waiting, open_slots(moment, horizon(moment), moment), moment, limits()))
