"""What an approved report says of the cooperative becomes what the register says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from app.cooperatives import services as cooperatives
from app.core.extensions import db
from app.questionnaire import answers as reading
from app.questionnaire.models import Report
from app.questionnaire.queries import answers_approved_before, approved_beside, questions_of
from app.questionnaire.rules import Origin, Status


def adopt(held: Report) -> None:
    """Copy what the report says of the cooperative to the register, unless a later year has already said it."""
    rat, before = _rat(held.answers), _rat(answers_approved_before(held))
    if before is not None and before != rat:  # a wrong day was corrected: the latest of those that stand
        others = (_rat(answers) for answers in approved_beside(held))
        rat = max((day for day in (rat, *others) if day is not None), default=None)
    cooperatives.adopt_answers(
        held.cooperative, values=_values(held), rat=rat, year=held.year, instead_of=before
    )


def overwritten(report: Report) -> dict[str, Any]:
    """Code → what the register says now, as an answer would hold it, where approving ``report`` puts something else there."""
    found = {}
    for code, value in _values(report).items():
        known = getattr(report.cooperative, code)
        known = known.isoformat() if isinstance(known, date) else known
        if known and known != value and (value or code != "nama_koperasi"):
            found[code] = known
    return found


def _values(report: Report) -> dict[str, Any]:
    values = reading.register_values(questions_of(report), report.answers)
    if report.origin is Origin.IMPORTED:  # what an incomplete list leaves out is not a "no"
        values = {code: value for code, value in values.items() if value is not None}
    later = select(
        exists().where(
            Report.cooperative_id == report.cooperative_id,
            Report.year > report.year,
            Report.status == Status.APPROVED,
        )
    )
    return {} if db.session.scalar(later) else values


def _rat(answers: Mapping[str, Any]) -> date | None:
    day = answers.get("tanggal_rat")
    return date.fromisoformat(day) if isinstance(day, str) else None
