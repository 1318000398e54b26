"""The blueprint of cooperatives, on which its modules of views hang their addresses."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template
from flask_login import current_user

from app.accounts.answers import shown
from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import cooperative_by_slug
from app.core.database import office_zone
from app.core.extensions import db
from app.core.text import Text

bp = Blueprint("cooperatives", __name__)


@bp.app_template_filter("office_day")
def office_day(moment: datetime) -> date:
    """The day of ``moment`` on the office's calendar."""
    return moment.astimezone(office_zone()).date()


def me() -> User:
    """Whoever is signed in, as this moment's session knows them."""
    return db.session.get_one(User, current_user.id)


def found_or_404(slug: str) -> Cooperative:
    """The cooperative at this address, listed or not: for the office."""
    cooperative = cooperative_by_slug(slug)
    if cooperative is None:
        abort(404)
    return cooperative


def refused(template: str, problems: dict[str, Text], *, status: int = 422, **context: Any) -> Response:
    """The page with what is wrong, and everything as it was typed."""
    answer = make_response(render_template(template, errors=shown(problems), **context))
    answer.status_code = status
    return answer
