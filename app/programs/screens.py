"""What pages show of programmes, in the reader's language: lines of lists, facts of one, choices and chips."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from babel.dates import format_date
from flask import current_app, url_for

from app.core.database import now
from app.core.formatting import long_date, moment, number
from app.core.i18n import _, locale, say
from app.core.paging import Page
from app.core.parsing import phone_for_people
from app.files.models import StoredFile
from app.files.pictures import SMALL_SIDE
from app.programs.lists import VIEWS, Found, Wanted, view_counts
from app.programs.models import Program
from app.programs.rules import AUDIENCES, FOREVER, KINDS, STANDING_NAMES, Standing
from app.programs.times import days_left, local, said, said_left, said_period
from app.regions.queries import office_region
from app.regions.rules import Region

Choice = tuple[str, str]
BADGES = {
    Standing.DRAFT: "draft",
    Standing.SCHEDULED: "waiting",
    Standing.OPEN: "approved",
    Standing.CLOSING: "warning",
    Standing.RUNNING: "locked",
    Standing.OVER: "inactive",
    Standing.WITHDRAWN: "missing",
}
"""Standing → the badge that shows it."""


def region() -> Region:
    """Where this office works."""
    return office_region(current_app.config["REGION"])


def kind_name(program: Program) -> str:
    """``Pelatihan``."""
    return say(KINDS.get(program.kind, program.kind))


def standing_name(standing: Standing) -> str:
    """``Segera ditutup``."""
    return say(STANDING_NAMES[standing])


def audience_text(program: Program) -> str:
    """``Koperasi, UKM``."""
    return ", ".join(say(AUDIENCES[code]) for code in program.audience if code in AUDIENCES)


def kecamatan_text(program: Program) -> str:
    """The kecamatan by name; empty where the whole region is meant."""
    names = region()
    return ", ".join(names.name_of(code) or code for code in program.kecamatan)


def closing_text(program: Program, at: datetime) -> str:
    """``Ditutup 4 hari lagi``, ``Ditutup 14 Maret 2026``, ``Selesai``: one phrase for a list."""
    standing = program.standing
    if standing not in (Standing.OPEN, Standing.CLOSING):
        return standing_name(standing)
    if program.closes_at == FOREVER:
        return ""
    if left := said_left(program.closes_at, at):
        return _("Ditutup %(when)s", when=left)
    return _("Ditutup %(day)s", day=long_date(local(program.closes_at).date()))


def calendar_leaf(program: Program, at: datetime) -> dict[str, Any]:
    """The day on which it closes, as a row shows it."""
    if program.closes_at == FOREVER:
        return {"day": "", "month": _("Selalu dibuka"), "iso": ""}
    day = local(program.closes_at).date()
    near = at < program.closes_at and days_left(program.closes_at, at) <= 7
    return {
        "day": day.day,
        "month": format_date(day, "MMM", locale=locale()),
        "iso": day.isoformat(),
        "near": near,
    }


def line_of(program: Program, at: datetime) -> dict[str, Any]:
    """One programme in a public list."""
    return {
        "title": program.title,
        "url": url_for("programs.show", slug=program.slug),
        "note": program.summary,
        "tags": [
            kind_name(program),
            audience_text(program),
            kecamatan_text(program) or program.place,
            closing_text(program, at),
        ],
        "date": calendar_leaf(program, at),
    }


def desk_line(program: Program, waiting: int = 0) -> dict[str, Any]:
    """One programme at the editors' desk: where it stands, when that changes, and how many applications wait."""
    standing, when = program.standing, ""
    if standing is Standing.SCHEDULED:
        when = _("Terbit %(when)s", when=moment(program.publish_at))
    elif standing in (Standing.OPEN, Standing.CLOSING):
        when = closing_text(program, now())
    elif standing is Standing.WITHDRAWN:
        when = _("Ditarik %(when)s", when=moment(program.withdrawn_at))
    changed = moment(program.changed_at)
    by = program.changed_by_name
    return {
        "title": program.title,
        "url": url_for("program_desk.show", program_id=program.id),
        "standing": standing,
        "standing_name": standing_name(standing),
        "when": when,
        "tags": [kind_name(program), audience_text(program), when],
        "waiting": _("%(count)s pendaftaran menunggu", count=number(waiting)) if waiting else "",
        "waiting_url": url_for("applicants.index", program_id=program.id),
        "changed": _("Diubah %(when)s oleh %(name)s", when=changed, name=by) if by else changed,
    }


@dataclass(frozen=True)
class Attachment:
    """A file to download: its name without the ending, and its kind and size."""

    stored: StoredFile
    title: str
    size: str


