"""The yearly figures of a cooperative that everybody may see, answering the register's signal."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.cooperatives.models import Cooperative
from app.cooperatives.signals import Figures, FigureYear, Measure, figures_asked
from app.core.database import office_zone
from app.core.extensions import db
from app.questionnaire.models import Edition, Report
from app.questionnaire.queries import questionnaire_of
from app.questionnaire.question import QuestionType
from app.questionnaire.rules import Status
from app.questionnaire.totals import figures_of

CODES = ("jumlah_anggota", "aset", "volume_usaha", "shu")
YEARS = 6


@figures_asked.connect
def figures(cooperative: Cooperative) -> Figures | None:
    """Members, assets, volume and SHU of the latest approved reports; only what the year's edition marks as public."""
    query = (
        select(Report)
        .join(Report.edition)
        .options(contains_eager(Report.edition))
        .where(Report.cooperative_id == cooperative.id, Report.status == Status.APPROVED)
        .order_by(Report.year.desc())
        .limit(YEARS)
    )
    reports = list(db.session.scalars(query))
    if not reports:
        return None
    years = tuple(_year_of(report) for report in reversed(reports))
    return Figures(_measures(reports[0].edition), years)


def _year_of(report: Report) -> FigureYear:
    asked = questionnaire_of(report.edition)
    found = figures_of(asked, report.answers)
    moment = report.approved_at or report.updated_at
    return FigureYear(
        report.year,
        moment.astimezone(office_zone()).date(),
        {code: found[code] for code in CODES if code in found and code in asked.public_codes},
    )


def _measures(edition: Edition) -> tuple[Measure, ...]:
    asked = questionnaire_of(edition).by_code
    return tuple(
        Measure(code, asked[code].label, asked[code].type is QuestionType.RUPIAH)
        for code in CODES
        if code in asked
    )
