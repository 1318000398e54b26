"""Holding a seat while the form of whoever chose it is filled in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.clinic import access, fairness, seats, waitlist
from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, Origin, State, Topic
from app.clinic.settings import limits
from app.clinic.slots import Slot
from app.clinic.timetable import horizon, slot_at
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_


@dataclass(frozen=True)
class Holder:
    """Who chooses, before they say who they are: digests of their browser and of its network, 32 digits each. ``network`` is
    empty for whoever is signed in."""

    browser: str
    network: str = ""

    def __str__(self) -> str:
        return self.browser + self.network


def hold(
    key: str,
    *,
    topic: Topic,
    channel: Channel | None = None,
    holder: Holder | None = None,
    by: User | None = None,
    origin: Origin = Origin.WEB,
    form_key: str | None = None,
) -> tuple[ClinicBooking, str]:
    """Hold a seat of the slot with this ``key`` while the form is filled in; the booking and its secret token.

    One browser holds one seat: choosing the same again gives the same hold, another lets the first one go. Where a network holds
    more than its share its oldest holds are let go; whoever was filling in still has the seat if nobody took it. Raises
    RuleBroken when the slot is taken, over, too far ahead, or promised to somebody on the waitlist.
    """
    moment = waitlist.begin()
    slot = bookable(key, topic, moment, by)
    channel = seats.channel_in(slot, channel)
    own = _held_by(holder)
    if own is not None and (own.consultant_id, own.starts_at) == (slot.consultant_id, slot.starts_at):
        own.topic, own.channel = topic, channel
        db.session.flush()
        return own, access.token_of(own)
    booking = seats.hold_seat(
        slot, moment, topic=topic, channel=channel, life=limits().hold, holder=str(holder or ""), origin=origin, form_key=form_key,
        made_by_id=by.id if by else None,
    )  # fmt: skip
    _let_go(own, holder, moment)
    return booking, access.token_of(booking)


def _let_go(own: ClinicBooking | None, holder: Holder | None, moment: datetime) -> None:
    """The seat that this browser held before, and the oldest of a network beyond its share, are free for others."""
    if own is not None:
        seats.let_go(own)
    crowd = fairness.beyond_its_share(holder.network, moment) if holder and holder.network else []
    for one in crowd:
        seats.let_go(one)
    if own is not None or crowd:
        db.session.flush()
        waitlist.settle(moment)


def bookable(key: str, topic: Topic, moment: datetime, by: User | None) -> Slot:
    """The slot with this ``key``, for ``topic``. Raises RuleBroken when it is none, over, or, for a visitor (``by`` None), too far
    ahead."""
    slot = slot_at(key)
    if slot is None or topic not in slot.topics:
        raise RuleBroken(seats.NO_SUCH_SLOT, field="slot")
    if slot.starts_at <= moment:
        raise RuleBroken(N_("Jam itu sudah lewat. Pilih jam lain."), field="slot")
    if by is None and slot.starts_at >= horizon(moment):
        raise RuleBroken(N_("Jam itu belum dibuka. Pilih jam yang lebih dekat."), field="slot")
    return slot


def _held_by(holder: Holder | None) -> ClinicBooking | None:
    if holder is None:
        return None
    return db.session.scalars(
        select(ClinicBooking)
        .where(ClinicBooking.holder.startswith(holder.browser), ClinicBooking.state == State.HELD)
        .order_by(ClinicBooking.id.desc())
        .limit(1)
    ).one_or_none()
