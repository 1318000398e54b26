"""Lists of cooperatives: what somebody wants to see, in which order, page by page."""

from collections.abc import Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, case, exists, literal, select
from sqlalchemy.orm import defer
from werkzeug.datastructures import MultiDict

from app.cooperatives.fields import BENTUK, JENIS, KELOMPOK
from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.cooperatives.orders import COLUMNS, ORDERS, Order
from app.cooperatives.queries import region, status_expression
from app.cooperatives.rules import RAT_LONG_AGO, RAT_UNKNOWN, Status, rat_choices
from app.core.database import today
from app.core.extensions import db
from app.core.paging import (
    COUNT_LIMIT,
    Page,
    count_for_a_moment,
    count_text,
    count_up_to,
    paginate,
    ranked_page,
)
from app.core.parsing import fold_space
from app.core.plans import unindexed
from app.core.search import CANDIDATES, Answer, answer, met, met_in_order, spelled
from app.core.short_memory import short_memory
from app.core.text import Text

FILTERS = ("kecamatan", "kelurahan", "jenis", "kelompok", "bentuk", "status", "rat")
NO_REPORT = "belum"
CLAIMED, UNCLAIMED = "ada", "belum"
BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for; an empty filter means everything, an empty ``urut`` the usual order."""

    q: str = ""
    kecamatan: tuple[str, ...] = ()  # any of these; so with all that may be several
    kelurahan: tuple[str, ...] = ()  # not beside more than one kecamatan
    jenis: tuple[str, ...] = ()
    kelompok: tuple[str, ...] = ()
    bentuk: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    rat: tuple[str, ...] = ()  # of rules.rat_choices
    laporan: str = ""  # a book year, or NO_REPORT
    pengelola: str = ""  # CLAIMED or UNCLAIMED
    urut: str = ""  # a name of ORDERS; with "-" in front the other way round

    @property
    def filters(self) -> dict[str, Any]:
        """What narrows the list, without the order."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value and name != "urut"}

    @property
    def arguments(self) -> dict[str, Any]:
        """Everything as arguments of an address."""
        return self.filters | ({"urut": self.urut} if self.urut else {})

    def pairs(self) -> list[tuple[str, str]]:
        """The same as hidden fields of a form."""
        named = {name: one if isinstance(one, tuple) else (one,) for name, one in self.arguments.items()}
        return [(name, value) for name, values in named.items() for value in values]

    def without(self, name: str, value: str = "") -> "Wanted":
        """The same with one filter taken off, or only one ``value`` of it; kelurahan goes with its kecamatan."""
        kept = getattr(self, name)
        gone: dict[str, Any] = {
            name: tuple(one for one in kept if value and one != value) if isinstance(kept, tuple) else ""
        }
        return replace(self, **gone | ({"kelurahan": ()} if name == "kecamatan" else {}))


def read_wanted(arguments: Mapping[str, str], *, public: bool = False) -> Wanted:
    """What the address asks for. What makes no sense (an old bookmark, a typo) asks for nothing.

    The public sees no claims and no reports, so it cannot filter by them.
    """
    places = region()
    kecamatan = _several(arguments, "kecamatan", places.kecamatan)
    within = places.kelurahan_of(kecamatan[0]) if len(kecamatan) == 1 else places.kelurahan
    given = {name: arguments.get(name, "") for name in ("laporan", "pengelola", "urut")}
    wanted = Wanted(
        q=fold_space(arguments.get("q", ""))[:100],
        kecamatan=kecamatan,
        kelurahan=_several(arguments, "kelurahan", within) if len(kecamatan) < 2 else (),
        jenis=_several(arguments, "jenis", JENIS),
        kelompok=_several(arguments, "kelompok", KELOMPOK),
        bentuk=_several(arguments, "bentuk", BENTUK),
        status=_several(arguments, "status", list(Status)),
        rat=_several(arguments, "rat", rat_choices(today())),
        laporan=given["laporan"] if given["laporan"] == NO_REPORT or is_year(given["laporan"]) else "",
        pengelola=given["pengelola"] if given["pengelola"] in (CLAIMED, UNCLAIMED) else "",
        urut=given["urut"] if given["urut"].removeprefix("-") in ORDERS else "",
    )
    return replace(wanted, laporan="", pengelola="") if public else wanted


