"""What lists and forms of the register show: choices, chips, addresses of pages and orders, in the reader's language."""

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from app.cooperatives.fields import BY_CODE, JENIS, LABELS, Kind
from app.cooperatives.happenings import Happening
from app.cooperatives.lists import CLAIMED, LINE, NO_REPORT, UNCLAIMED, Found, Wanted, page_of, sorting
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import region, report_years, statuses_of
from app.cooperatives.reading import shown
from app.cooperatives.rules import (
    POSITION_LABELS,
    RAT_LONG_AGO,
    RAT_UNKNOWN,
    RAT_YEARS,
    STATUS_LABELS,
    Status,
)
from app.core.database import today
from app.core.formatting import long_date, moment
from app.core.i18n import _, say
from app.core.paging import count_text

Choice = tuple[str, str]
LONGEST_LIST = 1000  # places in one select; a whole province is typed instead


def place_name(code: str | None) -> str:
    """The name of a kelurahan or kecamatan; empty when it is not known."""
    return region().name_of(code) or ""


def place_choices() -> list[dict[str, Any]] | None:
    """The kelurahan under their kecamatan, for a select; None when they are too many for one."""
    places = region()
    if len(places.kelurahan) > LONGEST_LIST:
        return None
    return [
        {"group": name, "choices": list(places.kelurahan_of(code).items())}
        for code, name in places.kecamatan.items()
        if places.kelurahan_of(code)
    ]


def choices_of(code: str, value: str = "") -> list[Choice]:
    """The choices of a field, and the value that the register has although no list knows it."""
    known = BY_CODE[code].choices
    extra = [value] if value and value not in known else []
    return [(choice, choice) for choice in (*known, *extra)]


def position_choices() -> list[Choice]:
    """What a person can be in a cooperative."""
    return [(position.value, say(label)) for position, label in POSITION_LABELS.items()]


def facts_of(cooperative: Cooperative, *, public: bool) -> list[tuple[str, str]]:
    """Label and value of each field that the reader may see."""
    places, found = region(), []
    for code, field in BY_CODE.items():
        if code == "nama_koperasi" or (public and not field.public):
            continue
        value = shown(code, getattr(cooperative, code), places)
        found.append((say(field.label), value if isinstance(value, str) else long_date(value)))
        if field.kind is Kind.PLACE:
            found.append((say(LABELS["kode_kecamatan"]), place_name(cooperative.kode_kecamatan)))
    if not public:
        extras = ("tempat_lain", "sektor_usaha", "source_id")
        found += [
            (say(LABELS[code]), str(getattr(cooperative, code)))
            for code in extras
            if getattr(cooperative, code)
        ]
    return found


Line = tuple[str, str, str, tuple[str, ...], Status]


def lines_of(cooperatives: list[Cooperative], endpoint: str) -> list[Line]:
    """Each cooperative as everybody may see it: name, address of its page, identity, places and kind, status.

    Plain data, so that what a page drew of it serves again (see core.templating).
    """
    name_of, pages = region().name_of, url_for(endpoint, slug="-").removesuffix("-")
    return [
        (
            one.nama_koperasi,
            pages + one.slug,  # a slug stands in an address as it is
            " · ".join(filter(None, (one.nomor_badan_hukum, one.alamat))),
            tuple(
                filter(None, (name_of(one.kode_kelurahan), name_of(one.kode_kecamatan), one.jenis_koperasi))
            ),
            status,
        )
        for one, status in zip(cooperatives, statuses_of(cooperatives), strict=True)
    ]


def timeline_lines(happenings: list[Happening]) -> list[dict[str, Any]]:
    """Events as the timeline draws them."""
    return [
        {
            "text": say(one.text),
            "when": moment(one.event.at),
            "iso": one.event.at.isoformat(),
            "who": one.event.actor_name,
            "note": " · ".join(say(LABELS[code]) for code in one.codes if code in LABELS),
            "url": one.event.link or "",
            "now": number == 0,
        }
        for number, one in enumerate(happenings)
    ]


