"""Programmes that a consultant of the clinic may name to a visitor."""

from app.clinic.signals import ProgramChoice, program_named, programs_asked
from app.programs.models import Program
from app.programs.queries import closing_next, program_by_slug
from app.programs.screens import standing_name

MOST = 50


@programs_asked.connect
def open_programs(_sender: object) -> list[ProgramChoice]:
    """Those that can be joined now, what closes first first."""
    return [_choice(program) for program in closing_next(MOST)]


@program_named.connect
def named_program(_sender: object, slug: str) -> ProgramChoice | None:
    """One that everybody may read."""
    program = program_by_slug(slug)
    return _choice(program) if program is not None and program.is_public else None


def _choice(program: Program) -> ProgramChoice:
    return ProgramChoice(program.slug, program.title, standing_name(program.standing))
