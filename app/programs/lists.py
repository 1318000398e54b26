"""Lists of programmes: what a reader or an editor wants to see, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import defer

from app.core.database import now
from app.core.extensions import db
from app.core.paging import Page, count_text, count_up_to, paginate, ranked_page
from app.core.parsing import fold_space
from app.core.search import answer
from app.core.text import Text
from app.programs.models import Program
from app.programs.queries import over_condition, public_condition
from app.programs.rules import AUDIENCES, CLOSING_SOON, KINDS, Standing, State

OPEN, CLOSING, ARCHIVE = "", "segera", "arsip"
VIEWS = (OPEN, CLOSING, ARCHIVE)
ORDER = (
    Standing.DRAFT, Standing.SCHEDULED, Standing.CLOSING, Standing.OPEN, Standing.RUNNING, Standing.OVER, Standing.WITHDRAWN,
)  # fmt: skip
"""The order of the desk: what needs work first."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for; an empty text means everything. ``tampil`` is one of VIEWS, ``keadaan`` a Standing (desk only)."""

    q: str = ""
    jenis: str = ""
    untuk: str = ""
    kecamatan: str = ""
    tampil: str = ""
    keadaan: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list beside the view."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value and name not in ("tampil", "keadaan")}

    @property
    def arguments(self) -> dict[str, Any]:
        """Everything as arguments of an address."""
        view = {"tampil": self.tampil, "keadaan": self.keadaan}
        return self.filters | {name: value for name, value in view.items() if value}

    def without(self, name: str) -> "Wanted":
        """The same with one filter taken off."""
        return replace(self, **{name: ""})


def read_wanted(arguments: Mapping[str, str], kecamatan: Mapping[str, str]) -> Wanted:
    """What the address asks for; what makes no sense asks for nothing."""

    def one_of(name: str, known: Any) -> str:
        given = arguments.get(name, "")
        return given if given in known else ""

    return Wanted(
        q=fold_space(arguments.get("q", ""))[:100],
        jenis=one_of("jenis", KINDS),
        untuk=one_of("untuk", AUDIENCES),
        kecamatan=one_of("kecamatan", kecamatan),
        tampil=one_of("tampil", VIEWS),
        keadaan=one_of("keadaan", set(Standing)),
    )


@dataclass(frozen=True)
class Found:
    """The rows that fit, before pages, and their ids by fitness where a search ranks them."""

    query: Select[Program]
    ranked: list[int] | None = None

    @property
    def count_text(self) -> Text:
        """``12`` or ``1.000+``."""
        return count_text(count_up_to(self.query) if self.ranked is None else len(self.ranked))


def public_list(wanted: Wanted) -> Found:
    """What everybody may read. A search looks through open and past programmes alike, unless a view was chosen."""
    moment = now()
    conditions = [public_condition(moment), *_filters(wanted)]
    if wanted.tampil == CLOSING:
        conditions += [Program.closes_at > moment, Program.closes_at <= moment + CLOSING_SOON]
    elif wanted.tampil == ARCHIVE:
        conditions.append(Program.closes_at <= moment)
    elif not wanted.q:
        conditions.append(Program.closes_at > moment)
    return _searched(wanted, conditions)


def desk_list(wanted: Wanted) -> Found:
    """Every programme in whatever state."""
    conditions = _filters(wanted)
    if wanted.keadaan:
        conditions.append(standing_rank(now()) == ORDER.index(Standing(wanted.keadaan)))
    return _searched(wanted, conditions)


def public_page(found: Found, wanted: Wanted) -> Page[Program]:
    """The page that the request asks for: what closes first first, in the archive what closed last."""
    if found.ranked is not None:
        return ranked_page(found.query, found.ranked, Program.id)
    return paginate(
        found.query,
        by=(Program.closes_at, Program.id),
        key=lambda row: (row.closes_at, row.id),
        descending=wanted.tampil == ARCHIVE,
    )


def desk_page(found: Found) -> Page[Program]:
    """The page that the request asks for, in the order of :data:`ORDER`, then by when it closes."""
    if found.ranked is not None:
        return ranked_page(found.query, found.ranked, Program.id)
    rank = standing_rank(now())
    return paginate(
        found.query,
        by=(rank, Program.closes_at, Program.id),
        key=lambda row: (ORDER.index(row.standing), row.closes_at, row.id),
    )


def rows_of(found: Found) -> list[Program]:
    """Every row of a list, for a file."""
    if found.ranked is None:
        return list(db.session.scalars(found.query.order_by(Program.closes_at, Program.id)))
    rows = {row.id: row for row in db.session.scalars(found.query)}
    return [rows[id_] for id_ in found.ranked if id_ in rows]


def view_counts() -> dict[str, int]:
    """How many public programmes each view shows without filters."""
    moment = now()
    views = {
        OPEN: Program.closes_at > moment,
        CLOSING: and_(Program.closes_at > moment, Program.closes_at <= moment + CLOSING_SOON),
        ARCHIVE: Program.closes_at <= moment,
    }
    counts = (func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in views.values())
    row = db.session.execute(select(*counts).where(public_condition(moment))).one()
    return dict(zip(views, row, strict=True))


def standing_counts() -> dict[Standing, int]:
    """How many programmes stand where, in the order of the desk."""
    rank = standing_rank(now()).label("rank")
    ranked = select(rank).select_from(Program).subquery()
    rows = db.session.execute(select(ranked.c.rank, func.count()).group_by(ranked.c.rank))
    counted: dict[int, int] = {row[0]: row[1] for row in rows}
    return {standing: counted.get(place, 0) for place, standing in enumerate(ORDER)}


def standing_rank(moment: datetime) -> ColumnElement[int]:
    """The place in :data:`ORDER` of what :func:`app.programs.rules.standing` says, as SQL."""
    places = (
        (Program.state == State.DRAFT, Standing.DRAFT),
        (Program.state == State.WITHDRAWN, Standing.WITHDRAWN),
        (~public_condition(moment), Standing.SCHEDULED),
        (over_condition(moment), Standing.OVER),
        (Program.closes_at <= moment, Standing.RUNNING),
        (Program.closes_at <= moment + CLOSING_SOON, Standing.CLOSING),
    )
    ranks = ((condition, literal(ORDER.index(standing))) for condition, standing in places)
    return case(*ranks, else_=literal(ORDER.index(Standing.OPEN)))


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.jenis:
        found.append(Program.kind == wanted.jenis)
    if wanted.untuk:
        found.append(_holds(Program.audience, wanted.untuk))
    if wanted.kecamatan:
        everywhere = cast(Program.kecamatan, String) == "[]"
        found.append(or_(everywhere, _holds(Program.kecamatan, wanted.kecamatan)))
    return found


def _holds(column: Any, code: str) -> ColumnElement[bool]:
    """A list of codes holds ``code``: read as its text, which both databases write alike. Codes hold no quotes."""
    return cast(column, String).contains(f'"{code}"', autoescape=True)


def _searched(wanted: Wanted, conditions: list[ColumnElement[bool]]) -> Found:
    query = select(Program).options(defer(Program.search_text)).where(*conditions)
    if not wanted.q:
        return Found(query)
    meant = answer("program", wanted.q, where=conditions)
    if meant.everything is not None:
        return Found(query.where(meant.everything))
    return Found(query.where(Program.id.in_(meant.ids)), meant.ids)
