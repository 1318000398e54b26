"""What views that know people have in common when they answer."""

from collections.abc import Mapping
from typing import Any

from flask import Response, g, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.accounts.pace import TooManyTries
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.text import Text

BIGGEST_ID = 2**31 - 1
"""What PostgreSQL's integer holds; addresses with more are 404, not a fault."""


def shown(problems: Mapping[str, Text]) -> dict[str, str]:
    """Problems in the reader's language."""
    return {field: say(problem) for field, problem in problems.items()}


def problem_of(error: RuleBroken) -> dict[str, Text]:
    """A rule that said no, beside its field."""
    return {error.field or "": error.text}


def refused(
    template: str, problems: Mapping[str, Text], context: Mapping[str, Any], error: RuleBroken | None = None
) -> Response:
    """The form as typed, with what is wrong: 422, or 429 with the wait when it was one try too many."""
    answer = make_response(render_template(template, **context, errors=shown(problems)))
    answer.status_code = 422
    if isinstance(error, TooManyTries):
        answer.status_code = 429
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def private(answer: ResponseReturnValue) -> Response:
    """An answer that holds a secret: kept by no cache and no search engine, its address in no log."""
    g.logged_path = "(rahasia)"
    made = make_response(answer)
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex"
    return made


def me() -> User | None:
    """Whoever is signed in, as this moment's session knows them."""
    return db.session.get(User, current_user.id) if current_user.is_authenticated else None


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
