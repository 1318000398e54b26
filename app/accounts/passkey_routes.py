"""Addresses of passkeys: a person's own, and as an answer in place of the code. All of them are absent without the extra.

A page's script asks for a question (JSON) and posts the device's answer as a field of an ordinary form.
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import devices, passkey_ceremonies, passkeys, second_step, sessions
from app.accounts.answers import private, problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.models import User
from app.accounts.passkey_models import PasskeyPurpose
from app.accounts.second_step_routes import PAGE as SECOND_STEP
from app.accounts.second_step_routes import enter, means_of, too_late
from app.accounts.two_step_routes import STATE, codes_page, me, state_page
from app.core.access import public, signed_in, step_up
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.writing import writing

OWN = "/akun/kunci-sandi"
ADD = "accounts/passkey_add.html"


@bp.get(OWN)
@signed_in
@step_up
def new_passkey() -> ResponseReturnValue:
    """A name for the new one; the script does the rest with the device."""
    _need_extra()
    return render_template(ADD, name="", here=passkeys.party(), errors={})


@bp.post(OWN)
@signed_in
@step_up
def add_passkey() -> ResponseReturnValue:
    """Keep the key that the device has made. With the first second step come the codes for paper, shown once."""
    _need_extra()
    name, user_id = request.form.get("nama", "")[:300], current_user.id
    try:
        key = passkeys.read_new(user_id, request.form.get(passkeys.FIELD, ""))
        with writing():
            codes = passkeys.add(me(), key, name=name)
    except RuleBroken as no:
        return refused(ADD, problem_of(no), {"name": name, "here": passkeys.party()}, no)
    if codes:
        sessions.renew(me())
        return codes_page(codes, title=_("Kunci sandi tersimpan. Simpan juga kode cadangan ini."))
    flash(_("Kunci sandi tersimpan. Mulai sekarang Anda dapat memakainya sebagai ganti kode."), "done")
    return redirect(url_for(".two_step"), 303)


@bp.post(f"{OWN}/tanya")
@signed_in
@step_up
def ask_new_passkey() -> ResponseReturnValue:
    """What the browser needs to let the device make a key."""
    return _question(current_user.id, PasskeyPurpose.ADD)


@bp.post(f"{OWN}/<int:passkey_id>/hapus")
@signed_in
@step_up
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Take one of one's own away."""
    _need_extra()
    try:
        with writing():
            name = passkeys.remove(me(), passkey_id)
    except RuleBroken as no:
        return refused(STATE, problem_of(no), state_page(), no)
    if name is None:
        abort(404)
    flash(_("Kunci sandi “%(name)s” dihapus.", name=name), "done")
    return redirect(url_for(".two_step"), 303)


@bp.post("/akun/buktikan/kunci-sandi")
@signed_in
def ask_proof() -> ResponseReturnValue:
    """What the browser needs to answer the question who it is with a passkey."""
    return _question(current_user.id, PasskeyPurpose.PROVE)


@bp.post("/masuk/kunci-sandi/tanya")
@public
def ask_second_passkey() -> ResponseReturnValue:
    """The same after the right password."""
    _need_extra()
    waiting = second_step.waiting()
    if waiting is None:
        return {
            "code": "late",
            "sentence": _("Terlalu lama menunggu kode. Masuk lagi dengan sandi Anda."),
        }, 409
    return _question(waiting.user.id, PasskeyPurpose.SIGN_IN)


@bp.post("/masuk/kunci-sandi")
@public
def check_second_passkey() -> ResponseReturnValue:
    """The right answer begins the session, as the right code does."""
    _need_extra()
    waiting = second_step.waiting()
    if waiting is None:
        return too_late()
    user_id = waiting.user.id
    try:
        passkeys.check(
            user_id,
            request.form.get(passkeys.FIELD, ""),
            purpose=PasskeyPurpose.SIGN_IN,
            door=devices.code_door(waiting.user),
        )
    except RuleBroken as no:
        means = means_of(db.session.get_one(User, user_id))
        return private(refused(SECOND_STEP, problem_of(no), means, no))
    return enter(user_id, waiting)


def _question(user_id: int, purpose: PasskeyPurpose) -> ResponseReturnValue:
    _need_extra()
    try:
        with writing():
            question = passkeys.ask(db.session.get_one(User, user_id), purpose)
    except RuleBroken as no:
        return {"code": "passkey", "sentence": say(no.text)}, 409
    return question


def _need_extra() -> None:
    if not passkey_ceremonies.installed():
        abort(404)