@dataclass(frozen=True)
class Listing:
    """One page of a list with everything that stands around it."""

    rows: list[Cooperative]
    count: str
    wanted: Wanted
    selects: list[dict[str, Any]]
    chips: list[Choice]
    previous_url: str
    next_url: str
    reset_url: str
    endpoint: str

    def sort(self, name: str, label: str, class_: str = "") -> dict[str, Any]:
        """A heading that sorts by ``name``, and the other way round when it does already."""
        current = self.wanted.urut.removeprefix("-") == name or (
            not self.wanted.urut and name == "nama" and not self.wanted.q
        )
        turned = f"-{name}" if current and not self.wanted.urut.startswith("-") else name
        descending = sorting(self.wanted)[1]
        return {
            "label": label,
            "class_": class_,
            "sort_url": self.sort_url(turned),
            "sorted": ("desc" if descending else "asc") if current else "",
        }

    def sort_url(self, order: str) -> str:
        """The list in another order; empty: the usual one."""
        return url_for(self.endpoint, **replace(self.wanted, urut=order).arguments)

    def export_url(self, format_: str) -> str:
        """The whole list as a file."""
        return url_for(self.endpoint, **self.wanted.arguments, format=format_)


def listing(
    endpoint: str, found: Found, wanted: Wanted, *, public: bool, known: int | None = None
) -> Listing:
    """The page that the request asks for. A public list has facets instead of selects, and of its rows only what a line shows.
    ``known``: how many fit, where that was counted already."""
    page = page_of(found, wanted, only=LINE if public else ())
    arguments = wanted.arguments
    return Listing(
        rows=page.rows,
        count=say(found.count_text if known is None else count_text(known)),
        wanted=wanted,
        selects=[] if public else _selects(wanted),
        chips=_chips(endpoint, wanted),
        previous_url=url_for(endpoint, **arguments, before=page.previous) if page.previous else "",
        next_url=url_for(endpoint, **arguments, after=page.following) if page.following else "",
        reset_url=url_for(endpoint),
        endpoint=endpoint,
    )


def _selects(wanted: Wanted) -> list[dict[str, Any]]:
    places = region()
    found = [_select("kecamatan", _("Kecamatan"), list(places.kecamatan.items()), _one(wanted.kecamatan))]
    if wanted.kecamatan:
        villages = list(places.kelurahan_of(wanted.kecamatan[0]).items())
        found.append(_select("kelurahan", _("Kelurahan"), villages, _one(wanted.kelurahan)))
    found.append(_select("jenis", _("Jenis"), [(jenis, jenis) for jenis in JENIS], _one(wanted.jenis)))
    found.append(_select("status", _("Status"), _statuses(), _one(wanted.status)))
    found.append(_select("laporan", _("Laporan terakhir"), _reports(), wanted.laporan))
    found.append(_select("pengelola", _("Pengelola di situs"), _claims(), wanted.pengelola))
    return found


def _one(values: tuple[str, ...]) -> str:
    """What a select shows of a filter that may have several values."""
    return values[0] if values else ""


def _select(name: str, label: str, choices: list[Choice], value: str) -> dict[str, Any]:
    return {"name": name, "label": label, "choices": choices, "value": value}


def _statuses() -> list[Choice]:
    return [(status.value, say(label)) for status, label in STATUS_LABELS.items()]


def _reports() -> list[Choice]:
    years = [(str(year), _("Tahun buku %(year)s", year=year)) for year in report_years()]
    return [*years, (NO_REPORT, _("Belum pernah melapor"))]


def _claims() -> list[Choice]:
    return [(CLAIMED, _("Sudah ada")), (UNCLAIMED, _("Belum ada"))]


def _chips(endpoint: str, wanted: Wanted) -> list[Choice]:
    return [
        (told_filter(name, value), url_for(endpoint, **wanted.without(name, value).arguments))
        for name, values in wanted.filters.items()
        for value in (values if isinstance(values, tuple) else [values])
    ]


def told_filter(name: str, value: str) -> str:
    """One value of one filter in words."""
    match name:
        case "q":
            return f"“{value}”"
        case "kecamatan" | "kelurahan":
            return place_name(value)
        case "status":
            return say(STATUS_LABELS[Status(value)])
        case "rat":
            return _("RAT %(when)s", when=rat_label(value).lower())
        case "laporan":
            return _("Belum pernah melapor") if value == NO_REPORT else _("Laporan %(year)s", year=value)
        case "pengelola":
            return _("Ada pengelola") if value == CLAIMED else _("Belum ada pengelola")
    return value


def rat_label(value: str) -> str:
    """A choice of ``rules.rat_choices`` in words."""
    if value == RAT_UNKNOWN:
        return _("Belum ada catatan")
    if value == RAT_LONG_AGO:
        return _("Sebelum %(year)s", year=today().year - RAT_YEARS + 1)
    return value
