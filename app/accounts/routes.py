"""Addresses of the accounts feature; its views stand in modules, by who uses them."""

from app.accounts import (
    account_routes,
    entry_routes,
    inbox_routes,
    kept_routes,
    outbox_routes,
    own_data_routes,
    passkey_routes,
    people_routes,
    second_step_routes,
    session_routes,
    two_step_routes,
)
from app.accounts.blueprint import bp

__all__ = ["VIEWS", "bp"]

VIEWS = (
    entry_routes,
    second_step_routes,
    account_routes,
    two_step_routes,
    passkey_routes,
    session_routes,
    own_data_routes,
    people_routes,
    outbox_routes,
    kept_routes,
    inbox_routes,
)
"""Imported so that their views hang on ``bp``."""
