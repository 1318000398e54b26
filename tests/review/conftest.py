"""A submitted report, as the review receives it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Report
from tests.support.answers import sound

YEAR = 2025


@pytest.fixture(autouse=True)
def april() -> Iterator[None]:
    """A day on which book year 2025 is open, whenever the tests run."""
    with time_machine.travel(datetime(2026, 4, 10, 2, tzinfo=UTC), tick=True):
        yield


@pytest.fixture
def operator(make_user: Callable[..., User]) -> User:
    return make_user(Role.OPERATOR, name="Operator Satu")


@pytest.fixture
def make_report(
    make_user: Callable[..., User],
    make_cooperative: Callable[..., Cooperative],
    make_membership: Callable[..., Any],
) -> Callable[..., Report]:
    """``make_report(**answers)``: a submitted report of book year 2025; ``year=`` and ``of=`` choose another."""

    def make(
        *, year: int = YEAR, of: Cooperative | None = None, submitted: bool = True, **answers: Any
    ) -> Report:
        cooperative = of or make_cooperative(kode_kecamatan="35.73.01", kode_kelurahan="35.73.01.1001")
        member = make_user(Role.COOPERATIVE)
        make_membership(member, cooperative)
        cooperative_id, member_id = cooperative.id, member.id
        spring = (
            now() if year == YEAR else datetime(year + 1, 4, 10, 2, tzinfo=UTC)
        )  # when that book year is open
        with time_machine.travel(spring, tick=True), writing() as session:
            by = session.get_one(User, member_id)
            report = questionnaire.start_report(
                session.get_one(Cooperative, cooperative_id), year=year, by=by
            )
            values = sound(nama_koperasi=report.cooperative.nama_koperasi, **answers)
            questionnaire.save_answers(report, values=values, base_version=report.version, by=by)
            if submitted:
                questionnaire.submit(report, by=by, declared_name="Ketua Uji", declared_position="Ketua")
            number = report.id
        return db.session.get_one(Report, number)

    return make
