"""What happened to a booking, in sentences for the office."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.clinic.models import ClinicEvent
from app.clinic.rules import CHANNEL_NAMES, ORIGIN_NAMES, Channel, Origin, Step
from app.core.formatting import moment
from app.core.i18n import _, say
from app.core.text import N_

PLAIN: Mapping[Step, str] = {
    Step.CONFIRMED: N_("Pemesan memastikan datang"),
    Step.CANCELLED: N_("Dibatalkan"),
    Step.ARRIVED: N_("Datang"),
    Step.CALLED: N_("Dipanggil"),
    Step.STARTED: N_("Konsultasi mulai"),
    Step.FINISHED: N_("Konsultasi selesai"),
    Step.MISSED: N_("Tidak datang"),
    Step.REOPENED: N_("Dibuka kembali"),
    Step.NOTED: N_("Catatan ditulis"),
    Step.ADVISED: N_("Saran ditulis"),
    Step.FOLLOWED: N_("Tindak lanjut dicatat"),
    Step.REMINDED: N_("Diingatkan"),
    Step.RATED: N_("Dinilai pemesan"),
}


def history(events: Sequence[ClinicEvent]) -> list[dict[str, Any]]:
    """The timeline, newest first as given."""
    return [
        {
            "text": _sentence(one),
            "when": moment(one.at),
            "iso": one.at.isoformat(),
            "who": one.by_name,
            "now": place == 0,
        }
        for place, one in enumerate(events)
    ]


def _sentence(event: ClinicEvent) -> str:
    detail = event.detail
    if event.step is Step.BOOKED and detail.get("origin") in set(Origin):
        origin = say(ORIGIN_NAMES[Origin(detail["origin"])]).lower()
        channel = say(CHANNEL_NAMES[Channel(detail["channel"])]).lower() if "channel" in detail else ""
        return _(
            "Dipesan lewat %(origin)s untuk %(when)s, %(channel)s",
            origin=origin,
            when=detail.get("when", ""),
            channel=channel,
        )
    if event.step is Step.MOVED:
        return _("Pindah ke %(when)s", when=detail.get("when", ""))
    return say(PLAIN.get(event.step, N_("Dipesan")))
