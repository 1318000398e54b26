"""What somebody had typed when their session ended: to send again, or to throw away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import kept_forms
from app.accounts.answers import BIGGEST_ID, private
from app.accounts.blueprint import bp
from app.core.access import signed_in
from app.core.writing import writing

UNSAID = ("versi", "ke", "bentrok", "baru")
"""Fields that a page sends for itself; nobody typed them."""

bp.after_app_request(kept_forms.after_arrival)


@bp.get("/akun/isian")
@signed_in
def kept() -> ResponseReturnValue:
    """The forms kept for this person in this browser."""
    forms = [(form, _shown(form.fields)) for form in kept_forms.waiting_for(current_user)]
    return private(render_template("accounts/kept.html", forms=forms))


@bp.post("/akun/isian/<int:form_id>/buang")
@signed_in
def throw_away(form_id: int) -> ResponseReturnValue:
    """One of them is not needed. Harmless when it is gone already."""
    mine = kept_forms.waiting_for(current_user) if form_id <= BIGGEST_ID else []
    with writing():
        kept_forms.forget(form for form in mine if form.id == form_id)
    flash(_("Isian itu sudah dibuang."), "done")
    return redirect(url_for(".kept"))


def _shown(fields: list[list[str]]) -> list[tuple[str, str]]:
    """What was typed, by names that a person can read: the codes of our questions are plain Indonesian."""
    return [
        (name.replace("_", " ").capitalize(), text)
        for name, text in fields
        if text.strip() and name not in UNSAID
    ]
