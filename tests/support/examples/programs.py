"""Programmes and applications."""

from collections.abc import Iterable, Iterator

from sqlalchemy import String, cast, select
from werkzeug.routing import Rule

from app.core.database import now
from app.programs.application_models import ProgramApplication
from app.programs.models import Program
from app.programs.queries import open_condition
from app.programs.rules import State
from tests.support.examples.common import Values, first

LISTS = ("applicants.table", "applicants.index", "applicants.attendance")


def examples(rule: Rule, link: str) -> Iterable[Values] | None:
    """The parameters of ``rule``; None for one that needs no choice of its own."""
    match rule.endpoint:
        case "applications.form":
            return [{"slug": _open()}]
        case "link_applications.enter":
            return [{"slug": _open("enterprise")}]
        case "link_applications.form":
            return [{"token": link, "slug": _open("enterprise")}]
        case endpoint if endpoint in LISTS:
            seats = select(ProgramApplication.program_id).order_by(
                ProgramApplication.seat.desc().nulls_last()
            )
            suffix = {"suffix": "csv"} if "suffix" in rule.arguments else {}
            return [{"program_id": first(seats), **suffix}]
    return _public(rule) if rule.endpoint.startswith("programs.") and rule.arguments else None


def _open(audience: str = "") -> str:
    """One that can be applied for now."""
    query = select(Program.slug).where(Program.takes_applications, open_condition(now()))
    return str(first(query.where(cast(Program.audience, String).contains(audience))))


def _public(rule: Rule) -> Iterator[Values]:
    """One that can be joined, and one that is over."""
    public = select(Program.slug).where(Program.state == State.PUBLISHED, Program.deadline.is_not(None))
    yield {"slug": first(public.order_by(Program.closes_at.desc()))}
    if rule.endpoint == "programs.show":
        yield {"slug": first(public.order_by(Program.closes_at))}
