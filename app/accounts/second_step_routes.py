"""The code after the password, and the question who it is that stands before a page marked ``@step_up``."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import devices, kept_forms, passkeys, second_factor, second_step, sessions, step_up
from app.accounts.answers import private, problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.forms import local_path
from app.accounts.models import User
from app.accounts.one_time_codes import RECOVERY_LENGTH, read_code
from app.accounts.second_step import Waiting
from app.core.access import public, signed_in
from app.core.errors import RuleBroken
from app.core.extensions import db

PAGE = "accounts/second_step.html"
FEW_LEFT = 3


@bp.get("/masuk/kode")
@public
def second() -> ResponseReturnValue:
    """The form for the code, for whose password was right within the last minutes."""
    waiting = second_step.waiting()
    if waiting is None:
        return redirect(url_for(".sign_in"))
    return private(render_template(PAGE, **means_of(waiting.user), errors={}))


@bp.post("/masuk/kode")
@public
def check_second() -> ResponseReturnValue:
    """The right code begins the session."""
    waiting = second_step.waiting()
    if waiting is None:
        return too_late()
    user_id, code = waiting.user.id, read_code(request.form.get("kode", ""))
    try:
        second_step.check_code(user_id, code, door=devices.code_door(waiting.user))
    except RuleBroken as no:
        means = means_of(db.session.get_one(User, user_id))
        return private(refused(PAGE, problem_of(no), means, no))
    answer = enter(user_id, waiting)
    if len(code) == RECOVERY_LENGTH:
        _tell_what_is_left(second_factor.standing(db.session.get_one(User, user_id)).codes_left)
    return answer


@bp.post("/akun/buktikan")
@signed_in
def prove() -> ResponseReturnValue:
    """Password or code for a page that was asked for, then on to that page."""
    back = local_path(request.form.get("next")) or url_for(".account")
    try:
        step_up.check(request.form.get(step_up.FIELD, ""), request.form.get(step_up.KEY_FIELD, ""))
    except RuleBroken as no:
        return step_up.page(no, back=back)
    return redirect(back, 303)


def means_of(user: User) -> dict[str, object]:
    """By what the second step of ``user`` may be answered, for :data:`PAGE`."""
    return {"by_app": second_factor.has_app(user), "by_passkey": passkeys.offered(user)}


def enter(user_id: int, waiting: Waiting) -> ResponseReturnValue:
    """Both steps were right: begin the session, and go where the person wanted to."""
    user = db.session.get_one(User, user_id)
    sessions.begin(user, remember=waiting.remember)
    answer = redirect(waiting.back or kept_forms.address_for(user) or sessions.home_of(user))
    return devices.remember(answer, [known for known in (user.email, user.phone) if known])


def too_late() -> ResponseReturnValue:
    """The password was right, but too long ago."""
    flash(_("Terlalu lama menunggu kode. Masuk lagi dengan sandi Anda."), "warning")
    return redirect(url_for(".sign_in"))


def _tell_what_is_left(left: int) -> None:
    said = ngettext(
        "Tersisa satu kode cadangan. Ponsel hilang atau ganti? Pasang kode masuk di ponsel yang baru lewat halaman Akun.",
        "Tersisa %(num)s kode cadangan. Ponsel hilang atau ganti? Pasang kode masuk di ponsel yang baru lewat halaman Akun.",
        left,
    )
    flash(said, "warning" if left <= FEW_LEFT else "info")
