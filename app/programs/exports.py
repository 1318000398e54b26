"""Public programmes for other programs: a table, plain data, a calendar entry, a feed, and what search engines read."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.core import feeds, ics
from app.core.i18n import _, locale, say
from app.core.office import office
from app.core.sharing import public_address
from app.core.spreadsheets import Cell, Column
from app.programs.models import Program
from app.programs.rules import AUDIENCES, KINDS, STANDING_NAMES
from app.programs.screens import kind_name, region
from app.programs.times import is_whole_day, local

COLUMNS = (
    Column("Judul", width=50),
    Column("Jenis", width=22),
    Column("Untuk", width=18),
    Column("Kecamatan", width=30),
    Column("Keadaan", width=20),
    Column("Mulai", width=22),
    Column("Selesai", width=22),
    Column("Batas mendaftar", width=22),
    Column("Tempat", width=30),
    Column("Kuota", "integer"),
    Column("Biaya", width=18),
    Column("Ringkasan", width=60),
    Column("Tautan", width=50),
)


def address_of(program: Program) -> str:
    """The absolute address of its page."""
    return public_address(url_for("programs.show", slug=program.slug))


def table_rows(programs: Iterable[Program]) -> list[list[Cell]]:
    """Rows under :data:`COLUMNS`; headings and codes' names stay Indonesian."""
    places = region()
    return [
        [
            one.title,
            KINDS.get(one.kind, one.kind),
            ", ".join(AUDIENCES[code] for code in one.audience if code in AUDIENCES),
            ", ".join(places.name_of(code) or code for code in one.kecamatan) or places.name,
            STANDING_NAMES[one.standing],
            _iso(one.starts_at),
            _iso(one.ends_at),
            _iso(one.deadline),
            one.place,
            one.quota,
            one.cost,
            one.summary,
            address_of(one),
        ]
        for one in programs
    ]


def as_json(program: Program) -> dict[str, Any]:
    """What everybody may know of one programme; moments are ISO texts on the office's clock."""
    return {
        "judul": program.title,
        "ringkasan": program.summary,
        "isi": program.body,
        "jenis": program.kind,
        "untuk": program.audience,
        "kecamatan": program.kecamatan,
        "keadaan": program.standing.value,
        "mulai": _iso(program.starts_at),
        "selesai": _iso(program.ends_at),
        "batas": _iso(program.deadline),
        "tempat": program.place,
        "alamat": program.place_address,
        "kuota": program.quota,
        "biaya": program.cost,
        "syarat": program.requirements,
        "tautan": address_of(program),
    }


def calendar_of(program: Program) -> bytes | None:
    """When it takes place; for one without a day of its own its deadline. None where there is neither."""
    starts = program.starts_at
    if starts is None and program.deadline is None:
        return None
    deadline_only = starts is None
    first = program.deadline if starts is None else starts
    if first is None:
        return None
    last = program.ends_at or first
    whole_days = deadline_only or (is_whole_day(first) and is_whole_day(last))
    return ics.calendar(
        [
            ics.CalendarEvent(
                uid=f"program-{program.id}@{public_address('').rpartition('//')[2]}",
                title=_("Batas daftar: %(title)s", title=program.title) if deadline_only else program.title,
                starts=local(first).date() if whole_days else first,
                ends=local(last).date() if whole_days else program.ends_at,
                text=program.summary,
                place=", ".join(filter(None, (program.place, program.place_address))),
                url=address_of(program),
                changed=program.changed_at,
                sequence=program.version,
            )
        ]
    )


def feed_of(programs: Iterable[Program]) -> bytes:
    """The Atom feed of ``programs``, newest first."""
    return feeds.atom(
        _("Program %(office)s", office=office().full_name),
        page=public_address(url_for("programs.index")),
        feed=public_address(url_for("programs.feed")),
        author=office().full_name,
        language=locale(),
        entries=[
            feeds.Entry(
                title=one.title,
                url=address_of(one),
                published=one.publish_at or one.changed_at,
                updated=max(one.changed_at, one.publish_at or one.changed_at),
                summary=one.summary,
                category=kind_name(one),
            )
            for one in programs
        ],
    )


def structured(program: Program, picture_url: str) -> dict[str, Any] | None:
    """The programme as an Event of schema.org; None while it has no day or no place."""
    if program.starts_at is None or not program.place:
        return None
    place = {"@type": "Place", "name": program.place, "address": program.place_address or region().name}
    organizer = {"@type": "GovernmentOrganization", "name": office().full_name, "url": public_address("/")}
    found: dict[str, Any] = {
        "@type": "Event",
        "name": program.title,
        "description": program.summary,
        "startDate": _iso(program.starts_at),
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": place,
        "organizer": organizer,
        "url": address_of(program),
    }
    optional = {
        "endDate": _iso(program.ends_at),
        "image": picture_url,
        "maximumAttendeeCapacity": program.quota,
        "audience": {
            "@type": "Audience",
            "audienceType": ", ".join(say(AUDIENCES[a]) for a in program.audience),
        },
    }
    return found | {name: value for name, value in optional.items() if value}


def _iso(when: Any) -> str | None:
    """A moment on the office's clock; a day where it stands for a whole one."""
    if when is None:
        return None
    return local(when).date().isoformat() if is_whole_day(when) else local(when).isoformat(timespec="minutes")
