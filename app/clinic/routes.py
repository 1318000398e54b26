"""The addresses of the clinic; each group of screens stands in a module of its own."""

from app.clinic import (
    desk_booking_routes,
    desk_broken_routes,
    desk_caller_routes,
    desk_closure_routes,
    desk_hours_routes,
    desk_people_routes,
    desk_waiting_routes,
    desk_week_routes,
    public_own_routes,
    public_recovery,
    public_routes,
    public_wait_routes,
    reminder_routes,
    visit_counter_routes,
    visit_day_routes,
    visit_figures_routes,
    visit_offer,
    visit_own_routes,
    visit_routes,
)
from app.clinic.blueprint import bp

VIEWS = (
    desk_booking_routes,
    desk_broken_routes,
    desk_caller_routes,
    desk_closure_routes,
    desk_hours_routes,
    desk_people_routes,
    desk_waiting_routes,
    desk_week_routes,
    public_own_routes,
    public_recovery,
    public_routes,
    public_wait_routes,
    reminder_routes,
    visit_counter_routes,
    visit_day_routes,
    visit_figures_routes,
    visit_own_routes,
    visit_routes,
)
"""Imported so that their addresses exist."""
SIGNALS = (visit_offer,)
"""Imported so that it answers the signals of the report."""

__all__ = ["VIEWS", "bp"]
