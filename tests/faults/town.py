"""The small town of a run: cooperatives with a report to fill in, their people, an operator, programmes to apply for, and a
clinic to visit."""

import hashlib
import itertools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from app.accounts.models import User
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.writing import writing
from app.factory import create_app
from app.programs.models import Program
from app.programs.rules import State, closes_at
from app.questionnaire import services
from tests.factories import Factories
from tests.faults.visits import Time, open_clinic
from tests.support.answers import sound

PROGRAMS = 3


@dataclass(frozen=True)
class Key:
    """How a signed-in browser speaks: its cookie and the token of its forms."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Seat:
    """One cooperative and who acts for it."""

    number: int
    slug: str
    year: int
    cooperative_id: int
    report_id: int
    key: Key


@dataclass(frozen=True)
class Town:
    """All of it."""

    seats: list[Seat]
    operator: Key
    programs: list[str]
    times: list[Time]


def beside(instance: Path, url: str) -> Flask:
    """The site in this process, on the same data as the one that is served."""
    return create_app(
        {
            "INSTANCE": str(instance),
            "DATABASE_URL": url,
            "SCHEDULER": "0",
            "ARGON2_TIME_COST": 1,
            "ARGON2_MEMORY_COST": 8,
        }
    )


def found_town(app: Flask, seats: int) -> Town:
    """Make the tables and the town. The tables are those of the models; that migrations make the same is tested elsewhere."""
    with app.app_context():
        db.create_all()
        flask_migrate.stamp()
        factories, year = Factories(), today().year - 1
        with writing():
            services.ensure_editions(today())
        operator = factories.user(Role.OPERATOR, name="Operator Uji")
        town = Town(
            [_seat(app, factories, number, year) for number in range(1, seats + 1)],
            key_of(app, operator),
            [_program(number) for number in range(PROGRAMS)],
            open_clinic(factories, seats),
        )
        db.session.remove()
        db.engine.dispose()
        return town


def answers_of(number: int, year: int, **overrides: Any) -> dict[str, Any]:
    """Sound answers of cooperative ``number``, whatever day it is."""
    return sound(
        nik_koperasi=f"35730{number:08}",
        nomor_badan_hukum=f"518/{number:04}/BH/UJI/2001",
        tanggal_rat=f"{year + 1}-01-01",
        **overrides,
    )


def _seat(app: Flask, factories: Factories, number: int, year: int) -> Seat:
    cooperative = factories.cooperative(
        nama_koperasi=f"Koperasi Konsumen Uji Nomor {number}",
        nomor_badan_hukum=f"518/{number:04}/BH/UJI/2001",
    )
    member = factories.user(Role.COOPERATIVE, email=f"pengurus{number}@uji.example")
    factories.membership(member, cooperative)
    with writing():
        by = db.session.get_one(User, member.id)
        report = services.start_report(cooperative, year=year, by=by)
        values = answers_of(number, year, nama_koperasi=cooperative.nama_koperasi)
        services.save_answers(report, values=values, base_version=report.version, by=by)
    return Seat(number, cooperative.slug, year, cooperative.id, report.id, key_of(app, member))


def _program(number: int) -> str:
    deadline = now() + timedelta(days=200)
    with writing() as session:
        program = Program(
            slug=f"pelatihan-uji-{number}",
            title=f"Pelatihan uji {number}",
            summary="Dua hari.",
            body="Isi.",
            search_text="pelatihan uji",
            state=State.PUBLISHED,
            publish_at=now() - timedelta(days=30),
            deadline=deadline,
            closes_at=closes_at(deadline, None, None),
            audience=["cooperative"],
            takes_applications=True,
            contact_phone="0341000000",
        )
        session.add(program)
    return program.slug


_drawn = itertools.count(1)


def key_of(app: Flask, user: User) -> Key:
    """What signing in gives to a browser."""
    client = app.test_client()
    secret = hashlib.sha256(f"token {next(_drawn)}".encode()).hexdigest()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"], session["csrf_token"] = user.get_id(), True, secret
        session["klinik_peramban"] = secret  # by which the clinic knows a browser again; these keep no cookie
    given = client.get_cookie("simpul")
    assert given is not None
    signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
    return Key(f"simpul={given.value}", str(signer.dumps(secret)))
