"""The rows that a report of the fictional city leaves behind, had its people filed it here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from app.demo.accounts import Colleague
from app.demo.records import Answers, DemoEvent, DemoReport
from app.demo.rows import Actor, Row, note
from app.questionnaire import answers as reading
from app.questionnaire import rules
from app.questionnaire.checks import prepare, run_checks
from app.questionnaire.models import Edition
from app.questionnaire.moves import NOTES
from app.questionnaire.queries import questionnaire_of
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import EventKind, Origin, Status
from app.questionnaire.spreading import Check
from app.regions.rules import Region

Asked = tuple[Questionnaire, Sequence[Check]]

OFFICE_ACTS = frozenset({EventKind.IMPORTED, EventKind.RETURNED, EventKind.APPROVED, EventKind.REOPENED})
BY_THE_OFFICE = frozenset({Origin.ASSISTED, Origin.IMPORTED})


@dataclass(frozen=True)
class Reviewer:
    """An operator, and until when."""

    actor: Actor
    colleague: Colleague | None = None

    def works_on(self, day: date, last_book_year: int) -> bool:
        left = self.colleague.left_on(last_book_year) if self.colleague else None
        return left is None or day < left


@dataclass(frozen=True)
class Ground:
    """What all the reports of the city stand on. ``now``: nothing is written as later than this moment."""

    editions: Mapping[int, Edition]
    asked: Mapping[int, Asked]
    places: Mapping[str, str]
    reviewers: tuple[Reviewer, ...]
    region: Region
    zone: ZoneInfo
    opened: datetime  # the register
    now: datetime
    codes: set[str] = field(default_factory=set)  # of receipts given out so far

    def reviewer(self, chance: Random, at: datetime) -> Actor:
        """One of the operators who worked here then."""
        day = at.astimezone(self.zone).date()
        here = [one.actor for one in self.reviewers if one.works_on(day, max(self.editions))]
        return here[chance.randrange(len(here))]

    def receipt_code(self, year: int) -> str:
        """A code that no other receipt has."""
        while (code := rules.new_receipt_code(year)) in self.codes:
            pass
        self.codes.add(code)
        return code


def asked_in(editions: Mapping[int, Edition]) -> dict[int, Asked]:
    """The questions and checks of each edition by year, prepared once for equal ones."""
    prepared: dict[str, Asked] = {}
    for edition in editions.values():
        if edition.digest not in prepared:
            questionnaire = questionnaire_of(edition)
            prepared[edition.digest] = questionnaire, prepare(questionnaire, edition.checks)
    return {year: prepared[edition.digest] for year, edition in editions.items()}


def _begun(filed: DemoReport, ground: Ground, cooperative_id: int, at: datetime) -> Row:
    """The row of a report in which nothing is answered yet."""
    return {
        "cooperative_id": cooperative_id,
        "edition_id": ground.editions[filed.year].id,
        "year": filed.year,
        "region": ground.region.code,
        "status": Status.DRAFT,
        "origin": filed.origin,
        "answers": {},
        "sections": {},
        "open_codes": [],
        "findings": [],
        "version": 1,
        "created_at": at,
        "updated_at": at,
        "submitted_at": None,
        "approved_at": None,
    }


class Replay:
    """Goes through the events of one report as the services would, and keeps the rows.

    ``report``, ``events`` and the others are in the columns of their tables; what refers to the report lacks its id, what refers
    to an event bears the event's place in ``events``.
    """

    def __init__(
        self,
        filed: DemoReport,
        ground: Ground,
        *,
        cooperative_id: int,
        member: Actor,
        last: Answers | None,
        chance: Random,
    ) -> None:
        self.filed, self.ground, self.member, self.last = filed, ground, member, last
        self.questionnaire, self.checks = ground.asked[filed.year]
        begun, ended = self._moment(filed.events[0]), self._moment(filed.events[-1])
        self.officer, self.helper = ground.reviewer(chance, ended), ground.reviewer(chance, ended)
        self.report = _begun(filed, ground, cooperative_id, begun)
        self.events: list[Row] = []
        self.changes: list[Row] = []
        self.comments: list[Row] = []
        self.receipts: list[tuple[int, Row]] = []
        self.notes: list[Row] = []
        for event in filed.events:
            self._happen(event)
        if self.report["status"] is Status.DRAFT and filed.origin is not Origin.IMPORTED:
            self._fill_in(filed.answers, min(filed.saved_at, ground.now), self._actor(EventKind.SUBMITTED))
            self._check(self.report["updated_at"])

    def _moment(self, event: DemoEvent) -> datetime:
        return min(event.at, self.ground.now)

    def _actor(self, kind: EventKind) -> Actor:
        if kind in OFFICE_ACTS:
            return self.officer
        return self.helper if self.filed.origin in BY_THE_OFFICE else self.member

    def _happen(self, event: DemoEvent) -> None:
        kind, at, actor = event.kind, self._moment(event), self._actor(event.kind)
        codes: list[str] = []
        if kind is EventKind.IMPORTED:
            codes = self._take_over(event.answers, at, actor)
        elif kind is EventKind.SUBMITTED and self.filed.origin is not Origin.IMPORTED:
            self._fill_in(event.answers, at, actor)
            self._check(at)
        elif event.marks:
            codes = [code for code in self.questionnaire.codes if code in event.marks]
        status = rules.status_after([*(row["kind"] for row in self.events), kind])
        if kind not in (EventKind.STARTED, EventKind.IMPORTED):
            self._move(status, at, codes)
        self.events.append(self._event(event, at, actor, status, codes))
        self._comment(event, at, actor)
        if kind is EventKind.SUBMITTED and self.filed.origin is not Origin.IMPORTED:
            self._receipt(event, at)
        self._note(kind, at, actor)

    def _fill_in(self, answers: Answers, until: datetime, actor: Actor) -> None:
        """Save the answers section by section between the last event and ``until``."""
        after = reading.apply(self.questionnaire, {}, answers)
        by_section: dict[int, list[str]] = {}
        for key in self._differing(after):
            question = self.questionnaire.question_of(key)
            by_section.setdefault(question.section if question else 0, []).append(key)
        since = self.report["updated_at"]
        for place, section in enumerate(sorted(by_section), start=1):
            at = since + (until - since) * place / (len(by_section) + 1)
            self._save(after, by_section[section], at, actor)
            self.report["sections"].setdefault(str(section), self.report["version"])
        self.report["answers"] = after

    def _take_over(self, answers: Answers, at: datetime, actor: Actor) -> list[str]:
        """One row of an imported file; returns the fields that it filled."""
        after = reading.apply(self.questionnaire, {}, answers)
        fields = self._differing(after)
        self._save(after, fields, at, actor)
        self.report["answers"] = after
        self._check(at)
        return fields

    def _differing(self, after: Answers) -> list[str]:
        before = self.report["answers"]
        return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))

    def _save(self, after: Answers, fields: list[str], at: datetime, actor: Actor) -> None:
        before = self.report["answers"]
        self.report["version"] += 1
        self.report["updated_at"] = at
        self.changes += (
            {
                "version": self.report["version"],
                "field": key,
                "before": before.get(key),
                "after": after.get(key),
                "at": at,
                "actor_name": actor.name,
            }
            for key in fields
        )

    def _check(self, at: datetime) -> None:
        """What the checks said on that day."""
        found = run_checks(
            self.questionnaire,
            self.report["answers"],
            last=self.last,
            year=self.filed.year,
            today=at.astimezone(self.ground.zone).date(),
            places=self.ground.places,
            incomplete=self.filed.origin is Origin.IMPORTED,
            checks=self.checks,
        )
        self.report["findings"] = [finding.to_json() for finding in found]

    def _move(self, status: Status | None, at: datetime, codes: list[str]) -> None:
        self.report["version"] += 1
        self.report["status"], self.report["open_codes"] = status, codes
        self.report["updated_at"] = at
        self.report["approved_at"] = at if status is Status.APPROVED else None
        if status is Status.SUBMITTED:
            self.report["submitted_at"] = at

    def _event(
        self, event: DemoEvent, at: datetime, actor: Actor, status: Status | None, codes: list[str]
    ) -> Row:
        return {
            "at": at,
            "kind": event.kind.value,
            "status": status,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "reason": event.reason,
            "codes": codes,
            "answers": self.report["answers"],
            "findings": self.report["findings"],
        }

    def _comment(self, event: DemoEvent, at: datetime, actor: Actor) -> None:
        self.comments += (
            {
                "question": code,
                "at": at,
                "author_id": actor.id,
                "author_name": actor.name,
                "by_staff": True,
                "body": body,
            }
            for code, body in event.marks.items()
        )

    def _receipt(self, event: DemoEvent, at: datetime) -> None:
        receipt = {
            "code": self.ground.receipt_code(self.filed.year),
            "answers_digest": rules.digest(self.report["answers"]),
            "issued_at": at,
            "declared_name": event.declared_by,
            "declared_position": event.declared_as,
        }
        self.receipts.append((len(self.events) - 1, receipt))

    def _note(self, kind: EventKind, at: datetime, actor: Actor) -> None:
        """For the timeline; that an imported report passes through *submitted* is nobody's act."""
        if kind in NOTES and not (kind is EventKind.SUBMITTED and self.filed.origin is Origin.IMPORTED):
            self.notes.append(note(at, "report", NOTES[kind], {"year": self.filed.year}, actor.name))
