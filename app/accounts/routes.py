"""Addresses of the accounts feature; its views stand in four modules, by who uses them."""

from app.accounts import account_routes, entry_routes, outbox_routes, people_routes
from app.accounts.blueprint import bp

__all__ = ["VIEWS", "bp"]

VIEWS = (entry_routes, account_routes, people_routes, outbox_routes)
"""Imported so that their views hang on ``bp``."""
