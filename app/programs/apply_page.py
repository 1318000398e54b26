"""What the pages on which somebody applies say of a programme, whoever applies by whatever way."""

from flask import abort

from app.core.errors import RuleBroken
from app.core.i18n import say
from app.programs.applicants import Applicant, known
from app.programs.applying import may_apply
from app.programs.models import Program
from app.programs.queries import program_by_slug
from app.programs.targeting import target_of, words
from app.programs.targeting_rules import sentence


def public_or_404(slug: str) -> Program:
    """The programme at this address, where everybody may read it."""
    program = program_by_slug(slug)
    if program is None or not program.is_public:
        abort(404)
    return program


def closed_because(program: Program, applicant: Applicant | None = None) -> str:
    """Why nobody, or this applicant not, can apply now; empty where they can."""
    try:
        may_apply(program, applicant)
    except RuleBroken as no:
        return say(no.text)
    return ""


def known_of(applicant: Applicant) -> list[tuple[str, str]]:
    """What is sent along from the office's data, as the page shows it."""
    return [(say(label), say(value)) for label, value in known(applicant)]


def misfit_of(program: Program, chosen: Applicant) -> str:
    """For whom the programme is meant, where that is not, or not surely, who applies."""
    if chosen.matches(program) is True:
        return ""
    return say(sentence(chosen.subject, target_of(program.target).get(chosen.subject.value, {}), words()))
