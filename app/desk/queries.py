"""Finding requests: one, the queue, what resembles a new one, and the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.accounts.models import User, UserRole
from app.content.models import ContentPage
from app.content.queries import services
from app.core.access import Role
from app.core.database import now, office_zone, today
from app.core.extensions import db
from app.core.paging import Page, paginate
from app.core.search import answer
from app.desk.models import RequestEvent, ServiceRequest, ServiceTerm
from app.desk.rules import Channel, Kind, Outcome, Step, normalise_number

TABLE = "service_request"
LATELY = timedelta(days=90)
DAY = timedelta(days=1)


def request_by_number(number: str) -> ServiceRequest | None:
    """The request with this number, however it was typed: ``pl 26 42`` is ``PL-26-0042``."""
    read = normalise_number(number)
    if read is None:
        return None
    return db.session.scalars(select(ServiceRequest).where(ServiceRequest.number == read)).one_or_none()


def request_by_key(form_key: str) -> ServiceRequest | None:
    """The request that was sent with this form, if it was."""
    return db.session.scalars(select(ServiceRequest).where(ServiceRequest.form_key == form_key)).one_or_none()


def request_by_id(id_: int) -> ServiceRequest | None:
    """One request with the cooperative or UKM that asks, and who has it."""
    query = select(ServiceRequest).where(ServiceRequest.id == id_)
    asking = (joinedload(ServiceRequest.cooperative), joinedload(ServiceRequest.enterprise))
    together = (*asking, joinedload(ServiceRequest.assignee))
    return db.session.scalars(query.options(*together)).one_or_none()


def events_of(request: ServiceRequest, *, public: bool) -> list[RequestEvent]:
    """What happened, newest first; ``public``: only what its requester may see."""
    query = select(RequestEvent).where(RequestEvent.request_id == request.id)
    if public:
        query = query.where(RequestEvent.is_public)
    return list(db.session.scalars(query.order_by(RequestEvent.id.desc()).limit(500)))


def requests_of(person: User) -> list[ServiceRequest]:
    """What ``person`` asked for while signed in, newest first."""
    query = select(ServiceRequest).where(ServiceRequest.requester_id == person.id)
    return list(db.session.scalars(query.order_by(ServiceRequest.id.desc()).limit(50)))


@dataclass(frozen=True)
class Wanted:
    """What an operator wants to see of the queue; empty strings mean all, and all that is open."""

    q: str = ""
    state: str = ""  # "baru", "saya", "dikerjakan", "lewat", "kabar", "tutup", or an Outcome
    kind: str = ""
    channel: str = ""
    service: str = ""
    assignee: str = ""  # an id

    @property
    def is_closed(self) -> bool:
        """Whether it asks for what has its outcome: that is ordered by the day of closing, newest first."""
        return self.state == "tutup" or self.state in set(Outcome)


def queue_query(wanted: Wanted, *, person: User) -> Select[ServiceRequest]:
    """The requests that ``wanted`` lets through, unordered."""
    query = select(ServiceRequest).where(*_state(wanted, person))
    if wanted.q:
        query = query.where(_found(wanted.q))
    for column, value in (
        (ServiceRequest.kind, wanted.kind),
        (ServiceRequest.channel, wanted.channel),
        (ServiceRequest.service_slug, wanted.service),
    ):
        if value:
            query = query.where(column == value)
    if wanted.assignee:
        query = query.where(ServiceRequest.assignee_id == int(wanted.assignee))
    return query


def queue(wanted: Wanted, *, person: User) -> Page[ServiceRequest]:
    """One page: what is due first is first; of what is closed, what was closed last."""
    query = queue_query(wanted, person=person).options(joinedload(ServiceRequest.assignee))
    if wanted.is_closed:
        by = (ServiceRequest.closed_at, ServiceRequest.id)
        return paginate(query, by=by, key=lambda row: (row.closed_at, row.id), descending=True)
    return paginate(
        query, by=(ServiceRequest.due_on, ServiceRequest.id), key=lambda row: (row.due_on, row.id)
    )


def _state(wanted: Wanted, person: User) -> tuple[ColumnElement[bool] | InstrumentedAttribute[bool], ...]:
    if wanted.state in set(Outcome):
        return (ServiceRequest.outcome == wanted.state,)
    if wanted.state == "tutup":
        return (ServiceRequest.outcome.is_not(None),)
    more: dict[str, ColumnElement[bool] | InstrumentedAttribute[bool]] = {
        "baru": ServiceRequest.assignee_id.is_(None),
        "saya": ServiceRequest.assignee_id == person.id,
        "dikerjakan": ServiceRequest.assignee_id.is_not(None),
        "lewat": ServiceRequest.due_on < today(),
        "kabar": ServiceRequest.has_news,
    }
    is_open = ServiceRequest.outcome.is_(None)
    return (is_open, more[wanted.state]) if wanted.state in more else (is_open,)


def _found(q: str) -> ColumnElement[bool]:
    """By number, else by the words of ``search_text``."""
    if number := normalise_number(q):
        return ServiceRequest.number == number
    found = answer(TABLE, q)
    return found.everything if found.everything is not None else ServiceRequest.id.in_(found.ids)


def waiting_number() -> Select[int]:
    """How many open requests want somebody: nobody has them, they are due, or their requester wrote. From the partial index; to be asked with others."""
    wants = or_(
        ServiceRequest.assignee_id.is_(None), ServiceRequest.due_on <= today(), ServiceRequest.has_news
    )
    return select(func.count()).select_from(ServiceRequest).where(ServiceRequest.outcome.is_(None), wants)


def waiting_count() -> int:
    """How many open requests want somebody: nobody has them, they are due, or their requester wrote. From the partial index."""
    return db.session.scalar(waiting_number()) or 0


@dataclass(frozen=True)
class Standing:
    """How the queue stands today."""

    total: int
    untaken: int
    due_today: int
    overdue: int


def standing() -> Standing:
    """The figures of the dashboard; one query on the partial index."""
    day = today()
    counted = (
        func.count(),
        func.count().filter(ServiceRequest.assignee_id.is_(None)),
        func.count().filter(ServiceRequest.due_on == day),
        func.count().filter(ServiceRequest.due_on < day),
    )
    row = db.session.execute(select(*counted).where(ServiceRequest.outcome.is_(None))).one()
    return Standing(*row)


def alike(phone: str | None, email: str | None) -> list[ServiceRequest]:
    """Open requests of the same number or address, and those closed lately, newest first."""
    reached = [
        column == value
        for column, value in ((ServiceRequest.phone, phone), (ServiceRequest.email, email))
        if value
    ]
    if not reached:
        return []
    recent = or_(ServiceRequest.outcome.is_(None), ServiceRequest.closed_at > now() - LATELY)
    query = select(ServiceRequest).where(or_(*reached), recent).options(joinedload(ServiceRequest.assignee))
    return list(db.session.scalars(query.order_by(ServiceRequest.id.desc()).limit(5)))


def sent_lately(phone: str | None, email: str | None) -> int:
    """The most that one number or one address sent through the site within a day."""
    since = now() - DAY
    counts = [
        db.session.scalar(
            select(func.count()).where(
                column == value, ServiceRequest.created_at > since, ServiceRequest.channel == Channel.WEBSITE
            )
        )
        or 0
        for column, value in ((ServiceRequest.phone, phone), (ServiceRequest.email, email))
        if value
    ]
    return max(counts, default=0)


def replies_lately(request: ServiceRequest) -> int:
    """How many messages the requester wrote within a day."""
    wrote = and_(RequestEvent.request_id == request.id, RequestEvent.step == Step.REPLY)
    return db.session.scalar(select(func.count()).where(wrote, RequestEvent.at > now() - DAY)) or 0


def operators() -> list[User]:
    """Who may be given a request, by name."""
    query = (
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.OPERATOR, User.deactivated_at.is_(None))
        .order_by(User.name, User.id)
        .limit(200)
    )
    return list(db.session.scalars(query))


def offered() -> list[ContentPage]:
    """The services that one can ask for."""
    return services()


def terms() -> Mapping[str, int]:
    """Working days by service, where they are not the usual number."""
    return {row.service_slug: row.days for row in db.session.scalars(select(ServiceTerm))}


def days_for(kind: Kind, service_slug: str) -> int:
    """In how many working days a request is to be answered: the law's, the service's, or the office's usual number."""
    if kind is Kind.INFORMATION:
        return int(current_app.config["INFORMATION_DAYS"])
    own = db.session.get(ServiceTerm, service_slug) if service_slug else None
    return own.days if own else int(current_app.config["REQUEST_DAYS"])


