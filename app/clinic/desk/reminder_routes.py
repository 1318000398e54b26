"""Reminders that staff pass on by WhatsApp, with the message ready; and offers of the waitlist, which cannot wait."""

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import User
from app.clinic import messages, reminding
from app.clinic.blueprint import bp, staff
from app.clinic.models import ClinicBooking, ClinicReminder, ClinicWaiting
from app.clinic.plans import broken_by
from app.clinic.queries import offers
from app.clinic.reminding import ToHand
from app.clinic.rules import TOPIC_NAMES
from app.clinic.said import said_day
from app.clinic.timetable import day_of
from app.core.access import Role, only
from app.core.database import now
from app.core.extensions import db
from app.core.formatting import clock
from app.core.i18n import _, say
from app.core.writing import writing


@bp.get("/dinas/klinik/pengingat")
@only(Role.OPERATOR)
def reminders() -> ResponseReturnValue:
    """Whom to write to now: the next visit first, without those who said that they will come. Whoever has an e-mail address was
    written to already. Whose time leave or changed hours took away is marked: they need another one before a reminder."""
    waiting = [one for one in reminding.to_hand() if one.booking.confirmed_at is None]
    stray = {one.id for one in broken_by()} if waiting else set()
    return render_template(
        "clinic/desk/reminders.html",
        lines=[_line(one) | {"is_stray": one.booking.id in stray} for one in waiting],
        offered=[_offer(one, one.booking) for one in offers() if one.booking is not None],
    )


@bp.post("/dinas/klinik/pengingat/<int(max=2147483647):reminder_id>")
@only(Role.OPERATOR)
def hand_reminder(reminder_id: int) -> ResponseReturnValue:
    """Sudah dikirim."""
    with writing():
        found = db.session.get(ClinicReminder, reminder_id) or abort(404)
        reminding.handed(found, by=db.session.get_one(User, staff().id))
        name = found.booking.name
    flash(_("%(name)s sudah diingatkan.", name=name), "done")
    return redirect(url_for(".reminders"), 303)


def _line(one: ToHand) -> dict[str, Any]:
    return _of(one.booking) | {
        "id": one.reminder.id,
        "url": one.url,
        "phone": one.booking.phone,
        "mailed": bool(messages.mailed_to(one.booking)),
    }


def _offer(waiting: ClinicWaiting, booking: ClinicBooking) -> dict[str, Any]:
    return _of(booking) | {
        "name": waiting.name,
        "url": messages.whatsapp_to(waiting.phone, messages.offer_text(waiting, booking)),
        "phone": waiting.phone,
        "mailed": bool(messages.mailed_to(waiting)),
        "until": clock(booking.expires_at) if booking.expires_at else "",
        "left": max(0, round((booking.expires_at - now()).total_seconds() / 60)) if booking.expires_at else 0,
    }


def _of(booking: ClinicBooking) -> dict[str, Any]:
    return {
        "booking_id": booking.id,
        "name": booking.name,
        "when": f"{said_day(day_of(booking.starts_at))}, {clock(booking.starts_at)}",
        "topic": say(TOPIC_NAMES[booking.topic]),
        "consultant": booking.consultant.name if booking.consultant else "",
        "number": booking.reference,
    }
