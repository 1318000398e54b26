"""The access marker of pages that belong to one cooperative."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.cooperatives.queries import acting_membership
from app.core.access import mark, to_sign_in

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def own_cooperative(view: View) -> View:
    """Those who may act for the cooperative at ``slug``; the view gets ``cooperative`` and ``membership`` in its place.

    For everybody else there is no such page (404): whether a cooperative has a report is nobody else's business.
    """

    @wraps(view)
    def guarded(*args: Any, slug: str, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        membership = acting_membership(current_user.id, slug)
        if membership is None:
            abort(404)
        return view(*args, cooperative=membership.cooperative, membership=membership, **kwargs)

    mark(guarded, "own_cooperative")
    return guarded  # type: ignore[return-value]
