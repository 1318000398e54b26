"""The clinic's bookings, hours and closures in words for the office's screens."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from flask import url_for

from app.clinic.calendar_models import ClinicClosure, ClinicHours
from app.clinic.desk.reading import WEEKDAYS, shown_clock
from app.clinic.models import ClinicBooking
from app.clinic.rules import (
    CHANNEL_NAMES,
    CLOSURE_NAMES,
    ORIGIN_NAMES,
    OVER,
    STATE_NAMES,
    TOPIC_HINTS,
    TOPIC_NAMES,
    Channel,
    ClosureKind,
    State,
    Topic,
)
from app.clinic.timetable import day_of
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import region
from app.core.database import today
from app.core.formatting import clock, long_date, weekday_date
from app.core.i18n import _, locale, say
from app.enterprises import parties

BADGES = {
    State.HELD: "draft",
    State.BOOKED: "submitted",
    State.ARRIVED: "waiting",
    State.RUNNING: "waiting",
    State.DONE: "approved",
    State.MISSED: "missing",
    State.CANCELLED: "inactive",
    State.EXPIRED: "inactive",
}


def short_day(day: date) -> str:
    """``Sel 24 Nov``."""
    return format_date(day, "EEE d MMM", locale=locale())


def span(starts_at: datetime, ends_at: datetime) -> str:
    """``09.00–09.45``."""
    return f"{clock(starts_at)}–{clock(ends_at)}"


def when(booking: ClinicBooking) -> str:
    """``Selasa, 24 November 2026, 09.00–09.45``."""
    return f"{weekday_date(day_of(booking.starts_at))}, {span(booking.starts_at, booking.ends_at)}"


def short_when(booking: ClinicBooking) -> str:
    """``Sel 24 Nov 2026, 09.00``."""
    day = format_date(day_of(booking.starts_at), "EEE d MMM y", locale=locale())
    return f"{day}, {clock(booking.starts_at)}"


def topic_word(topic: Topic | str) -> str:
    """``Pemasaran``."""
    return say(TOPIC_NAMES[Topic(topic)])


def topic_choices() -> list[tuple[str, str, str]]:
    """Topics with what each is about."""
    return [(one.value, say(label), say(TOPIC_HINTS[one])) for one, label in TOPIC_NAMES.items()]


def weekday_choices() -> list[tuple[str, str]]:
    """Monday is 0."""
    return [(str(place), say(name)) for place, name in enumerate(WEEKDAYS)]


def party_name(booking: ClinicBooking) -> str:
    """The cooperative or UKM; empty for nobody."""
    return parties.name_of(booking.party)


def line(booking: ClinicBooking) -> dict[str, Any]:
    """A booking as a list and its own page show it."""
    return {
        "url": url_for(".desk_booking", booking_id=booking.id),
        "when": when(booking),
        "short": short_when(booking),
        "iso": day_of(booking.starts_at).isoformat(),
        "topic": topic_word(booking.topic),
        "channel": say(CHANNEL_NAMES[booking.channel]),
        "consultant": booking.consultant.name if booking.consultant else _("siapa saja"),
        "party": party_name(booking),
        "origin": say(ORIGIN_NAMES[booking.origin]),
        "badge": state_badge(booking),
        "is_open": booking.state not in OVER,
        "kecamatan": region().kecamatan.get(booking.kode_kecamatan or "", ""),
    }


def state_badge(booking: ClinicBooking) -> tuple[str, str]:
    """Badge and word of where it stands."""
    if booking.state is State.BOOKED and booking.confirmed_at:
        return "accepted", _("Terjadwal, akan datang")
    if booking.state is State.HELD and not booking.is_live:
        return BADGES[State.EXPIRED], say(STATE_NAMES[State.EXPIRED])
    return BADGES[booking.state], say(STATE_NAMES[booking.state])


def closure_days(closure: ClinicClosure) -> str:
    """``24–26 November 2026``, with the hours when it is not for the whole day."""
    first, last = closure.starts_on, closure.ends_on
    if first == last:
        days = weekday_date(first)
    elif (first.year, first.month) == (last.year, last.month):
        days = f"{first.day}–{long_date(last)}"
    else:
        days = f"{long_date(first)} – {long_date(last)}"
    return f"{days}, {_hours(closure)}" if closure.from_minute is not None else days


def _hours(closure: ClinicClosure) -> str:
    return f"{shown_clock(closure.from_minute)}–{shown_clock(closure.until_minute)}"


def closure_words(closure: ClinicClosure) -> str:
    """What it means for one day, in a line: ``Cuti 08.00–12.00: Rapat``."""
    is_closed = closure.kind is ClosureKind.CLOSED
    kind = _("Kantor tutup") if is_closed else say(CLOSURE_NAMES[closure.kind])
    if closure.from_minute is not None:
        kind = f"{kind} {_hours(closure)}"
    return f"{kind}: {closure.reason}" if closure.reason else kind


def closure_line(closure: ClinicClosure, names: Mapping[int, str]) -> dict[str, Any]:
    """A closure in the list; ``names`` of consultants by id."""
    return {
        "id": closure.id,
        "when": closure_days(closure),
        "who": names.get(closure.consultant_id or 0, "") or _("Seluruh kantor"),
        "kind": say(CLOSURE_NAMES[closure.kind]),
        "reason": closure.reason,
    }


def hours_day(hours: ClinicHours) -> str:
    """``Senin``, or the date."""
    if hours.on_date is not None:
        return weekday_date(hours.on_date)
    return say(WEEKDAYS[hours.weekday or 0])


def hours_clock(hours: ClinicHours) -> str:
    """``09.00–12.00``."""
    return f"{shown_clock(hours.starts)}–{shown_clock(hours.ends)}"


def hours_place(hours: ClinicHours) -> str:
    """Place and kelurahan, as far as they are known."""
    return place_words(hours.place, hours.kode_kelurahan)


def place_words(place: str, kode_kelurahan: str | None) -> str:
    """``Balai Kelurahan, Arjosari``."""
    village = (region().name_of(kode_kelurahan) if kode_kelurahan else "") or ""
    return ", ".join(one for one in (place, "" if village in place else village) if one)


def hours_line(hours: ClinicHours) -> dict[str, Any]:
    """A stretch of hours in its consultant's table."""
    cut = _("%(slot)s menit, jeda %(pause)s", slot=hours.slot_minutes, pause=hours.buffer_minutes)
    return {
        "day": hours_day(hours),
        "clock": hours_clock(hours),
        "cut": cut if hours.buffer_minutes else _("%(slot)s menit", slot=hours.slot_minutes),
        "channels": ", ".join(say(CHANNEL_NAMES[Channel(one)]) for one in hours.channels),
        "place": hours_place(hours),
        "topics": ", ".join(topic_word(one) for one in hours.topics),
        "title": _("%(title)s, %(most)s orang", title=hours.title, most=hours.capacity)
        if hours.capacity > 1
        else "",
        "valid": _validity(hours),
        "url": url_for(".desk_hours", consultant_id=hours.consultant_id, hours_id=hours.id),
    }


