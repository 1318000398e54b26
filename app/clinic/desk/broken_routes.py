"""Bookings that no longer fit the hours, and a new time for each of them."""

from collections import Counter
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import page
from app.accounts.models import User
from app.clinic import booking as bookings
from app.clinic import settings
from app.clinic.blueprint import bp, staff
from app.clinic.calendar_models import ClinicClosure
from app.clinic.desk import (
    queries,
    screens,
)
from app.clinic.desk.common import read_id
from app.clinic.desk.reading import Problems
from app.clinic.desk.telling import whatsapp
from app.clinic.desk.times import in_words
from app.clinic.messages import mailed_to
from app.clinic.models import ClinicBooking
from app.clinic.plans import broken_by
from app.clinic.rules import ClosureKind
from app.clinic.slots import FreeSlot
from app.clinic.timetable import day_of, free_slots
from app.core.access import Role, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _
from app.core.working_days import holidays_of
from app.core.writing import writing
from app.notifications.delivery import is_configured

CHOICES = 12
"""So many times are offered for each; all others are a link away."""
ELSEWHERE = 3 * 24 * 3600
"""Seconds by which a time with another consultant counts as farther away than one with the same."""
MOST = 100
"""Bookings that are moved in one go."""


@bp.get("/dinas/klinik/dipindah")
@only(Role.OPERATOR)
def desk_broken() -> ResponseReturnValue:
    """Each with the nearest time chosen beforehand."""
    ids = [id_ for one in request.args.get("selesai", "")[:1000].split(".") if (id_ := read_id(one))]
    return _broken(moved=queries.bookings_by_ids(ids[:MOST]))


@bp.post("/dinas/klinik/dipindah")
@only(Role.OPERATOR)
def desk_move_broken() -> ResponseReturnValue:
    """Move those for which a time is chosen. Each is a unit of its own: one that cannot be moved leaves the others moved."""
    moved, problems = list[int](), dict[str, Any]()
    for one in [row.id for row in broken_by()][:MOST]:
        key = request.form.get(f"janji-{one}", "")[:40]
        if not key:
            continue
        try:
            with writing():
                found = db.session.get_one(ClinicBooking, one)
                bookings.move(found, key, by=db.session.get_one(User, staff().id))
            moved.append(one)
        except RuleBroken as refusal:
            problems[str(one)] = refusal.text
    if problems:
        return _broken(moved=queries.bookings_by_ids(moved), problems=problems)
    return redirect(url_for(".desk_broken", selesai=".".join(map(str, moved)) or None), 303)


def _broken(*, moved: list[ClinicBooking], problems: Problems | None = None) -> ResponseReturnValue:
    rows = broken_by()[:MOST]
    closures = settings.closures_since(today())
    free = free_slots() if rows else []
    used: Counter[str] = Counter()
    to_tell = [one for one in moved if not mailed_to(one)]
    return page(
        "clinic/desk/broken.html",
        problems=problems,
        rows=[_row(one, free, used, closures) for one in rows],
        moved=moved,
        mails=is_configured(),
        to_tell=[
            {"name": one.name, "when": screens.when(one), "phone": one.phone, "whatsapp": whatsapp(one)}
            for one in to_tell
        ],
    )


def _row(
    booking: ClinicBooking, free: list[FreeSlot], used: Counter[str], closures: list[ClinicClosure]
) -> dict[str, Any]:
    near = nearest(booking, free)
    proposed = next((one for one in near if used[one.key] < one.left), None)
    if proposed is not None:
        used[proposed.key] += 1
    shown = sorted(near[:CHOICES], key=lambda one: (one.starts_at, one.consultant))
    if proposed is not None and proposed not in shown:
        shown.append(proposed)
    return screens.line(booking) | {
        "id": booking.id,
        "name": booking.name,
        "why": _why(booking, closures),
        "choices": [(one.key, in_words(one)) for one in shown],
        "value": proposed.key if proposed else "",
        "move_url": url_for(".desk_move", booking_id=booking.id),
    }


def nearest(booking: ClinicBooking, free: list[FreeSlot]) -> list[FreeSlot]:
    """The free times that suit ``booking``, the best first: by the same channel, with the same consultant, near the old time."""
    own = booking.slot_key
    suiting = [one for one in free if one.slot.suits(booking.topic) and one.key != own]

    def far(one: FreeSlot) -> tuple[bool, float]:
        seconds = abs((one.starts_at - booking.starts_at).total_seconds())
        other = one.slot.consultant_id != booking.consultant_id
        return booking.channel not in one.slot.channels, seconds + ELSEWHERE * other

    return sorted(suiting, key=far)


def _why(booking: ClinicBooking, closures: list[ClinicClosure]) -> str:
    """Why it has no slot any more, as far as that can be told."""
    day = day_of(booking.starts_at)
    for one in closures:
        covers = one.starts_on <= day <= one.ends_on and one.consultant_id in (None, booking.consultant_id)
        if covers and one.kind is not ClosureKind.OPEN:
            return screens.closure_words(one)
    who = booking.consultant
    if who is not None and not (who.active and who.user.is_active):
        return _("Konsultan tidak lagi menerima janji")
    if name := holidays_of(day.year).get(day):
        return _("Libur: %(name)s", name=name)
    return _("Jam konsultan berubah")
