"""The line at the counter: numbers, calling, starting and finishing a visit. Numbers begin at 1 each day of the office."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from app.accounts.models import User
from app.clinic import happening, waitlist
from app.clinic.access import booking_by_token, digest, new_form_key, new_reference, token_from
from app.clinic.booking import search_text
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.line_rules import InLine, order
from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, Origin, State, Step, Topic
from app.clinic.settings import limits
from app.clinic.timetable import day_of, read_timetable
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_

NOT_IN_LINE = N_("Orang ini tidak sedang menunggu di antrean.")


def take_number(
    *,
    topic: Topic,
    channel: Channel = Channel.OFFICE,
    name: str = "",
    phone: str | None = None,
    question: str = "",
    cooperative_id: int | None = None,
    enterprise_id: int | None = None,
    kode_kecamatan: str | None = None,
    form_key: str | None = None,
    by: User | None = None,
) -> ClinicBooking:
    """The next number of today for somebody who walks in, or calls and is called back. The same form sent twice gives the same number."""
    moment = waitlist.begin()
    key = form_key or new_form_key()
    if (earlier := booking_by_token(token_from(key))) is not None:
        return earlier
    made = ClinicBooking(
        form_key=key,
        token_digest=digest(token_from(key)),
        reference=new_reference(),
        region=current_app.config["REGION"],
        is_demo=bool(by and by.is_demo),
        state=State.ARRIVED,
        origin=Origin.WALK_IN,
        starts_at=moment,
        ends_at=moment + timedelta(minutes=limits().slot_minutes),
        arrived_at=moment,
        topic=topic,
        channel=channel,
        name=fold_space(name)[:200],
        phone=phone,
        question=fold_lines(question)[:2000],
        cooperative_id=cooperative_id,
        enterprise_id=enterprise_id,
        kode_kecamatan=kode_kecamatan,
        made_by_id=by.id if by else None,
    )
    db.session.add(made)
    _give_number(made)
    made.search_text = search_text(made)
    db.session.flush()
    happening.happened(made, Step.ARRIVED, by=by, detail={"number": made.queue_number, "topic": topic})
    return made


def _give_number(booking: ClinicBooking) -> None:
    if booking.queue_number is not None and booking.queue_day == today():
        return
    last = db.session.scalar(
        select(func.max(ClinicBooking.queue_number)).where(ClinicBooking.queue_day == today())
    )
    booking.queue_day, booking.queue_number = today(), (last or 0) + 1
    db.session.flush()


def check_in(booking: ClinicBooking, *, by: User | None = None) -> ClinicBooking:
    """A booked visitor is here: a number, and a place in the line. Raises RuleBroken on another day. Twice is once."""
    moment = _held(booking)
    if booking.state is State.ARRIVED:
        return booking
    if booking.state not in (State.BOOKED, State.MISSED) or day_of(booking.starts_at) != today():
        raise RuleBroken(N_("Janji ini bukan untuk hari ini, atau sudah tidak berlaku."))
    if booking.state is State.MISSED and (booking.seat is not None):
        booking.seat = (
            None  # the seat is past, or somebody else's by now; whoever comes late waits in the line
        )
    booking.state, booking.arrived_at = State.ARRIVED, moment
    _give_number(booking)
    _changed(booking, Step.ARRIVED, by, {"number": booking.queue_number})
    return booking


def waiting_now() -> list[ClinicBooking]:
    """Who has arrived today and was not called yet, with no regard to order."""
    query = select(ClinicBooking).where(
        ClinicBooking.queue_day == today(), ClinicBooking.state == State.ARRIVED
    )
    return list(db.session.scalars(query.order_by(ClinicBooking.queue_number)))


def line_for(consultant: ClinicConsultant | None = None) -> list[ClinicBooking]:
    """Those who wait in the order in which they are called: by ``consultant`` those whom they would see, else all of them."""
    everybody = waiting_now()
    if consultant is not None:
        away = away_now([one for one in everybody if one.consultant_id != consultant.id])
        everybody = [one for one in everybody if is_for(one, consultant, away)]
    rows = {one.id: one for one in everybody}
    return [rows[one.booking_id] for one in order([_in_line(one) for one in rows.values()], now())]


def away_now(people: Sequence[ClinicBooking]) -> frozenset[int]:
    """Those whom some of ``people`` came to see and who see nobody now, such as a consultant who fell ill this morning."""
    wanted = {one.consultant_id for one in people if one.consultant_id is not None}
    if not wanted:
        return frozenset()
    table = read_timetable(today(), today(), wanted)
    return frozenset(one for one in wanted if table.is_away(one, now()))


def is_for(booking: ClinicBooking, consultant: ClinicConsultant, away: Collection[int]) -> bool:
    """Whether ``consultant`` may call ``booking`` next: their own, and of their topics who came to see nobody in particular, or
    somebody who is ``away``."""
    if booking.consultant_id is None or booking.consultant_id in away:
        return booking.consultant_id == consultant.id or booking.topic in consultant.topics
    return booking.consultant_id == consultant.id


def _in_line(booking: ClinicBooking) -> InLine:
    due = booking.starts_at if booking.origin is not Origin.WALK_IN else None
    return InLine(booking.id, booking.queue_number or 0, due)


def call_next(consultant: ClinicConsultant, *, by: User) -> ClinicBooking | None:
    """Call whoever is next for ``consultant``; None when nobody waits. Two who call at once get two people, but for one consultant
    whoever was called and has not begun is next still: a button pressed twice, or here and at the counter, calls one."""
    waitlist.begin()
    on_the_way = called_for(consultant)
    if on_the_way is not None:
        return on_the_way
    first = next((one for one in line_for(consultant) if one.called_at is None), None)
    return call(first, consultant, by=by) if first is not None else None


def called_for(consultant: ClinicConsultant) -> ClinicBooking | None:
    """Whoever ``consultant`` has called today and does not see yet, the latest call first."""
    query = select(ClinicBooking).where(
        ClinicBooking.queue_day == today(),
        ClinicBooking.state == State.ARRIVED,
        ClinicBooking.called_at.is_not(None),
        ClinicBooking.consultant_id == consultant.id,
    )
    latest = query.order_by(ClinicBooking.called_at.desc(), ClinicBooking.id.desc()).limit(1)
    return db.session.scalars(latest).one_or_none()


def call(booking: ClinicBooking, consultant: ClinicConsultant, *, by: User) -> ClinicBooking:
    """Call somebody out of the line, again if need be. Raises RuleBroken for whoever does not wait."""
    moment = _held(booking)
    if booking.state is not State.ARRIVED or booking.queue_day != today():
        raise RuleBroken(NOT_IN_LINE)
    _see(booking, consultant)
    booking.called_at = moment
    _changed(booking, Step.CALLED, by, {"number": booking.queue_number})
    return booking


def _see(booking: ClinicBooking, consultant: ClinicConsultant) -> None:
    """Whoever was called by a consultant is theirs; a seat in another's calendar is given up for it."""
    if booking.consultant_id != consultant.id:
        booking.seat = None
        booking.consultant_id = consultant.id


