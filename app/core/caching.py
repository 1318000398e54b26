"""Public pages that are the same for everybody are made once and kept until what they show changes. See docs/adr/0012.

``@kept_page(revision)`` marks such a page. ``revision`` tells what it is made of: while that is equal, the kept page is right.
A change made by this process is seen by the next request, one made by another process (a command, a second worker) within
``kept_pages.OTHERS`` seconds. Nobody who is signed in, has a message waiting or is given a cookie ever gets a kept page, and
browsers ask each time whether theirs is still right.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import event

from app.core import http, visiting
from app.core.extensions import db
from app.core.i18n import DEFAULT, locale
from app.core.kept_pages import Kept, Pages, Revision, key_of, reply

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

LARGEST = 512 << 10  # bytes; a larger answer is made anew each time
KEPT_HEADERS = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "Link")
STATUS_LINES = {200: "200 OK", 304: "304 Not Modified"}


def pages_of(app: Flask) -> Pages:
    """The kept pages of ``app``."""
    pages: Pages = app.extensions.setdefault("kept pages", Pages())
    return pages


def watch() -> None:
    """Look again at what pages are made of after each commit. Idempotent; the factory calls it."""
    if not event.contains(db.session, "after_commit", _forget):
        event.listen(db.session, "after_commit", _forget)


def _forget(_session: object) -> None:
    for revision in pages_of(current_app).revisions.values():
        revision.forget()


def kept_page(read: Callable[[], str]) -> Callable[[View], View]:
    """Decorate a public view (inside its access marker) whose answer depends on address, language and ``read()``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not _is_common():
                return view(*args, **kwargs)
            db.session.rollback()  # what follows is read as it stands now, not as it stood before
            pages = pages_of(current_app)
            revision = pages.revision(read)
            made_of = revision.now()
            key = key_of(request.environ, locale())
            kept = pages.get(key, made_of)
            if kept is None:
                made = make_response(view(*args, **kwargs))
                if not _may_be_kept(made):
                    return made
                kept = _keep(made, revision, made_of)
                pages.put(key, kept)
            return _from(kept)

        answer.kept = True  # type: ignore[attr-defined]
        return answer  # type: ignore[return-value]

    return decorate


def _is_common() -> bool:
    """Whether this reader sees what everybody sees. Tests switch keeping on by ``KEEP_PAGES``."""
    wanted = current_app.config.get("KEEP_PAGES", not (current_app.testing or current_app.debug))
    plain = not current_user.is_authenticated and "_flashes" not in session and not session.modified
    return bool(wanted and plain and request.method in ("GET", "HEAD"))


def _may_be_kept(made: Response) -> bool:
    """Whether an answer is for everybody: it gives no cookie, holds no token, and nobody has said otherwise."""
    personal = session.modified or "csrf_token" in g or "Set-Cookie" in made.headers
    return (
        made.status_code == 200
        and not personal
        and "Cache-Control" not in made.headers
        and len(made.get_data()) <= LARGEST
    )


def _keep(made: Response, revision: Revision, made_of: str) -> Kept:
    body = made.get_data()
    return Kept(
        revision=revision,
        made_of=made_of,
        body=body,
        headers={name: made.headers[name] for name in KEPT_HEADERS if name in made.headers},
        tag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        packable=made.mimetype in current_app.config["COMPRESS_MIMETYPES"],
        page=visiting.page_name(made),
        missed=visiting.missed_search(),
    )


def _from(kept: Kept) -> Response:
    """The answer to this request."""
    status, headers, body = reply(kept, request.environ)
    visiting.answered(kept.page, kept.missed)
    response = Response(body, status=status)
    response.headers.update(headers)
    return response


class AtTheDoor:
    """WSGI wrapper that hands a kept page to a reader without any cookie, before the site is even asked."""

    def __init__(self, wsgi: http.Wsgi, app: Flask) -> None:
        self.wsgi = wsgi
        self.pages = pages_of(app)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        kept = None
        if environ["REQUEST_METHOD"] == "GET" and not (
            environ.get("HTTP_COOKIE") or environ.get("SCRIPT_NAME")
        ):
            kept = self.pages.get(key_of(environ, DEFAULT))
        if kept is None:
            return self.wsgi(environ, start_response)
        status, headers, body = reply(kept, environ)
        number = http.new_number()
        headers = http.common_headers(secure=environ["wsgi.url_scheme"] == "https") | headers
        headers |= {"X-Request-Id": number, http.USER_KEY: http.NOBODY}
        start_response(STATUS_LINES[status], [*headers.items()])
        if kept.page and self.pages.visited:
            self.pages.visited(kept.page, kept.missed, environ)
        http.note(started, id=number, method="GET", path=environ["PATH_INFO"], status=status, person=None)
        return [body]
