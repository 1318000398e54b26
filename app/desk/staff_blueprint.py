"""The blueprint of the operators' desk, and what its modules of views have in common."""

from flask import Blueprint, abort
from flask_login import current_user

from app.accounts.models import User
from app.desk import handover, merged, queries
from app.desk.models import ServiceRequest

bp = Blueprint("requests", __name__, url_prefix="/dinas/permintaan")
SIGNALS = (handover, merged)
"""Imported so that they answer the signals of lower floors."""
ONE = "/<int(max=2147483647):request_id>"


def me() -> User:
    """The operator who is signed in."""
    person: User = current_user._get_current_object()
    return person


def found_or_404(request_id: int) -> ServiceRequest:
    """One request."""
    return queries.request_by_id(request_id) or abort(404)
