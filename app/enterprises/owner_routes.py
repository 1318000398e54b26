"""The office takes a listing out of an account: the business was sold or handed on, or its owner died."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.answers import BIGGEST_ID
from app.accounts.models import User
from app.core.access import Role, only
from app.core.errors import RuleBroken
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.blueprint import bp, found_or_404, refused
from app.enterprises.models import Enterprise
from app.enterprises.queries import owners_of

OWNER = f"/dinas/ukm/<slug>/pemilik/<int(max={BIGGEST_ID}):person_id>/lepas"


@bp.get(OWNER)
@only(Role.OPERATOR)
def release_form(slug: str, person_id: int) -> ResponseReturnValue:
    """Why, and what comes next."""
    enterprise = found_or_404(slug)
    person = _keeper_of(enterprise, person_id)
    return render_template(
        "enterprises/release.html", errors={}, enterprise=enterprise, person=person, reason=""
    )


@bp.post(OWNER)
@only(Role.OPERATOR)
def release(slug: str, person_id: int) -> ResponseReturnValue:
    """Take it out; the person is told why."""
    reason = request.form.get("alasan", "")
    try:
        with writing():
            enterprise = found_or_404(slug)
            person = _keeper_of(enterprise, person_id)
            name = person.name
            services.release(enterprise, person, reason=reason)
    except RuleBroken as no:
        enterprise = found_or_404(slug)
        return refused(
            "enterprises/release.html",
            {no.field or "": no.text},
            enterprise=enterprise,
            person=_keeper_of(enterprise, person_id),
            reason=reason,
        )
    flash(_("Usaha ini tidak lagi di akun %(name)s.", name=name), "done")
    return redirect(url_for(".card", slug=slug, _anchor="kelola"), 303)


def _keeper_of(enterprise: Enterprise, person_id: int) -> User:
    person = next((one for one in owners_of(enterprise) if one.id == person_id), None)
    if person is None:
        abort(404)
    return person
