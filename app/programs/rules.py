"""What a programme may be and where it stands at a moment. Times are instants; days are the office's."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.core.text import N_

KINDS = {
    "training": N_("Pelatihan"),
    "fair": N_("Pameran dan bazar"),
    "capital": N_("Permodalan"),
    "certification": N_("Sertifikasi dan perizinan"),
    "grant": N_("Hibah dan bantuan alat"),
    "other": N_("Lainnya"),
}
"""Kind → its name on the screen."""

AUDIENCES = {
    "cooperative": N_("Koperasi"),
    "enterprise": N_("UKM"),
    "public": N_("Warga"),
}
"""For whom → its name on the screen."""

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)  # closes_at of what never closes
CLOSING_SOON = timedelta(days=7)


class State(StrEnum):
    """What the office decided. What readers see follows from it and the clock, see :func:`standing`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """Where a programme stands now: nothing has to run for it to change."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSING = "closing"  # within a week
    RUNNING = "running"  # nobody can join any more, and it is not over
    OVER = "over"
    WITHDRAWN = "withdrawn"


STANDING_NAMES = {
    Standing.DRAFT: N_("Draf"),
    Standing.SCHEDULED: N_("Terjadwal"),
    Standing.OPEN: N_("Dibuka"),
    Standing.CLOSING: N_("Segera ditutup"),
    Standing.RUNNING: N_("Pendaftaran ditutup"),
    Standing.OVER: N_("Selesai"),
    Standing.WITHDRAWN: N_("Ditarik"),
}


def is_public(state: State, publish_at: datetime | None, moment: datetime) -> bool:
    """Whether everybody may read it: published, or scheduled for a moment that has come."""
    if state is State.SCHEDULED:
        return publish_at is not None and publish_at <= moment
    return state is State.PUBLISHED


def closes_at(deadline: datetime | None, starts_at: datetime | None, ends_at: datetime | None) -> datetime:
    """Until when somebody can still join: the deadline; without one until the end; :data:`FOREVER` where none is set."""
    return deadline or ends_at or starts_at or FOREVER


def over_at(deadline: datetime | None, starts_at: datetime | None, ends_at: datetime | None) -> datetime:
    """When there is nothing left to come: after the end; without one after the start, or the deadline."""
    return ends_at or max(filter(None, (starts_at, deadline)), default=FOREVER)


def standing(
    state: State,
    *,
    publish_at: datetime | None,
    deadline: datetime | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    moment: datetime,
) -> Standing:
    """Where it stands at ``moment``."""
    if state is State.WITHDRAWN or state is State.DRAFT:
        return Standing(state.value)
    if not is_public(state, publish_at, moment):
        return Standing.SCHEDULED
    if over_at(deadline, starts_at, ends_at) <= moment:
        return Standing.OVER
    closes = closes_at(deadline, starts_at, ends_at)
    if closes <= moment:
        return Standing.RUNNING
    return Standing.CLOSING if closes - moment <= CLOSING_SOON else Standing.OPEN
