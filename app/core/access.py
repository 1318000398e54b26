"""Who may enter: roles, and the markers that every view carries (a test demands one on each)."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.text import N_

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


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


def public(view: View) -> View:
    """Anyone may enter."""
    mark(view, "public")
    return view


def to_sign_in() -> ResponseReturnValue:
    """The sign-in page, which afterwards leads back to the page that was asked for."""
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
