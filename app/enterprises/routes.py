"""Addresses of the UKM register; its views stand in modules, by who uses them."""

from app.enterprises import (
    desk_routes,
    keeper_routes,
    link_routes,
    map_routes,
    merge_routes,
    merged,
    owner_routes,
    picture_routes,
    poster_routes,
    public_routes,
    sections,
    step_routes,
)
from app.enterprises.blueprint import bp

__all__ = ["SIGNALS", "VIEWS", "bp"]

VIEWS = (
    public_routes,
    map_routes,
    step_routes,
    keeper_routes,
    desk_routes,
    merge_routes,
    link_routes,
    owner_routes,
    picture_routes,
    poster_routes,
)
"""Imported so that their views hang on ``bp``."""

SIGNALS = (sections, merged)
"""Imported so that they answer the signals of lower floors."""
