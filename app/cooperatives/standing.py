"""A cooperative's status, and why it is that, in words."""

from dataclasses import dataclass
from typing import Any

from app.cooperatives.models import Cooperative
from app.cooperatives.queries import inactive_after, status_of
from app.cooperatives.rules import Status
from app.core.database import today
from app.core.formatting import long_date
from app.core.text import N_, Text


@dataclass(frozen=True)
class Standing:
    """The status and its reason."""

    status: Status
    reason: Text


def standing_of(cooperative: Cooperative) -> Standing:
    """How ``cooperative`` stands today, and which date says so."""
    status = status_of(cooperative)
    return Standing(status, _reason(cooperative, status))


def _reason(cooperative: Cooperative, status: Status) -> Text:
    if status is Status.DISSOLVED:
        decreed = {"decree": cooperative.dissolved_decree, "day": long_date(cooperative.dissolved_on)}
        return Text(N_("Bubar menurut keputusan %(decree)s tanggal %(day)s."), decreed)
    if status is Status.UNKNOWN:
        return Text(N_("Tanggal RAT dan tanggal badan hukumnya belum diketahui."))
    rat = cooperative.last_rat if cooperative.last_rat and cooperative.last_rat <= today() else None
    told: dict[str, Any] = {
        "day": long_date(rat or cooperative.tanggal_badan_hukum),
        "years": inactive_after(),
    }
    sentences = {
        (Status.ACTIVE, True): N_("RAT terakhir %(day)s, kurang dari %(years)s tahun lalu."),
        (Status.INACTIVE, True): N_("RAT terakhir %(day)s, lebih dari %(years)s tahun lalu."),
        (Status.ACTIVE, False): N_(
            "Belum ada catatan RAT, tetapi berdiri %(day)s, kurang dari %(years)s tahun lalu."
        ),
        (Status.INACTIVE, False): N_(
            "Belum ada catatan RAT, dan berdiri %(day)s, lebih dari %(years)s tahun lalu."
        ),
    }
    return Text(sentences[status, rat is not None], told)
