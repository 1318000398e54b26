"""The clinic of the fictional office: two consultants and their hours, a clinic in a kelurahan, a class, a day of leave, and
people who wait for the one session on export."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, exists, select

from app.accounts import services as accounts
from app.accounts.models import User
from app.clinic import settings, waitlist
from app.clinic.access import digest, new_form_key, token_from
from app.clinic.calendar_models import ClinicConsultant, ClinicLimits
from app.clinic.models import ClinicBooking, ClinicWaiting
from app.clinic.rules import Channel, Topic
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.working_days import add_working_days
from app.demo import names
from app.demo.chance import dice
from app.demo.clinic_visits import PAST, PHONES, QUESTIONS, Visits, known_parties
from app.regions.rules import Region

ROOM = "Ruang klinik, lantai 1"
SECOND = ("Soka Contoh", "soka@contoh.example")
OFFICE, CALL, VIDEO, OUT = (one.value for one in Channel)
LEGAL, GOVERNANCE, FINANCE, MARKETING, DIGITAL, PRODUCTION, EXPORT = (one.value for one in Topic)
FIRST_TOPICS, SECOND_TOPICS = (LEGAL, GOVERNANCE, FINANCE), (MARKETING, DIGITAL, PRODUCTION)


@dataclass
class Clinic:
    """Writes it. ``places`` is the office's region; ``operator`` takes the calls; ``first`` is the consultant's sign-in."""

    places: Region
    operator: User
    first: User
    password_hash: str
    chance: random.Random = field(default_factory=lambda: dice("clinic"))

    def write(self) -> None:
        """All of it."""
        settings.line_up()
        one, two = self._consultants()
        self._hours(one, two)
        db.session.flush()
        visits = Visits(
            sorted(self.places.kecamatan), self.operator, self.first, self.chance, known_parties()
        )
        visits.write()
        self._waiting()
        db.session.flush()

    def _consultants(self) -> tuple[ClinicConsultant, ClinicConsultant]:
        second = accounts.create_user(
            name=SECOND[0],
            email=SECOND[1],
            password_hash=self.password_hash,
            roles=[Role.CONSULTANT],
            is_demo=True,
        )
        return (
            settings.add_consultant(
                self.first,
                topics=(*FIRST_TOPICS, EXPORT),
                about="Pernah 12 tahun mengurus koperasi karyawan.",
            ),
            settings.add_consultant(
                second, topics=SECOND_TOPICS, about="Mendampingi usaha makanan dan kerajinan."
            ),
        )

    def _hours(self, one: ClinicConsultant, two: ClinicConsultant) -> None:
        since = today() - PAST
        for weekday in (0, 1, 3):
            self._weekly(one, weekday, 9, 12, since=since)
        self._weekly(one, 2, 13, 16, since=since, channels=[CALL, VIDEO], place="")
        for weekday in (1, 2, 4):
            self._weekly(two, weekday, 8, 11, since=since, topics=[])
        village = sorted(self.places.kelurahan)[3 % len(self.places.kelurahan)]
        out = _working_day(4)
        settings.set_hours(
            two,
            _session(out, 9 * 60, 11 * 60 + 30, slot=30, channels=[OUT])
            | {"place": f"Balai Kelurahan {self.places.kelurahan[village]}", "kode_kelurahan": village},
        )
        lesson = _working_day(6)
        settings.set_hours(
            two,
            _session(lesson, 13 * 60 + 30, 15 * 60 + 30, slot=120, channels=[OFFICE])
            | {
                "capacity": 12,
                "title": "Kelas foto produk dengan ponsel",
                "topics": [DIGITAL],
                "place": "Aula",
            },
        )
        settings.set_hours(
            one,
            _session(_working_day(3), 13 * 60, 15 * 60, slot=60, channels=[OFFICE])
            | {"topics": [EXPORT], "place": ROOM},
        )
        leave = _working_day(8)
        settings.add_closure(
            {
                "consultant_id": one.id,
                "kind": "leave",
                "starts_on": leave,
                "ends_on": leave,
                "reason": "Pelatihan pendamping",
            }
        )

    def _weekly(
        self,
        who: ClinicConsultant,
        weekday: int,
        starts: int,
        ends: int,
        *,
        since: date,
        channels: Sequence[str] = (OFFICE, CALL),
        place: str = ROOM,
        topics: Sequence[str] = FIRST_TOPICS,
    ) -> None:
        settings.set_hours(
            who,
            {
                "weekday": weekday,
                "on_date": None,
                "starts": starts * 60,
                "ends": ends * 60,
                "slot_minutes": 45,
                "buffer_minutes": 15,
                "channels": list(channels),
                "place": place,
                "topics": list(topics),
                "valid_from": since,
                "valid_until": None,
            },
        )

    def _waiting(self) -> None:
        """Three wait for the one session on export, which is full."""
        for place in range(3):
            form_key = new_form_key()
            db.session.add(
                ClinicWaiting(
                    form_key=form_key,
                    token_digest=digest(token_from(form_key)),
                    region=current_app.config["REGION"],
                    is_demo=True,
                    joined_at=now() - timedelta(hours=30 - 7 * place),
                    topic=Topic.EXPORT,
                    name=names.person_name(self.chance),
                    phone=names.phone(PHONES + 900 + place),
                    question=QUESTIONS[Topic.EXPORT][0][0],
                    made_by_id=self.operator.id if place == 1 else None,
                )
            )
        db.session.flush()
        waitlist.settle(now())


def _session(day: date, starts: int, ends: int, *, slot: int, channels: Sequence[str]) -> dict[str, Any]:
    return {
        "weekday": None,
        "on_date": day,
        "starts": starts,
        "ends": ends,
        "slot_minutes": slot,
        "buffer_minutes": 0,
        "channels": list(channels),
        "valid_from": day,
        "valid_until": None,
    }


def _working_day(count: int) -> date:
    """The ``count``-th working day after today: on such the clinic plans its own sessions."""
    return add_working_days(today(), count)


def forget_settings() -> None:
    """Once no booking is left, the clinic is as if nobody had used it."""
    if not db.session.scalar(select(exists().where(ClinicBooking.id > 0))):
        db.session.execute(delete(ClinicLimits))
