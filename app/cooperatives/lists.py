"""Lists of cooperatives: what somebody wants to see, in which order, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, exists, func, literal, select
from sqlalchemy.orm import defer

from app.cooperatives.fields import JENIS
from app.cooperatives.models import Cooperative, CooperativeTable, Listing, Membership, MembershipState
from app.cooperatives.queries import region, status_condition
from app.cooperatives.rules import Status
from app.core.extensions import db
from app.core.paging import PAGE_SIZE, Page, count_text, count_up_to, paginate
from app.core.parsing import fold_space
from app.core.search import answer
from app.core.text import Text

NO_REPORT = "belum"
CLAIMED, UNCLAIMED = "ada", "belum"
BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for; an empty text means everything, an empty ``urut`` the usual order."""

    q: str = ""
    kecamatan: str = ""
    kelurahan: str = ""
    jenis: str = ""
    status: str = ""
    laporan: str = ""  # a book year, or NO_REPORT
    pengelola: str = ""  # CLAIMED or UNCLAIMED
    urut: str = ""  # a name of ORDERS; with "-" in front the other way round

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list, without the order."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value and name != "urut"}

    @property
    def arguments(self) -> dict[str, Any]:
        """Everything as arguments of an address."""
        return self.filters | ({"urut": self.urut} if self.urut else {})

    def without(self, name: str) -> "Wanted":
        """The same with one filter taken off; kelurahan goes with its kecamatan."""
        gone = {name: ""} | ({"kelurahan": ""} if name == "kecamatan" else {})
        return replace(self, **gone)


def read_wanted(arguments: Mapping[str, str], *, public: bool = False) -> Wanted:
    """What the address asks for. What makes no sense (an old bookmark, a typo) asks for nothing.

    The public sees no claims and no reports, so it cannot filter by them.
    """
    given = {
        name: arguments.get(name, "").strip() for name in ("q", "kecamatan", "kelurahan", "jenis", "status")
    }
    given |= {name: arguments.get(name, "") for name in ("laporan", "pengelola", "urut")}
    places = region()
    wanted = Wanted(
        q=fold_space(given["q"])[:100],
        kecamatan=given["kecamatan"] if given["kecamatan"] in places.kecamatan else "",
        kelurahan=given["kelurahan"] if given["kelurahan"] in places.kelurahan else "",
        jenis=given["jenis"] if given["jenis"] in JENIS else "",
        status=given["status"] if given["status"] in list(Status) else "",
        laporan=given["laporan"] if given["laporan"] == NO_REPORT or is_year(given["laporan"]) else "",
        pengelola=given["pengelola"] if given["pengelola"] in (CLAIMED, UNCLAIMED) else "",
        urut=given["urut"] if given["urut"].removeprefix("-") in ORDERS else "",
    )
    if wanted.kecamatan and not wanted.kelurahan.startswith(wanted.kecamatan):
        wanted = replace(wanted, kelurahan="")  # the kelurahan of the kecamatan that was chosen before
    return replace(wanted, laporan="", pengelola="") if public else wanted


def is_year(text: str) -> bool:
    """Four digits."""
    return len(text) == 4 and text.isascii() and text.isdigit()


@dataclass(frozen=True)
class Order:
    """A way to sort by one column. What is not known comes last, in either direction: ``first`` and ``last`` are values
    beyond all others that stand for it; None for a column that is never empty.
    """

    name: str
    first: Any = None
    last: Any = None
    newest_first: bool = False

    def unknown(self, *, descending: bool) -> Any:
        """What stands for an empty value."""
        return self.first if descending else self.last

    def columns(self, *, descending: bool) -> tuple[ColumnElement[Any], ...]:
        """The columns of the keyset: never null, the last of them unique."""
        by: ColumnElement[Any] = COLUMNS[self.name]
        if self.last is not None:
            by = func.coalesce(by, literal(self.unknown(descending=descending), by.type))
        return tuple(dict.fromkeys((by, COLUMNS.name_key, COLUMNS.id)))

    def key(self, row: Cooperative, *, descending: bool) -> tuple[Any, ...]:
        """The values of :meth:`columns` for one row."""
        if self.name == "name_key":
            return row.name_key, row.id
        value = getattr(row, self.name)
        return self.unknown(descending=descending) if value is None else value, row.name_key, row.id


