"""What the addresses of the editors' desk share: their blueprint, and how a page of one programme is found and answered."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from app.core.errors import RuleBroken
from app.core.i18n import say
from app.programs.models import Program
from app.programs.queries import program_by_id

bp = Blueprint("program_desk", __name__, url_prefix="/dinas/program")
ONE = "/<int(max=2147483647):program_id>"


def found_or_404(program_id: int) -> Program:
    """The programme at this address."""
    return program_by_id(program_id) or abort(404)


def to_page(endpoint: str, program: Program) -> ResponseReturnValue:
    """On to a page of ``program`` after something was done."""
    return redirect(url_for(endpoint, program_id=program.id), 303)


def told(no: RuleBroken | None) -> dict[str, str]:
    """What a rule said, by the field that it is about."""
    return {no.field or "": say(no.text)} if no else {}
