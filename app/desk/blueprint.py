"""The blueprint of what requesters see, and how long an answer of it may be kept."""

from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask_login import current_user

from app.accounts.answers import private, shown
from app.accounts.models import User
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import Text
from app.desk.access import may_see
from app.desk.models import ServiceRequest
from app.desk.queries import request_by_number

bp = Blueprint("desk", __name__)
POSTS = "30 per minute; 200 per hour"  # per address, and a village shares one


def me() -> User | None:
    """Whoever is signed in, as this moment's session knows them."""
    return db.session.get(User, current_user.id) if current_user.is_authenticated else None


def own_or_404(number: str) -> ServiceRequest:
    """The request with this number, for those who may see it; for everybody else there is none."""
    asked = request_by_number(number)
    if asked is None or not may_see(asked):
        abort(404)
    return asked


def told(problems: dict[str, Text], refusal: RuleBroken) -> dict[str, Text]:
    """``problems`` and what a service said no to, under its field."""
    return problems | {refusal.field or "": refusal.text}


def page(
    template: str, *, problems: dict[str, Text] | None = None, status: int = 200, **context: Any
) -> Response:
    """A page that is nobody else's business: kept by no cache. With ``problems`` it is 422."""
    answer = private(render_template(template, errors=shown(problems or {}), **context))
    answer.status_code = 422 if problems else status
    return answer
