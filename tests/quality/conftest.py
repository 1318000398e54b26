"""A year of sound reports, each a little different, to be compared with one another."""

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status
from tests.quality.city import figures, year_after

YEAR = 2025


@pytest.fixture
def make_year(app) -> Callable[..., list[int]]:
    """``make_year(count, **answers of the last)``: ids of submitted reports of 2025, each after an approved one of 2024."""

    numbers = itertools.count(1)

    def make() -> Cooperative:
        number = next(numbers)
        name = f"Koperasi Uji {number}"
        key = f"uji {number:03}"
        return Cooperative(
            slug=f"uji-{number}", region="35.73", nama_koperasi=name, name_key=key, search_text=key
        )

    def make_reports(count: int = 30, status: Status = Status.SUBMITTED, **overrides: Any) -> list[int]:
        chance = random.Random(7)
        with writing():
            cooperatives = [make() for _ in range(count)]
            db.session.add_all(cooperatives)
            db.session.flush()
            editions = {year: services.edition_for(year).id for year in (YEAR - 1, YEAR)}
            reports = []
            for place, cooperative in enumerate(cooperatives):
                then = figures(chance)
                now = year_after(chance, then)
                if place == count - 1:
                    now |= overrides
                for year, answers in ((YEAR - 1, then), (YEAR, now)):
                    report = Report(  # the last of the two is this year's
                        cooperative_id=cooperative.id,
                        edition_id=editions[year],
                        year=year,
                        region="35.73",
                        status=status if year == YEAR else Status.APPROVED,
                        origin=Origin.FILED,
                        answers=answers,
                        sections={},
                        open_codes=[],
                        findings=[],
                    )
                    db.session.add(report)
                reports.append(report)
            db.session.flush()
            return [report.id for report in reports]

    return make_reports
