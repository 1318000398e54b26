"""Lists of enterprises: what somebody wants to see, how many there are of each kind, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    cast,
    exists,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import defer
from werkzeug.datastructures import MultiDict

from app.core.extensions import db
from app.core.paging import COUNT_LIMIT, Page, count_text, count_up_to, paginate, ranked_page
from app.core.parsing import fold_space
from app.core.search import answer
from app.core.text import Text as Sentence
from app.enterprises.models import Enterprise, EnterpriseIndex, EnterpriseProduct
from app.enterprises.publication import confirmed_since, public_condition
from app.enterprises.queries import region
from app.enterprises.rules import DIGITAL, Currency, SizeClass, State
from app.enterprises.sectors import activities

FACETS = ("kecamatan", "bidang", "kelas", "digital", "produk", "nib")
STAFF_FILTERS = ("keadaan", "kelurahan", "kabar")
HAVING = "ada"
BATCH = 500
Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True)
class Wanted:
    """What the reader asks for. ``facets``: name → chosen values, of which one must fit; ``staff``: filters of the office."""

    q: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.q or self.facets or self.staff)

    @property
    def arguments(self) -> dict[str, Any]:
        """Everything as arguments of an address."""
        named = {name: list(values) for name, values in self.facets.items()} | dict(self.staff)
        return ({"q": self.q} if self.q else {}) | named

    def without(self, name: str, value: str = "") -> "Wanted":
        """The same with one value of a facet, one filter or the words taken off."""
        if name == "q":
            return replace(self, q="")
        left = {
            facet: tuple(one for one in values if (facet, one) != (name, value))
            for facet, values in self.facets.items()
        }
        staff = {one: chosen for one, chosen in self.staff.items() if one != name}
        return Wanted(self.q, {facet: values for facet, values in left.items() if values}, staff)


def values_known() -> dict[str, tuple[str, ...]]:
    """The values that each facet may have."""
    return {
        "kecamatan": tuple(region().kecamatan),
        "bidang": tuple(activities()),
        "kelas": tuple(size.value for size in SizeClass),
        "digital": tuple(code for code in DIGITAL if code != "none"),
        "produk": (HAVING,),
        "nib": (HAVING,),
    }


def read_wanted(arguments: MultiDict[str, str], *, public: bool = True) -> Wanted:
    """What the address asks for. What makes no sense (an old bookmark, a typo) asks for nothing."""
    known = values_known()
    facets = {
        name: chosen
        for name in FACETS
        if (chosen := tuple(value for value in known[name] if value in arguments.getlist(name)))
    }
    staff = {}
    if not public:
        choices = {
            "keadaan": [state.value for state in State],
            "kelurahan": region().kelurahan,
            "kabar": [Currency.UNCONFIRMED.value, Currency.EXPIRED.value],
        }
        given = {name: arguments.get(name, "") for name in STAFF_FILTERS}
        staff = {name: value for name, value in given.items() if value in choices[name]}
    return Wanted(fold_space(arguments.get("q", ""))[:100], facets, staff)


def facet_condition(name: str, value: str) -> ColumnElement[bool]:
    """The condition that one value of a facet stands for."""
    match name:
        case "kecamatan":
            return Enterprise.kode_kecamatan == value
        case "bidang":
            return Enterprise.activity == value
        case "kelas":
            return Enterprise.size_class == SizeClass(value)
        case "digital":
            return uses(value)
        case "produk":
            return exists().where(EnterpriseProduct.enterprise_id == Enterprise.id)
        case _:
            return Enterprise.has_nib.is_(True)


def uses(code: str) -> ColumnElement[bool]:
    """The condition that an enterprise uses one of :data:`~app.enterprises.rules.DIGITAL`; the same on both databases."""
    return cast(Enterprise.digital, Text).contains(f'"{code}"')


def conditions(wanted: Wanted, *, public: bool, but: str = "") -> Conditions:
    """The filters as SQL, all but the search and the facet ``but``."""
    found = [public_condition()] if public else _staff_conditions(wanted)
    for name, values in wanted.facets.items():
        if name != but:
            chosen = [facet_condition(name, value) for value in values]
            found.append(chosen[0] if len(chosen) == 1 else _either(chosen))
    return found


def _either(chosen: Conditions) -> ColumnElement[bool]:
    whole = chosen[0]
    for one in chosen[1:]:
        whole = whole | one
    return whole


def _staff_conditions(wanted: Wanted) -> Conditions:
    """The office sees everything but what was deleted; drafts only when it asks for them."""
    staff = dict(wanted.staff)
    gone = (State.DELETED, State.MERGED, State.DRAFT)
    found: Conditions = [
        Enterprise.state == State(staff["keadaan"]) if "keadaan" in staff else Enterprise.state.not_in(gone)
    ]
    if "kelurahan" in staff:
        found.append(Enterprise.kode_kelurahan == staff["kelurahan"])
    if staff.get("kabar") == Currency.UNCONFIRMED:
        found += [~confirmed_since(1), confirmed_since(2)]
    elif staff.get("kabar") == Currency.EXPIRED:
        found.append(~confirmed_since(2))
    return found


@dataclass(frozen=True)
class Found:
    """The rows that fit, before pages: a query, their ids in order of fitness where a search ranks them, and the search as a
    condition."""

    query: Select[Enterprise]
    ranked: list[int] | None = None
    meant: ColumnElement[bool] | None = None

    @property
    def count(self) -> int:
        """How many, or a little over a thousand."""
        return count_up_to(self.query) if self.ranked is None else len(self.ranked)

    @property
    def count_text(self) -> Sentence:
        """``312`` or ``1.000+``."""
        return count_text(self.count)


def search(wanted: Wanted, *, public: bool = True) -> Found:
    """What fits ``wanted``: the public by public words, the office also by owner, telephone, NIB and address."""
    filters = conditions(wanted, public=public)
    query = select(Enterprise).options(defer(Enterprise.search_text)).where(*filters)
    if not wanted.q:
        return Found(query)
    if public:
        meant = answer("enterprise", wanted.q, where=filters)
    else:
        fitting = Enterprise.id == EnterpriseIndex.id
        meant = answer("enterprise_index", wanted.q, where=(exists().where(fitting, *filters),))
    if meant.everything is not None:
        condition = meant.everything
        if not public:
            condition = Enterprise.id.in_(select(EnterpriseIndex.id).where(condition))
        return Found(query.where(condition), None, condition)
    among = Enterprise.id.in_(meant.ids)
    return Found(query.where(among), meant.ids, among)


def facet_counts(wanted: Wanted) -> dict[tuple[str, str], int]:
    """How many each value of each facet would leave, at most one more than can be told; one query for all.

    The other facets narrow the count, the facet itself does not.
    """
    asked: list[tuple[str, str]] = []
    parts: list[Any] = []
    meant = search(replace(wanted, facets={})).meant if wanted.q else None
    for name, values in values_known().items():
        filters = conditions(wanted, public=True, but=name)
        if meant is not None:
            filters.append(meant)
        for value in values:
            some = (
                select(literal_column("1").label("one"))
                .select_from(Enterprise)
                .where(*filters, facet_condition(name, value))
                .limit(COUNT_LIMIT + 1)
                .subquery()
            )
            parts.append(
                select(literal(len(asked)).label("number"), func.count().label("many")).select_from(some)
            )
            asked.append((name, value))
    counted = {row[0]: row[1] for row in db.session.execute(union_all(*parts))}
    return {facet: counted[number] for number, facet in enumerate(asked)}


def page_of(found: Found) -> Page[Enterprise]:
    """The page that the request asks for."""
    if found.ranked is not None:
        return ranked_page(found.query, found.ranked, Enterprise.id)
    return paginate(
        found.query, by=(Enterprise.name_key, Enterprise.id), key=lambda row: (row.name_key, row.id)
    )


def rows_of(found: Found) -> Iterator[Enterprise]:
    """Every row, in the order of the pages, read in batches."""
    if found.ranked is not None:
        rows = {row.id: row for row in db.session.scalars(found.query)}
        yield from (rows[id_] for id_ in found.ranked if id_ in rows)
        return
    ordered = found.query.order_by(Enterprise.name_key, Enterprise.id)
    yield from db.session.scalars(ordered.execution_options(yield_per=BATCH))
