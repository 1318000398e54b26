"""What is true of every report, account and register row that people have made through the site. Each function demands one
part of it of the whole database.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.audit.verification import verify
from app.cooperatives.derived import derived
from app.cooperatives.models import (
    ActivationCode,
    Cooperative,
    Membership,
    MembershipState,
    TimelineEvent,
)
from app.cooperatives.queries import region
from app.core.access import Role
from app.core.database import Base, UtcDateTime, now, office_zone
from app.core.extensions import db
from app.questionnaire import answers as reading
from app.questionnaire import totals
from app.questionnaire.checks import prepare, run_checks
from app.questionnaire.findings import Finding, has_errors
from app.questionnaire.models import AnswerChange, Comment, Edition, Receipt, Report, ReportEvent
from app.questionnaire.office_places import places
from app.questionnaire.queries import questions_of
from app.questionnaire.receipts import Verdict
from app.questionnaire.receipts import verify as verify_receipt
from app.questionnaire.rules import EventKind, Origin, Status, digest, status_after
from app.questionnaire.waiting import Step

AHEAD = {"expires_at", "next_try_at", "publish_at", "starts_at", "ends_at", "deadline", "closes_at"}
"""Moments that may lie in the future."""
SOME_RECEIPTS = 9
"""To verify one takes milliseconds: one of so many."""


@dataclass(frozen=True)
class Kept:
    """What stands in the database of reports, read once for all demands."""

    reports: list[Report]
    """With cooperative and edition, those of a cooperative together, by year."""
    of_cooperative: dict[int, list[Report]]
    events: dict[int, list[Any]]
    """By report, oldest first, as in each of the following."""
    changes: dict[int, list[Any]]
    comments: dict[int, list[Any]]
    receipts: dict[int, list[Any]]


def read():
    found = db.session.scalars(
        select(Report)
        .options(joinedload(Report.cooperative), joinedload(Report.edition).undefer(Edition.checks))
        .order_by(Report.cooperative_id, Report.year)
    ).all()
    of_cooperative = defaultdict(list)
    for report in found:
        of_cooperative[report.cooperative_id].append(report)
    return Kept(found, of_cooperative, *map(by_report, (ReportEvent, AnswerChange, Comment, Receipt)))


def by_report(model):
    """The rows of ``model`` by report, oldest first."""
    found = defaultdict(list)
    for row in db.session.execute(select(model.__table__).order_by(model.id)):
        found[row.report_id].append(row)
    return found


def everything():
    """All of them, for small databases."""
    kept = read()
    for demand in DEMANDS:
        demand(kept)


def states_are_what_the_events_say(kept):
    for report in kept.reports:
        own = kept.events[report.id]
        assert report.status is status_after(event.kind for event in own)
        assert [event.status for event in own] == [
            status_after(event.kind for event in own[: place + 1]) for place in range(len(own))
        ]
        assert [event.at for event in own] == sorted(event.at for event in own)
        assert report.created_at == own[0].at <= own[-1].at <= report.updated_at
        sent = [event.at for event in own if event.kind == EventKind.SUBMITTED]
        assert report.submitted_at == (sent[-1] if sent else None)
        approved = report.status is Status.APPROVED
        assert report.approved_at == (own[-1].at if approved else None)
        assert report.open_codes == (own[-1].codes if report.status is Status.RETURNED else [])
        if report.status is not Status.DRAFT or report.origin is Origin.IMPORTED:
            assert own[-1].answers == report.answers
            assert own[-1].findings == report.findings
        if own[0].kind == EventKind.STARTED:
            assert own[0].answers == {}


def answers_are_what_the_saves_say(kept):
    for report in kept.reports:
        questionnaire, known = questions_of(report), {}
        for change in kept.changes[report.id]:
            assert known.get(change.field) == change.before != change.after
            known[change.field] = change.after
        assert {field: value for field, value in known.items() if value is not None} == report.answers
        assert reading.apply(questionnaire, {}, report.answers) == report.answers
        saves = {change.version for change in kept.changes[report.id]}
        moving = set(EventKind) - {EventKind.STARTED, EventKind.IMPORTED}
        moves = sum(event.kind in moving for event in kept.events[report.id])
        assert report.version == 1 + len(saves) + moves
        assert max(saves) <= report.version
        if report.origin is not Origin.IMPORTED:
            sections = {str(questionnaire.question_of(field).section) for field in known}
            assert report.sections.keys() == sections
            assert set(report.sections.values()) <= saves


def last_counting(report, all_reports):
    earlier = [
        one
        for one in all_reports
        if one.year < report.year and (one.status is not Status.DRAFT or one.origin is Origin.IMPORTED)
    ]
    return earlier[-1].answers if earlier else None


def findings_are_what_the_checks_say(kept):
    """On the day of the last save, import or submission, against the year before."""
    checked = {}
    for report in kept.reports:
        brought = EventKind.IMPORTED if report.origin is Origin.IMPORTED else EventKind.SUBMITTED
        moments = [event.at for event in kept.events[report.id] if event.kind == brought]
        last = moments[-1] if moments else report.updated_at
        if report.edition.digest not in checked:
            checked[report.edition.digest] = prepare(questions_of(report), report.edition.checks)
        found = run_checks(
            questions_of(report),
            report.answers,
            last=last_counting(report, kept.of_cooperative[report.cooperative_id]),
            year=report.year,
            today=last.astimezone(office_zone()).date(),
            places=places(),
            incomplete=report.origin is Origin.IMPORTED,
            checks=checked[report.edition.digest],
        )
        assert [finding.to_json() for finding in found] == report.findings


def nothing_wrong_was_sent(kept):
    for report in kept.reports:
        if report.origin is not Origin.IMPORTED:
            for event in kept.events[report.id]:
                if event.kind == EventKind.SUBMITTED:
                    assert not has_errors(Finding.from_json(stored) for stored in event.findings)


def receipts_verify(kept):
    for report in kept.reports:
        sent = [event for event in kept.events[report.id] if event.kind == EventKind.SUBMITTED]
        own = kept.receipts[report.id]
        if report.origin is Origin.IMPORTED:
            assert not own
            continue
        assert [receipt.event_id for receipt in own] == [event.id for event in sent]
        for receipt, event in zip(own, sent, strict=True):
            assert receipt.answers_digest == digest(event.answers)
            assert receipt.issued_at == event.at
            assert receipt.declared_name
            assert receipt.declared_position
    standing = {Status.SUBMITTED, Status.APPROVED}
    issued = [(receipt, report) for report in kept.reports for receipt in kept.receipts[report.id]]
    for receipt, report in issued[::SOME_RECEIPTS]:
        newest = kept.receipts[report.id][-1].id == receipt.id
        valid = newest and report.status in standing
        assert verify_receipt(receipt.code).verdict is (Verdict.VALID if valid else Verdict.REPLACED)


def marked_questions_have_comments(kept):
    for report_id, events in kept.events.items():
        for event in events:
            if event.kind in (EventKind.RETURNED, EventKind.REOPENED):
                comments = kept.comments[report_id]
                about = {one.question for one in comments if one.at == event.at and one.by_staff}
                assert event.reason
                assert about == set(event.codes) != set()


def totals_are_right(_kept):
    assert totals.kept() == totals.counted()


def register_is_what_was_approved(kept):
    here = region()
    for cooperative in db.session.scalars(select(Cooperative)):
        columns = {column: getattr(cooperative, column) for column in Cooperative.__table__.c.keys()}  # noqa: SIM118
        for column, value in derived(columns, here).items():
            assert columns[column] == value, column
        rats, counted, approvals = set(), set(), []
        for report in kept.of_cooperative[cooperative.id]:
            for event in kept.events[report.id]:
                if event.kind == EventKind.APPROVED:
                    approvals.append((report, event))
                    rats.add(event.answers.get("tanggal_rat"))
                    counted.add(report.year)
                elif event.kind == EventKind.SUBMITTED and report.origin is not Origin.IMPORTED:
                    counted.add(report.year)
        if approvals:
            taken_over(*approvals[-1], cooperative)
        assert cooperative.last_report_year == max(counted, default=None)
        known = [date.fromisoformat(day) for day in rats if day]
        assert not known or cooperative.last_rat == max(known)


def taken_over(report, event, cooperative):
    """The register holds what the latest approval said; an incomplete list leaves out what it does not know."""
    for code, value in reading.register_values(questions_of(report), event.answers).items():
        if value is not None or report.origin is not Origin.IMPORTED:
            stands = getattr(cooperative, code)
            assert (stands.isoformat() if isinstance(stands, date) else stands) == value, code


def timelines_are_in_order(_kept):
    """Each begins with the register, and every sentence can be said."""
    first = {}
    order = (TimelineEvent.cooperative_id, TimelineEvent.at, TimelineEvent.id)
    for event in db.session.execute(select(TimelineEvent.__table__).order_by(*order)):
        first.setdefault(event.cooperative_id, event)
        assert event.template % event.params
        assert event.actor_name
    assert first.keys() == set(db.session.scalars(select(Cooperative.id)))
    assert {event.kind for event in first.values()} == {"added"}


def people_acted_by_right(kept):
    """Whoever acted for a cooperative had been let in before; whoever reviewed is an operator of that time."""
    since = {
        (membership.user_id, membership.cooperative_id): membership.decided_at
        for membership in db.session.scalars(select(Membership).where(Membership.state == "active"))
    }
    people = {user.id: user for user in db.session.scalars(select(User))}
    for report in kept.reports:
        for event in kept.events[report.id]:
            if event.kind == Step.HELP_DISPUTED:
                continue  # by whoever held the code
            person = people[event.actor_id]
            assert person.name == event.actor_name
            if Role.OPERATOR in person.roles:
                assert person.deactivated_at is None or event.at < person.deactivated_at
            else:
                assert event.kind in {EventKind.STARTED, EventKind.SUBMITTED}
                assert since[person.id, report.cooperative_id] <= event.at


def claims_are_whole(_kept):
    people = {user.id: user for user in db.session.scalars(select(User))}
    acting = set()
    for membership in db.session.scalars(select(Membership)):
        waits = membership.state is MembershipState.PENDING
        assert (membership.decided_at is None) == waits
        assert membership.decided_at is None or membership.requested_at <= membership.decided_at
        assert not people[membership.user_id].is_staff
        if membership.state is MembershipState.ACTIVE:
            acting.add(membership.user_id)
    assert {user.id for user in people.values() if Role.COOPERATIVE in user.roles} == acting
    used = select(ActivationCode).where(ActivationCode.used_at.is_not(None))
    for paper in db.session.scalars(used):
        assert paper.created_at <= paper.used_at <= paper.expires_at
        assert paper.used_by_id in acting


def nothing_lies_ahead(_kept):
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, UtcDateTime) and column.name not in AHEAD:
                latest = db.session.scalar(select(func.max(column)))
                assert latest is None or latest <= now(), f"{table.name}.{column.name}"


def trail_is_whole(_kept):
    verdict = verify()
    assert not verdict.fault
    assert verdict.length > 0


DEMANDS = (
    states_are_what_the_events_say,
    answers_are_what_the_saves_say,
    findings_are_what_the_checks_say,
    nothing_wrong_was_sent,
    receipts_verify,
    marked_questions_have_comments,
    totals_are_right,
    register_is_what_was_approved,
    timelines_are_in_order,
    people_acted_by_right,
    claims_are_whole,
    nothing_lies_ahead,
    trail_is_whole,
)
