"""The clinic's blueprint, and what its modules of views have in common."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask_login import current_user

from app.accounts.answers import private, shown
from app.accounts.models import User
from app.clinic import handover, merged
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import Text

bp = Blueprint("clinic", __name__)
SIGNALS = (handover, merged)
"""Imported so that they answer the signals of lower floors."""
POSTS = "30 per minute; 200 per hour"  # per address, and a village shares one


def me() -> User | None:
    """Whoever is signed in, as this moment's session knows them."""
    return db.session.get(User, current_user.id) if current_user.is_authenticated else None


def staff() -> User:
    """The person of the office who is signed in."""
    person: User = current_user._get_current_object()
    return person


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