@dataclass(frozen=True)
class Shown:
    """One programme with everything that its page says beside its own words."""

    standing: Standing
    audience: str
    picture: StoredFile | None
    files: list[Attachment]
    closes: str
    closes_left: str
    period: str
    map_url: str
    phone: str
    whatsapp_url: str
    published_day: date | None
    changed_day: date

    @property
    def small_size(self) -> dict[str, int]:
        """Width and height at which the small picture stands, so that the page does not jump."""
        if self.picture is None or not self.picture.width or not self.picture.height:
            return {}
        part = min(1, SMALL_SIDE / max(self.picture.width, self.picture.height))
        return {"width": round(self.picture.width * part), "height": round(self.picture.height * part)}


def shown(program: Program, files: list[StoredFile]) -> Shown:
    """The programme as its page shows it now."""
    at, deadline, phone = now(), program.deadline, program.contact_phone
    place = ", ".join(filter(None, (program.place, program.place_address)))
    where = kecamatan_text(program)
    return Shown(
        standing=program.standing,
        audience=_("%(who)s di %(where)s", who=audience_text(program), where=where)
        if where
        else audience_text(program),
        picture=next((one for one in files if one.is_picture), None),
        files=[attachment(one) for one in files if not one.is_picture],
        closes=said(deadline) if deadline else "",
        closes_left=said_left(deadline, at) if deadline else "",
        period=said_period(program.starts_at, program.ends_at),
        map_url=program.map_url or (map_search(place) if program.place_address else ""),
        phone=phone_for_people(phone) if phone else "",
        whatsapp_url=f"https://wa.me/{phone[1:]}?text={quote(program.title)}"
        if phone.startswith("+628")
        else "",
        published_day=local(program.publish_at).date() if program.publish_at else None,
        changed_day=local(program.changed_at).date(),
    )


def attachment(stored: StoredFile) -> Attachment:
    """``Surat edaran``, ``PDF, 180 KB``."""
    title, _dot, ending = stored.name.rpartition(".")
    size = f"{ending.upper()}, {number(max(1, round(stored.size / 1024)))} KB"
    return Attachment(stored, title, size)


def map_search(place: str) -> str:
    """A map that looks for ``place`` in the office's city."""
    return f"https://www.openstreetmap.org/search?query={quote(f'{place}, {region().name}')}"


def views(wanted: Wanted) -> list[dict[str, Any]]:
    """The three views above the public list."""
    labels = dict(zip(VIEWS, (_("Dibuka"), _("Segera ditutup"), _("Arsip")), strict=True))
    counts = view_counts()
    return [
        {
            "label": label,
            "url": url_for("programs.index", **replace(wanted, tampil=view).arguments),
            "current": wanted.tampil == view,
            "count": number(counts[view]),
        }
        for view, label in labels.items()
    ]


def selects(wanted: Wanted) -> list[dict[str, Any]]:
    """The filters of a list."""
    kinds = [(code, say(name)) for code, name in KINDS.items()]
    audiences = [(code, say(name)) for code, name in AUDIENCES.items()]
    return [
        {"name": "jenis", "label": _("Jenis"), "choices": kinds, "value": wanted.jenis},
        {"name": "untuk", "label": _("Untuk"), "choices": audiences, "value": wanted.untuk},
        {
            "name": "kecamatan",
            "label": _("Kecamatan"),
            "choices": list(region().kecamatan.items()),
            "value": wanted.kecamatan,
        },
    ]


def chips(endpoint: str, wanted: Wanted) -> list[Choice]:
    """What narrows the list, each with the address without it."""
    words = {
        "q": f"“{wanted.q}”",
        "jenis": say(KINDS.get(wanted.jenis, "")),
        "untuk": say(AUDIENCES.get(wanted.untuk, "")),
        "kecamatan": region().name_of(wanted.kecamatan) or "",
    }
    return [(words[name], url_for(endpoint, **wanted.without(name).arguments)) for name in wanted.filters]


@dataclass(frozen=True)
class Listing:
    """One page of a list with everything around it."""

    rows: list[Program]
    count: str
    wanted: Wanted
    selects: list[dict[str, Any]]
    chips: list[Choice]
    previous_url: str
    next_url: str
    reset_url: str


def listing(endpoint: str, found: Found, page: Page[Program], wanted: Wanted) -> Listing:
    """The page that the request asks for."""
    arguments = wanted.arguments
    return Listing(
        rows=page.rows,
        count=say(found.count_text),
        wanted=wanted,
        selects=selects(wanted),
        chips=chips(endpoint, wanted),
        previous_url=url_for(endpoint, **arguments, before=page.previous) if page.previous else "",
        next_url=url_for(endpoint, **arguments, after=page.following) if page.following else "",
        reset_url=url_for(endpoint, **Wanted(tampil=wanted.tampil, keadaan=wanted.keadaan).arguments),
    )
