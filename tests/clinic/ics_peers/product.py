"""Calendar files as the site hands them out, each with what it means by the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from app.accounts.models import User, UserRole
from app.clinic import access, booking, holding, settings
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking
from app.clinic.rules import Channel, State, Topic
from app.clinic.slots import key_of, moment_of
from app.clinic.visit.feeds import open_feed
from app.clinic.visitor import Visitor
from app.core.access import Role
from app.core.database import office_zone, today
from app.core.extensions import db
from app.core.writing import writing
from app.factory import create_app

CLASS = 'Kelas "Foto produk": cahaya, sudut; dan harga — dari ponsel saja 📷, tanpa alat mahal, untuk semua pelaku UKM'
PLACE = "Balai Contoh; Jl. Rekaan No. 7, lantai 2 \\ ruang “Melati”"
NINE = 9 * 60


@dataclass
class Handed:
    """One file: what it is, its bytes, and of each of its events what the database says, in their order."""

    what: str
    content: bytes
    meant: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def site(folder: Path, zone: str) -> Iterator[Flask]:
    """An empty site whose office lies in ``zone``."""
    folder.mkdir(parents=True)
    app = create_app(
        {
            "INSTANCE": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'peers.db'}",
            "SECRET_KEY": "only for calendars",
            "TIMEZONE": zone,
            "TESTING": True,
        }
    )
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def handed_out(app: Flask) -> list[Handed]:
    """A booking, one that was moved, one that was cancelled, a seat in a class, and the consultant's feed of all four."""
    with writing() as session:
        consultant = _consultant()
        plain = _book(consultant, 0, 1)
        moved = _book(consultant, 60, 2)
        gone = _book(consultant, 120, 3)
        seat = _book(consultant, 240, 4)
    with writing() as session:
        booking.move(session.get_one(ClinicBooking, moved), _key(consultant, 180))
    with writing() as session:
        booking.cancel(session.get_one(ClinicBooking, gone))
    with writing() as session:
        secret = open_feed(session.get_one(ClinicConsultant, consultant))
    client = app.test_client()
    named = {"booked": plain, "moved": moved, "cancelled": gone, "class": seat}
    files = [_own(client, what, db.session.get_one(ClinicBooking, id_)) for what, id_ in named.items()]
    rows = sorted(
        (db.session.get_one(ClinicBooking, id_) for id_ in named.values()), key=lambda one: one.starts_at
    )
    feed = client.get(f"/klinik/kalender/{secret}.ics")
    return [*files, Handed("feed", feed.data, [_meant(one) for one in rows])]


def _consultant() -> int:
    user = User(
        name="Konsultan Rekaan, S.E.",
        email="konsultan@uji.example",
        role_rows=[UserRole(role=Role.CONSULTANT)],
    )
    db.session.add(user)
    db.session.flush()
    made = settings.add_consultant(user, topics=[Topic.FINANCE])
    day = today() + timedelta(days=3)
    hours: dict[str, Any] = {
        "weekday": None,
        "on_date": day,
        "valid_from": day,
        "slot_minutes": 45,
        "buffer_minutes": 15,
    }
    settings.set_hours(
        made, hours | {"starts": NINE, "ends": NINE + 240, "channels": ["office", "video"], "place": PLACE}
    )
    settings.set_hours(
        made,
        hours
        | {"starts": NINE + 240, "ends": NINE + 300, "channels": ["office"], "capacity": 12, "title": CLASS},
    )
    return made.id


def _key(consultant: int, minutes: int) -> str:
    """The slot that begins so long after nine in three days."""
    return key_of(consultant, moment_of(today() + timedelta(days=3), NINE + minutes, office_zone()))


def _book(consultant: int, minutes: int, number: int) -> int:
    _held, token = holding.hold(_key(consultant, minutes), topic=Topic.FINANCE, channel=Channel.OFFICE)
    return booking.book(token, Visitor(name=f"Tamu Rekaan {number}", phone=f"+6281200000{number:03}")).id


def _own(client: Any, what: str, one: ClinicBooking) -> Handed:
    answer = client.get(f"/klinik/janji/{access.token_of(one)}/janji.ics")
    return Handed(what, answer.data, [_meant(one)])


def _meant(one: ClinicBooking) -> dict[str, Any]:
    """What of an event can be told from the booking alone."""
    return {
        "dtstart": _moment(one.starts_at),
        "dtend": _moment(one.ends_at),
        "status": "CANCELLED" if one.state is State.CANCELLED else "CONFIRMED",
        "sequence": one.version,
        "reference": one.reference,
        "title": one.title,
        "place": one.place,
    }


def _moment(instant: datetime) -> dict[str, str]:
    local = instant.astimezone(office_zone())
    return {
        "clock": local.replace(tzinfo=None).isoformat(),
        "zone": str(office_zone()),
        "utc": instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
