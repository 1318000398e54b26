"""The addresses of requests: for requesters (``bp``) and for the office (``staff_bp``)."""

from app.desk import ask_routes, follow_routes, queue_routes, record_routes, staff_routes
from app.desk.blueprint import bp
from app.desk.staff_blueprint import bp as staff_bp

VIEWS = (ask_routes, follow_routes, queue_routes, record_routes, staff_routes)
"""Imported so that their addresses exist."""

__all__ = ["VIEWS", "bp", "staff_bp"]
