"""Pages by key: a list goes on after the last row seen, so page 500 costs what page 1 costs, and rows never repeat."""

import base64
import binascii
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import ColumnElement, Select, func, literal, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.core.database import UtcDateTime
from app.core.extensions import db
from app.core.short_memory import short_memory
from app.core.text import N_, Text

Row = TypeVar("Row")
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
Columns = Sequence[Column]

COUNT_LIMIT = 1000
PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the keys that lead to the pages beside it (empty at an end)."""

    rows: list[Row]
    previous: str = ""
    following: str = ""


def paginate(
    query: Select[Row],
    *,
    by: Columns,
    key: Callable[[Row], tuple[Any, ...]],
    descending: bool = False,
    size: int = PAGE_SIZE,
    only: Columns = (),
    least: Any = None,
) -> Page[Row]:
    """The page of ``query`` that the request asks for by ``?after=`` or ``?before=``.

    ``by`` are the columns of the order, never null, the last of them unique; ``key`` gives their values for a row. All run
    in one direction. A key that makes no sense (an old bookmark) shows the first page. ``only``: rows with these columns instead
    of whole objects, at a fraction of the cost. ``least``, a value that none is below: the first of ``by`` may be null, and
    what is null comes last, whatever the direction.
    """
    after, before = request.args.get("after", ""), request.args.get("before", "")
    start = _unpack(after or before, by, is_gapped=least is not None)
    backwards = bool(before and not after and start)
    downwards = descending != backwards
    order = [column.desc() if downwards else column.asc() for column in by]
    if least is None:
        parts = [query if start is None else query.where(_beyond(by, start, downwards=downwards))]
    else:
        parts = _known_and_unknown(query, by, start, least, downwards=downwards, backwards=backwards)
    rows: list[Any] = []
    for part in parts:
        if len(rows) <= size:
            rows += _read(part.order_by(None).order_by(*order).limit(size + 1 - len(rows)), only)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows)
    has_previous = more if backwards else start is not None
    has_following = True if backwards else more
    return Page(
        rows,
        previous=_pack(key(rows[0])) if has_previous else "",
        following=_pack(key(rows[-1])) if has_following else "",
    )


def _beyond(by: Columns, start: tuple[Any, ...], *, downwards: bool) -> ColumnElement[bool]:
    """The condition that a row comes after the one with the key ``start``."""
    here, there = tuple_(*by), tuple_(*(literal(v, c.type) for v, c in zip(start, by, strict=True)))
    return here < there if downwards else here > there


def _known_and_unknown(
    query: Select[Row],
    by: Columns,
    start: tuple[Any, ...] | None,
    least: Any,
    *,
    downwards: bool,
    backwards: bool,
) -> list[Select[Row]]:
    """From ``start`` on, the rows that have a value of the first column, then those that have none; backwards the other way.

    Apart, since an index answers either; no index keeps both in this order for both directions.
    """
    first = by[0]
    known, unknown = query.where(first >= literal(least, first.type)), query.where(first.is_(None))
    if start is None:
        return [known, unknown]
    if start[0] is None:
        left = unknown.where(_beyond(by[1:], start[1:], downwards=downwards))
        return [left, known] if backwards else [left]
    # of two lower bounds SQLite may take the one that is of no help
    left = (known if downwards else query).where(_beyond(by, start, downwards=downwards))
    return [left] if backwards else [left, unknown]


def _read(query: Select[Any], only: Columns) -> list[Any]:
    if only:
        return list(db.session.execute(query.with_only_columns(*only, maintain_column_froms=True)))
    return list(db.session.scalars(query).unique())


def ranked_page(
    query: Select[Row],
    ranked: Sequence[int],
    id_column: Column,
    *,
    size: int = PAGE_SIZE,
    only: Columns = (),
) -> Page[Row]:
    """The page of a ranking that the request asks for. ``ranked`` are ids, best first; the keys are places among them.

    What ``query`` no longer finds is left out.
    """
    start = _place(request.args.get("after", ""))
    if (before := _place(request.args.get("before", ""))) and not start:
        start = max(0, before - size)
    start = start if start < len(ranked) else 0
    ids = ranked[start : start + size]
    rows: dict[int, Any] = {
        getattr(row, id_column.key or "id"): row for row in _read(query.where(id_column.in_(ids)), only)
    }
    return Page(
        [rows[id_] for id_ in ids if id_ in rows],
        previous=str(start) if start else "",
        following=str(start + size) if start + size < len(ranked) else "",
    )


def _place(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 5 else 0


def count_up_to(query: Select[Any], limit: int = COUNT_LIMIT) -> int:
    """How many rows ``query`` has, but at most ``limit + 1``: counting further would cost more than it tells."""
    one: ColumnElement[int] = literal_column("1").label("one")
    some = query.with_only_columns(one, maintain_column_froms=True).order_by(None).limit(limit + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def count_for_a_moment(query: Select[Any], key: Hashable) -> int:
    """The same; what was more than can be told a moment ago is not counted again. ``key`` says what is counted."""
    memory = short_memory()
    if memory.get(key):
        return COUNT_LIMIT + 1
    count = count_up_to(query)
    if count > COUNT_LIMIT:
        memory.put(key, True)
    return count


def count_blocks(number: Column, each: int, *where: ColumnElement[bool]) -> dict[int, int]:
    """How many rows fit of every ``each`` whole numbers, from 1, in their order; blocks without any are left out."""
    block = ((number - 1) // literal(each)).label("block")
    counted = select(block, func.count()).where(*where).group_by(block).order_by(block)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def count_text(count: int, limit: int = COUNT_LIMIT) -> Text:
    """``312`` or ``1.000+``, as a sentence part."""
    shown = f"{min(count, limit):,}".replace(",", ".")
    return Text(N_("%(count)s+") if count > limit else "%(count)s", {"count": shown})


def _pack(values: tuple[Any, ...]) -> str:
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _unpack(packed: str, by: Columns, *, is_gapped: bool = False) -> tuple[Any, ...] | None:
    if not packed:
        return None
    try:
        plain = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        if not isinstance(plain, list) or len(plain) != len(by):
            return None
        gaps = 1 if is_gapped and plain[0] is None else 0
        known = zip(plain[gaps:], by[gaps:], strict=True)
        return (None,) * gaps + tuple(_typed(value, column) for value, column in known)
    except (ValueError, TypeError, binascii.Error):
        return None


def _typed(value: Any, column: Column) -> Any:
    wanted = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    if wanted in (date, datetime):
        moment = wanted.fromisoformat(value)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return moment
    if (
        isinstance(value, bool)
        or not isinstance(value, wanted)
        or (isinstance(value, str) and "\x00" in value)
    ):
        raise TypeError(f"{value!r} is no {wanted.__name__}")
    if isinstance(value, int) and abs(value) >= 1 << 63:
        raise ValueError("beyond any key")
    return value
