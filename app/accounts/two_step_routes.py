"""A person's own second step: set up with a QR code, codes on paper, moved to another telephone, taken away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import one_time_codes, passkey_ceremonies, passkeys, second_factor, sessions
from app.accounts.answers import private, problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.models import User
from app.accounts.one_time_codes import read_code
from app.core.access import for_script, is_public, signed_in, step_up
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.office import office
from app.core.qr import qr_svg
from app.core.writing import writing

OWN = "/akun/kode-masuk"
STATE, SET_UP, CODES = (
    "accounts/two_step.html",
    "accounts/two_step_set_up.html",
    "accounts/recovery_codes.html",
)
OPEN_WITHOUT = frozenset(
    f"accounts.{name}"
    for name in (
        "two_step",
        "start_two_step",
        "set_up_two_step",
        "confirm_two_step",
        "new_passkey",
        "ask_new_passkey",
        "add_passkey",
        "prove",
        "ask_proof",
        "sign_out_all",
    )
)
"""What an admin who has no second step yet may open, beside what is public."""


@bp.before_app_request
def set_up_first() -> ResponseReturnValue | None:
    """An admin can open every other account, so nothing comes before the second step."""
    if is_public(request.endpoint) or request.endpoint in OPEN_WITHOUT:
        return None
    if not current_user.is_authenticated or not current_user.must_set_up_two_steps:
        return None
    if for_script():
        return {"code": "two-step", "sentence": _("Pasang kode masuk dulu.")}, 403
    return redirect(url_for("accounts.two_step"))


@bp.get(OWN)
@signed_in
def two_step() -> ResponseReturnValue:
    """Whether sign-in asks for a code, since when, and what may be done."""
    return render_template(STATE, **state_page(), errors={})


@bp.post(f"{OWN}/mulai")
@signed_in
@step_up
def start_two_step() -> ResponseReturnValue:
    """Make a secret for the app; what is in force stays so until a code has confirmed the new one."""
    with writing():
        second_factor.start(me())
    return redirect(url_for(".set_up_two_step"), 303)


@bp.get(f"{OWN}/pasang")
@signed_in
@step_up
def set_up_two_step() -> ResponseReturnValue:
    """The QR code, as long as no code has confirmed it; never again afterwards."""
    waiting = second_factor.standing(current_user).waiting_secret
    if not waiting:
        return redirect(url_for(".two_step"))
    return private(render_template(SET_UP, **_secret(waiting), errors={}))


@bp.post(f"{OWN}/pasang")
@signed_in
@step_up
def confirm_two_step() -> ResponseReturnValue:
    """The first code: from now on sign-in asks for one. Shows the codes for paper, once."""
    try:
        with writing():
            codes = second_factor.confirm(me(), read_code(request.form.get("kode", "")))
    except RuleBroken as no:
        waiting = second_factor.standing(current_user).waiting_secret
        if not waiting:
            return refused(STATE, {"": no.text}, state_page(), no)
        return private(refused(SET_UP, problem_of(no), _secret(waiting), no))
    sessions.renew(me())
    return codes_page(codes, title=_("Kode masuk terpasang. Simpan kode cadangan ini."))


@bp.post(f"{OWN}/cadangan")
@signed_in
@step_up
def renew_recovery_codes() -> ResponseReturnValue:
    """Ten new codes for paper; the old ones are void."""
    try:
        with writing():
            codes = second_factor.renew_recovery_codes(me())
    except RuleBroken as no:
        return refused(STATE, problem_of(no), state_page(), no)
    return codes_page(codes, title=_("Kode cadangan yang baru"))


@bp.post(f"{OWN}/lepas")
@signed_in
@step_up
def turn_two_step_off() -> ResponseReturnValue:
    """Sign in by password alone again; not for admins."""
    try:
        with writing():
            second_factor.turn_off(me())
    except RuleBroken as no:
        return refused(STATE, problem_of(no), state_page(), no)
    flash(_("Kode masuk dilepas. Mulai sekarang sandi saja cukup."), "done")
    return redirect(url_for(".two_step"), 303)


def me() -> User:
    """Who is signed in, as this session's unit reads them."""
    return db.session.get_one(User, current_user.id)


def state_page() -> dict[str, object]:
    """What :data:`STATE` shows."""
    has_extra = passkey_ceremonies.installed()
    return {
        "standing": second_factor.standing(current_user),
        "must": current_user.must_set_up_two_steps,
        "by_app": second_factor.has_app(current_user),
        "has_extra": has_extra,
        "keys": passkeys.keys_of(current_user) if has_extra else [],
        "here": passkeys.party(),
    }


def _secret(secret: str) -> dict[str, object]:
    account = str(current_user.email or current_user.phone)
    address = one_time_codes.app_address(secret, account=account, issuer=f"Simpul {office().city}")
    return {
        "qr": qr_svg(address, _("Kode QR untuk aplikasi kode")),
        "typed": one_time_codes.in_groups(secret),
        "account": account,
        "address": address,
    }


def codes_page(codes: list[str], *, title: str) -> ResponseReturnValue:
    """The codes for paper, under ``title``: shown this once."""
    page = render_template(
        CODES,
        codes=[one_time_codes.on_paper(code) for code in codes],
        made=now(),
        title=title,
        home=sessions.home_of(current_user),
    )
    return private(page)
