"""What the counter and the waiting room show of today."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import url_for
from flask_babel import force_locale, gettext

from app.clinic.calendar_models import ClinicConsultant
from app.clinic.estimate import waits_for
from app.clinic.line import away_now, is_for
from app.clinic.messages import whatsapp_to
from app.clinic.models import ClinicBooking
from app.clinic.rules import TOPIC_NAMES, Channel, State
from app.clinic.visit.line_screens import NEW, Line, consultants_at_work, line_now
from app.clinic.visit.reading import consultants, visits_on
from app.clinic.visit.screens import Deed, left_again, line_of
from app.core.database import now, today
from app.core.formatting import clock
from app.core.i18n import _, choices, locale, say
from app.core.office import office
from app.core.text import N_

WAYS = {Channel.OFFICE: N_("Datang ke loket"), Channel.PHONE: N_("Telepon")}
ON_SCREEN = 8
"""How many of those who wait stand on the screen; it is read from across the room."""


def counter_view() -> dict[str, Any]:
    """Consultants with whom they are, who waits, and who is still expected."""
    line, visits = line_now(), visits_on(today())
    expected = [one for one in visits if one.state is State.BOOKED]
    return {
        "summary": _(
            "%(waiting)s menunggu, %(expected)s janji temu belum datang.",
            waiting=len(line.waiting),
            expected=len(expected),
        ),
        "people": _people(line, visits),
        "waiting": [_waiting(one, minutes) for one, minutes in line.waiting],
        "expected": [line_of(one, deeds=_expected_deeds(one)) for one in expected],
        "topics": _topics(),
        "ways": choices(WAYS),
    }


def _topics() -> list[tuple[str, ...]]:
    """What people may ask about; a topic that nobody works on today says so before a number is given."""
    at_work, note = consultants_at_work(), _("hari ini tidak ada konsultannya")
    return [
        (topic.value, say(name)) if at_work.count(topic) else (topic.value, say(name), note)
        for topic, name in TOPIC_NAMES.items()
    ]


def _waiting(booking: ClinicBooking, minutes: int | None) -> dict[str, Any]:
    gone: list[Deed] = (
        [("absen", _("Sudah pergi"), "plain", "")] if booking.starts_at <= now() else left_again(booking)
    )
    line = line_of(booking, deeds=gone)
    note = about(minutes)
    return line | {"note": " · ".join(filter(None, (line["note"], note)))}


def _expected_deeds(booking: ClinicBooking) -> list[Deed]:
    if booking.channel in (Channel.PHONE, Channel.VIDEO):
        return []
    found: list[Deed] = [("hadir", _("Sudah datang"), "second", "")]
    if booking.starts_at <= now():
        found.append(("absen", _("Tidak datang"), "plain", ""))
    return found


def _people(line: Line, visits: Sequence[ClinicBooking]) -> list[dict[str, Any]]:
    """Each consultant who works today or has visits: whom they see now."""
    working = consultants_at_work()
    at_work = working.with_hours | {one.consultant_id for one in visits}
    serving = {one.consultant_id: one for one in reversed(line.served)}
    away = away_now([one for one, _minutes in line.waiting])
    return [
        _person(one, serving.get(one.id), line, away, is_away=one.id in working.away)
        for one in consultants()
        if one.id in at_work or one.id in serving
    ]


def _person(
    one: ClinicConsultant, serving: ClinicBooking | None, line: Line, away: Collection[int], *, is_away: bool
) -> dict[str, Any]:
    waiting = sum(is_for(other, one, away) for other, _minutes in line.waiting)
    if serving is None:
        now_doing = "–" if is_away else _("Kosong")
        note = _("sedang tidak bertugas") if is_away else _("tidak sedang melayani")
    elif serving.state is State.RUNNING:
        now_doing = _("Melayani")
        begun = clock(serving.started_at) if serving.started_at else "–"
        note = _("melayani sejak %(time)s", time=begun)
    else:
        now_doing = _("Memanggil")
        note = _("memanggil sejak %(time)s", time=clock(serving.called_at)) if serving.called_at else ""
    return {
        "id": one.id,
        "name": one.name,
        "number": serving.queue_number if serving else None,
        "now": now_doing,
        "note": " · ".join(filter(None, (note, _("%(count)s menunggu", count=waiting) if waiting else ""))),
        "may_call": waiting > 0 and (serving is None or serving.state is not State.ARRIVED),
    }


def about(minutes: int | None) -> str:
    """An honest estimate: never to the minute, and none where nobody works on the topic today."""
    if minutes is None:
        return _("hari ini tidak ada konsultannya")
    if minutes <= 0:
        return _("sebentar lagi")
    if minutes < 60:
        return _("sekitar %(minutes)s menit", minutes=minutes)
    hours, rest = divmod(minutes, 60)
    if rest < 15:
        return _("sekitar %(hours)s jam", hours=hours)
    if rest < 45:
        return _("sekitar %(hours)s jam", hours=f"{hours}{',' if locale() == 'id' else '.'}5")
    return _("sekitar %(hours)s jam", hours=hours + 1)


def given(booking: ClinicBooking) -> dict[str, Any]:
    """The number that was just handed out."""
    works = booking.consultant_id is not None or consultants_at_work().count(booking.topic)
    minutes = waits_for(booking) if works else None
    text = _("Nomor dipanggil di layar ruang tunggu.")
    if booking.channel is Channel.PHONE:
        text = _("Konsultan menelepon balik ke nomor yang diberikan.")
    return {
        "number": booking.queue_number,
        "topic": say(TOPIC_NAMES[booking.topic]),
        "wait": about(minutes),
        "text": text,
        "whatsapp": _whatsapp(booking, about(minutes)),
        "url": url_for("clinic.visit_show", booking_id=booking.id),
    }


def _whatsapp(booking: ClinicBooking, wait: str) -> str:
    if not booking.phone:
        return ""
    with force_locale("id"):
        return whatsapp_to(
            booking.phone,
            gettext(
                "Nomor antrean klinik Anda hari ini: %(number)s (%(wait)s). %(office)s",
                number=booking.queue_number,
                wait=wait,
                office=office().full_name,
            ),
        )


def room_view() -> dict[str, Any]:
    """The waiting room's screen: numbers and consultants, no visitor's name."""
    line, moment = line_now(), now()
    in_house = [one for one in line.served if one.channel is Channel.OFFICE]
    sitting = [(one, minutes) for one, minutes in line.waiting if one.channel is Channel.OFFICE]
    return {
        "called": [
            {
                "number": one.queue_number,
                "where": one.consultant.name if one.consultant else "",
                "is_new": one.called_at is not None and moment - one.called_at <= NEW,
            }
            for one in in_house
        ],
        "next": [
            {"number": one.queue_number, "wait": about(minutes) if minutes is not None else ""}
            for one, minutes in sitting[:ON_SCREEN]
        ],
        "more": max(0, len(sitting) - ON_SCREEN),
        "clock": clock(moment),
    }
