"""Addresses of the cooperatives feature; its views stand in modules, by who uses them."""

from app.cooperatives import (
    claim_routes,
    join_routes,
    letter_routes,
    merge_routes,
    people_routes,
    public_routes,
    register_routes,
    sections,
)
from app.cooperatives.blueprint import bp

__all__ = ["SIGNALS", "VIEWS", "bp"]

VIEWS = (
    public_routes,
    join_routes,
    register_routes,
    people_routes,
    claim_routes,
    letter_routes,
    merge_routes,
)
"""Imported so that their views hang on ``bp``."""

SIGNALS = (sections,)
"""Imported so that they answer the signals of lower floors."""
