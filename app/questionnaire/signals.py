"""What the yearly report tells the features above it, without knowing them."""

from blinker import Signal

report_moved = Signal()
"""Sent with a Report inside the write unit that moved it, after the move was flushed; ``event``: the ReportEvent."""
