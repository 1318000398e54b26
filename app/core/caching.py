"""Public pages that are the same for everybody are made once and kept until what they show changes.

A page is kept per address and language, for readers who have not signed in. ``revision`` says what it was made from: while
that is equal, the kept page is right. A browser that has it is told so (304); one in between may keep it a minute.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.i18n import locale

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

MOST_PAGES = 256
LARGEST = 512 << 10  # bytes; larger answers are made anew
MINUTE = 60
KEPT_HEADERS = ("Content-Type", "Content-Disposition")


@dataclass(frozen=True)
class Kept:
    """One answer and what it was made from."""

    revision: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


class Pages:
    """The latest answers of this process, oldest first."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str], revision: str) -> Kept | None:
        """The page, unless what it shows has changed."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.revision != revision:
                return None
            self._pages.move_to_end(key)
            return kept

    def put(self, key: tuple[str, str], kept: Kept) -> None:
        """Keep a page; the one that was asked for longest ago goes."""
        with self._lock:
            self._pages[key] = kept
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def kept_page(revision: Callable[[], str]) -> Callable[[View], View]:
    """Decorate a public view (inside its access marker) whose answer depends on address, language and ``revision``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not _is_common():
                return view(*args, **kwargs)
            now = revision()
            key = request.full_path, locale()
            tag = hashlib.sha256("\n".join((*key, now)).encode()).hexdigest()[:32]
            if request.if_none_match.contains_weak(tag):
                return _shared(Response(status=304), tag)
            pages: Pages = current_app.extensions.setdefault("kept pages", Pages())
            if kept := pages.get(key, now):
                return _shared(Response(kept.body, headers=dict(kept.headers)), tag)
            made = make_response(view(*args, **kwargs))
            if made.status_code != 200 or session.modified:
                return made
            body = made.get_data()
            if len(body) <= LARGEST:
                headers = tuple((name, made.headers[name]) for name in KEPT_HEADERS if name in made.headers)
                pages.put(key, Kept(now, body, headers))
            return _shared(made, tag)

        return answer  # type: ignore[return-value]

    return decorate


def _is_common() -> bool:
    """Whether this reader sees what everybody sees. Tests switch keeping on by ``KEEP_PAGES``."""
    wanted = current_app.config.get("KEEP_PAGES", not current_app.testing)
    plain = not current_user.is_authenticated and "_flashes" not in session and not session.modified
    return bool(wanted and plain and request.method in ("GET", "HEAD"))


def _shared(response: Response, tag: str) -> Response:
    """Others may keep it a minute, for readers with the same cookies (the language is one)."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={MINUTE}"
    response.vary.add("Cookie")
    return response
