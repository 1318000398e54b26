"""Addresses of the groups; their views stand in two modules, for the office and for everybody."""

from app.enterprises.clusters import desk_routes, public_routes
from app.enterprises.clusters.blueprint import bp

__all__ = ["VIEWS", "bp"]

VIEWS = (public_routes, desk_routes)
"""Imported so that their views hang on ``bp``."""
