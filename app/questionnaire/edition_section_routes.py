"""Addresses of the titles and intros of one edition's sections; with them all addresses of editions are known."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from app.core.access import Role, only
from app.core.database import today
from app.core.i18n import _, say
from app.core.writing import writing
from app.questionnaire import edition_services as services
from app.questionnaire.edition_forms import SectionsForm
from app.questionnaire.edition_queries import Editions, Standing
from app.questionnaire.edition_question_routes import changing
from app.questionnaire.edition_routes import EDITION, bp, found_or_404, page, to_edition, told

__all__ = ["bp"]


@bp.get(f"{EDITION}/bagian")
@only(Role.OPERATOR)
@changing
def sections(here: Standing, every: Editions) -> ResponseReturnValue:
    """Titles and intros."""
    return page("sections", here, form=SectionsForm.of(here.questionnaire), errors={}, theirs={})


@bp.post(f"{EDITION}/bagian")
@only(Role.OPERATOR)
@changing
def save_sections(here: Standing, every: Editions) -> ResponseReturnValue:
    """Change them."""
    form = SectionsForm.read(request.form, here.questionnaire)
    if form.problems:
        return page("sections", here, form=form, errors=told(form.problems), theirs={}, status=422)
    try:
        with writing():
            services.change_sections(here.year, form.wanted, seen=form.seen, today=today())
    except services.Outdated as no:
        here, _every = found_or_404(here.year)
        now = SectionsForm.of(here.questionnaire).wanted
        fresh = SectionsForm(form.wanted, now)
        theirs = _both(form.wanted, now)
        return page("sections", here, form=fresh, errors={"": say(no.text)}, theirs=theirs, status=409)
    flash(_("Judul bagian tersimpan."), "done")
    return to_edition(here.year)


def _both(wanted: dict[int, tuple[str, str]], now: dict[int, tuple[str, str]]) -> dict[str, str]:
    """What somebody else wrote, by the field in which it differs from what was typed."""
    found = {}
    for number, theirs in now.items():
        for name, mine, other in zip(("judul", "pengantar"), wanted[number], theirs, strict=True):
            if mine != other:
                found[f"{name}_{number}"] = _("Sekarang tersimpan: %(value)s", value=other or "–")
    return found