def _validity(hours: ClinicHours) -> str:
    """Empty where it holds now and without end."""
    starts_later = hours.on_date is None and hours.valid_from > today()
    if starts_later and hours.valid_until:
        return f"{long_date(hours.valid_from)} – {long_date(hours.valid_until)}"
    if hours.valid_until:
        return _("sampai %(day)s", day=long_date(hours.valid_until))
    return _("mulai %(day)s", day=long_date(hours.valid_from)) if starts_later else ""


def is_past(hours: ClinicHours) -> bool:
    """Whether it will never be used again."""
    last = hours.on_date or hours.valid_until
    return last is not None and last < today()


def week_in_words(weekly: Sequence[ClinicHours]) -> list[str]:
    """``Senin, Rabu 09.00–12.00``: weekdays with the same hours share a line."""
    same: dict[str, list[str]] = {}
    for row in weekly:
        same.setdefault(hours_clock(row), []).append(say(WEEKDAYS[row.weekday or 0]))
    return [f"{', '.join(dict.fromkeys(days))} {hours}" for hours, days in same.items()]


def party_line(party: parties.Party) -> dict[str, str]:
    """A cooperative or UKM that may be meant: what a form calls it, its name, and what tells it from another of that name."""
    kind = _("Koperasi") if isinstance(party, Cooperative) else _("UKM")
    place = region().kecamatan.get(party.kode_kecamatan or "", "")
    return {
        "key": parties.key_of(party),
        "name": parties.name_of(party),
        "note": f"{kind}, {place}" if place else kind,
    }