def start(booking: ClinicBooking, consultant: ClinicConsultant, *, by: User) -> ClinicBooking:
    """The visit begins; by telephone or video without having arrived. Twice is once. Of an earlier day it has taken place and is
    noted only now: then nobody knows when it began."""
    moment = _held(booking)
    if booking.state is State.RUNNING:
        return booking
    if booking.state not in (State.ARRIVED, State.BOOKED) or day_of(booking.starts_at) > today():
        raise RuleBroken(NOT_IN_LINE)
    _see(booking, consultant)
    booking.state = State.RUNNING
    if is_past(booking):
        booking.started_at = booking.called_at
    else:
        booking.started_at, booking.arrived_at = moment, booking.arrived_at or moment
    _changed(booking, Step.STARTED, by)
    return booking


def finish(booking: ClinicBooking, *, by: User) -> ClinicBooking:
    """The visit is over. Twice is once. Raises RuleBroken for one that has not begun."""
    moment = _held(booking)
    if booking.state is State.DONE:
        return booking
    if booking.state is not State.RUNNING:
        raise RuleBroken(N_("Konsultasi ini belum dimulai."))
    booking.state, booking.finished_at = State.DONE, _ended(booking, moment)
    _changed(booking, Step.FINISHED, by)
    waitlist.settle(moment)
    return booking


def is_past(booking: ClinicBooking) -> bool:
    """Whether ``booking`` was of an earlier day of the office."""
    return day_of(booking.starts_at) < today()


def _ended(booking: ClinicBooking, moment: datetime) -> datetime:
    """When a visit ended that is ended at ``moment``; on a later day somebody had forgotten to, and it ended as planned."""
    if not is_past(booking):
        return moment
    return (booking.started_at or booking.starts_at) + (booking.ends_at - booking.starts_at)


def miss(booking: ClinicBooking, *, by: User, stood: str = "") -> ClinicBooking:
    """Nobody came, or nobody answered the call. ``stood``: in which state whoever says so saw it. Raises RuleBroken before the
    booked time, and for whoever was noted as here meanwhile. Twice is once."""
    moment = _held(booking)
    if booking.state is State.MISSED:
        return booking
    if stood == State.BOOKED and booking.state is State.ARRIVED:
        raise RuleBroken(N_("Orang ini baru saja dicatat datang. Lihat dulu di daftar yang menunggu."))
    if booking.state not in (State.BOOKED, State.ARRIVED):
        raise RuleBroken(NOT_IN_LINE)
    if booking.starts_at > moment:
        raise RuleBroken(N_("Waktunya belum tiba. Batalkan janji kalau memang tidak jadi."))
    booking.state = State.MISSED
    _changed(booking, Step.MISSED, by)
    waitlist.settle(moment)
    return booking


def back_in_line(booking: ClinicBooking, *, by: User) -> ClinicBooking:
    """Undo a call or a start that was a mistake. Raises RuleBroken for what is over."""
    _held(booking)
    if booking.state not in (State.ARRIVED, State.RUNNING):
        raise RuleBroken(NOT_IN_LINE)
    booking.state, booking.called_at, booking.started_at = State.ARRIVED, None, None
    if not is_past(booking):
        _give_number(booking)
    elif booking.arrived_at is None:
        booking.state = State.BOOKED
    _changed(booking, Step.REOPENED, by)
    return booking


def not_here(booking: ClinicBooking, *, by: User) -> ClinicBooking:
    """Undo the arrival of a booked visitor: somebody else was meant, or they left before their time. It can be moved or cancelled
    again. Twice is once."""
    _held(booking)
    if booking.state is State.BOOKED:
        return booking
    if booking.state is not State.ARRIVED or booking.seat is None:
        raise RuleBroken(NOT_IN_LINE)
    booking.state, booking.arrived_at, booking.called_at = State.BOOKED, None, None
    _changed(booking, Step.REOPENED, by)
    return booking


def _held(booking: ClinicBooking) -> datetime:
    moment = waitlist.begin()
    db.session.refresh(booking)
    return moment


def _changed(
    booking: ClinicBooking, step: Step, by: User | None, detail: dict[str, object] | None = None
) -> None:
    booking.version += 1
    db.session.flush()
    happening.happened(booking, step, by=by, detail=detail)
