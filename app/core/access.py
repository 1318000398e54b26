"""Who may enter: roles, and the markers that every view carries (a test demands one on each)."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from blinker import Signal
from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.core.text import N_

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

turned_away = Signal()
"""Sent when a request is refused because nobody is signed in, or because its token is not this session's. A receiver that has
kept what was posted returns the answer; the others return None."""

proof_wanted = Signal()
"""Sent when a view marked :func:`step_up` is asked for. The receiver returns the answer that asks for password or code again,
or None when this session has given one lately."""


class Role(StrEnum):
    """What a person does here. One person may have several."""

    COOPERATIVE = "cooperative"
    ENTERPRISE = "enterprise"
    OPERATOR = "operator"
    CONSULTANT = "consultant"
    EDITOR = "editor"
    ADMIN = "admin"


STAFF = frozenset({Role.OPERATOR, Role.CONSULTANT, Role.EDITOR, Role.ADMIN})
ROLE_NAMES = {
    Role.COOPERATIVE: N_("Pengelola koperasi"),
    Role.ENTERPRISE: N_("Pemilik UKM"),
    Role.OPERATOR: N_("Operator"),
    Role.CONSULTANT: N_("Konsultan"),
    Role.EDITOR: N_("Administrator konten"),
    Role.ADMIN: N_("Admin sistem"),
}


def mark(view: Any, access: object) -> None:
    """Note on ``view`` who may enter, for the test that demands it and for the route ledger."""
    view.access = access


def keeps_form(title: str) -> Callable[[View], View]:
    """Mark a view whose posted form is worth keeping when its sender turns out to be signed out; stand inside the access
    marker. ``title`` (``N_``) says what the form is. Never mark a form with a password."""

    def decorate(view: View) -> View:
        view.keeps_form = title  # type: ignore[attr-defined]
        return view

    return decorate


def public(view: View) -> View:
    """Anyone may enter."""
    mark(view, "public")
    return view


def is_public(endpoint: str | None) -> bool:
    """Whether anyone may enter there; so is an address that does not exist."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "access", "public") == "public"


def for_script() -> bool:
    """Whether a script of a page asked, which wants to be answered in JSON."""
    return request.accept_mimetypes.best == "application/json"


def asks_for_data() -> bool:
    """Whether an address was asked for that answers programs in JSON, which then wants to read of errors in JSON too."""
    return request.args.get("format") == "json" or request.path.endswith(".json")


def to_sign_in() -> ResponseReturnValue:
    """The sign-in page, which afterwards leads back to the page that was asked for; a script is told so."""
    if for_script():
        said = _("Sesi Anda sudah berakhir. Masuk lagi; isian Anda masih ada di halaman ini.")
        return {"code": "sign-in", "sentence": said, "url": url_for("accounts.sign_in")}, 401
    for _receiver, kept in turned_away.send():
        if kept is not None:
            answer: ResponseReturnValue = kept
            return answer
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=back))


def signed_in(view: View) -> View:
    """Anyone who has signed in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        return view(*args, **kwargs)

    mark(guarded, "signed_in")
    return guarded  # type: ignore[return-value]


def only(*roles: Role) -> Callable[[View], View]:
    """Those who have signed in and hold one of ``roles``; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return to_sign_in()
            if not any(current_user.has_role(role) for role in roles):
                abort(403)
            return view(*args, **kwargs)

        mark(guarded, frozenset(roles))
        return guarded  # type: ignore[return-value]

    return decorate


def step_up(view: View) -> View:
    """Those who have shown within the last quarter of an hour that it is still them; others are asked for their password or
    code first, and what they posted goes on by itself afterwards. Stands inside the access marker."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        answers = [answer for _receiver, answer in proof_wanted.send()]
        if not answers:
            abort(403)  # nobody is there to ask: then nobody enters
        for answer in answers:
            if answer is not None:
                asked: ResponseReturnValue = answer
                return asked
        return view(*args, **kwargs)

    guarded.step_up = True  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]
