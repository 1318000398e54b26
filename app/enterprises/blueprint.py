"""The blueprint of the UKM register, on which its modules of views hang their addresses."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_login import current_user

from app.accounts.answers import shown
from app.accounts.models import User
from app.core.extensions import db
from app.core.text import Text
from app.enterprises.models import Enterprise
from app.enterprises.queries import enterprise_by_slug

bp = Blueprint("enterprises", __name__)

POSTS = "300/hour"  # per address, and thousands of phones share one: only a program sends more


def me() -> User:
    """Whoever is signed in, as this moment's session knows them."""
    return db.session.get_one(User, current_user.id)


def found_or_404(slug: str) -> Enterprise:
    """The enterprise at this address, public or not: for the office."""
    enterprise = enterprise_by_slug(slug)
    if enterprise is None:
        abort(404)
    return enterprise


def seen(name: str = "versi") -> int | None:
    """The version of the row that the page showed, as its form sends it; None where it sends none."""
    raw = request.form.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else None


def refused(template: str, problems: dict[str, Text], *, status: int = 422, **context: Any) -> Response:
    """The page with what is wrong, and everything as it was typed."""
    answer = make_response(render_template(template, errors=shown(problems), **context))
    answer.status_code = status
    return answer
