"""A site with a few free times, served for real, and this process beside it on the same database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flask import Flask

from app.accounts.models import User, UserRole
from app.clinic import settings
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.rules import Topic
from app.core.access import Role
from app.core.database import Base, today
from app.core.extensions import db
from app.core.serving import server_options
from app.core.writing import writing
from app.factory import create_app
from tests.support.databases import sweep
from tests.support.site import Server, Site, environment_of, free_port, wait_until_healthy

CONSULTANTS = 2


@dataclass
class Arena:
    """The served ``site``, and ``app``, which stands beside it for those who set up and look."""

    site: Site
    app: Flask

    @property
    def port(self) -> int:
        """Where the site listens."""
        return int(self.site.url.rpartition(":")[2])

    def open(self, slots: int) -> None:
        """Begin anew with so many free times on two days that are soon."""
        with self.app.app_context():
            db.session.remove()
            sweep(db.engine, Base.metadata, only={n for n in Base.metadata.tables if n.startswith("clinic_")})
            with writing() as session:
                for number in range(CONSULTANTS):
                    user = User(name=f"Konsultan Rekaan {number}", email=f"k{number}@uji.example")
                    known = session.query(User).filter_by(email=user.email).one_or_none()
                    if known is None:
                        user.role_rows = [UserRole(role=Role.CONSULTANT)]
                        session.add(user)
                        session.flush()
                        known = user
                    consultant = settings.add_consultant(known, topics=[Topic.FINANCE])
                    self._hours(consultant, slots // CONSULTANTS)
            db.session.remove()

    def _hours(self, consultant: ClinicConsultant, slots: int) -> None:
        for number, day in enumerate((_soon(2), _soon(3))):
            share = slots // 2 + (slots % 2) * number
            hours = {
                "weekday": None,
                "on_date": day,
                "starts": 480,
                "ends": 480 + 30 * share,
                "valid_from": day,
            }
            if share:
                settings.set_hours(consultant, hours | {"slot_minutes": 30, "channels": ["office"]})

    def restart(self) -> None:
        """After it was killed, on the same port and data."""
        self.site.server.start()
        wait_until_healthy(self.site)


def _soon(days: int) -> date:
    return today() + timedelta(days=days)


@contextmanager
def arena(instance: Path, database_url: str) -> Iterator[Arena]:
    """Serve a site on an empty database, and stop it afterwards."""
    instance.mkdir(parents=True, exist_ok=True)
    app = create_app(
        {
            "INSTANCE": str(instance),
            "DATABASE_URL": database_url,
            "SECRET_KEY": "only for a race",
            "TESTING": True,
        }
    )
    with app.app_context():
        db.create_all()
        db.session.remove()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    given = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "BASE_URL": url,
        "SCHEDULER": "0",
        "SECRET_KEY": "only for a race",
    }
    environment = environment_of(instance, database_url, given)
    command = [
        sys.executable,
        "-m",
        "granian",
        *server_options(given, sqlite=database_url.startswith("sqlite")),
        "wsgi:app",
    ]
    site = Site(url, instance, environment, Server(command, environment, instance / "server.log"))
    try:
        wait_until_healthy(site)
        yield Arena(site, app)
    finally:
        site.server.stop()
        with app.app_context():
            db.engine.dispose()
