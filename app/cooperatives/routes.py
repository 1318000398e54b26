"""Addresses of the cooperatives feature; its views stand in five modules, by who uses them."""

from app.cooperatives import claim_routes, join_routes, people_routes, public_routes, register_routes
from app.cooperatives.blueprint import bp

__all__ = ["VIEWS", "bp"]

VIEWS = (public_routes, join_routes, register_routes, people_routes, claim_routes)
"""Imported so that their views hang on ``bp``."""
