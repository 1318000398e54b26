"""Sums and counts of the approved reports by year, kecamatan and question, changed in the unit of each approval.

Statistics read them instead of the answers: a sum over a million reports costs what one row costs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select, text

from app.core.extensions import db
from app.core.upsert import insert_into
from app.core.writing import is_sqlite
from app.questionnaire.models import Edition, KeptTotal, Report
from app.questionnaire.queries import questionnaire_of
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import Status

Key = tuple[int, str, str]  # year, region, question
Amounts = dict[Key, list[int]]  # reports, total


def place_of(answers: Mapping[str, Any], region: str) -> str:
    """The kecamatan to which the figures of a report belong; the office's own ``region`` where it is unknown."""
    place = answers.get("kode_kecamatan")
    return place if isinstance(place, str) and place else region


def figures_of(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, int]:
    """Question → figure for the questions that are totalled and answered."""
    return {code: answers[code] for code in questionnaire.totalled if isinstance(answers.get(code), int)}


def add(report: Report) -> None:
    """Count ``report`` in, as it is approved."""
    _shift(report, +1)


def subtract(report: Report) -> None:
    """Take ``report`` out again, as it is reopened."""
    _shift(report, -1)


def _shift(report: Report, sign: int) -> None:
    place = place_of(report.answers, report.region)
    figures = figures_of(questionnaire_of(report.edition), report.answers)
    rows = [
        {
            "year": report.year,
            "region": place,
            "question": code,
            "reports": sign,
            "total": sign * figures[code],
        }
        for code in sorted(figures)  # one order for all, so that two approvals never wait for each other
    ]
    if rows:
        _write(rows)


def _write(rows: Iterable[Mapping[str, Any]]) -> None:
    statement = insert_into(KeptTotal).values(list(rows))
    statement = statement.on_conflict_do_update(
        index_elements=["year", "region", "question"],
        set_={
            "reports": KeptTotal.reports + statement.excluded.reports,
            "total": KeptTotal.total + statement.excluded.total,
        },
    )
    db.session.execute(statement)


def counted(year: int | None = None) -> Amounts:
    """What the kept totals must be, worked out from the answers; of one ``year`` or of all."""
    found: Amounts = defaultdict(lambda: [0, 0])
    asked = {edition.id: questionnaire_of(edition) for edition in db.session.scalars(select(Edition))}
    query = select(Report.year, Report.region, Report.edition_id, Report.answers)
    query = query.where(Report.status == Status.APPROVED)
    if year is not None:
        query = query.where(Report.year == year)
    for of, region, edition_id, answers in db.session.execute(query.execution_options(yield_per=1000)):
        place = place_of(answers, region)
        for code, figure in figures_of(asked[edition_id], answers).items():
            amounts = found[of, place, code]
            amounts[0] += 1
            amounts[1] += figure
    return dict(found)


def kept(year: int | None = None) -> Amounts:
    """The kept totals as they stand, without rows that count nothing."""
    query = select(KeptTotal).where(KeptTotal.reports != 0)
    if year is not None:
        query = query.where(KeptTotal.year == year)
    return {
        (row.year, row.region, row.question): [row.reports, row.total] for row in db.session.scalars(query)
    }


def rebuild() -> tuple[int, int]:
    """Work all kept totals out anew from the answers. Returns how many rows there are, and how many had been wrong.

    Approvals wait meanwhile: on SQLite for the unit, on PostgreSQL for the table.
    """
    if not is_sqlite():
        db.session.execute(text("LOCK TABLE kept_total IN EXCLUSIVE MODE"))
    before, after = kept(), counted()
    wrong = sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())
    db.session.execute(delete(KeptTotal))
    rows = [
        {"year": year, "region": place, "question": code, "reports": amounts[0], "total": amounts[1]}
        for (year, place, code), amounts in sorted(after.items())
    ]
    for start in range(0, len(rows), 1000):
        _write(rows[start : start + 1000])
    return len(rows), wrong
