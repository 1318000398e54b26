"""The clinic's week at the office."""

from flask import request
from flask.typing import ResponseReturnValue

from app.accounts.answers import page
from app.clinic.blueprint import bp
from app.clinic.desk import queries
from app.clinic.desk.calendar import week_of
from app.clinic.desk.common import asked_day, is_operator, own_consultant, read_id
from app.clinic.plans import broken_by
from app.core.access import Role, only


@bp.get("/dinas/klinik")
@only(Role.OPERATOR, Role.CONSULTANT)
def desk_week() -> ResponseReturnValue:
    """Who comes in this week and what is free; a consultant sees the own column."""
    own = own_consultant()
    choices = queries.people_choices() if own is None else []
    chosen = request.args.get("konsultan", "")
    asked = read_id(chosen) if chosen in {id_ for id_, _name in choices} else None
    ids = [own] if own is not None else [asked] if asked else None
    return page(
        "clinic/desk/week.html",
        week=week_of(asked_day(), ids, may_book=own is None, asked=asked),
        choices=choices,
        chosen=str(asked or ""),
        is_operator=is_operator(),
        strays=len(broken_by()) if own is None else 0,
    )
