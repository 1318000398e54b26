"""What may be told of the clinic's work: visits, waiting, no-shows, ratings and follow-ups, without singling anybody out.

Plain Python. Everything is counted over one calendar year, never over a stretch that a reader chooses: the difference of two
stretches would tell about the days between them. Topics, months and kecamatan with fewer than five visits go together under
one name, and inside a table small cells are hidden by the rule of the clusters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean, median

from app.enterprises.clusters.suppression import LEAST, Cell, hidden_in_table, is_small

OTHERS = ""
"""The key under which what is too small stands together."""


@dataclass(frozen=True)
class Visit:
    """One booking whose time is over: it took place, or nobody came. ``waited``: minutes from arriving to the beginning;
    ``promised`` and ``kept``: follow-ups that it left, and those that are done."""

    topic: str
    month: str
    kecamatan: str
    missed: bool
    waited: float | None = None
    promised: int = 0
    kept: int = 0


@dataclass(frozen=True)
class Rating:
    """One answer after a visit; it knows no visit."""

    topic: str
    month: str
    kecamatan: str
    useful: int
    clear: int


@dataclass(frozen=True)
class Line:
    """What may be told of one topic, month or kecamatan; None: too few to tell."""

    key: str
    visits: int
    waited: int | None  # the middle value, in minutes
    missed: int | None  # percent of those who had a time
    useful: float | None
    clear: float | None
    ratings: int | None
    kept: int | None  # percent of the follow-ups


@dataclass(frozen=True)
class Table:
    """Visits by two of topic, month and kecamatan, with totals; None: hidden."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[Cell, int | None]
    row_totals: Mapping[str, int] = field(default_factory=dict)
    column_totals: Mapping[str, int] = field(default_factory=dict)


def groups_of(counts: Mapping[str, int]) -> dict[str, str]:
    """Key → the key under which it is told: its own, or :data:`OTHERS` together with what is as small.

    Where the small ones are few even together, the smallest of the others joins them. Empty when all are too few.
    """
    if is_small(sum(counts.values())):
        return {}
    told = {key: key for key, count in counts.items() if count}
    together = [key for key in told if is_small(counts[key])]
    larger = sorted((key for key in told if key not in together), key=lambda key: (counts[key], key))
    while together and larger and sum(counts[key] for key in together) < LEAST:
        together.append(larger.pop(0))
    return told | dict.fromkeys(together, OTHERS)


def grouping(visits: Sequence[Visit], part: str) -> dict[str, str]:
    """:func:`groups_of` by ``topic``, ``month`` or ``kecamatan``; counted are visits that took place."""
    return groups_of(Counter(getattr(one, part) for one in visits if not one.missed))


def lines(visits: Sequence[Visit], ratings: Sequence[Rating], part: str) -> list[Line]:
    """What may be told by ``topic``, ``month`` or ``kecamatan``. ``ratings`` are those that may be told (:func:`released`)."""
    groups = grouping(visits, part)
    by_group: dict[str, list[Visit]] = defaultdict(list)
    rated: dict[str, list[Rating]] = defaultdict(list)
    for visit in visits:
        if getattr(visit, part) in groups:
            by_group[groups[getattr(visit, part)]].append(visit)
    for rating in ratings:
        rated[groups.get(getattr(rating, part), OTHERS)].append(rating)
    keys = _order(set(groups.values()))
    unrated = kept_back({key: len(rated[key]) for key in keys})
    uncounted = kept_back({key: sum(one.missed for one in by_group[key]) for key in keys})
    told = []
    for key in keys:
        one = _line(key, by_group[key], rated[key])
        if key in unrated:
            one = replace(one, useful=None, clear=None, ratings=None)
        told.append(replace(one, missed=None) if key in uncounted else one)
    return told


def kept_back(amounts: Mapping[str, int]) -> set[str]:
    """Where something is not told beside the others and their total: where it is small, and while all that is kept back is small
    together, and so could be worked out from the total, the smallest of the others too."""
    kept = {key for key, amount in amounts.items() if is_small(amount)}
    larger = sorted(
        (key for key, amount in amounts.items() if amount >= LEAST), key=lambda key: (amounts[key], key)
    )
    while larger and is_small(sum(amounts[key] for key in kept)):
        kept.add(larger.pop(0))
    return kept


def whole(visits: Sequence[Visit], ratings: Sequence[Rating]) -> Line | None:
    """All together; None when that is too few."""
    return _line(OTHERS, visits, ratings) if grouping(visits, "topic") else None


def _line(key: str, visits: Sequence[Visit], ratings: Sequence[Rating]) -> Line:
    came = [one for one in visits if not one.missed]
    waits = [one.waited for one in visits if one.waited is not None]
    promised = sum(one.promised for one in visits)
    enough = len(ratings) >= LEAST
    return Line(
        key=key,
        visits=len(came),
        waited=round(median(waits)) if len(waits) >= LEAST else None,
        missed=_percent(len(visits) - len(came), len(visits)),
        useful=round(fmean(one.useful for one in ratings), 1) if enough else None,
        clear=round(fmean(one.clear for one in ratings), 1) if enough else None,
        ratings=len(ratings) if enough else None,
        kept=_percent(sum(one.kept for one in visits), promised),
    )


def _percent(part: int, whole: int) -> int | None:
    """A share, unless it or its rest is of so few that they could be named."""
    if whole < LEAST or is_small(part) or is_small(whole - part):
        return None
    return round(100 * part / whole)


def _order(keys: Iterable[str]) -> list[str]:
    """Alphabetical, what goes together last."""
    return sorted(keys, key=lambda key: (key == OTHERS, key))


def table(visits: Sequence[Visit], rows: str, columns: str) -> Table:
    """Visits by two of their parts, small cells hidden together with what would give them away."""
    down, across = grouping(visits, rows), grouping(visits, columns)
    if not down:
        return Table((), (), {})
    counted: dict[str, Counter[str]] = {key: Counter() for key in _order(set(down.values()))}
    headings = tuple(_order(set(across.values())))
    for one in visits:
        if not one.missed:
            counted[down[getattr(one, rows)]][across[getattr(one, columns)]] += 1
    full = {row: {column: counts[column] for column in headings} for row, counts in counted.items()}
    hidden = hidden_in_table(full)
    return Table(
        rows=tuple(full),
        columns=headings,
        cells={
            (row, column): None if (row, column) in hidden else full[row][column]
            for row in full
            for column in headings
        },
        row_totals={row: sum(full[row].values()) for row in full},
        column_totals={column: sum(counts[column] for counts in full.values()) for column in headings},
    )


def released(ratings: Sequence[Rating], *, over: str) -> list[Rating]:
    """The ratings that may be counted: of each topic, months that end before ``over`` (``2026-11``), five at least at a time.

    So no look at the figures, however often, tells what one visitor said.
    """
    waiting: dict[str, list[Rating]] = defaultdict(list)
    found: list[Rating] = []
    by_month: dict[tuple[str, str], list[Rating]] = defaultdict(list)
    for one in ratings:
        if one.month < over:
            by_month[one.month, one.topic].append(one)
    for (_month, topic), some in sorted(by_month.items()):
        waiting[topic] += some
        if len(waiting[topic]) >= LEAST:
            found += waiting.pop(topic)
    return found