def _several(arguments: Mapping[str, str], name: str, known: Container[str]) -> tuple[str, ...]:
    """The values of one filter, each once, without those that nobody knows."""
    given = arguments.getlist(name) if isinstance(arguments, MultiDict) else [arguments.get(name, "")]
    return tuple(dict.fromkeys(value for raw in given if (value := raw.strip()) in known))


def is_year(text: str) -> bool:
    """Four digits."""
    return len(text) == 4 and text.isascii() and text.isdigit()


LINE = tuple(
    COLUMNS[name]
    for name in (
        *("id", "slug", "name_key", "nama_koperasi", "nomor_badan_hukum", "alamat", "kode_kelurahan"),
        *("kode_kecamatan", "jenis_koperasi", "tanggal_badan_hukum", "last_rat", "dissolved_on"),
        "last_report_year",
    )
)
"""What a line of the public list is made of, and every key by which it is ordered."""


def conditions(wanted: Wanted, *, found_already: bool = False) -> list[ColumnElement[bool]]:
    """The filters as SQL, all but the search. Only listed cooperatives are ever in a list. ``found_already``: a search brings
    the rows, so no filter is a reason to look for them by an index of its own.
    """

    def read(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return unindexed(column) if found_already and isinstance(column, Column) else column

    found: list[ColumnElement[bool]] = [read(COLUMNS.listing) == Listing.LISTED]
    if any(getattr(wanted, name) for name in FILTERS):  # else no such columns are needed
        columns = columns_of_filters()
        found += [read(columns[name]).in_(chosen) for name in FILTERS if (chosen := getattr(wanted, name))]
    if wanted.laporan == NO_REPORT:
        found.append(read(COLUMNS.last_report_year).is_(None))
    elif wanted.laporan:
        found.append(read(COLUMNS.last_report_year) == int(wanted.laporan))
    if wanted.pengelola:
        active = exists().where(
            Membership.cooperative_id == Cooperative.id, Membership.state == MembershipState.ACTIVE
        )
        found.append(active if wanted.pengelola == CLAIMED else ~active)
    return found


def columns_of_filters() -> dict[str, ColumnElement[Any]]:
    """The filters that may have several values, and what each of them is compared with."""
    return {
        "kecamatan": COLUMNS.kode_kecamatan,
        "kelurahan": COLUMNS.kode_kelurahan,
        "jenis": COLUMNS.jenis_koperasi,
        "kelompok": COLUMNS.kelompok_koperasi,
        "bentuk": COLUMNS.bentuk_koperasi,
        "status": status_expression(),
        "rat": _rat_expression(today()),
    }


def _rat_expression(day: date) -> ColumnElement[str]:
    """The latest RAT as one of ``rules.rat_choices``; a day to come belongs to this year."""
    years = [choice for choice in rat_choices(day) if is_year(choice)]
    whens = [(COLUMNS.last_rat >= date(int(year), 1, 1), literal(year)) for year in years]
    return case((COLUMNS.last_rat.is_(None), literal(RAT_UNKNOWN)), *whens, else_=literal(RAT_LONG_AGO))


@dataclass(frozen=True)
class Found:
    """The rows that fit, before pages: a query, and where a search ranks them, their ids in order of fitness: of what the query
    finds these only.

    ``meant`` is what the search means in the whole list, whatever the filters. Where it finds too many to rank, ``counted``
    meets them at the price of a limit, and ``in_order`` does so by their ids, with the column of that order.
    """

    query: Select[Cooperative]
    ranked: list[int] | None = None
    meant: Answer | None = None
    counted: Select[Cooperative] | None = None
    in_order: tuple[Select[Cooperative], ColumnElement[int]] | None = None
    key: Hashable = None  # under which it is remembered that these are more than can be told

    @cached_property
    def count(self) -> int:
        """How many, or a little over a thousand."""
        if self.ranked is not None:
            return len(self.ranked)
        counted = self.query if self.counted is None else self.counted
        return count_for_a_moment(counted, self.key) if self.key else count_up_to(counted)

    @property
    def count_text(self) -> Text:
        """``312`` or ``1.000+``."""
        return count_text(self.count)


def search(wanted: Wanted) -> Found:
    """What fits ``wanted``. A search whose answers are too many to rank is a filter like the others.

    What the words mean is asked of the whole list, so that a filter never changes it and its counts are right; only where
    the whole list has more answers than are ranked, the filters come first, so that nothing is missed.
    """
    rows = select(Cooperative).options(defer(Cooperative.search_text))
    if not wanted.q:
        return Found(rows.where(*conditions(wanted)), key=replace(wanted, urut=""))
    narrowed = conditions(wanted, found_already=True)
    meant = everywhere = meant_by(wanted.q)
    if not is_whole(meant) and len(narrowed) > 1:
        meant = _answer(wanted.q, narrowed, replace(wanted, urut=""))
    if meant.crowd is not None:
        walked = rows.where(*conditions(wanted), spelled(meant.crowd.table, meant.crowd.wanted))
        every = rows.where(*narrowed)
        in_order = None if wanted.urut else met_in_order(every, meant.crowd)
        return Found(walked, None, everywhere, met(every, meant.crowd), in_order, replace(wanted, urut=""))
    found, meant_rows = rows.where(*narrowed), COLUMNS.id.in_(meant.ids)
    if wanted.urut:
        return Found(found.where(meant_rows), meant=everywhere)
    if len(narrowed) == 1:
        return Found(found, meant.ids, everywhere)
    fitting = set(db.session.scalars(found.where(meant_rows).with_only_columns(Cooperative.id)))
    return Found(found, [id_ for id_ in meant.ids if id_ in fitting], everywhere)


def meant_by(q: str) -> Answer:
    """What the words mean in the whole list; too many to rank are left unranked."""
    return _answer(q, conditions(Wanted(), found_already=True), Wanted(q))


def _answer(q: str, where: Sequence[ColumnElement[bool]], key: Wanted) -> Answer:
    """What ``q`` means among the rows that fulfil ``where``; a crowd is remembered for a moment."""
    known: Answer | None = short_memory().get(("meant", key))
    if known is not None:
        return known
    found = answer("cooperative", q, where=where, ranks_crowds=False)
    if found.crowd is not None:
        short_memory().put(("meant", key), found)
    return found


def is_whole(meant: Answer) -> bool:
    """Whether an answer holds all that fits, not only the first that were found."""
    return meant.crowd is None and len(meant.ids) < CANDIDATES


def page_of(found: Found, wanted: Wanted, *, only: Sequence[ColumnElement[Any]] = ()) -> Page[Cooperative]:
    """The page that the request asks for; ``only``: its rows have these columns, such as :data:`LINE`, and nothing else."""
    if found.ranked is not None:
        return ranked_page(found.query, found.ranked, Cooperative.id, only=only)
    if found.in_order:
        query, number = found.in_order
        return paginate(query, by=(number,), key=lambda row: (row.id,), only=only)
    order, descending = sorting(wanted)
    by = order.columns
    if any(len(chosen) > 1 for chosen in wanted.filters.values() if isinstance(chosen, tuple)):
        by = by if found.count > COUNT_LIMIT else tuple(map(unindexed, by))  # few are sooner found than met
    return paginate(
        found.query,
        by=by,
        key=order.key,
        descending=descending,
        only=only,
        least=order.least,
    )


def rows_of(found: Found, wanted: Wanted) -> Iterator[Cooperative]:
    """Every row, in the order of the pages, read in batches."""
    if found.ranked is not None:
        among = found.query.where(Cooperative.id.in_(found.ranked))
        rows = {row.id: row for row in db.session.scalars(among)}
        yield from (rows[id_] for id_ in found.ranked if id_ in rows)
        return
    order, descending = sorting(wanted)
    by = [column.desc() if descending else column.asc() for column in order.columns]
    unknown_last = [] if order.least is None else [order.columns[0].is_(None)]
    ordered = found.query.order_by(*unknown_last, *by)
    yield from db.session.scalars(ordered.execution_options(yield_per=BATCH))


def sorting(wanted: Wanted) -> tuple[Order, bool]:
    """The order that is asked for, and whether it runs downwards."""
    order = ORDERS[wanted.urut.removeprefix("-") or "nama"]
    return order, order.newest_first != wanted.urut.startswith("-")
