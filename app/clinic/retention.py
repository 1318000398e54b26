"""Forgetting who came, once the time has passed for which the site promises to keep it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, or_, select, update

from app.audit.services import erase_values
from app.clinic.models import ABOUT, ClinicBooking, ClinicEvent, ClinicFollowUp, ClinicWaiting
from app.clinic.rules import OVER, PROMISED, State, WaitState
from app.core.database import now
from app.core.extensions import db
from app.files.models import StoredFile

KEPT = timedelta(days=730)
"""From the booked time; as long as the requests at the desk."""
HOLDS_KEPT = timedelta(days=2)
AT_ONCE = 200
GONE = "–"


def _holds(moment: datetime) -> ColumnElement[bool]:
    """Holds that never became bookings, and to which no place on the waitlist refers."""
    offered = exists().where(ClinicWaiting.booking_id == ClinicBooking.id)
    return (
        ClinicBooking.state.in_((State.HELD, State.EXPIRED))
        & (ClinicBooking.expires_at < moment - HOLDS_KEPT)
        & (ClinicBooking.name == "")
        & ~offered
    )


def _old(moment: datetime) -> ColumnElement[bool]:
    """Bookings, and whoever came to the counter or was called back without giving a name."""
    return (
        ClinicBooking.erased_at.is_(None)
        & (ClinicBooking.starts_at < moment - KEPT)
        & ClinicBooking.state.in_((OVER | PROMISED) - {State.EXPIRED})
    )


def _left(moment: datetime) -> ColumnElement[bool]:
    """Places on the waitlist, also of whoever still waits after so long; an offer runs out first."""
    return (ClinicWaiting.state != WaitState.OFFERED) & (ClinicWaiting.joined_at < moment - KEPT)


def erase_due() -> int:
    """Empty what visitors of long ago said about themselves, with what was written about them; how many bookings. Topic, time,
    state, kecamatan and whether what was agreed was done stay for the figures. Holds that came to nothing are deleted after two days."""
    moment = now()
    ids = list(
        db.session.scalars(
            select(ClinicBooking.id).where(_old(moment)).order_by(ClinicBooking.id).limit(AT_ONCE)
        )
    )
    erase(ids)
    db.session.execute(delete(ClinicWaiting).where(_left(moment)))
    db.session.execute(delete(ClinicBooking).where(_holds(moment)))
    return len(ids)


def erase(ids: Collection[int]) -> None:
    """Empty what is said about people in these bookings, and in all that hangs on them."""
    db.session.execute(
        update(ClinicBooking)
        .where(ClinicBooking.id.in_(ids))
        .values(
            name=GONE, phone=None, email=None, question="", cooperative_id=None, enterprise_id=None, user_id=None,
            report_id=None, question_code="", notes="", advice="", cancel_reason="", search_text="", erased_at=now(),
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.execute(delete(ClinicEvent).where(ClinicEvent.booking_id.in_(ids)))
    db.session.execute(
        update(ClinicFollowUp)
        .where(ClinicFollowUp.booking_id.in_(ids))
        .values(text=GONE)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(StoredFile).where(StoredFile.about_kind == ABOUT, StoredFile.about_id.in_(ids)))
    for one in ids:
        erase_values(ABOUT, one)
    db.session.expire_all()


def anything_to_erase() -> bool:
    """Whether :func:`erase_due` would find something."""
    moment = now()
    return bool(
        db.session.scalar(
            select(
                or_(
                    exists().where(_old(moment)),
                    exists().where(_left(moment)),
                    exists().where(_holds(moment)),
                )
            )
        )
    )
