"""What filing one year anew means for the year after it, whose answers are held against it."""

from sqlalchemy import select

from app.core.database import today
from app.core.extensions import db
from app.questionnaire.drafts import findings_json
from app.questionnaire.models import Report
from app.questionnaire.queries import last_answers, locked
from app.questionnaire.rules import Status
from app.questionnaire.signals import findings_renewed


def renew_following(report: Report) -> None:
    """Let the checks of the next filed year, while it waits for review, speak of what ``report`` says now. Its answers, version
    and receipt stay."""
    query = (
        select(Report.id, Report.status)
        .where(
            Report.cooperative_id == report.cooperative_id,
            Report.year > report.year,
            Report.status != Status.DRAFT,
        )
        .order_by(Report.year)
        .limit(1)
    )
    found = db.session.execute(query).one_or_none()
    if found is None or found.status is not Status.SUBMITTED:
        return
    later = locked(found.id)
    findings = findings_json(later, today=today(), last=last_answers(later.cooperative, later.year))
    if findings != later.findings:
        later.findings = findings
        db.session.flush()
        findings_renewed.send(later)
