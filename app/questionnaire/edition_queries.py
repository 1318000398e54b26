"""Reading the editions as staff see them: how far each is, what it asks, and which codes were ever used."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import undefer

from app.cooperatives.models import Cooperative, Listing
from app.core.extensions import db
from app.questionnaire.edition_rules import Locks, State, locks_of, state_of, taken_keys
from app.questionnaire.models import Edition, Report
from app.questionnaire.queries import content_of, filed_condition
from app.questionnaire.question import Question
from app.questionnaire.questions import Questionnaire


@dataclass(frozen=True)
class Standing:
    """One edition, and how far it is today. ``reports``: begun or imported; ``filed``: those that count."""

    edition: Edition
    reports: int
    filed: int
    today: date

    @property
    def year(self) -> int:
        return self.edition.year

    @property
    def state(self) -> State:
        published = self.edition.published_at is not None
        return state_of(published=published, opens=self.edition.opens, reports=self.reports, today=self.today)

    @property
    def frozen(self) -> bool:
        return self.state is State.FROZEN

    @property
    def announced(self) -> bool:
        """Whether cooperatives may already count on its dates."""
        return self.state is not State.DRAFT

    @property
    def running(self) -> bool:
        """Whether its first day has come, so that it only ever moves later."""
        return self.edition.opens <= self.today

    @property
    def questionnaire(self) -> Questionnaire:
        return content_of(self.edition).questionnaire

    @property
    def checks(self) -> list[dict[str, Any]]:
        return content_of(self.edition).frozen


@dataclass(frozen=True)
class Editions:
    """All editions, the newest first, read in two queries whatever their number."""

    all: list[Standing]

    def of(self, year: int) -> Standing | None:
        return next((one for one in self.all if one.year == year), None)

    def before(self, year: int) -> Standing | None:
        """The latest earlier one."""
        return next((one for one in self.all if one.year < year), None)

    @property
    def latest(self) -> Standing | None:
        return self.all[0] if self.all else None

    @property
    def in_preparation(self) -> Standing | None:
        """The newest one, as long as it can be changed."""
        return self.latest if self.latest and not self.latest.frozen else None

    @property
    def next_year(self) -> int | None:
        """The year whose edition can be begun: the one after the latest, once that one has opened."""
        return self.latest.year + 1 if self.latest and self.latest.running else None

    @property
    def taken(self) -> frozenset[str]:
        """Every code that was ever used, in any year."""
        return taken_keys(one.questionnaire for one in self.all)

    def elsewhere(self, year: int, code: str) -> bool:
        """Whether another year knows the code."""
        return code in taken_keys(one.questionnaire for one in self.all if one.year != year)

    def locks(self, here: Standing, question: Question) -> Locks:
        """What cannot change about ``question`` in the edition ``here``."""
        asked_in = [
            one.year
            for one in self.all
            if one.reports and question.code in {old.code for old in one.questionnaire.everything}
        ]
        return locks_of(question, here.questionnaire, here.checks, asked_in)


def editions(today: date) -> Editions:
    """All editions with their counts."""
    filed = func.sum(case((filed_condition(), 1), else_=0))
    counted = select(Report.edition_id, func.count(), filed).group_by(Report.edition_id)
    counts = {row[0]: (row[1], int(row[2])) for row in db.session.execute(counted)}
    query = select(Edition).order_by(Edition.year.desc())
    found = db.session.scalars(query.options(undefer(Edition.questions), undefer(Edition.checks)))
    return Editions([Standing(one, *counts.get(one.id, (0, 0)), today) for one in found])


def reporting_cooperatives() -> int:
    """How many cooperatives are asked to file: listed and not dissolved."""
    query = select(func.count()).select_from(Cooperative)
    asked = query.where(Cooperative.listing == Listing.LISTED, Cooperative.dissolved_on.is_(None))
    return int(db.session.scalar(asked) or 0)