def extension_for(kind: Kind) -> int:
    """By how many working days a request may be extended, once."""
    return int(
        current_app.config["INFORMATION_EXTENSION" if kind is Kind.INFORMATION else "REQUEST_EXTENSION"]
    )


@dataclass(frozen=True)
class YearCounts:
    """The public register of one year: how many requests for information came in, and what became of them."""

    year: int
    outcomes: Mapping[Outcome | None, int]  # None: open

    @property
    def cells(self) -> Sequence[int]:
        """In the order of the register's columns."""
        return [self.outcomes.get(outcome, 0) for outcome in REGISTER_COLUMNS]


REGISTER_COLUMNS: tuple[Outcome | None, ...] = (*Outcome, None)
REGISTER_YEARS = 5


def register() -> list[YearCounts]:
    """The latest years of the register of requests for public information, newest first; one query a year."""
    found = []
    for year in range(today().year, today().year - REGISTER_YEARS, -1):
        asked = and_(
            ServiceRequest.kind == Kind.INFORMATION,
            ServiceRequest.received_on >= date(year, 1, 1),
            ServiceRequest.received_on < date(year + 1, 1, 1),
        )
        rows = db.session.execute(
            select(ServiceRequest.outcome, func.count()).where(asked).group_by(ServiceRequest.outcome)
        )
        if counts := dict(rows.all()):
            found.append(YearCounts(year, counts))
    return found


def to_erase(day: date) -> ColumnElement[bool]:
    """The condition that a request was closed before ``day`` and still says who asked."""
    begin = datetime.combine(day, time(), office_zone()).astimezone(UTC)
    return and_(ServiceRequest.closed_at < begin, ServiceRequest.erased_at.is_(None))
