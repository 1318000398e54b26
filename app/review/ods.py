"""The bridge to the ministry's Online Data System (ODS): which approved reports stand there, and which have drifted since.

Nobody can ask ODS itself: an operator says what was typed there. What this site gave is kept, so that a report which is
reopened later shows which answers ODS still has wrong.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.audit.services import record
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import revision
from app.core.database import now
from app.core.extensions import db
from app.core.kept_figures import kept_figure
from app.core.paging import COUNT_LIMIT, Page, paginate
from app.core.plans import unindexed
from app.core.upsert import insert_into
from app.questionnaire import answers as reading
from app.questionnaire.drafts import name_of
from app.questionnaire.models import Report
from app.questionnaire.office_places import places
from app.questionnaire.queries import questions_of
from app.questionnaire.rules import Status
from app.review.models import OdsEntry


class Standing(StrEnum):
    """How a report stands in ODS; the values are those of the address."""

    OPEN = "belum"
    DRIFTED = "berubah"
    ENTERED = "sudah"


@dataclass(frozen=True)
class Drift:
    """One answer that ODS has otherwise."""

    label: str  # message id
    there: str
    here: str


def _condition(standing: Standing) -> ColumnElement[bool]:
    approved = Report.status == Status.APPROVED
    match standing:
        case Standing.OPEN:
            return and_(approved, OdsEntry.report_id.is_(None))
        case Standing.DRIFTED:
            return and_(OdsEntry.report_id.is_not(None), or_(OdsEntry.version != Report.version, ~approved))
        case _:
            return and_(approved, OdsEntry.version == Report.version)


def reports(year: int, standing: Standing, *, along_names: bool = False) -> Select[Report]:
    """The reports of ``year`` that stand so, unordered, with their cooperatives. ``along_names``: there are many, so that a page
    is soonest met by going from one cooperative to the next.
    """
    number = unindexed(Cooperative.id) if along_names else Cooperative.id
    return (
        select(Report)
        .join(Cooperative, Report.cooperative_id == number)
        .outerjoin(OdsEntry, OdsEntry.report_id == Report.id)
        .where(Report.year == year, _condition(standing))
        .options(contains_eager(Report.cooperative))
    )


def page_of(year: int, standing: Standing, count: int) -> Page[Report]:
    """The page of these ``count`` reports that the request asks for, by name."""
    return paginate(
        reports(year, standing, along_names=count > COUNT_LIMIT),
        by=(Cooperative.name_key, Cooperative.id),  # of one year a cooperative has one report
        key=lambda report: (report.cooperative.name_key, report.cooperative_id),
        size=50,
    )


def counts(year: int) -> dict[Standing, int]:
    """How many reports of ``year`` stand how; one query, a kept figure."""
    return kept_figure(f"reports of {year} in ODS", revision, lambda: _counts(year))


def _counts(year: int) -> dict[Standing, int]:
    columns = [
        func.count(Report.id).filter(_condition(standing)).label(standing.name) for standing in Standing
    ]
    query = (
        select(*columns)
        .select_from(Report)
        .outerjoin(OdsEntry, OdsEntry.report_id == Report.id)
        .where(Report.year == year)
    )
    row = db.session.execute(query).one()
    return dict(zip(Standing, row, strict=True))


def entries_of(report_ids: Collection[int]) -> dict[int, OdsEntry]:
    """What was said of these reports, by report id."""
    query = select(OdsEntry).where(OdsEntry.report_id.in_(report_ids))
    return {entry.report_id: entry for entry in db.session.scalars(query)}


def drift(report: Report, entry: OdsEntry) -> list[Drift]:
    """The answers that changed since ``entry``, in the order of the questions."""
    questionnaire, names = questions_of(report), places()
    return [
        Drift(
            question.label,
            reading.as_text(question, entry.answers.get(code), names),
            reading.as_text(question, report.answers.get(code), names),
        )
        for code in reading.changed(questionnaire, entry.answers, report.answers)
        for question in [questionnaire.by_code[code]]
    ]


def mark_entered(seen: Mapping[int, int], *, by: User) -> tuple[int, int]:
    """Say that these reports (id → the version that was typed) stand in ODS; (marked, passed over).

    One that is no longer approved, or no longer in that version, is passed over: what was typed is not what stands here.
    """
    query = (
        select(Report).join(Report.cooperative).where(Report.id.in_(seen), Report.status == Status.APPROVED)
    )
    held = db.session.scalars(
        query.options(contains_eager(Report.cooperative)).with_for_update(of=Report)
    ).all()
    marked = [report for report in held if report.version == seen[report.id]]
    moment = now()
    for report in marked:
        values = {
            "version": report.version,
            "answers": report.answers,
            "entered_at": moment,
            "entered_by": by.name,
        }
        statement = insert_into(OdsEntry).values(report_id=report.id, **values)
        db.session.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=values))
        record("report.ods_entered", kind="report", subject_id=report.id, name=name_of(report))
    return len(marked), len(seen) - len(marked)


def unmark(report: Report) -> None:
    """Take the tick back: it was a mistake."""
    gone = db.session.execute(
        delete(OdsEntry).where(OdsEntry.report_id == report.id).returning(OdsEntry.report_id)
    )
    if gone.first() is not None:
        record("report.ods_withdrawn", kind="report", subject_id=report.id, name=name_of(report))
