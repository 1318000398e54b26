"""How many listed cooperatives there are under each filter: what the public list shows beside its choices, and the map."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, Select, func, select

from app.cooperatives.fields import BENTUK, JENIS, KELOMPOK
from app.cooperatives.lists import Wanted, columns_of_filters, conditions, is_whole
from app.cooperatives.orders import COLUMNS
from app.cooperatives.queries import region, revision
from app.cooperatives.rules import STATUS_LABELS, rat_choices
from app.cooperatives.screens import rat_label
from app.core.database import today
from app.core.extensions import db
from app.core.i18n import _, say
from app.core.kept_figures import kept_figure
from app.core.paging import COUNT_LIMIT, count_text
from app.core.search import Answer, met
from app.core.short_memory import short_memory
from app.regions.outlines import Choropleth, choropleth

NAMES = ("kecamatan", "jenis", "kelompok", "bentuk", "status", "rat")
MOST = 5000  # rows that are counted for one page; no city has so many cooperatives
SAMPLE = COUNT_LIMIT  # rows of a search or a kecamatan that are counted anew for each page
LONGEST = 30  # choices of one facet: a province has hundreds of kecamatan
KEPT = "counts of the directory"

Combination = tuple[str | None, ...]


@dataclass(frozen=True)
class Counts:
    """How many rows share each combination of values of :data:`NAMES`. Not ``whole``: some rows were not counted."""

    groups: Mapping[Combination, int]
    whole: bool

    def under(self, wanted: Wanted) -> dict[str, Counter[str]]:
        """Facet → value → how many there are if that value were chosen, the other facets being as they are."""
        narrowed = {
            place: set(chosen) for place, name in enumerate(NAMES) if (chosen := getattr(wanted, name))
        }
        found = {name: Counter[str]() for name in NAMES}
        for combination, count in self.groups.items():
            missed = [place for place, chosen in narrowed.items() if combination[place] not in chosen]
            if len(missed) > 1:
                continue
            for place in missed or range(len(NAMES)):
                value = combination[place]
                if value is not None:
                    found[NAMES[place]][value] += count
        return found

    def fitting(self, wanted: Wanted) -> int | None:
        """How many rows fit ``wanted``; None where that does not follow from these counts."""
        if not self.whole or wanted.kelurahan or wanted.laporan or wanted.pengelola:
            return None
        chosen = [getattr(wanted, name) for name in NAMES]
        return sum(
            count
            for combination, count in self.groups.items()
            if all(not some or value in some for some, value in zip(chosen, combination, strict=True))
        )


@dataclass(frozen=True)
class Facet:
    """One group of choices beside the list: (value, words, how many as shown or None)."""

    name: str
    label: str
    choices: list[tuple[str, str, str | None]]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Narrowing:
    """Everything beside the public list that says how it can be narrowed. ``map`` is None where not all is counted; ``count`` is
    how many are in the list itself, where the counts tell."""

    facets: list[Facet]
    map: Choropleth | None
    count: int | None


def narrowing(endpoint: str, wanted: Wanted, meant: Answer | None) -> Narrowing:
    """The facets and the map of the list at ``endpoint``; ``meant`` is what its search means."""
    counts = counts_of(meant)
    under = counts.under(wanted)
    facets = [
        _facet(name, label, known, under[name], getattr(wanted, name), whole=counts.whole)
        for name, label, known in _known()
    ]
    if len(wanted.kecamatan) == 1:
        facets.insert(1, _kelurahan(wanted, meant))
    places = region()
    urls = {
        code: url_for(endpoint, **replace(wanted, kecamatan=(code,), kelurahan=()).arguments)
        for code in places.kecamatan
    }
    drawn = (
        choropleth(places, under["kecamatan"], urls, chosen=wanted.kecamatan)
        if counts.whole and 1 < len(places.kecamatan) <= LONGEST
        else None
    )
    return Narrowing([facet for facet in facets if facet.choices], drawn, counts.fitting(wanted))


def _known() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each facet, its label, and its values with their words, in their order."""
    yield "kecamatan", _("Kecamatan"), dict(region().kecamatan)
    yield "jenis", _("Jenis"), {one: one for one in JENIS}
    yield "kelompok", _("Kelompok"), {one: one for one in KELOMPOK}
    yield "bentuk", _("Bentuk"), {one: one for one in BENTUK}
    yield "status", _("Status"), {one.value: say(label) for one, label in STATUS_LABELS.items()}
    yield "rat", _("RAT terakhir"), {one: rat_label(one) for one in rat_choices(today())}


