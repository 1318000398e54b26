"""Addresses of the office's pages; the views stand in modules, by who uses them."""

from app.content import desk_routes, handover, public_routes
from app.content.blueprint import bp

__all__ = ["SIGNALS", "VIEWS", "bp"]

VIEWS = (public_routes, desk_routes)
"""Imported so that their views hang on ``bp``."""

SIGNALS = (handover,)
"""Imported so that it answers the signals of lower floors."""
