"""The code after the password, and the question who it is that stands before a page marked ``@step_up``."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import devices, kept_forms, second_factor, second_step, sessions, step_up
from app.accounts.answers import private, problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.forms import local_path
from app.accounts.models import User
from app.accounts.one_time_codes import RECOVERY_LENGTH, read_code
from app.core.access import public, signed_in
from app.core.errors import RuleBroken
from app.core.extensions import db

PAGE = "accounts/second_step.html"
FEW_LEFT = 3


@bp.get("/masuk/kode")
@public
def second() -> ResponseReturnValue:
    """The form for the code, for whose password was right within the last minutes."""
    if second_step.waiting() is None:
        return redirect(url_for(".sign_in"))
    return private(render_template(PAGE, errors={}))


@bp.post("/masuk/kode")
@public
def check_second() -> ResponseReturnValue:
    """The right code begins the session."""
    waiting = second_step.waiting()
    if waiting is None:
        flash(_("Terlalu lama menunggu kode. Masuk lagi dengan sandi Anda."), "warning")
        return redirect(url_for(".sign_in"))
    user_id, code = waiting.user.id, read_code(request.form.get("kode", ""))
    try:
        second_step.check_code(user_id, code, door=devices.code_door(waiting.user))
    except RuleBroken as no:
        return private(refused(PAGE, problem_of(no), {}, no))
    user = db.session.get_one(User, user_id)
    sessions.begin(user, remember=waiting.remember)
    if len(code) == RECOVERY_LENGTH:
        _tell_what_is_left(second_factor.standing(user).codes_left)
    answer = redirect(waiting.back or kept_forms.address_for(user) or sessions.home_of(user))
    return devices.remember(answer, [known for known in (user.email, user.phone) if known])


@bp.post("/akun/buktikan")
@signed_in
def prove() -> ResponseReturnValue:
    """Password or code for a page that was asked for, then on to that page."""
    back = local_path(request.form.get("next")) or url_for(".account")
    try:
        step_up.check(request.form.get(step_up.FIELD, ""))
    except RuleBroken as no:
        return step_up.page(no, back=back)
    return redirect(back, 303)


def _tell_what_is_left(left: int) -> None:
    said = ngettext(
        "Tersisa satu kode cadangan. Ponsel hilang atau ganti? Pasang kode masuk di ponsel yang baru lewat halaman Akun.",
        "Tersisa %(num)s kode cadangan. Ponsel hilang atau ganti? Pasang kode masuk di ponsel yang baru lewat halaman Akun.",
        left,
    )
    flash(said, "warning" if left <= FEW_LEFT else "info")
