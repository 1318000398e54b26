"""The verbs of a booking. Each lines up first, brings the calendar up to the moment, and flushes; the route's write unit commits.

A seat is held while the form is filled in, then booked. Moving changes one row: the old seat is free when the new one is had,
never before.
"""

from collections.abc import Sequence
from datetime import datetime

from app.accounts.models import User
from app.clinic import access, fairness, happening, holding, messages, seats, waitlist
from app.clinic.models import ABOUT, ClinicBooking, ClinicWaiting
from app.clinic.rules import (
    MOST_FILES,
    PROMISED,
    Channel,
    Origin,
    State,
    Step,
    Topic,
    WaitState,
    change_until,
)
from app.clinic.settings import limits
from app.clinic.slots import Slot, key_of
from app.clinic.timetable import slot_at
from app.clinic.visitor import Visitor
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines
from app.core.search import searchable
from app.core.text import N_
from app.files.prepared import Prepared
from app.files.services import keep

TOO_LATE = N_("Janji ini terlalu dekat untuk diubah dari sini. Hubungi kantor.")
NO_MORE = N_("Janji ini tidak bisa diubah lagi.")
MOVED = N_("Janji ini baru saja pindah ke %(when)s. Periksa waktunya, lalu pilih lagi.")
HOLD_GONE = N_("Waktu mengisi sudah habis dan jam itu sudah diambil. Pilih jam lain.")


def book(
    token: str,
    visitor: Visitor,
    *,
    channel: Channel | None = None,
    by: User | None = None,
    files: Sequence[Prepared] = (),
) -> ClinicBooking:
    """Make a hold the booking of ``visitor``, by ``channel`` where another than the held one is chosen; sent twice it is one
    booking. A hold that ran out is still good while nobody else has the seat. Raises RuleBroken for what is missing, for too many
    bookings, and when the seat is gone."""
    moment = waitlist.begin()
    booking = access.booking_by_token(token)
    if booking is None:
        raise RuleBroken(HOLD_GONE, field="slot")
    if booking.state in PROMISED:
        return booking
    if booking.state not in (State.HELD, State.EXPIRED) or booking.origin is Origin.OFFER:
        raise RuleBroken(HOLD_GONE, field="slot")
    slot = _have_seat(booking, moment)
    booking.channel = seats.channel_in(slot, channel or booking.channel)
    return _booked(booking, visitor, by=by, files=files)


def _have_seat(booking: ClinicBooking, moment: datetime) -> Slot:
    """The slot of a hold, its seat taken again if the hold ran out. Raises RuleBroken when the calendar has no such slot any
    more."""
    slot = _slot_of(booking)
    if slot is None or slot.starts_at <= moment:
        raise RuleBroken(seats.NO_SUCH_SLOT, field="slot")
    if booking.state is State.HELD:
        return slot
    seat = seats.seat_in(slot, moment)
    if seat is None:
        raise RuleBroken(HOLD_GONE, field="slot")
    booking.seat = seat
    return slot


def _slot_of(booking: ClinicBooking) -> Slot | None:
    if booking.consultant_id is None:
        return None
    slot = slot_at(key_of(booking.consultant_id, booking.starts_at))
    return slot if slot is not None and slot.ends_at == booking.ends_at else None


def _booked(
    booking: ClinicBooking, visitor: Visitor, *, by: User | None, files: Sequence[Prepared] = ()
) -> ClinicBooking:
    columns = visitor.columns()
    if len(files) > MOST_FILES:
        raise RuleBroken(N_("Paling banyak %(most)s berkas."), field="berkas", most=MOST_FILES)
    fairness.refuse_second(booking, visitor, by_office=by is not None)
    if by is None:
        fairness.refuse_hoarding(visitor)
    writer = by or (db.session.get(User, visitor.user_id) if visitor.user_id else None)
    for name, value in columns.items():
        setattr(booking, name, value)
    booking.state, booking.expires_at, booking.holder = State.BOOKED, None, ""
    booking.timed_at = now()  # not when it was held: second thoughts begin here
    booking.made_by_id = by.id if by else None
    booking.is_demo = visitor.is_demo or bool(writer and writer.is_demo)
    booking.search_text = search_text(booking)
    booking.version += 1
    db.session.flush()
    for one in files:
        keep(one, about=(ABOUT, booking.id), public=False, by=writer)
    happening.happened(
        booking,
        Step.BOOKED,
        by=by,
        detail={
            "origin": booking.origin,
            "topic": booking.topic,
            "channel": booking.channel,
            "when": happening.when_of(booking),
        },
    )
    messages.tell_booking(booking, "booked")
    return booking


def search_text(booking: ClinicBooking) -> str:
    """By what staff look for a booking: name, reference, telephone as people type it, the cooperative or UKM."""
    phone = booking.phone or ""
    party = booking.party
    called = getattr(party, "nama_koperasi", None) or getattr(party, "name", "") if party else ""
    return searchable(
        booking.name, booking.reference, f"0{phone.removeprefix('+62')} {phone.removeprefix('+')}", called
    )


def book_for(
    key: str,
    visitor: Visitor,
    *,
    topic: Topic,
    by: User,
    channel: Channel | None = None,
    form_key: str | None = None,
    origin: Origin = Origin.PHONE,
) -> ClinicBooking:
    """Hold and book at once, for somebody who calls or stands at the counter. The same form sent twice makes one booking."""
    if form_key and (earlier := _of_form(form_key)) is not None:
        return earlier
    _booking, token = holding.hold(key, topic=topic, channel=channel, by=by, origin=origin, form_key=form_key)
    return book(token, visitor, by=by)


