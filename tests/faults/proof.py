"""What must hold after the faults, looked up in the database itself."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select, text

from app.audit.models import TrailEntry
from app.audit.verification import verify
from app.core.database import Base
from app.core.extensions import db
from app.core.writing import is_sqlite
from app.desk.models import RequestEvent, RequestSeries, ServiceRequest
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import Progress
from app.questionnaire import totals
from app.questionnaire.models import AnswerChange, Receipt, Report, ReportEvent, ReportSave
from app.questionnaire.rules import EventKind, Status
from tests.faults.ledger import Deed, Ledger
from tests.faults.people import FIGURE
from tests.faults.visits import appointments, noted

DECIDED = {"kembalikan": EventKind.RETURNED, "buka": EventKind.REOPENED}


@dataclass
class Proof:
    """What was found: acknowledged deeds that are missing, deeds that stand twice, and whatever is only half done."""

    missing: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)

    def count(self, deeds: Iterable[Deed], found: Counter[str], by: str = "key") -> None:
        """Each acknowledged deed once, every other at most once."""
        for deed in deeds:
            times = found[getattr(deed, by)]
            if times == 0 and deed.done is not None:
                self.missing.append(f"{deed.kind} {deed.key}")
            if times > 1:
                self.twice.append(f"{deed.kind} {deed.key}: {times} times")


def prove(app: Flask, ledger: Ledger) -> Proof:
    """Look at everything."""
    proof = Proof()
    with app.app_context():
        try:
            _deeds(proof, ledger)
            proof.half += [*reports(), *figures(ledger), *requests(), *seats(), *appointments(), *whole()]
        finally:
            db.session.remove()
            db.engine.dispose()
    return proof


def counted(column: object, *where: object) -> Counter[str]:
    """How often each value stands there."""
    return Counter(str(value) for value in db.session.scalars(select(column).where(*where)))  # type: ignore[call-overload]


def _deeds(proof: Proof, ledger: Ledger) -> None:
    saves = ledger.of("save")
    proof.count(saves, counted(ReportSave.save_id))
    typed = counted(AnswerChange.after, AnswerChange.field == FIGURE)
    proof.count(saves, typed, by="value")
    for act, kind in DECIDED.items():
        proof.count(ledger.of(act), counted(ReportEvent.reason, ReportEvent.kind == kind))
    moves = _moves()
    for act, kind in (("submit", EventKind.SUBMITTED), ("setujui", EventKind.APPROVED)):
        proof.count(ledger.of(act), moves[kind])
    proof.count(ledger.of("request"), counted(ServiceRequest.form_key))
    told = {deed.key: deed.told for deed in ledger.acknowledged("request")}
    numbers = dict(db.session.execute(select(ServiceRequest.form_key, ServiceRequest.number)).all())
    proof.missing += [
        f"request {key} is not {number}" for key, number in told.items() if numbers.get(key) != number
    ]
    proof.count(ledger.of("apply"), counted(ProgramApplication.contact_name))
    gone = counted(ProgramApplication.id, ProgramApplication.state == Progress.WITHDRAWN)
    proof.count(ledger.of("withdraw"), gone)
    for act, found in noted().items():
        proof.count(ledger.of(act), found)


def _moves() -> dict[str, Counter[str]]:
    """For submissions and approvals, ``report.version`` as it was before: each move and each save takes one version."""
    found: dict[str, Counter[str]] = {EventKind.SUBMITTED: Counter(), EventKind.APPROVED: Counter()}
    saved = select(AnswerChange.report_id, AnswerChange.version).distinct()
    versions: dict[int, set[int]] = {}
    for report_id, version in db.session.execute(saved):
        versions.setdefault(report_id, set()).add(version)
    query = select(ReportEvent.report_id, ReportEvent.kind).order_by(ReportEvent.report_id, ReportEvent.id)
    at: dict[int, int] = {}
    for report_id, kind in db.session.execute(query):
        if kind == EventKind.STARTED:
            at[report_id] = 1
            continue
        before = at[report_id]
        while before + 1 in versions.get(report_id, ()):
            before += 1
        at[report_id] = before + 1
        if kind in found:
            found[EventKind(kind)][f"{report_id}.{before}"] += 1
    return found


def reports() -> Iterator[str]:
    """The state of a report is what its events say; its answers are what its saves say; each submission has its receipt."""
    for report in db.session.scalars(select(Report)):
        events = db.session.scalars(
            select(ReportEvent).where(ReportEvent.report_id == report.id).order_by(ReportEvent.id)
        ).all()
        if events[-1].kind != EventKind.STARTED and events[-1].status != report.status:
            yield f"report {report.id} is {report.status}, its events say {events[-1].status}"
        if report.status in {Status.SUBMITTED, Status.APPROVED} and events[-1].answers != report.answers:
            yield f"report {report.id}: its answers are not those of its last event"
        sent = [event.id for event in events if event.kind == EventKind.SUBMITTED]
        receipts = db.session.scalars(select(Receipt.event_id).where(Receipt.report_id == report.id)).all()
        if sorted(receipts) != sent:
            yield f"report {report.id}: {len(sent)} submissions, {len(receipts)} receipts"
        for event, kind in ((event, event.kind) for event in events if event.kind != EventKind.STARTED):
            if not event.answers:
                yield f"report {report.id}: event {event.id} ({kind}) has no answers"
        yield from _history(report, events)


def _history(report: Report, events: Iterable[ReportEvent]) -> Iterator[str]:
    """Each move stands in the trail, and each saved version too."""
    told = counted(TrailEntry.action, TrailEntry.subject_kind == "report", TrailEntry.subject_id == report.id)
    for kind, times in Counter(event.kind for event in events).items():
        if told[f"report.{kind}"] != times:
            yield f"report {report.id}: {times} × {kind}, in the trail {told[f'report.{kind}']}"
    changes = select(AnswerChange.field, AnswerChange.after, AnswerChange.version)
    changes = changes.where(AnswerChange.report_id == report.id).order_by(
        AnswerChange.version, AnswerChange.id
    )
    last = {field: after for field, after, _version in db.session.execute(changes)}
    wrong = [field for field, after in last.items() if report.answers.get(field) != after]
    if wrong:
        yield f"report {report.id}: {wrong} are not what was saved last"


def figures(ledger: Ledger) -> Iterator[str]:
    """The kept totals are what counting anew gives; no acknowledged figure was overwritten by an earlier one."""
    if totals.kept() != totals.counted():
        yield "the kept totals are wrong"
    latest: dict[int, int] = {}
    for deed in ledger.acknowledged("save"):
        latest[deed.about] = max(latest.get(deed.about, 0), int(deed.value))
    for report_id, figure in latest.items():
        stands = db.session.get_one(Report, report_id).answers[FIGURE]
        if stands < figure:
            yield f"report {report_id} holds {stands}, though {figure} was acknowledged later"


def requests() -> Iterator[str]:
    """Numbers without gaps, each request with the event that it was received."""
    rows = db.session.scalar(select(func.count()).select_from(ServiceRequest)) or 0
    given = db.session.scalar(select(func.sum(RequestSeries.last))) or 0
    received = db.session.scalar(select(func.count(func.distinct(RequestEvent.request_id)))) or 0
    if not rows == given == received:
        yield f"{rows} requests, {given} numbers given out, {received} of them received"


def seats() -> Iterator[str]:
    """Each application has its history."""
    rows = db.session.scalar(select(func.count()).select_from(ProgramApplication)) or 0
    told = counted(TrailEntry.subject_id, TrailEntry.subject_kind == "program_application")
    if len(told) != rows:
        yield f"{rows} applications, {len(told)} in the trail"


def whole() -> Iterator[str]:
    """The trail's chain, the references, and every page of the database that can be read."""
    verdict = verify()
    if verdict.fault:
        yield f"the trail: {verdict.fault}"
    if is_sqlite():
        broken = db.session.execute(text("PRAGMA integrity_check")).scalars().all()
        yield from (str(line) for line in broken if line != "ok")
        yield from (f"reference of {row[0]}" for row in db.session.execute(text("PRAGMA foreign_key_check")))
        return
    for table in Base.metadata.sorted_tables:
        db.session.execute(select(table)).all()
    yield from orphans()


def orphans() -> Iterator[str]:
    """Rows that refer to nothing, past PostgreSQL's own word for it."""
    for table in Base.metadata.sorted_tables:
        for key in (one for one in table.foreign_keys if len(one.constraint.elements) == 1):  # type: ignore[union-attr]
            target = key.column.table.alias("target")
            there = select(target.c[key.column.name]).where(target.c[key.column.name] == key.parent)
            query = select(func.count()).select_from(table).where(key.parent.is_not(None), ~there.exists())
            if db.session.scalar(query):
                yield f"{table.name}.{key.parent.name} refers to nothing"
