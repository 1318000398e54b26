"""The consultant's days as a calendar feed at a secret address, which can be revoked."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.accounts.digests import keyed_digest
from app.accounts.models import User
from app.audit import services as audit
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicEvent
from app.clinic.rules import CHANNEL_NAMES, TOPIC_NAMES, State
from app.cooperatives.messages import address
from app.core.database import now
from app.core.extensions import db
from app.core.i18n import say
from app.core.ics import CalendarEvent

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
SHOWN = (State.BOOKED, State.ARRIVED, State.RUNNING, State.DONE, State.CANCELLED)
MOST = 1000


def _digest(secret: str) -> str:
    return keyed_digest("clinic-feed", secret)


def open_feed(consultant: ClinicConsultant) -> str:
    """A new secret for the feed's address; the one before opens nothing any more. It is shown once and stands nowhere."""
    secret = secrets.token_urlsafe(24)
    consultant.feed_digest = _digest(secret)
    db.session.flush()
    _record(consultant, "clinic.feed_opened")
    return secret


def revoke_feed(consultant: ClinicConsultant) -> None:
    """Nobody reads the feed any more."""
    if consultant.feed_digest is not None:
        consultant.feed_digest = None
        db.session.flush()
        _record(consultant, "clinic.feed_revoked")


def _record(consultant: ClinicConsultant, action: str) -> None:
    audit.record(action, kind="clinic_consultant", subject_id=consultant.id, name=consultant.name)


def consultant_by_secret(secret: str) -> ClinicConsultant | None:
    """Whose feed this is; nobody's once they have left."""
    found = db.session.scalars(
        select(ClinicConsultant)
        .join(ClinicConsultant.user)
        .where(
            ClinicConsultant.feed_digest == _digest(secret),
            ClinicConsultant.active,
            User.deactivated_at.is_(None),
        )
    )
    return found.one_or_none()


def events_of(consultant: ClinicConsultant) -> list[CalendarEvent]:
    """The visits of the last month and the next half year. Whoever reads a calendar may be anybody's server, so it names
    nobody: the reference leads to the visit, for who may see it."""
    moment = now()
    changed = select(func.max(ClinicEvent.at)).where(ClinicEvent.booking_id == ClinicBooking.id)
    query = select(ClinicBooking, changed.correlate(ClinicBooking).scalar_subquery()).where(
        ClinicBooking.consultant_id == consultant.id,
        ClinicBooking.seat.is_not(None),
        ClinicBooking.state.in_(SHOWN),
        ClinicBooking.starts_at.between(moment - BACK, moment + AHEAD),
    )
    rows = db.session.execute(query.order_by(ClinicBooking.starts_at, ClinicBooking.id).limit(MOST))
    return [event_of(booking, at or booking.created_at) for booking, at in rows]


def event_of(booking: ClinicBooking, changed: datetime) -> CalendarEvent:
    """One visit. ``sequence`` follows its version, so that a moved one moves."""
    return CalendarEvent(
        uid=f"klinik-konsultan-{booking.reference}@simpul",
        title=f"{booking.title or say(TOPIC_NAMES[booking.topic])} ({booking.reference})",
        starts=booking.starts_at,
        ends=booking.ends_at,
        text=say(CHANNEL_NAMES[booking.channel]),
        place=booking.place,
        url=address(f"/dinas/klinik/kunjungan/{booking.id}"),
        changed=changed,
        sequence=booking.version,
        cancelled=booking.state is State.CANCELLED,
    )
