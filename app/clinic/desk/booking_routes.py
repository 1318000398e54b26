"""Bookings at the office: looking one up, and seeing, moving or cancelling it."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page, told
from app.accounts.models import User
from app.clinic import booking as bookings
from app.clinic.blueprint import bp, staff
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.common import (
    ONE_BOOKING,
    booking_or_404,
    is_operator,
    own_consultant,
    read_id,
    read_topic,
)
from app.clinic.desk.history import history
from app.clinic.desk.queries import Wanted
from app.clinic.desk.reading import Problems
from app.clinic.desk.telling import whatsapp
from app.clinic.desk.times import Asked, in_words, next_day, times
from app.clinic.messages import mailed_to, where_of
from app.clinic.models import ABOUT, ClinicBooking
from app.clinic.plans import stands_in
from app.clinic.rules import TOPIC_NAMES, State
from app.clinic.slots import key_of
from app.clinic.timetable import day_of, slot_at
from app.core.access import Role, keeps_form, only
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.formatting import weekday_date
from app.core.i18n import _, choices
from app.core.paging import count_text, count_up_to
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_, Text
from app.core.writing import writing
from app.files.queries import files_about

STATES = ("lalu", "batal")
SHORTEST_REASON = 5


@bp.get("/dinas/klinik/janji")
@only(Role.OPERATOR, Role.CONSULTANT)
def desk_bookings() -> ResponseReturnValue:
    """Look a booking up; without words, those to come."""
    own = own_consultant()
    wanted = _wanted(own)
    people = queries.people_choices(active_only=False) if own is None else []
    address = {name: value for name, value in _address(wanted).items() if value}
    return page(
        "clinic/desk/bookings.html",
        page=queries.bookings_page(wanted),
        wanted=wanted,
        address=address,
        count=count_text(count_up_to(queries.bookings_query(wanted))),
        topics=choices(TOPIC_NAMES),
        people=people,
        active=_chips(wanted, address, dict(people)),
        screens=screens,
        waiting=queries.waiting_number() if own is None else 0,
        is_operator=own is None,
    )


def _wanted(own: int | None) -> Wanted:
    args = request.args
    state = args.get("keadaan", "")
    return Wanted(
        q=fold_space(args.get("q", ""))[:100],
        state=state if state in STATES else "",
        topic=read_topic(args.get("topik", "")),
        consultant=str(read_id(args.get("konsultan", "")) or ""),
        own=own,
    )


def _address(wanted: Wanted) -> dict[str, str]:
    return {
        "q": wanted.q,
        "keadaan": wanted.state,
        "topik": wanted.topic,
        "konsultan": wanted.consultant,
    }


def _chips(wanted: Wanted, address: dict[str, str], people: dict[str, str]) -> list[tuple[str, str]]:
    said = {
        "q": wanted.q and f"“{wanted.q}”",
        "topik": wanted.topic and screens.topic_word(wanted.topic),
        "konsultan": wanted.consultant and people.get(wanted.consultant, wanted.consultant),
    }
    return [
        (text, url_for(".desk_bookings", **{key: value for key, value in address.items() if key != name}))  # type: ignore[arg-type]
        for name, text in said.items()
        if text
    ]


@bp.get(ONE_BOOKING)
@only(Role.OPERATOR, Role.CONSULTANT)
def desk_booking(booking_id: int) -> ResponseReturnValue:
    """One booking."""
    return _show(booking_or_404(booking_id))


def _show(booking: ClinicBooking, problems: Problems | None = None, typed: str = "") -> ResponseReturnValue:
    if booking.state is State.HELD:
        abort(404)
    own = own_consultant()
    others = [one for one in queries.others_of(booking) if own in (None, one.consultant_id)]
    return page(
        "clinic/desk/booking.html",
        mailed_to=mailed_to(booking),
        problems=problems,
        booking=booking,
        key=booking.slot_key,
        line=screens.line(booking),
        typed=typed,
        is_operator=is_operator(),
        may_change=booking.state is State.BOOKED and is_operator(),
        is_stray=_is_stray(booking),
        history=history(queries.events_of(booking)),
        others=[screens.line(one) for one in others],
        files=_files(booking),
        where=where_of(booking),
        whatsapp=whatsapp(booking) if booking.state is State.BOOKED else "",
        visit_url=url_for(".visit_show", booking_id=booking.id),
        is_today=day_of(booking.starts_at) == today(),
    )


def _files(booking: ClinicBooking) -> list[tuple[str, str]]:
    return [
        (one.name, url_for("files.download", token=one.token, name=one.name))
        for one in files_about(ABOUT, booking.id)
    ]


def _is_stray(booking: ClinicBooking) -> bool:
    if booking.state is not State.BOOKED or booking.consultant_id is None or booking.starts_at <= now():
        return False
    slot = slot_at(key_of(booking.consultant_id, booking.starts_at))
    return slot is None or not stands_in(booking, [slot])


@bp.post(f"{ONE_BOOKING}/batal")
@only(Role.OPERATOR)
@keeps_form(N_("Pembatalan janji klinik"))
def desk_cancel(booking_id: int) -> ResponseReturnValue:
    """The office cancels, and says why."""
    reason = fold_lines(request.form.get("alasan", "")[:1000])
    if len(reason) < SHORTEST_REASON:
        problem = {"alasan": Text(N_("Tulis alasannya, supaya pemesan tahu apa yang terjadi."))}
        return _show(booking_or_404(booking_id), problem, reason)
    try:
        with writing():
            bookings.cancel(
                booking_or_404(booking_id),
                by=db.session.get_one(User, staff().id),
                reason=reason,
                seen=request.form.get("semula", "")[:40],
            )
    except RuleBroken as refusal:
        return _show(booking_or_404(booking_id), {"alasan": refusal.text}, reason)
    flash(_("Janji dibatalkan. Waktunya kosong lagi."), "done")
    return redirect(url_for(".desk_booking", booking_id=booking_id), 303)


@bp.get(f"{ONE_BOOKING}/pindah")
@only(Role.OPERATOR)
def desk_move(booking_id: int) -> ResponseReturnValue:
    """Pick another time."""
    return _move(booking_or_404(booking_id))


@bp.post(f"{ONE_BOOKING}/pindah")
@only(Role.OPERATOR)
def desk_do_move(booking_id: int) -> ResponseReturnValue:
    """Move it; the old time is let go once the new one is had."""
    key = request.form.get("slot", "")[:40]
    if not key:
        return _move(booking_or_404(booking_id), {"slot": Text(N_("Pilih waktu barunya."))})
    try:
        with writing():
            seen = request.form.get("semula", "")[:40]
            bookings.move(booking_or_404(booking_id), key, by=db.session.get_one(User, staff().id), seen=seen)
    except RuleBroken as refusal:
        return _move(booking_or_404(booking_id), told({}, refusal), key)
    flash(_("Janji dipindah."), "done")
    return redirect(url_for(".desk_booking", booking_id=booking_id), 303)


def _move(booking: ClinicBooking, problems: Problems | None = None, typed: str = "") -> ResponseReturnValue:
    if booking.state is not State.BOOKED:
        flash(_("Janji ini tidak bisa dipindah lagi."), "info")
        return redirect(url_for(".desk_booking", booking_id=booking.id), 303)
    address = Asked.of_address()
    asked = Asked(topic=booking.topic, consultant=address.consultant, since=address.since)
    own = booking.slot_key
    free = [one for one in times(asked, besides=[booking.id]) if one.key != own]
    following = next_day(free)
    return page(
        "clinic/desk/move.html",
        problems=problems,
        booking=booking,
        key=booking.slot_key,
        line=screens.line(booking),
        wanted=asked,
        people=queries.people_choices(),
        typed=typed,
        choices=[(one.key, in_words(one)) for one in free],
        later=url_for(
            ".desk_move", booking_id=booking.id, mulai=following, konsultan=asked.consultant or None
        )
        if following
        else "",
    )


@bp.get("/dinas/klinik/kelas")
@only(Role.OPERATOR, Role.CONSULTANT)
def desk_class() -> ResponseReturnValue:
    """Who comes to a class."""
    slot = slot_at(request.args.get("slot", "")[:40])
    own = own_consultant()
    if slot is None or own not in (None, slot.consultant_id):
        abort(404)
    coming = queries.class_of(slot.consultant_id, slot.starts_at)
    return page(
        "clinic/desk/class.html",
        slot=slot,
        when=f"{weekday_date(day_of(slot.starts_at))}, {screens.span(slot.starts_at, slot.ends_at)}",
        coming=coming,
        screens=screens,
        may_add=own is None and len(coming) < slot.capacity and slot.starts_at > now(),
    )
