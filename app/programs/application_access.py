"""The access marker of pages that belong to one application."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.access import mark, to_sign_in
from app.programs.application_queries import application_of

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def own_application(view: View) -> View:
    """Those who act for whoever applied; the view gets ``application`` in the place of its id. For others it is not there."""

    @wraps(view)
    def guarded(*args: Any, application_id: int, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        application = application_of(current_user, application_id)
        if application is None:
            abort(404)
        return view(*args, application=application, **kwargs)

    mark(guarded, "own_application")
    return guarded  # type: ignore[return-value]
