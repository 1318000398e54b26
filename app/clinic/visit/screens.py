"""What the screens of a day show: one line a visit, where it stands in words, and what can be done with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from app.clinic.models import ClinicBooking, ClinicFollowUp
from app.clinic.rules import CHANNEL_NAMES, STATE_NAMES, TOPIC_NAMES, Channel, FollowUpOwner, State
from app.cooperatives.screens import place_name
from app.core.database import now, office_zone, today
from app.core.formatting import clock, short_date
from app.core.i18n import _, say
from app.enterprises.models import Enterprise
from app.enterprises.parties import Party, key_of, name_of

BADGES = {
    State.BOOKED: "draft",
    State.ARRIVED: "waiting",
    State.RUNNING: "submitted",
    State.DONE: "approved",
    State.MISSED: "missing",
    State.CANCELLED: "inactive",
}
Deed = tuple[str, str, str, str]  # what it is called in the form, its words, the kind of button, its key


def party_name(booking: ClinicBooking) -> str:
    """The cooperative or UKM for which somebody comes; empty where none is known."""
    return name_of(booking.party)


def who(booking: ClinicBooking) -> str:
    """By what one calls a visitor: the name, else the number in the line."""
    if booking.name:
        return booking.name
    if booking.queue_number:
        return _("Tamu nomor %(number)s", number=booking.queue_number)
    return booking.reference


def state_word(booking: ClinicBooking) -> str:
    """Where it stands, in a word; who confirmed the reminder is said to."""
    if booking.state is State.BOOKED and booking.confirmed_at:
        return _("Akan datang")
    if booking.state is State.ARRIVED and booking.called_at:
        return _("Dipanggil")
    return say(STATE_NAMES[booking.state])


def waiting_minutes(booking: ClinicBooking) -> int | None:
    """For how long somebody who has arrived has waited; None for the others."""
    if booking.state is not State.ARRIVED or booking.arrived_at is None:
        return None
    return max(0, int((now() - booking.arrived_at).total_seconds() // 60))


def channel_word(booking: ClinicBooking) -> str:
    """How they meet; at the office it goes without saying."""
    return "" if booking.channel is Channel.OFFICE else say(CHANNEL_NAMES[booking.channel])


def line_of(booking: ClinicBooking, *, may_open: bool = True, deeds: Sequence[Deed] = ()) -> dict[str, Any]:
    """One visit as a line of a list."""
    waited = waiting_minutes(booking)
    name, party = who(booking), party_name(booking)
    notes = [party if party != name else "", booking.place if booking.channel is Channel.VISIT else ""]
    if waited is not None:
        notes.append(_("menunggu %(minutes)s menit", minutes=waited))
    return {
        "id": booking.id,
        "time": clock(booking.starts_at) if booking.seat is not None else "",
        "iso": booking.starts_at.isoformat(),
        "number": booking.queue_number,
        "who": name,
        "topic": booking.title or say(TOPIC_NAMES[booking.topic]),
        "channel": channel_word(booking),
        "consultant": booking.consultant.name if booking.consultant else "",
        "note": " · ".join(filter(None, notes)),
        "question": booking.question,
        "stands": booking.state.value,
        "badge": BADGES[booking.state],
        "state": state_word(booking),
        "is_over": booking.state in (State.DONE, State.MISSED, State.CANCELLED),
        "url": url_for("clinic.visit_show", booking_id=booking.id) if may_open else "",
        "act_url": url_for("clinic.visit_act", booking_id=booking.id),
        "deeds": deeds,
    }


def deeds_of(booking: ClinicBooking, *, on_top: bool = False) -> list[Deed]:
    """What the consultant may do with a visit from a list; what stands ``on_top`` has its own button there."""
    day = booking.starts_at.astimezone(office_zone()).date()
    if day != today():
        return _afterwards(booking) if day < today() else []
    if booking.state is State.BOOKED:
        comes = booking.channel in (Channel.OFFICE, Channel.VISIT)
        found = [("hadir", _("Sudah datang"), "second", "")] if comes else []
        found += [] if on_top else [("mulai", _("Mulai"), "second", "")]
        return [*found, ("absen", _("Tidak datang"), "plain", "")] if booking.starts_at <= now() else found
    if booking.state is State.ARRIVED and booking.called_at:
        found = [] if on_top else [("mulai", _("Mulai"), "second", "")]
        gone = left_again(booking) or [("absen", _("Tidak ada"), "plain", "")]
        return [*found, ("panggil", _("Panggil lagi"), "plain", ""), *gone]
    if booking.state is State.ARRIVED:
        found = (
            [] if on_top else [("panggil", _("Panggil"), "second", ""), ("mulai", _("Mulai"), "plain", "")]
        )
        return [*found, *left_again(booking)]
    if booking.state is State.MISSED:
        return [("hadir", _("Ternyata datang"), "plain", "")]
    return []


def _afterwards(booking: ClinicBooking) -> list[Deed]:
    """What can be said of a visit of an earlier day while nobody has said what became of it."""
    if booking.state not in (State.BOOKED, State.ARRIVED):
        return []
    took_place = [("mulai", _("Sudah berlangsung"), "second", "")] if booking.consultant_id else []
    came = booking.state is State.ARRIVED
    return [*took_place, ("absen", _("Sudah pergi") if came else _("Tidak datang"), "plain", "")]


def left_again(booking: ClinicBooking) -> list[Deed]:
    """Whoever is noted as here before their time, and is not: a slip at the counter, or they went again."""
    early = booking.seat is not None and booking.starts_at > now()
    return [("belum", _("Batal hadir"), "plain", "")] if early else []


def days_until(moment: datetime) -> int:
    """How many days of the calendar lie between today and ``moment``."""
    return (moment.astimezone(office_zone()).date() - today()).days


def waits_until(moment: datetime) -> str:
    """``Hari ini, 09.00``, else ``3 hari lagi, 26 Nov 2026``."""
    left = days_until(moment)
    if left == 0:
        return _("hari ini, %(time)s", time=clock(moment))
    if left == 1:
        return _("besok, %(time)s", time=clock(moment))
    day = short_date(moment.astimezone(office_zone()).date())
    return _("%(days)s hari lagi, %(day)s", days=left, day=day)


def follow_up_line(one: ClinicFollowUp) -> dict[str, Any]:
    """Something agreed, as a line: what, by whom, until when."""
    late = one.done_at is None and one.due_on < today()
    due = short_date(one.due_on)
    return {
        "id": one.id,
        "text": one.text,
        "due": _("%(day)s, lewat", day=due) if late else due,
        "late": late,
        "done": one.done_at is not None,
        "owner": _("Kantor") if one.owner is FollowUpOwner.OFFICE else _("Pengunjung"),
        "who": party_name(one.booking) or who(one.booking),
        "url": url_for("clinic.visit_show", booking_id=one.booking_id),
        "act_url": url_for("clinic.visit_act", booking_id=one.booking_id),
    }


def party_line(party: Party) -> dict[str, str]:
    """A cooperative or UKM that may be meant: what a form calls it, its name, and what tells it from another of that name."""
    kind = _("UKM") if isinstance(party, Enterprise) else _("Koperasi")
    place = place_name(party.kode_kecamatan)
    return {"key": key_of(party), "name": name_of(party), "note": f"{kind}, {place}" if place else kind}
