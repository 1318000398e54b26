"""Noting what happens to a booking: its own history, the trail, and the history of the cooperative or UKM that it is for."""

from collections.abc import Mapping
from typing import Any

from flask import has_request_context
from flask_login import current_user

from app.accounts.models import User
from app.audit import services as audit
from app.clinic.models import ABOUT, ClinicBooking, ClinicEvent, ClinicWaiting
from app.clinic.rules import Step
from app.cooperatives.models import Cooperative
from app.cooperatives.timeline import note
from app.core.database import office_zone
from app.core.extensions import db
from app.core.text import N_
from app.enterprises import history
from app.enterprises.models import Enterprise

WAITING = "clinic_waiting"
PAGE = "/dinas/klinik/janji/{id}"
"""Where the office sees a booking."""
ON_TIMELINE = {
    Step.BOOKED: N_("Janji klinik %(number)s untuk %(when)s"),
    Step.MOVED: N_("Janji klinik %(number)s pindah ke %(when)s"),
    Step.CANCELLED: N_("Janji klinik %(number)s dibatalkan"),
    Step.FINISHED: N_("Konsultasi klinik %(number)s selesai"),
    Step.MISSED: N_("Tidak datang ke janji klinik %(number)s"),
}


def when_of(booking: ClinicBooking) -> str:
    """``23-11-2026 09.00`` by the office's clock, in any language."""
    return booking.starts_at.astimezone(office_zone()).strftime("%d-%m-%Y %H.%M")


def happened(
    booking: ClinicBooking,
    step: Step,
    *,
    by: User | None = None,
    detail: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> ClinicEvent:
    """Append ``step`` to the history of ``booking``, to the trail, and where it matters to the timeline. ``by`` is who of the
    office did it; None: the visitor, or the site itself. ``detail`` is JSON-able and holds no words of the visitor."""
    event = ClinicEvent(
        booking_id=booking.id,
        step=step,
        detail=dict(detail or {}),
        by_user_id=by.id if by else None,
        by_name=by.name if by else "",
    )
    db.session.add(event)
    db.session.flush()
    audit.record(
        f"booking.{step}",
        kind=ABOUT,
        subject_id=booking.id,
        name=booking.reference,
        before=before,
        after={"state": booking.state, **(detail or {})},
        actor=None if by or step is Step.REMINDED else _visitor(booking.reference),
    )
    if step in ON_TIMELINE:
        _on_timeline(booking, ON_TIMELINE[step])
    return event


def _visitor(reference: str) -> tuple[int | None, str] | None:
    """A visitor without an account acts under the reference; None: :func:`audit.acting_person` knows."""
    if has_request_context() and current_user.is_authenticated:
        return None
    return None, reference


def _on_timeline(booking: ClinicBooking, sentence: str) -> None:
    told = {"number": booking.reference} | ({"when": when_of(booking)} if "%(when)s" in sentence else {})
    link = PAGE.format(id=booking.id)
    if booking.cooperative_id is not None:
        cooperative = db.session.get_one(Cooperative, booking.cooperative_id)
        note(cooperative, kind="clinic", template=sentence, params=told, link=link)
    if booking.enterprise_id is not None:
        enterprise = db.session.get_one(Enterprise, booking.enterprise_id)
        history.note(enterprise, kind="clinic", template=sentence, params=told | {"link": link})


def waited(waiting: ClinicWaiting, action: str, *, by: User | None = None) -> None:
    """Into the trail: somebody joined the waitlist, left it, was offered a seat, took it, or let it lapse. Never who."""
    name = f"#{waiting.id}"
    audit.record(
        f"waiting.{action}",
        kind=WAITING,
        subject_id=waiting.id,
        name=name,
        after={"state": waiting.state},
        actor=None if by or action in ("offered", "lapsed") else _visitor(name),
    )
