"""Addresses of the accounts feature; its views stand in six modules, by who uses them."""

from app.accounts import (
    account_routes,
    entry_routes,
    inbox_routes,
    kept_routes,
    outbox_routes,
    people_routes,
)
from app.accounts.blueprint import bp

__all__ = ["VIEWS", "bp"]

VIEWS = (entry_routes, account_routes, people_routes, outbox_routes, kept_routes, inbox_routes)
"""Imported so that their views hang on ``bp``."""
