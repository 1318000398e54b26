"""What the office looks up about the clinic: bookings by number, name or telephone, what happened to one, and who may consult."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User, UserRole
from app.clinic.access import read_reference
from app.clinic.calendar_models import ClinicConsultant, ClinicHours
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicWaiting
from app.clinic.rules import PROMISED, State, WaitState
from app.clinic.settings import consultants
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.paging import Page, paginate
from app.core.parsing import Unreadable, parse_phone
from app.core.search import fold

SHORT = 2  # letters of a word that may stand in any other
OTHERS = 5  # other bookings of one telephone number that are shown


@dataclass(frozen=True)
class Wanted:
    """What a list of bookings is narrowed to. ``state``: empty (to come), ``lalu`` or ``batal``; ``consultant`` is an id as
    text. ``own``: the only consultant whose bookings the reader may see."""

    q: str = ""
    state: str = ""
    topic: str = ""
    consultant: str = ""
    own: int | None = None


def booking_by_id(id_: int, *, own: int | None = None) -> ClinicBooking | None:
    """One booking with whom it is about. ``own``: only if it is this consultant's."""
    query = select(ClinicBooking).where(ClinicBooking.id == id_).options(*_WITH)
    if own is not None:
        query = query.where(ClinicBooking.consultant_id == own)
    return db.session.scalars(query).one_or_none()


_WITH = (
    joinedload(ClinicBooking.consultant).joinedload(ClinicConsultant.user),
    joinedload(ClinicBooking.cooperative),
    joinedload(ClinicBooking.enterprise),
)


def bookings_by_ids(ids: Sequence[int]) -> list[ClinicBooking]:
    """Some bookings, by time."""
    if not ids:
        return []
    query = select(ClinicBooking).where(ClinicBooking.id.in_(ids)).options(*_WITH)
    return list(db.session.scalars(query.order_by(ClinicBooking.starts_at, ClinicBooking.id)))


def bookings_query(wanted: Wanted) -> Select[ClinicBooking]:
    """Bookings that :class:`Wanted` describes. A search looks at all states of its tab; a number finds its booking in any."""
    query = select(ClinicBooking).where(ClinicBooking.state != State.HELD).options(*_WITH)
    shown = _tab(wanted.state)
    if wanted.q:
        shown = and_(shown, or_(*_meant(wanted.q)))
        if reference := read_reference(wanted.q):
            shown = or_(shown, ClinicBooking.reference == reference)
    query = query.where(shown)
    if wanted.topic:
        query = query.where(ClinicBooking.topic == wanted.topic)
    if wanted.consultant:
        query = query.where(ClinicBooking.consultant_id == int(wanted.consultant))
    if wanted.own is not None:
        query = query.where(ClinicBooking.consultant_id == wanted.own)
    return query


def _tab(state: str) -> ColumnElement[bool]:
    if state == "lalu":
        return ClinicBooking.state.in_((State.DONE, State.MISSED)) | (
            ClinicBooking.state.in_(PROMISED) & (ClinicBooking.ends_at < now())
        )
    if state == "batal":
        return ClinicBooking.state.in_((State.CANCELLED, State.EXPIRED))
    return ClinicBooking.state.in_(PROMISED) & (ClinicBooking.ends_at >= now())


def _meant(q: str) -> list[ColumnElement[bool]]:
    """What words may be: a number, a telephone, or parts of the name of the person, the cooperative or the UKM."""
    words = [_holds(word) for word in fold(q).split()]
    found: list[ColumnElement[bool]] = [and_(*words) if words else false()]
    try:
        if phone := parse_phone(q):
            found.append(ClinicBooking.phone == phone)
    except Unreadable:
        pass  # it is no telephone number
    return found


def _holds(word: str) -> ColumnElement[bool]:
    """A word of a few letters stands at the beginning of one; a longer one anywhere, such as the end of a telephone number."""
    text = literal(" ") + ClinicBooking.search_text
    return text.contains(word if len(word) > SHORT else f" {word}", autoescape=True)


def bookings_page(wanted: Wanted) -> Page[ClinicBooking]:
    """One page: what comes next first, or of what is over the latest first."""
    return paginate(
        bookings_query(wanted),
        by=(ClinicBooking.starts_at, ClinicBooking.id),
        key=lambda one: (one.starts_at, one.id),
        descending=bool(wanted.state),
    )


