"""What the pages of requests show: words, dates, history and choices, in the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for

from app.cooperatives.queries import region
from app.core.database import today
from app.core.formatting import long_date, moment
from app.core.i18n import _, say
from app.core.working_days import working_days_between
from app.desk.models import RequestEvent, ServiceRequest
from app.desk.rules import (
    CHANNEL_NAMES,
    GROUNDS,
    OUTCOME_NAMES,
    RATINGS,
    Channel,
    Kind,
    Outcome,
    Step,
    due_words,
)
from app.enterprises.models import Enterprise
from app.enterprises.parties import Party, key_of, name_of

BADGES = {
    Outcome.DONE: "accepted",
    Outcome.PARTLY: "accepted",
    Outcome.REFUSED: "refused",
    Outcome.REFERRED: "replaced",
    Outcome.WITHDRAWN: "inactive",
}


def outcome_word(kind: Kind, outcome: Outcome | str) -> str:
    """What became of a request, in a word."""
    return say(OUTCOME_NAMES[kind].get(Outcome(outcome), OUTCOME_NAMES[Kind.INFORMATION][Outcome(outcome)]))


def status(request: ServiceRequest) -> tuple[str, str]:
    """Badge and word of where it stands."""
    if request.outcome is not None:
        return BADGES[request.outcome], outcome_word(request.kind, request.outcome)
    if request.assignee_id is None:
        return "new", _("Diterima")
    return "submitted", _("Dikerjakan")


def due(request: ServiceRequest, day: date | None = None) -> str:
    """``17 Agustus 2026 (sisa 3 hari kerja)``."""
    return _("%(day)s (%(left)s)", day=long_date(request.due_on), left=say(due_words(left(request, day))))


def left(request: ServiceRequest, day: date | None = None) -> int:
    """Working days until it is due; negative when that is past. On a day off, what is due next is not due today."""
    day = day or today()
    between = working_days_between(day, request.due_on)
    return between if between or request.due_on >= day else -1


def urgency(request: ServiceRequest) -> tuple[str, str]:
    """Badge and words of how far the due date is; empty for what is closed."""
    if not request.is_open:
        return "", ""
    remaining = left(request)
    kind = "error" if remaining < 0 else "warning" if remaining <= 1 else "due"
    words = say(due_words(remaining))
    return kind, words[0].upper() + words[1:]


def history(events: Sequence[RequestEvent], *, kind: Kind, public: bool) -> list[dict[str, Any]]:
    """The timeline; to its requester the office is one, and who wrote is "Anda"."""
    lines = []
    for place, event in enumerate(events):
        who = event.actor_name if not public else ""
        lines.append(
            {
                "text": _sentence(event, kind, public=public),
                "when": moment(event.at),
                "iso": event.at.isoformat(),
                "who": who,
                "note": event.body if event.step is not Step.RECEIVED else "",
                "files": files_of(event),
                "now": place == 0,
                "private": not event.is_public,
            }
        )
    return lines


def files_of(event: RequestEvent) -> list[tuple[str, str]]:
    """Name and address of each file that came with it."""
    return [
        (name, url_for("files.download", token=token, name=name))
        for token, name in event.params.get("files", [])
    ]


def _sentence(event: RequestEvent, kind: Kind, *, public: bool) -> str:
    params = event.params
    if event.step is Step.RECEIVED:
        channel = say(CHANNEL_NAMES[Channel(params["channel"])])
        return _("Permohonan diterima (%(channel)s)", channel=channel.lower())
    if event.step is Step.CLOSED and not event.actor_name:
        return _("Permohonan dicabut pemohon")
    if event.step is Step.CLOSED:
        return _("Ditutup: %(outcome)s", outcome=outcome_word(kind, params["outcome"]))
    if event.step is Step.EXTENDED:
        return _("Batas diperpanjang sampai %(day)s", day=long_date(date.fromisoformat(params["due"])))
    if event.step is Step.REOPENED:
        return _("Dibuka kembali, batas %(day)s", day=long_date(date.fromisoformat(params["due"])))
    if event.step is Step.RATED:
        return _("Penilaian: %(rating)s", rating=say(RATINGS[params["rating"]]))
    if event.step is Step.ASSIGNED:
        return _("Diserahkan kepada %(name)s", name=params["to"])
    plain = {
        Step.TAKEN: _("Sedang dikerjakan petugas") if public else _("Diambil"),
        Step.RELEASED: _("Dilepas ke antrean bersama"),
        Step.NOTE: _("Catatan petugas"),
        Step.MESSAGE: _("Pesan dari kantor"),
        Step.REPLY: _("Pesan Anda") if public else _("Pesan pemohon"),
    }
    return plain[event.step]


def party_line(party: Party) -> dict[str, str]:
    """A cooperative or UKM that may be meant: what a form calls it, its name, and what tells it from another of that name."""
    place = region().name_of(party.kode_kecamatan) or ""
    kind = _("UKM") if isinstance(party, Enterprise) else _("Koperasi")
    return {
        "key": key_of(party),
        "name": name_of(party),
        "note": f"{kind}, {place}" if place else kind,
    }


def ground_word(request: ServiceRequest) -> str:
    """On what the law lets it be withheld, in words; empty where nothing was."""
    return say(GROUNDS[request.ground]) if request.ground else ""


def place_of(request: ServiceRequest) -> str:
    """The name of the requester's kelurahan; empty where it is not known."""
    return region().name_of(request.kode_kelurahan) or ""
