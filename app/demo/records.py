"""The fictional city as plain records, for the loader to put into the register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.cooperatives.rules import Position
from app.questionnaire.rules import EventKind, Origin, Status, status_after

Answers = Mapping[str, Any]
"""Canonical values by field code, as a report stores them; a blank answer is absent."""


class Life(StrEnum):
    """How a cooperative has lived so far, which decides what the office has from it."""

    ACTIVE = "active"
    NEW = "new"  # founded in one of the three book years
    GAPS = "gaps"  # reports in some years only
    DORMANT = "dormant"  # exists in name only: no RAT for years
    DISSOLVED = "dissolved"


class Mistake(StrEnum):
    """An honest slip of somebody who copies figures from a paper ledger."""

    MILLION_SLIP = "million_slip"  # written in millions of rupiah
    THOUSAND_SLIP = "thousand_slip"
    SWAPPED_DIGITS = "swapped_digits"
    DROPPED_ZERO = "dropped_zero"
    RAT_WRONG_YEAR = "rat_wrong_year"
    MEMBERS_SUM = "members_sum"  # men and women do not add up to the total


@dataclass(frozen=True)
class DemoMistake:
    """Which slip stands (or stood, when ``corrected``) in the report of ``year``: the true and the written answers."""

    year: int
    kind: Mistake
    truth: Answers
    written: Answers
    corrected: bool = False


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who acts for a cooperative."""

    name: str
    position: Position
    email: str
    phone: str


@dataclass(frozen=True)
class DemoEvent:
    """One move of a report. ``marks``: question code to the operator's comment. ``answers``: as they stood then."""

    kind: EventKind
    at: datetime
    answers: Answers
    reason: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    declared_by: str = ""
    declared_as: str = ""


@dataclass(frozen=True)
class DemoReport:
    """One book year's report: the answers as they stand, and every move that led there, oldest first."""

    year: int
    origin: Origin
    answers: Answers
    events: tuple[DemoEvent, ...]
    saved_at: datetime

    @property
    def status(self) -> Status:
        """What the events say."""
        status = status_after(event.kind for event in self.events)
        if status is None:
            raise ValueError("a report begins with an event")
        return status

    @property
    def resubmitted(self) -> bool:
        """Whether it came in again after a return."""
        return sum(event.kind is EventKind.SUBMITTED for event in self.events) > 1


@dataclass(frozen=True)
class Dissolution:
    """The office's decree that a cooperative is *bubar*."""

    number: str
    on: date
    reason: str


@dataclass(frozen=True)
class DemoCooperative:
    """A cooperative: its register entry (``identity``: questions 1–14 by code), its people, its reports, oldest first.

    ``last_rat`` is the latest that the office knows of. Nobody in ``managers``: not claimed yet. ``claimant`` waits for an
    operator to check the claim. A year without a report was not begun.
    """

    identity: Answers
    life: Life
    last_rat: date | None
    managers: tuple[DemoPerson, ...]
    claimant: DemoPerson | None
    dissolution: Dissolution | None
    reports: tuple[DemoReport, ...]
    mistakes: tuple[DemoMistake, ...]

    @property
    def name(self) -> str:
        return str(self.identity["nama_koperasi"])

    def report(self, year: int) -> DemoReport | None:
        """The report of book year ``year``, if one was begun."""
        return next((report for report in self.reports if report.year == year), None)


@dataclass(frozen=True)
class DemoCity:
    """All of it. ``book_years``: three, oldest first; the last is the one that is being filed now."""

    cooperatives: tuple[DemoCooperative, ...]
    book_years: tuple[int, int, int]
