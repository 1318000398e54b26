"""Whom the office is helping now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager

from app.core.extensions import db
from app.core.paging import Page, paginate
from app.questionnaire.models import Help, Report
from app.questionnaire.rules import EDITABLE
from app.questionnaire.waiting import HelpState

VIEWS = (HelpState.DISPUTED, HelpState.WAITING, HelpState.TYPING)


@dataclass(frozen=True)
class HelpsPage:
    """One view of the helps under way."""

    view: HelpState
    counts: dict[str, int]
    rows: Page[Help]


def helps_page(asked: Mapping[str, str]) -> HelpsPage:
    """The view that ``?tampil=`` names, else the first that has something."""
    counts = _counts()
    first = next((view for view in VIEWS if counts[view]), HelpState.WAITING)
    view = next((one for one in VIEWS if one.value == asked.get("tampil", "")), first)
    query = (
        _under_way()
        .where(Help.state == view)
        .options(contains_eager(Help.report).contains_eager(Report.cooperative))
    )
    return HelpsPage(view, counts, paginate(query, by=(Help.id,), key=lambda one: (one.id,), descending=True))


def _under_way() -> Select[Any]:
    """Open helps, without those that the cooperative's own submission has overtaken."""
    return (
        select(Help)
        .join(Help.report)
        .join(Report.cooperative)
        .where(
            Report.status.in_(EDITABLE),
            or_(Report.submitted_at.is_(None), Help.started_at > Report.submitted_at),
        )
    )


def _counts() -> dict[str, int]:
    query = _under_way().with_only_columns(Help.state, func.count(), maintain_column_froms=True)
    found = dict.fromkeys((view.value for view in VIEWS), 0)
    for state, count in db.session.execute(query.where(Help.state.in_(VIEWS)).group_by(Help.state)):
        found[state.value] = count
    return found


def disputed_number() -> Select[int]:
    """How many the cooperative sent back: they wait for an operator; to be asked with others."""
    query = _under_way().where(Help.state == HelpState.DISPUTED)
    return select(func.count()).select_from(query.subquery())