COLUMNS = CooperativeTable.c
ORDERS = {
    "nama": Order("name_key"),
    "kecamatan": Order("kode_kecamatan", "", "~"),
    "berdiri": Order("tanggal_badan_hukum", date.min, date.max),
    "rat": Order("last_rat", date.min, date.max, newest_first=True),
    "laporan": Order("last_report_year", 0, 9999, newest_first=True),
}


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The filters as SQL, all but the search. Only listed cooperatives are ever in a list."""
    found: list[ColumnElement[bool]] = [Cooperative.listing == Listing.LISTED]
    if wanted.kelurahan:
        found.append(Cooperative.kode_kelurahan == wanted.kelurahan)
    elif wanted.kecamatan:
        found.append(Cooperative.kode_kecamatan == wanted.kecamatan)
    if wanted.jenis:
        found.append(Cooperative.jenis_koperasi == wanted.jenis)
    if wanted.status:
        found.append(status_condition(Status(wanted.status)))
    if wanted.laporan == NO_REPORT:
        found.append(Cooperative.last_report_year.is_(None))
    elif wanted.laporan:
        found.append(Cooperative.last_report_year == int(wanted.laporan))
    if wanted.pengelola:
        active = exists().where(
            Membership.cooperative_id == Cooperative.id, Membership.state == MembershipState.ACTIVE
        )
        found.append(active if wanted.pengelola == CLAIMED else ~active)
    return found


@dataclass(frozen=True)
class Found:
    """The rows that fit, before pages: a query, and their ids in order of fitness where a search ranks them."""

    query: Select[Cooperative]
    ranked: list[int] | None = None

    @property
    def count(self) -> int:
        """How many, or a little over a thousand."""
        return count_up_to(self.query) if self.ranked is None else len(self.ranked)

    @property
    def count_text(self) -> Text:
        """``312`` or ``1.000+``."""
        return count_text(self.count)


def search(wanted: Wanted) -> Found:
    """What fits ``wanted``. A search whose answers are too many to rank is a filter like the others."""
    query = select(Cooperative).options(defer(Cooperative.search_text)).where(*conditions(wanted))
    if not wanted.q:
        return Found(query)
    meant = answer("cooperative", wanted.q, where=conditions(wanted))
    if meant.everything is not None:
        return Found(query.where(meant.everything))
    found = query.where(Cooperative.id.in_(meant.ids))
    return Found(found, None if wanted.urut else meant.ids)


def page_of(found: Found, wanted: Wanted) -> Page[Cooperative]:
    """The page that the request asks for."""
    if found.ranked is not None:
        return _ranked_page(found.query, found.ranked)
    order, descending = sorting(wanted)
    columns = order.columns(descending=descending)
    return paginate(
        found.query, by=columns, key=lambda row: order.key(row, descending=descending), descending=descending
    )


def rows_of(found: Found, wanted: Wanted) -> Iterator[Cooperative]:
    """Every row, in the order of the pages, read in batches."""
    if found.ranked is not None:
        rows = {row.id: row for row in db.session.scalars(found.query)}
        yield from (rows[id_] for id_ in found.ranked if id_ in rows)
        return
    order, descending = sorting(wanted)
    columns = order.columns(descending=descending)
    ordered = found.query.order_by(*(column.desc() if descending else column.asc() for column in columns))
    yield from db.session.scalars(ordered.execution_options(yield_per=BATCH))


def sorting(wanted: Wanted) -> tuple[Order, bool]:
    """The order that is asked for, and whether it runs downwards."""
    order = ORDERS[wanted.urut.removeprefix("-") or "nama"]
    return order, order.newest_first != wanted.urut.startswith("-")


def _ranked_page(query: Select[Cooperative], ranked: list[int]) -> Page[Cooperative]:
    """A page of a ranking; the keys are places in it."""
    start = _place(request.args.get("after", ""))
    if (before := _place(request.args.get("before", ""))) and not start:
        start = max(0, before - PAGE_SIZE)
    start = start if start < len(ranked) else 0
    ids = ranked[start : start + PAGE_SIZE]
    rows = {row.id: row for row in db.session.scalars(query.where(Cooperative.id.in_(ids)))}
    return Page(
        [rows[id_] for id_ in ids if id_ in rows],
        previous=str(start) if start else "",
        following=str(start + PAGE_SIZE) if start + PAGE_SIZE < len(ranked) else "",
    )


def _place(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 5 else 0