def _of_form(form_key: str) -> ClinicBooking | None:
    waitlist.begin()
    return access.booking_by_token(access.token_from(form_key))


def take_offer(token: str) -> ClinicBooking:
    """Whoever waited takes the seat that was offered; ``token`` is that of the place on the waitlist. Twice is once. Raises
    RuleBroken when the offer has passed on."""
    waitlist.begin()
    waiting = access.waiting_by_token(token)
    if waiting is None:
        raise RuleBroken(waitlist.GONE)
    booking = waiting.booking
    if waiting.state is WaitState.TAKEN and booking is not None:
        return booking
    if waiting.state is not WaitState.OFFERED or booking is None:
        raise RuleBroken(N_("Tawaran ini sudah lewat. Anda bisa menunggu lagi atau memilih jam lain."))
    _booked(booking, _visitor_of(waiting), by=None)
    waiting.state = WaitState.TAKEN
    db.session.flush()
    happening.waited(waiting, "taken")
    return booking


def _visitor_of(waiting: ClinicWaiting) -> Visitor:
    names = (
        "name",
        "phone",
        "email",
        "question",
        "kode_kecamatan",
        "cooperative_id",
        "enterprise_id",
        "user_id",
        "is_demo",
    )
    return Visitor(**{name: getattr(waiting, name) for name in names})


def move(
    booking: ClinicBooking,
    key: str,
    *,
    by: User | None = None,
    channel: Channel | None = None,
    seen: str = "",
) -> ClinicBooking:
    """Give ``booking`` a seat of the slot with this ``key``; if that cannot be had it keeps its own. ``seen`` is the key of the
    time that the page showed. Raises RuleBroken then, when it was moved meanwhile, and for a visitor (``by`` None) when it is too
    late."""
    moment = waitlist.begin()
    db.session.refresh(booking)
    _changeable(booking, moment, by)
    slot = holding.bookable(key, booking.topic, moment, by)
    if (slot.consultant_id, slot.starts_at, slot.ends_at) == (
        booking.consultant_id,
        booking.starts_at,
        booking.ends_at,
    ):
        return booking
    _as_seen(booking, seen)
    wanted = channel or (booking.channel if booking.channel in slot.channels else None)
    by_channel = seats.channel_in(slot, wanted)
    seat = seats.seat_in(slot, moment, besides=[booking.id])
    if seat is None:
        raise RuleBroken(seats.TAKEN, field="slot")
    if fairness.at_the_same_time(booking, slot.starts_at, slot.ends_at, booking.phone):
        raise RuleBroken(fairness.SAME_TIME, field="slot")
    before = {"when": happening.when_of(booking), "consultant_id": booking.consultant_id}
    for name, value in seats.place_in(slot, seat).items():
        setattr(booking, name, value)
    booking.channel, booking.confirmed_at, booking.timed_at = by_channel, None, moment
    booking.version += 1
    db.session.flush()
    after = {"when": happening.when_of(booking), "consultant_id": booking.consultant_id}
    happening.happened(booking, Step.MOVED, by=by, detail=after, before=before)
    messages.tell_booking(booking, "moved")
    waitlist.settle(moment)
    return booking


def _changeable(booking: ClinicBooking, moment: datetime, by: User | None) -> None:
    if booking.state is not State.BOOKED:
        raise RuleBroken(NO_MORE)
    if by is None and moment > may_change_until(booking):
        raise RuleBroken(TOO_LATE)


def may_change_until(booking: ClinicBooking) -> datetime:
    """Until when its visitor may move or cancel ``booking``; to its beginning where leave or changed hours took the time away."""
    if not waitlist.is_there(booking):
        return booking.starts_at
    return change_until(booking.starts_at, booking.timed_at, limits())


def _as_seen(booking: ClinicBooking, seen: str) -> None:
    """Nobody decides about a time that their page did not show yet."""
    if seen and seen != booking.slot_key:
        raise RuleBroken(MOVED, when=happening.when_of(booking))


def cancel(
    booking: ClinicBooking, *, by: User | None = None, reason: str = "", seen: str = ""
) -> ClinicBooking:
    """End ``booking``; its seat goes to the first who waits for one. Cancelling twice is cancelling once. ``seen`` is the key of
    the time that the page showed. Raises RuleBroken when it was moved meanwhile, for a visitor (``by`` None) when it is too late,
    and for everybody once the visit has begun."""
    moment = waitlist.begin()
    db.session.refresh(booking)
    if booking.state is State.CANCELLED:
        return booking
    _as_seen(booking, seen)
    _changeable(booking, moment, by)
    booking.state, booking.cancelled_at = State.CANCELLED, moment
    booking.cancel_reason = fold_lines(reason)[:500]
    booking.version += 1
    db.session.flush()
    happening.happened(booking, Step.CANCELLED, by=by)
    if by is not None:
        messages.tell_booking(booking, "cancelled", reason=booking.cancel_reason)
    waitlist.settle(moment)
    return booking


def confirm(booking: ClinicBooking, *, seen: str = "") -> ClinicBooking:
    """The visitor says that they will come, at the time with the key ``seen``. Saying it twice changes nothing. Raises RuleBroken
    for what is over, and when it was moved meanwhile."""
    waitlist.begin()
    db.session.refresh(booking)
    if booking.state is not State.BOOKED or booking.starts_at <= now():
        raise RuleBroken(NO_MORE)
    _as_seen(booking, seen)
    if booking.confirmed_at is None:
        booking.confirmed_at = now()
        db.session.flush()
        happening.happened(booking, Step.CONFIRMED)
    return booking
