"""What this feature tells higher ones, which it does not know."""

from blinker import Signal
from markupsafe import Markup

from app.accounts.signals import drawn
from app.enterprises.clusters.models import Cluster

cluster_shown = Signal()
"""Sent with the Cluster when the office looks at it. A receiver returns an ``accounts.signals.Panel`` or None; it must not write."""


def panels_of(cluster: Cluster) -> list[Markup]:
    """What features have to show beside a group, drawn."""
    return drawn(cluster_shown.send(cluster))
