"""What the counted sums say, over a range of days."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.core.extensions import db
from app.insights.models import MissedSearch, PageTitle, VisitCount
from app.insights.rules import SHOWN_FROM, Device, Source

MOST_PAGES, MOST_SEARCHES = 25, 30


@dataclass(frozen=True)
class ReadPage:
    """One page and how often it was read; without a title it is known by its address."""

    page: str
    title: str
    visits: int


@dataclass(frozen=True)
class Missed:
    """Something that was searched and not found: how often, and when last."""

    words: str
    times: int
    last: date


def _within(first: date, last: date) -> ColumnElement[bool]:
    return VisitCount.day.between(first, last)


def by_day(first: date, last: date) -> Mapping[date, int]:
    """Visits of each day that had any."""
    query = select(VisitCount.day, func.sum(VisitCount.visits)).where(_within(first, last))
    return {row[0]: int(row[1]) for row in db.session.execute(query.group_by(VisitCount.day))}


def shares(first: date, last: date) -> tuple[Counter[Device], Counter[Source], Counter[str]]:
    """Visits by device, by source (without those from page to page) and by language; one query."""
    devices, sources, languages = Counter[Device](), Counter[Source](), Counter[str]()
    columns = (VisitCount.device, VisitCount.source, VisitCount.language)
    query = select(*columns, func.sum(VisitCount.visits)).where(_within(first, last)).group_by(*columns)
    for device, source, language, visits in db.session.execute(query):
        devices[device] += int(visits)
        languages[language] += int(visits)
        if source is not Source.INSIDE:
            sources[source] += int(visits)
    return devices, sources, languages


def most_read(first: date, last: date, limit: int = MOST_PAGES) -> list[ReadPage]:
    """The pages that were read most, with their titles."""
    visits = func.sum(VisitCount.visits)
    query = (
        select(VisitCount.page, func.max(PageTitle.title), visits)
        .outerjoin(PageTitle, PageTitle.page == VisitCount.page)
        .where(_within(first, last))
        .group_by(VisitCount.page)
        .order_by(visits.desc(), VisitCount.page)
        .limit(limit)
    )
    return [ReadPage(page, title or "", int(times)) for page, title, times in db.session.execute(query)]


def missed(first: date, last: date, limit: int = MOST_SEARCHES) -> list[Missed]:
    """What was searched in vain at least ``SHOWN_FROM`` times, most often first."""
    times = func.sum(MissedSearch.times)
    query = (
        select(MissedSearch.words, times, func.max(MissedSearch.day))
        .where(MissedSearch.day.between(first, last))
        .group_by(MissedSearch.words)
        .having(times >= SHOWN_FROM)
        .order_by(times.desc(), MissedSearch.words)
        .limit(limit)
    )
    return [Missed(row[0], int(row[1]), row[2]) for row in db.session.execute(query)]


def all_rows(first: date, last: date) -> list[tuple[Any, ...]]:
    """Every sum as it is kept: day, page, device, source, language, visits; an example and a real one of one day together."""
    columns = (VisitCount.day, VisitCount.page, VisitCount.device, VisitCount.source, VisitCount.language)
    query = select(*columns, func.sum(VisitCount.visits)).where(_within(first, last))
    return [tuple(row) for row in db.session.execute(query.group_by(*columns).order_by(*columns))]
