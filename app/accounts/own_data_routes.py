"""A copy of one's own data, and the wish that it be erased."""

import json

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import own_data
from app.accounts.answers import problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.models import User
from app.accounts.signals import sections_of
from app.core.access import signed_in, step_up
from app.core.downloads import file_response
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing

PAGE = "accounts/own_data.html"


@bp.get("/akun/data-saya")
@signed_in
def own_data_page() -> ResponseReturnValue:
    """What may be asked, and what was."""
    return render_template(PAGE, sections=sections_of(current_user), errors={})


@bp.get("/akun/data-saya.json")
@signed_in
@step_up
def own_data_file() -> ResponseReturnValue:
    """The copy, as a file that other programs read."""
    content = json.dumps(own_data.copy_of(current_user), ensure_ascii=False, indent=2).encode()
    return file_response(content, "data-saya.json", "application/json")


@bp.post("/akun/data-saya/hapus")
@signed_in
@step_up
def ask_erasure() -> ResponseReturnValue:
    """Ask the office to erase the account."""
    try:
        with writing():
            own_data.ask_erasure(db.session.get_one(User, current_user.id))
    except RuleBroken as no:
        return refused(PAGE, problem_of(no), {"sections": sections_of(current_user)}, no)
    flash(_("Permintaan Anda tercatat dan sudah disampaikan kepada kantor."), "done")
    return redirect(url_for(".own_data_page"), 303)


@bp.post("/akun/data-saya/batal")
@signed_in
def withdraw_erasure() -> ResponseReturnValue:
    """Keep the account after all."""
    with writing():
        own_data.withdraw_erasure(db.session.get_one(User, current_user.id))
    flash(_("Permintaan dibatalkan. Akun Anda tetap ada."), "done")
    return redirect(url_for(".own_data_page"), 303)
