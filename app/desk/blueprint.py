"""The blueprint of what requesters see, and how long an answer of it may be kept."""

from flask import Blueprint, abort

from app.desk.access import may_see
from app.desk.models import ServiceRequest
from app.desk.queries import request_by_number

bp = Blueprint("desk", __name__)
POSTS = "30 per minute; 200 per hour"  # per address, and a village shares one


def own_or_404(number: str) -> ServiceRequest:
    """The request with this number, for those who may see it; for everybody else there is none."""
    asked = request_by_number(number)
    if asked is None or not may_see(asked):
        abort(404)
    return asked
