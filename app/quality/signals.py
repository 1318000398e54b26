"""What this floor tells higher ones, which it does not know."""

from blinker import Signal

reports_compared = Signal()
"""Sent with a list of report ids, inside the write unit, when what the comparison says of them is new."""