def _facet(
    name: str,
    label: str,
    known: Mapping[str, str],
    counts: Mapping[str, int],
    values: tuple[str, ...],
    *,
    whole: bool,
) -> Facet:
    """The choices that lead somewhere, in their order; of a long list those that lead to most."""
    shown = [value for value in known if counts.get(value) or value in values or not whole]
    if len(shown) > LONGEST:
        most = set(sorted(shown, key=lambda value: -counts.get(value, 0))[:LONGEST]) | set(values)
        shown = [value for value in shown if value in most]
    return Facet(
        name,
        label,
        [(value, known[value], _count(counts.get(value, 0), whole=whole)) for value in shown],
        values,
    )


def _count(count: int, *, whole: bool) -> str | None:
    """Exact up to a thousand, then ``1.000+``; None where not all was counted and so nothing is sure."""
    return say(count_text(count)) if whole or count > COUNT_LIMIT else None


def _kelurahan(wanted: Wanted, meant: Answer | None) -> Facet:
    """The kelurahan of the one kecamatan that is chosen."""
    counted = {row[0]: row[1] for row in _grouped(("kelurahan",), replace(wanted, kelurahan=()), meant)}
    known = region().kelurahan_of(wanted.kecamatan[0])
    whole = sum(counted.values()) <= SAMPLE
    return _facet("kelurahan", _("Kelurahan"), known, counted, wanted.kelurahan, whole=whole)


def counts_of(meant: Answer | None) -> Counts:
    """What a search finds, or the whole list, by combination. That of the whole list is a kept figure."""
    return _counted(meant, SAMPLE) if meant else kept_figure(KEPT, revision, lambda: _counted(None, MOST))


def _counted(meant: Answer | None, most: int) -> Counts:
    groups = {tuple(row[:-1]): row[-1] for row in _grouped(NAMES, Wanted(), meant, most)}
    surely_all = meant is None or meant.crowd is not None or is_whole(meant)
    return Counts(groups, surely_all and sum(groups.values()) <= most)


def _grouped(names: tuple[str, ...], wanted: Wanted, meant: Answer | None, most: int = SAMPLE) -> list[Any]:
    """What fits by its values of ``names``, with how many there are of each; those of too many are remembered for a moment."""
    among = meant and (meant.crowd or tuple(meant.ids))
    memory, key = short_memory(), (names, replace(wanted, urut=""), among, most)
    if known := memory.get(key):
        return list(known)
    columns = columns_of_filters()
    rows = _rows([columns[name].label(name) for name in names], wanted, meant, most).subquery()
    found = [tuple(row) for row in db.session.execute(select(*rows.c, func.count()).group_by(*rows.c))]
    if sum(row[-1] for row in found) > most:
        memory.put(key, found)
    return found


def _rows(
    columns: Iterable[ColumnElement[Any]], wanted: Wanted, meant: Answer | None, most: int
) -> Select[Any]:
    """``columns`` of what fits, but at most one row more than are counted."""
    query = select(*columns).where(*conditions(wanted, found_already=meant is not None)).limit(most + 1)
    if meant is None:
        return query
    return query.where(COLUMNS.id.in_(meant.ids)) if meant.crowd is None else met(query, meant.crowd)
