"""Reading reports, their editions and what happened to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, inspect, or_, select
from sqlalchemy.orm import joinedload

from app.cooperatives.models import Cooperative
from app.cooperatives.queries import revision
from app.core.database import Base
from app.core.database import today as office_today
from app.core.extensions import db
from app.core.kept_figures import kept_figure
from app.questionnaire.models import AnswerChange, Comment, Edition, Receipt, Report, ReportEvent
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import EventKind, Origin, Status
from app.questionnaire.spreading import Prepared, prepare


@dataclass(frozen=True)
class Content:
    """What an edition asks, and what it checks."""

    questionnaire: Questionnaire
    frozen: list[dict[str, Any]]

    @cached_property
    def checks(self) -> Prepared:
        """The checks, spread over the questions: this takes a hundred times as long as to run them."""
        return prepare(self.questionnaire, self.frozen)


@dataclass(frozen=True)
class LastYear:
    """The latest earlier report that counts as history."""

    year: int
    answers: dict[str, Any]


MOST_CONTENTS = 64
_contents: dict[str, Content] = {}


def content_of(edition: Edition) -> Content:
    """The questions and checks of ``edition``, parsed once per process for each digest."""
    found = _contents.get(edition.digest)
    if found is None:
        found = Content(Questionnaire.from_json(edition.questions), edition.checks)
        if len(_contents) > MOST_CONTENTS:  # each save of a draft makes one
            _contents.clear()
        _contents[edition.digest] = found
    return found


def questionnaire_of(edition: Edition) -> Questionnaire:
    """The questions of ``edition``."""
    return content_of(edition).questionnaire


def questions_of(report: Report) -> Questionnaire:
    """The questions that ``report`` answers."""
    return questionnaire_of(report.edition)


def edition_of(year: int) -> Edition | None:
    """The edition of a book year, if there is one."""
    return db.session.scalars(select(Edition).where(Edition.year == year)).one_or_none()


def years() -> list[int]:
    """Book years that have an edition, the newest first."""
    return list(db.session.scalars(select(Edition.year).order_by(Edition.year.desc())))


def current_edition(today: date | None = None) -> Edition | None:
    """The latest edition whose day has come: the one that cooperatives now fill in."""
    day = today or office_today()
    query = select(Edition).where(Edition.opens <= day).order_by(Edition.year.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def open_editions(today: date, *, before: int, extended: Collection[int]) -> list[Edition]:
    """Editions of the years before ``before`` that can still be filled in by somebody, the latest first: they have not closed,
    or stand among the years ``extended``."""
    query = select(Edition).where(Edition.year < before, Edition.opens <= today)
    lasting = or_(Edition.closes >= today, Edition.year.in_(extended))
    return list(db.session.scalars(query.where(lasting).order_by(Edition.year.desc())))


def current_year(today: date | None = None) -> int | None:
    """The book year that cooperatives now report on; None before the first edition opens."""
    edition = current_edition(today)
    return edition.year if edition else None


def history_condition() -> ColumnElement[bool]:
    """Reports that serve as history: filed at some time, or imported."""
    return or_(Report.status != Status.DRAFT, Report.origin == Origin.IMPORTED)


def filed_condition() -> ColumnElement[bool]:
    """Reports that count as filed, in SQL; the same as :func:`app.questionnaire.rules.counts_as_filed`."""
    return and_(
        Report.status != Status.DRAFT,
        or_(Report.origin != Origin.IMPORTED, Report.status == Status.APPROVED),
    )


OF = select(Report).where(Report.cooperative_id == bindparam("owner"), Report.year == bindparam("year"))


def report_of(cooperative: Cooperative, year: int) -> Report | None:
    """The report of one cooperative for one book year, if it was begun."""
    return db.session.scalars(OF, {"owner": id_of(cooperative), "year": year}).one_or_none()


def report_by_id(report_id: int) -> Report | None:
    """A report with its cooperative and edition."""
    query = select(Report).where(Report.id == report_id)
    whole = (joinedload(Report.cooperative), joinedload(Report.edition))
    return db.session.scalars(query.options(*whole)).one_or_none()


LOCKED = (
    select(Report)
    .where(Report.id == bindparam("id"))
    .options(joinedload(Report.edition, innerjoin=True), joinedload(Report.cooperative, innerjoin=True))
    .with_for_update(of=Report)
    .execution_options(populate_existing=True)
)


def locked(report_id: int) -> Report:
    """The report as it stands now, held until the unit ends: of two units that change it the second waits.

    Raises NoResultFound when there is none. Only inside ``writing()``.
    """
    return db.session.scalars(LOCKED, {"id": report_id}).one()


def held_again(report: Report | int) -> Report:
    """:func:`locked` by a report that was read before the unit began; its id is known without asking the database."""
    return locked(id_of(report))


def id_of(thing: Base | int) -> int:
    """The id of what was read from the database, also when a new unit has made it forget everything else."""
    if isinstance(thing, int):
        return thing
    identity = inspect(thing).identity
    if identity is None:  # not flushed yet
        raise ValueError(f"{thing!r} is not in the database yet")
    return int(identity[0])


def last_report(cooperative: Cooperative, year: int) -> Report | None:
    """The latest report before ``year`` that serves as history."""
    query = select(Report).where(
        Report.cooperative_id == cooperative.id, Report.year < year, history_condition()
    )
    return db.session.scalars(query.order_by(Report.year.desc()).limit(1)).one_or_none()


def approved_counts() -> dict[int, int]:
    """Approved reports by book year; a kept figure."""
    return kept_figure("approved reports", revision, _approved_counts)


def _approved_counts() -> dict[int, int]:
    query = select(Report.year, func.count()).where(Report.status == Status.APPROVED).group_by(Report.year)
    return {row[0]: row[1] for row in db.session.execute(query)}


LAST = (
    select(Report.year, Report.answers)
    .where(Report.cooperative_id == bindparam("owner"), Report.year < bindparam("year"), history_condition())
    .order_by(Report.year.desc())
    .limit(1)
)


def last_answers(cooperative: Cooperative, year: int) -> LastYear | None:
    """The latest report before ``year`` that counts as history."""
    row = db.session.execute(LAST, {"owner": id_of(cooperative), "year": year}).one_or_none()
    return LastYear(row[0], row[1]) if row else None


def last_answers_of(cooperative_ids: Sequence[int] | None, year: int) -> dict[int, LastYear]:
    """:func:`last_answers` by cooperative id; of all cooperatives when no ids are given."""
    latest = (
        select(Report.cooperative_id, func.max(Report.year).label("year"))
        .where(Report.year < year, history_condition())
        .group_by(Report.cooperative_id)
    )
    if cooperative_ids is not None:
        latest = latest.where(Report.cooperative_id.in_(cooperative_ids))
    found = latest.subquery()
    query = select(Report.cooperative_id, Report.year, Report.answers).join(
        found, and_(Report.cooperative_id == found.c.cooperative_id, Report.year == found.c.year)
    )
    return {owner: LastYear(of, answers) for owner, of, answers in db.session.execute(query)}


def reports_of(cooperative: Cooperative) -> list[Report]:
    """All reports of one cooperative, the latest year first."""
    query = select(Report).where(Report.cooperative_id == cooperative.id).order_by(Report.year.desc())
    return list(db.session.scalars(query.options(joinedload(Report.edition))))


def reports_of_many(cooperative_ids: Sequence[int]) -> dict[int, list[Report]]:
    """All reports by cooperative id, the latest year first, in one query."""
    query = (
        select(Report)
        .where(Report.cooperative_id.in_(cooperative_ids))
        .order_by(Report.cooperative_id, Report.year.desc())
        .options(joinedload(Report.edition))
    )
    found: dict[int, list[Report]] = {owner: [] for owner in cooperative_ids}
    for report in db.session.scalars(query):
        found[report.cooperative_id].append(report)
    return found


def answers_approved_before(report: Report) -> dict[str, Any]:
    """What ``report`` said when it was approved the time before this; empty when it is approved for the first time."""
    query = (
        select(ReportEvent.answers)
        .where(ReportEvent.report_id == report.id, ReportEvent.kind == EventKind.APPROVED)
        .order_by(ReportEvent.id.desc())
        .offset(1)
        .limit(1)
    )
    return db.session.scalar(query) or {}


def approved_beside(report: Report) -> list[dict[str, Any]]:
    """The answers of the other approved years of the same cooperative."""
    query = select(Report.answers).where(
        Report.cooperative_id == report.cooperative_id,
        Report.id != report.id,
        Report.status == Status.APPROVED,
    )
    return list(db.session.scalars(query))


def events_of(report: Report) -> list[ReportEvent]:
    """Everything that happened to ``report``, oldest first."""
    query = select(ReportEvent).where(ReportEvent.report_id == report.id).order_by(ReportEvent.id)
    return list(db.session.scalars(query))


LAST_SNAPSHOT = (
    select(ReportEvent.answers)
    .where(ReportEvent.report_id == bindparam("report"))
    .order_by(ReportEvent.id.desc())
    .limit(1)
)


def last_snapshot(report: Report) -> dict[str, Any]:
    """The answers as the latest event found them; empty before the first."""
    return db.session.scalars(LAST_SNAPSHOT, {"report": report.id}).one_or_none() or {}


def last_event(report: Report, *kinds: EventKind) -> ReportEvent | None:
    """The latest event of ``report``, of ``kinds`` where given."""
    return last_events([report.id], *kinds).get(report.id)


def last_events(report_ids: Sequence[int], *kinds: EventKind) -> dict[int, ReportEvent]:
    """The latest event by report id, of ``kinds`` where given, in one query."""
    query = select(ReportEvent).where(ReportEvent.report_id.in_(report_ids)).order_by(ReportEvent.id)
    if kinds:
        query = query.where(ReportEvent.kind.in_(kinds))
    return {event.report_id: event for event in db.session.scalars(query)}


def comments_of(report: Report) -> list[Comment]:
    """What was written beside the questions of ``report``, oldest first."""
    return list(
        db.session.scalars(select(Comment).where(Comment.report_id == report.id).order_by(Comment.id))
    )


def remarks_of(report: Report) -> dict[str, str]:
    """Question → what operators wrote about it since the last submission, as the cooperative reads it in its form."""
    query = select(Comment.question, Comment.body).where(Comment.report_id == report.id, Comment.by_staff)
    if report.submitted_at is not None:
        query = query.where(Comment.at >= report.submitted_at)
    found: dict[str, str] = {}
    for question, body in db.session.execute(query.order_by(Comment.id)):
        found[question] = f"{found[question]} {body}" if question in found else body
    return found


def changes_since(report: Report, version: int) -> list[AnswerChange]:
    """Every field that a save after ``version`` changed, oldest first."""
    query = select(AnswerChange).where(AnswerChange.report_id == report.id, AnswerChange.version > version)
    return list(db.session.scalars(query.order_by(AnswerChange.version, AnswerChange.id)))


def last_changes(report: Report, fields: Collection[str]) -> dict[str, AnswerChange]:
    """The latest change of each of ``fields`` that ever changed."""
    query = select(AnswerChange).where(AnswerChange.report_id == report.id, AnswerChange.field.in_(fields))
    return {change.field: change for change in db.session.scalars(query.order_by(AnswerChange.id))}


def receipts_of(report_ids: Sequence[int]) -> dict[int, list[Receipt]]:
    """Receipts by report id, the latest first, in one query."""
    query = select(Receipt).where(Receipt.report_id.in_(report_ids)).order_by(Receipt.id.desc())
    found: dict[int, list[Receipt]] = {owner: [] for owner in report_ids}
    for receipt in db.session.scalars(query):
        found[receipt.report_id].append(receipt)
    return found


def current_receipt(report: Report) -> Receipt | None:
    """The latest receipt of ``report``, whether it still counts or not."""
    return next(iter(receipts_of([report.id])[report.id]), None)


def receipt_by_code(code: str) -> Receipt | None:
    """The receipt with this code, with its report and cooperative."""
    query = select(Receipt).where(Receipt.code == code)
    whole = joinedload(Receipt.report).joinedload(Report.cooperative)
    return db.session.scalars(query.options(whole)).one_or_none()


def counts_now(receipt: Receipt, latest: Receipt | None) -> bool:
    """Whether ``receipt`` is valid: the report's ``latest``, and the report neither returned nor reopened since."""
    standing = receipt.report.status in {Status.SUBMITTED, Status.APPROVED}
    return standing and latest is not None and latest.id == receipt.id
