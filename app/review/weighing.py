"""Weighing what speaks against each waiting report, so that the queue can be read by risk. Runs inside the write unit."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.core.extensions import db
from app.quality.queries import compared
from app.quality.signals import reports_compared
from app.questionnaire.findings import Finding
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.questionnaire.signals import findings_renewed, report_moved
from app.review.flags import Flag, calm_of, flags_of

CHUNK = 500


def flags(report: Report, found: Sequence[Finding] = ()) -> list[Flag]:
    """What speaks against ``report``: its row checks, and what the comparison ``found``."""
    stored = [Finding.from_json(one) for one in report.findings]
    return flags_of(stored, report.answers, compared=found)


def weigh(reports: Sequence[Report]) -> int:
    """Put the figure by which the queue is ordered into ``reports``; how many it changed."""
    found, changed = compared(reports), 0
    for report in reports:
        calm = calm_of(flags(report, found.get(report.id, ())), compared=report.id in found)
        if report.calm != calm:
            report.calm = calm
            changed += 1
    db.session.flush()
    return changed


def weigh_waiting(ids: Iterable[int] | None = None) -> int:
    """:func:`weigh` for all submitted reports, or those of ``ids``; returns how many changed their place."""
    query = select(Report).where(Report.status == Status.SUBMITTED).order_by(Report.id)
    if ids is not None:
        query = query.where(Report.id.in_(list(ids)))
    last, changed = 0, 0
    while reports := db.session.scalars(query.where(Report.id > last).limit(CHUNK)).all():
        changed, last = changed + weigh(reports), reports[-1].id
    return changed


@report_moved.connect
def weigh_submitted(report: Report, **_event: Any) -> None:
    """A report that was just sent gets its place. This version is new, so it was not compared with others yet, and cannot be
    called clean."""
    if report.status is Status.SUBMITTED:
        report.calm = calm_of(flags(report), compared=False)


@findings_renewed.connect
def weigh_renewed(report: Report) -> None:
    """The year before says something else now, and so do the checks of this one."""
    weigh([report])


@reports_compared.connect
def weigh_compared(ids: list[int], **_more: Any) -> None:
    """The comparison says something new of these reports: those that wait get their place anew."""
    weigh_waiting(ids)
