"""What is written beside a question of a report."""

from app.accounts.models import User
from app.audit.services import record
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.parsing import fold_lines
from app.core.text import N_
from app.questionnaire.drafts import name_of
from app.questionnaire.models import Comment, Report
from app.questionnaire.queries import questions_of

LONGEST = 2000  # characters of a reason or comment


def comment(report: Report, *, question: str, body: str, by: User) -> Comment:
    """Write beside one question of ``report``. Raises RuleBroken when there is no such question, or nothing is written."""
    if question not in questions_of(report).codes:
        raise RuleBroken(N_("Pertanyaan “%(code)s” tidak ada di laporan ini."), code=question)
    text = fold_lines(body)
    if not text:
        raise RuleBroken(N_("Tulis catatannya."), field=f"catatan_{question}")
    if len(text) > LONGEST:
        raise RuleBroken(
            N_("Catatan paling panjang %(longest)s huruf."), field=f"catatan_{question}", longest=LONGEST
        )
    made = Comment(
        report_id=report.id,
        question=question,
        author_id=by.id,
        author_name=by.name,
        by_staff=by.is_staff,
        body=text,
    )
    db.session.add(made)
    db.session.flush()
    record(
        "report.commented",
        kind="report",
        subject_id=report.id,
        name=name_of(report),
        after={"question": question, "body": text},
    )
    return made
