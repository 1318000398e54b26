"""The consultant's day: who is here, who is next, and the one thing to do now."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import url_for

from app.accounts.models import User
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.line import line_for
from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, State
from app.clinic.timetable import day_of
from app.clinic.visit.reading import consultants, due_follow_ups, unfinished, visits_on
from app.clinic.visit.screens import deeds_of, follow_up_line, line_of
from app.core.database import now, today
from app.core.formatting import weekday_date
from app.core.i18n import _

ONE = timedelta(days=1)
SOON = timedelta(minutes=10)
"""So long before its time a call by telephone is offered to be begun."""


def day_view(consultant: ClinicConsultant, day: date, *, person: User) -> dict[str, Any]:
    """The day of ``consultant``; colleagues of the office may look at it too."""
    is_today, is_own = day == today(), consultant.user_id == person.id
    visits = visits_on(day, consultant.id)
    waiting = [one for one in line_for(consultant) if one.called_at is None] if is_today else []
    top = _on_top(visits, waiting) if is_today else None

    def at(other: date) -> str:
        return url_for(
            ".visit_day",
            tanggal=other.isoformat() if other != today() else None,
            konsultan=None if is_own else consultant.id,
        )

    return {
        "title": _("Hari ini") if is_today else weekday_date(day),
        "kicker": weekday_date(day) if is_today and is_own else "" if is_own else consultant.name,
        "summary": _summary(visits, len(waiting)),
        "iso": day.isoformat(),
        "is_today": is_today,
        "is_own": is_own,
        "consultant": str(consultant.id),
        "colleagues": [] if is_own else [(str(one.id), one.name) for one in consultants()],
        "previous": at(day - ONE),
        "following": at(day + ONE),
        "today": at(today()),
        "top": _top(top, len(waiting), may_open=top.consultant_id == consultant.id)
        if top is not None
        else None,
        "lines": [line_of(one, deeds=deeds_of(one, on_top=one is top)) for one in visits],
        "unfinished": [_past(one) for one in unfinished(consultant, person)] if is_today else [],
        "follow_ups": [follow_up_line(one) for one in due_follow_ups(consultant, person)] if is_today else [],
    }


def _past(booking: ClinicBooking) -> dict[str, Any]:
    """A visit of an earlier day, which says when that was."""
    line = line_of(booking, deeds=deeds_of(booking))
    when = weekday_date(day_of(booking.starts_at))
    return line | {"note": " · ".join(filter(None, (when, line["note"])))}


def _on_top(visits: Sequence[ClinicBooking], waiting: Sequence[ClinicBooking]) -> ClinicBooking | None:
    """The visit in progress, else who was called, else who waits first, else a call whose time has come."""
    by_id = {one.id: one for one in visits}
    for state, called in ((State.RUNNING, None), (State.ARRIVED, True)):
        for one in visits:
            if one.state is state and (called is None or one.called_at is not None):
                return one
    if waiting:
        return by_id.get(waiting[0].id, waiting[0])
    return next(
        (
            one
            for one in visits
            if one.state is State.BOOKED
            and one.channel in (Channel.PHONE, Channel.VIDEO)
            and one.starts_at <= now() + SOON
        ),
        None,
    )


def _top(booking: ClinicBooking, waiting: int, *, may_open: bool) -> dict[str, Any]:
    """What stands on top: a line, a sentence, and the button. ``url``: a page to open; else ``deed``, to be sent."""
    line = line_of(booking, may_open=may_open)
    if booking.state is State.RUNNING:
        words, deed, head = _("Buka kunjungan"), "", _("Sedang berjalan")
    elif booking.state is State.ARRIVED and booking.called_at:
        words, deed, head = _("Mulai"), "mulai", _("Dipanggil")
    elif booking.state is State.ARRIVED and booking.channel is Channel.PHONE:
        words, deed, head = _("Ambil"), "panggil", _("Berikutnya, telepon balik")
    elif booking.state is State.ARRIVED:
        words, deed, head = _("Panggil"), "panggil", _("Berikutnya, %(count)s menunggu", count=waiting)
    else:
        words, deed, head = _("Mulai"), "mulai", _("Waktunya menelepon")
    return {"head": head, "line": line, "words": words, "deed": deed}


def _summary(visits: Sequence[ClinicBooking], waiting: int) -> str:
    """``5 kunjungan, 2 selesai, 1 menunggu.``"""
    done = sum(one.state is State.DONE for one in visits)
    parts = [_("%(count)s kunjungan", count=len(visits))] if visits else [_("Tidak ada janji temu")]
    if done:
        parts.append(_("%(count)s selesai", count=done))
    if waiting:
        parts.append(_("%(count)s menunggu", count=waiting))
    return ", ".join(parts) + "."
