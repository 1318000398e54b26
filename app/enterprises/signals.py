"""What the register of UKM tells higher features, which it does not know."""

from blinker import Signal

merging = Signal()
"""Sent with the Enterprise that goes, inside the write unit; ``into``: the one that stays. A receiver moves what is its own and
returns an :class:`app.cooperatives.signals.Moved`."""

unmerging = Signal()
"""Sent with the Enterprise that comes back, inside the write unit; ``out_of``: the one that had it; ``moved``: what each receiver
of ``merging`` returned, by name. A receiver puts its own back."""

enterprise_erased = Signal()
"""Sent with the Enterprise, inside the write unit, when its owner's data are erased: whoever holds more of them erases it.
``slug``: the address that it had, which was made of its name."""
