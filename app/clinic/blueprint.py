"""The clinic's blueprint, and what its modules of views have in common."""

from flask import Blueprint
from flask_login import current_user

from app.accounts.models import User
from app.clinic import handover, merged, own_account

bp = Blueprint("clinic", __name__)
SIGNALS = (handover, merged, own_account)
"""Imported so that they answer the signals of lower floors."""
POSTS = "30 per minute; 200 per hour"  # per address, and a village shares one


def staff() -> User:
    """The person of the office who is signed in."""
    person: User = current_user._get_current_object()
    return person
