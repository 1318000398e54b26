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
from app.core.plans import unindexed, written_out
from app.core.upsert import insert_into
from app.core.writing import is_sqlite
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
    """As the partial index of those reports has it."""
    approved = written_out(Report.status, Status.APPROVED)
    match standing:
        case Standing.OPEN:
            return and_(approved, Report.ods_version.is_(None))
        case Standing.DRIFTED:
            changed = Report.ods_version != Report.version
            return and_(Report.ods_version.is_not(None), or_(~approved, changed))
        case _:
            return and_(approved, Report.ods_version == Report.version)


def reports(year: int, standing: Standing) -> Select[Report]:
    """The reports of ``year`` that stand so, unordered, with their cooperatives."""
    query = select(Report).join(Report.cooperative).options(contains_eager(Report.cooperative))
    return query.where(Report.year == year, _condition(standing))


def page_of(year: int, standing: Standing, count: int) -> Page[Report]:
    """The page of these ``count`` reports that the request asks for, by name."""
    page = paginate(
        _many(year, standing) if count > COUNT_LIMIT else _few(year, standing),
        by=(Cooperative.name_key, Cooperative.id),  # of one year a cooperative has one report
        key=lambda row: (row.name_key, row.id),
        size=50,
        only=(Cooperative.name_key, Cooperative.id),
    )
    ids = [row.id for row in page.rows]
    rows = reports(year, standing).where(Report.cooperative_id.in_(ids))
    found = {report.cooperative_id: report for report in db.session.scalars(rows)} if ids else {}
    return Page([found[id_] for id_ in ids if id_ in found], page.previous, page.following)


def _few(year: int, standing: Standing) -> Select[Cooperative]:
    """Whose reports stand so: found first, then sorted. The limit tells PostgreSQL that they are few."""
    found = select(Report.cooperative_id).where(Report.year == year, _condition(standing))
    return select(Cooperative).where(Cooperative.id.in_(found.limit(2 * COUNT_LIMIT)))


def _many(year: int, standing: Standing) -> Select[Cooperative]:
    """Whose reports stand so: met by going from one name to the next."""
    here, stands = Report.year == year, _condition(standing)
    if is_sqlite():
        return (
            select(Cooperative)
            .join(Report, Report.cooperative_id == unindexed(Cooperative.id))
            .where(here, stands)
        )
    report = select(Report.id).where(Report.cooperative_id == Cooperative.id, here, stands)
    return select(Cooperative).where(report.offset(0).exists())  # with the offset it is asked of each in turn


def counts(year: int) -> dict[Standing, int]:
    """How many reports of ``year`` stand how; one query, a kept figure."""
    return kept_figure(f"reports of {year} in ODS", revision, lambda: _counts(year))


def _counts(year: int) -> dict[Standing, int]:
    counted = [
        select(func.count())
        .select_from(Report)
        .where(Report.year == year, _condition(standing))
        .scalar_subquery()
        for standing in Standing
    ]
    row = db.session.execute(select(*counted)).one()
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
        report.ods_version = report.version
        record("report.ods_entered", kind="report", subject_id=report.id, name=name_of(report))
    return len(marked), len(seen) - len(marked)


def unmark(report: Report) -> None:
    """Take the tick back: it was a mistake."""
    gone = db.session.execute(
        delete(OdsEntry).where(OdsEntry.report_id == report.id).returning(OdsEntry.report_id)
    )
    if gone.first() is not None:
        report.ods_version = None
        record("report.ods_withdrawn", kind="report", subject_id=report.id, name=name_of(report))
