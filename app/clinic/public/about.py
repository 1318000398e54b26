"""What a visit is about when a link from elsewhere says so: a question, or one of a report that came back."""

from typing import Any

from app.accounts.models import User
from app.clinic.public.forms import VisitorForm, read_id
from app.clinic.visitor import Visitor
from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.parsing import fold_space
from app.enterprises.parties import acted_for
from app.questionnaire.models import Report

ABOUT_LINES = ("soal", "laporan", "kode")
"""Arguments of an address: words for the question, a report's id, a question's code."""


def visitor_of(form: VisitorForm, person: User | None) -> Visitor:
    """Whoever filled in ``form``, as the service receives them."""
    about = report_of(person, form.typed["laporan"], form.typed["kode"])
    return Visitor(**(form.values | about), user_id=person.id if person and not person.is_staff else None)


def report_of(person: User | None, raw_id: str, code: str) -> dict[str, Any]:
    """The columns that say which returned question a visit is about, where ``person`` acts for its cooperative."""
    id_ = read_id(raw_id)
    report = db.session.get(Report, id_) if id_ else None
    own = {one.id for one in acted_for(person) if isinstance(one, Cooperative)} if report else set()
    if report is None or report.cooperative_id not in own:
        return {}
    return {
        "report_id": report.id,
        "question_code": fold_space(code)[:40],
        "cooperative_id": report.cooperative_id,
        "enterprise_id": None,
    }
