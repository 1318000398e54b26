"""The addresses of the clinic; each group of screens stands in a module of its own."""

from app.clinic.blueprint import bp
from app.clinic.desk import (
    booking_routes,
    broken_routes,
    caller_routes,
    closure_routes,
    hours_routes,
    people_routes,
    reminder_routes,
    waiting_routes,
    week_routes,
)
from app.clinic.public import (
    own_routes,
    recovery_routes,
    times_routes,
    wait_routes,
)
from app.clinic.visit import (
    afterwards_routes,
    counter_routes,
    day_routes,
    figures_routes,
    offer,
    page_routes,
)

VIEWS = (
    booking_routes,
    broken_routes,
    caller_routes,
    closure_routes,
    hours_routes,
    people_routes,
    reminder_routes,
    waiting_routes,
    week_routes,
    own_routes,
    recovery_routes,
    times_routes,
    wait_routes,
    afterwards_routes,
    counter_routes,
    day_routes,
    figures_routes,
    page_routes,
)
"""Imported so that their addresses exist."""
SIGNALS = (offer,)
"""Imported so that it answers the signals of the report."""

__all__ = ["VIEWS", "bp"]