def events_of(booking: ClinicBooking) -> list[ClinicEvent]:
    """What happened to it, newest first."""
    query = select(ClinicEvent).where(ClinicEvent.booking_id == booking.id)
    return list(db.session.scalars(query.order_by(ClinicEvent.id.desc())))


def others_of(booking: ClinicBooking) -> list[ClinicBooking]:
    """Other bookings of the same telephone number that are still to come or lately were."""
    if not booking.phone:
        return []
    query = select(ClinicBooking).where(
        ClinicBooking.phone == booking.phone,
        ClinicBooking.id != booking.id,
        ClinicBooking.state.not_in((State.HELD, State.EXPIRED, State.CANCELLED)),
    )
    return list(
        db.session.scalars(query.order_by(ClinicBooking.starts_at.desc(), ClinicBooking.id).limit(OTHERS))
    )


def coming_of(phone: str) -> list[ClinicBooking]:
    """What this telephone number has booked and not had yet; not what nobody noted as over in its time."""
    query = select(ClinicBooking).where(
        ClinicBooking.phone == phone,
        ClinicBooking.state.in_(PROMISED),
        ClinicBooking.ends_at > now(),
    )
    return list(db.session.scalars(query.order_by(ClinicBooking.starts_at, ClinicBooking.id).limit(OTHERS)))


def class_of(consultant_id: int, starts_at: object) -> list[ClinicBooking]:
    """Who comes to a class, by seat."""
    query = select(ClinicBooking).where(
        ClinicBooking.consultant_id == consultant_id,
        ClinicBooking.starts_at == starts_at,
        ClinicBooking.state.in_((*PROMISED, State.DONE, State.MISSED)),
    )
    return list(db.session.scalars(query.options(*_WITH).order_by(ClinicBooking.seat, ClinicBooking.id)))


def consultant_by_id(id_: int) -> ClinicConsultant | None:
    """One consultant, whether receiving people or not."""
    query = (
        select(ClinicConsultant).where(ClinicConsultant.id == id_).options(joinedload(ClinicConsultant.user))
    )
    return db.session.scalars(query).one_or_none()


def hours_by_id(consultant_id: int, hours_id: int) -> ClinicHours | None:
    """A stretch of hours, if it is this consultant's."""
    found = db.session.get(ClinicHours, hours_id)
    return found if found and found.consultant_id == consultant_id else None


def all_hours() -> dict[int, list[ClinicHours]]:
    """The hours of everybody by consultant: weekly ones by day, then those of days to come."""
    query = select(ClinicHours).where(
        or_(ClinicHours.on_date.is_(None), ClinicHours.on_date >= today()),
        or_(ClinicHours.valid_until.is_(None), ClinicHours.valid_until >= today()),
    )
    found: dict[int, list[ClinicHours]] = {}
    for row in db.session.scalars(
        query.order_by(ClinicHours.weekday, ClinicHours.on_date, ClinicHours.starts, ClinicHours.id)
    ):
        found.setdefault(row.consultant_id, []).append(row)
    return found


def candidates() -> list[User]:
    """Who has the consultant's role and is no consultant of the clinic yet, by name."""
    query = (
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            UserRole.role == Role.CONSULTANT,
            User.deactivated_at.is_(None),
            User.id.not_in(select(ClinicConsultant.user_id)),
        )
    )
    return list(db.session.scalars(query.order_by(User.name, User.id)))


def people_choices(*, active_only: bool = True) -> list[tuple[str, str]]:
    """The consultants for a form."""
    return [(str(one.id), one.name) for one in consultants(active_only=active_only)]


def waiting_number() -> int:
    """How many stand on the waitlist."""
    query = select(func.count()).where(ClinicWaiting.state.in_((WaitState.WAITING, WaitState.OFFERED)))
    return db.session.scalar(query) or 0


def waiting_line() -> list[ClinicWaiting]:
    """The waitlist, who came first on top."""
    query = (
        select(ClinicWaiting)
        .where(ClinicWaiting.state.in_((WaitState.WAITING, WaitState.OFFERED)))
        .options(
            joinedload(ClinicWaiting.consultant).joinedload(ClinicConsultant.user),
            joinedload(ClinicWaiting.booking),
        )
    )
    return list(db.session.scalars(query.order_by(ClinicWaiting.joined_at, ClinicWaiting.id)))
