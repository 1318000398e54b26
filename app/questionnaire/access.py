"""Who may enter the pages of one report."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.cooperatives.models import MembershipState
from app.cooperatives.queries import cooperative_by_slug, membership_of
from app.core.access import Role, View, mark, to_sign_in
from app.questionnaire.filling import find_filling
from app.questionnaire.sending import own_report_id


def own_report(view: View) -> View:
    """For views with ``slug`` and ``year``: the cooperative's active members get in, with ``filling=``.

    For others, and for a year without questions, it is 404: whether there is a report is nobody else's business.
    """

    @wraps(view)
    def guarded(*args: Any, slug: str, year: int, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        filling = find_filling(current_user.id, slug, year) or abort(404)
        return view(*args, filling=filling, **kwargs)

    mark(guarded, "own_cooperative")
    checked: Callable[..., ResponseReturnValue] = guarded
    return checked  # type: ignore[return-value]


def own_begun_report(view: View) -> View:
    """As :func:`own_report` for a report that was begun, with ``slug=``, ``year=`` and ``report_id=``: for a view whose write unit
    reads all the rest, so that nothing is read twice."""

    @wraps(view)
    def guarded(*args: Any, slug: str, year: int, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        report_id = own_report_id(current_user.id, slug, year) or abort(404)
        return view(*args, slug=slug, year=year, report_id=report_id, **kwargs)

    mark(guarded, "own_cooperative")
    checked: Callable[..., ResponseReturnValue] = guarded
    return checked  # type: ignore[return-value]


def member_or_operator(view: View) -> View:
    """For views with ``slug``: its active members and all operators get in, with ``cooperative=``; for others it is 404."""

    @wraps(view)
    def guarded(*args: Any, slug: str, **kwargs: Any) -> ResponseReturnValue:
        if not current_user.is_authenticated:
            return to_sign_in()
        cooperative = cooperative_by_slug(slug) or abort(404)
        if not current_user.has_role(Role.OPERATOR):
            membership = membership_of(current_user, cooperative)
            if membership is None or membership.state is not MembershipState.ACTIVE:
                abort(404)
        return view(*args, cooperative=cooperative, **kwargs)

    mark(guarded, "member_or_operator")
    checked: Callable[..., ResponseReturnValue] = guarded
    return checked  # type: ignore[return-value]
