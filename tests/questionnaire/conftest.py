"""A member of a cooperative, in the weeks in which book year 2025 is reported on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.answers import as_input
from app.questionnaire.models import Receipt, Report
from app.questionnaire.queries import report_of
from app.questionnaire.questions import standard
from app.questionnaire.rules import Status
from tests.support.answers import sound

YEAR = 2025
DECLARED = {"nama": "Cempaka Uji", "jabatan": "Ketua", "pernyataan": "1"}


@pytest.fixture
def april() -> Iterator[time_machine.Traveller]:
    """10 April 2026, nine in the morning in Malang: the form of book year 2025 is open."""
    with time_machine.travel(datetime(2026, 4, 10, 2, tzinfo=UTC), tick=True) as traveller:
        yield traveller


@dataclass
class Desk:
    """A cooperative with one member and an operator, and the verbs of the report as they use them."""

    cooperative_id: int
    member_id: int
    operator_id: int
    slug: str

    @property
    def cooperative(self) -> Cooperative:
        return db.session.get_one(Cooperative, self.cooperative_id)

    @property
    def member(self) -> User:
        return db.session.get_one(User, self.member_id)

    @property
    def operator(self) -> User:
        return db.session.get_one(User, self.operator_id)

    def report(self, year: int = YEAR) -> Report:
        """The report as it is committed now."""
        db.session.rollback()
        found = report_of(self.cooperative, year)
        assert found is not None
        return found

    def save(self, *, base: int | None = -1, year: int = YEAR, **values: Any) -> services.SaveResult:
        """Save ``values`` on top of version ``base`` (the current one by default)."""
        with writing():
            report = services.start_report(self.cooperative, year=year, by=self.member)
            version = report.version if base == -1 else base
            return services.save_answers(report, values=values, base_version=version, by=self.member)

    def submit(self, *, year: int = YEAR) -> Receipt:
        with writing():
            return services.submit(
                self.report_inside(year),
                by=self.member,
                declared_name="Cempaka Uji",
                declared_position="Ketua",
            )

    def report_inside(self, year: int = YEAR) -> Report:
        """The report inside a unit."""
        found = report_of(self.cooperative, year)
        assert found is not None
        return found

    def move(self, to: Status, *, year: int = YEAR, **more: Any) -> None:
        with writing():
            services.move(self.report_inside(year), to=to, by=self.operator, **more)

    def file(self, *, year: int = YEAR, **answers: Any) -> Report:
        """A submitted report with sound answers, but for ``answers``."""
        self.save(year=year, **sound(**answers))
        self.submit(year=year)
        return self.report(year)

    def approve(self, *, year: int = YEAR, **answers: Any) -> Report:
        """An approved report with sound answers, but for ``answers``."""
        self.file(year=year, **answers)
        self.move(Status.APPROVED, year=year)
        return self.report(year)


@pytest.fixture
def make_desk(april, make_user, make_cooperative, make_membership) -> Callable[..., Desk]:
    """``make_desk(**overrides of the cooperative)``."""

    def make(**overrides: Any) -> Desk:
        cooperative = make_cooperative(**overrides)
        member = make_user(Role.COOPERATIVE)
        operator = make_user(Role.OPERATOR)
        made = Desk(cooperative.id, member.id, operator.id, cooperative.slug)
        make_membership(member, cooperative)
        with writing():
            services.edition_for(YEAR)
        return made

    return make


@pytest.fixture
def desk(make_desk) -> Desk:
    return make_desk()


def typed(section: int, answers: Mapping[str, Any] | None = None) -> dict[str, str]:
    """One section of ``answers`` (sound ones by default) as a person would type it."""
    answers = sound() if answers is None else answers
    fields = [one for question in standard().section(section) for one in question.fields]
    return {one.name: as_input(one, answers.get(one.name)) for one in fields}
