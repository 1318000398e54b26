"""The test client: a browser in a world of its own."""

import contextvars
import re
from typing import Any

from flask import Flask, has_app_context, has_request_context, request, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.core.extensions import db
from tests.support import html

SAFE = {"GET", "HEAD", "OPTIONS"}
CHANGES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE)


class Client(FlaskClient):
    """Sees only what was committed, signs its POSTs, and refuses GETs that write and HTML that is wrong.

    Each request runs in a context of its own, so a view that forgets to commit leaves nothing behind. ``csrf=False`` sends
    a POST without its token. An answer's HTML is checked unless ``check_html`` is set to False.
    """

    check_html = True

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.rollback()  # the test's own reads begin anew after each request
            db.session.expire_all()
        if csrf and kwargs.get("method", "GET").upper() not in SAFE:
            kwargs["headers"] = [*as_pairs(kwargs.get("headers")), ("X-CSRFToken", self.csrf_token())]
        changes: list[str] = self.application.extensions["changes of safe requests"]
        changes.clear()
        response: TestResponse = contextvars.Context().run(super().open, *args, **kwargs)
        assert not changes, f"a {response.request.method} must not write: {changes}"
        if self.check_html and response.mimetype == "text/html" and response.data:
            wrong = html.problems(response.text)
            assert not wrong, f"{response.request.path}: " + "; ".join(wrong)
        return response

    def csrf_token(self) -> str:
        """The token of this client's session, as a form of it would hold."""
        with self.session_transaction() as kept:
            kept["csrf_token"], token = contextvars.Context().run(self._token_for, kept.get("csrf_token"))
        return str(token)

    def _token_for(self, stored: str | None) -> tuple[str, str]:
        """What the session holds, and the token that fits it; in a context of its own, since flask-wtf keeps it in ``g``."""
        with self.application.test_request_context():
            if stored:
                session["csrf_token"] = stored
            token = generate_csrf()
            return session["csrf_token"], token


def as_pairs(headers: Any) -> list[tuple[str, str]]:
    """Headers given as a mapping or as pairs, as pairs."""
    return list(headers.items()) if hasattr(headers, "items") else list(headers or [])


def watch_safe_requests(app: Flask) -> None:
    """Note every changing statement that is sent while a GET is answered."""
    changes: list[str] = []
    app.extensions["changes of safe requests"] = changes
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if has_request_context() and request.method in SAFE and CHANGES.match(statement):
            changes.append(statement)
