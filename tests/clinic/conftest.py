"""A clinic with two consultants, on a day on which the office works."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app.accounts.models import User
from app.clinic import booking, holding, settings
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking
from app.clinic.rules import Topic
from app.clinic.slots import key_of
from app.clinic.visitor import Visitor
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing

MONDAY = date(2026, 11, 9)
HOURS = {
    "weekday": 0,
    "on_date": None,
    "starts": 9 * 60,
    "ends": 12 * 60,
    "slot_minutes": 45,
    "buffer_minutes": 15,
    "channels": ["office", "phone"],
    "place": "Ruang Klinik",
    "valid_from": date(2026, 1, 1),
    "valid_until": None,
}
"""Three slots each Monday: at nine, ten and eleven in Malang."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Sunday, 8 November 2026, noon in Malang; no holiday comes until Christmas."""
    with time_machine.travel(datetime(2026, 11, 8, 5, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@pytest.fixture
def operator(make_user: Callable[..., User]) -> User:
    return make_user(Role.OPERATOR, name="Operator Satu")


@pytest.fixture
def make_consultant(app: Any, make_user: Callable[..., User]) -> Callable[..., ClinicConsultant]:
    """``make_consultant(*topics, hours=[…])``: a consultant with :data:`HOURS` on Mondays unless told otherwise."""

    def make(*topics: Topic, hours: list[dict[str, Any]] | None = None, name: str = "") -> ClinicConsultant:
        user_id = make_user(Role.CONSULTANT, **({"name": name} if name else {})).id
        with writing() as session:
            made = settings.add_consultant(
                session.get_one(User, user_id), topics=topics or (Topic.FINANCE, Topic.EXPORT)
            )
            for changed in hours if hours is not None else [{}]:
                settings.set_hours(made, HOURS | changed)
            id_ = made.id
        return db.session.get_one(ClinicConsultant, id_)

    return make


@pytest.fixture
def consultant(make_consultant: Callable[..., ClinicConsultant]) -> ClinicConsultant:
    return make_consultant(name="Konsultan Satu")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """``hour`` of ``day`` by the clock in Malang."""
    return datetime(day.year, day.month, day.day, minute=minute, tzinfo=UTC) + timedelta(hours=hour - 7)


def key(consultant: ClinicConsultant, hour: int, day: date = MONDAY) -> str:
    """The slot of ``consultant`` that begins then."""
    return key_of(consultant.id, at(day, hour))


def visitor(number: int = 1, **values: Any) -> Visitor:
    """Somebody with a telephone number of their own."""
    return Visitor(**{"name": f"Tamu Rekaan {number}", "phone": f"+62812000{number:05}"} | values)


@pytest.fixture
def book(app: Any) -> Callable[..., ClinicBooking]:
    """``book(key, number)``: that visitor books the slot through the site."""

    def make(slot: str, number: int = 1, topic: Topic = Topic.FINANCE, **values: Any) -> ClinicBooking:
        with writing():
            _held, token = holding.hold(slot, topic=topic, channel=values.pop("channel", None))
        with writing():
            id_ = booking.book(token, visitor(number, **values)).id
        return db.session.get_one(ClinicBooking, id_)

    return make
