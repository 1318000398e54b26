"""What this feature tells those who want to know."""

from blinker import Signal

published = Signal()
"""Sent inside the write unit with ``program=`` and ``by=`` (the editor) when a programme becomes public by hand, for the first
time or again. One that was scheduled becomes public by the clock alone: look for it by ``queries.to_announce``.
"""
