"""Signing in and out, and the ways back in."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import devices, kept_forms, links, pace, second_step, sessions
from app.accounts.answers import private, problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.forms import AccountNameForm, CodeForm, NewPasswordForm, SignInForm, local_path
from app.accounts.models import AttemptKind, User
from app.accounts.passwords import hash_password, own_words
from app.accounts.queries import live_link
from app.accounts.services import sign_out_everywhere
from app.accounts.sign_in import check_password
from app.core.access import public, signed_in
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_, Text
from app.core.writing import writing
from app.notifications.delivery import is_configured

WRONG_CODE = N_(
    "Kode atau nama akun tidak cocok. Setelah lima kali salah, kode mati: minta kode baru ke kantor."
)


@bp.get("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    """The form. Whoever is signed in goes on at once."""
    back = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(back or sessions.home_of(current_user))
    return render_template("accounts/sign_in.html", form=SignInForm(), errors={}, back=back)


@bp.post("/masuk")
@public
def check_in() -> ResponseReturnValue:
    """Check the password and begin a session."""
    back = local_path(request.form.get("next"))
    form = SignInForm.read(request.form)
    if form.problems:
        return refused("accounts/sign_in.html", form.problems, {"form": form, "back": back})
    try:
        user_id = check_password(form.identifier, form.password, door=devices.door(form.identifier))
    except RuleBroken as no:
        return refused("accounts/sign_in.html", problem_of(no), {"form": form, "back": back}, no)
    user = db.session.get_one(User, user_id)
    if user.has_two_steps:
        return _ask_code(user, remember=form.remember, back=back)
    sessions.begin(user, remember=form.remember)
    answer = redirect(back or kept_forms.address_for(user) or sessions.home_of(user))
    return devices.remember(answer, [form.identifier])


@bp.post("/keluar")
@public
def sign_out() -> ResponseReturnValue:
    """End the session in this browser; harmless for whoever has none."""
    sessions.end()
    flash(_("Anda sudah keluar."), "done")
    return redirect(url_for(".sign_in"))


@bp.post("/keluar/semua")
@signed_in
def sign_out_all() -> ResponseReturnValue:
    """End every session of this person, here and elsewhere."""
    with writing():
        sign_out_everywhere(db.session.get_one(User, current_user.id))
    sessions.end()
    flash(_("Anda sudah keluar dari semua perangkat."), "done")
    return redirect(url_for(".sign_in"))


@bp.get("/sandi/lupa")
@public
def forgot() -> ResponseReturnValue:
    """Ask for a link by e-mail; afterwards, what to do next. The page is the same whether the account exists or not."""
    return render_template(
        "accounts/forgot.html",
        form=AccountNameForm(),
        errors={},
        asked=request.args.get("langkah") == "terkirim",
        by_email=is_configured(),
    )


@bp.post("/sandi/lupa")
@public
def ask_link() -> ResponseReturnValue:
    """Send a link where it can be sent; say the same in every case."""
    form = AccountNameForm.read(request.form)
    page = {"form": form, "asked": False, "by_email": is_configured()}
    if form.problems:
        return refused("accounts/forgot.html", form.problems, page)
    door = pace.door_to(form.identifier, address=request.remote_addr)
    try:
        with writing():
            pace.note_request(door)
            links.ask_for_link(form.identifier, door=door)
    except RuleBroken as no:
        return refused("accounts/forgot.html", problem_of(no), page, no)
    return redirect(url_for(".forgot", langkah="terkirim"))


@bp.get("/sandi/kode")
@public
def code() -> ResponseReturnValue:
    """The form for a code that the office read out."""
    return render_template("accounts/code.html", form=CodeForm(), errors={})


@bp.post("/sandi/kode")
@public
def exchange() -> ResponseReturnValue:
    """A right code leads to the page on which a password is chosen."""
    form = CodeForm.read(request.form)
    if form.problems:
        return refused("accounts/code.html", form.problems, {"form": form})
    door = pace.door_to(form.identifier, address=request.remote_addr)
    try:
        with writing():
            pace.admit(AttemptKind.CODE, door)
        with writing():
            token = links.exchange_code(form.identifier, form.code)
    except RuleBroken as no:
        return refused("accounts/code.html", problem_of(no), {"form": form}, no)
    if token is None:
        return refused("accounts/code.html", {"kode": Text(WRONG_CODE)}, {"form": form})
    return private(redirect(url_for(".redeem", token=token)))


@bp.get("/sandi/<token>")
@public
def redeem(token: str) -> ResponseReturnValue:
    """Where a one-time link leads: choose a password."""
    link = live_link(token)
    if link is None:
        return _gone()
    return private(
        render_template("accounts/new_password.html", user=link.user, link=link, token=token, errors={})
    )


@bp.post("/sandi/<token>")
@public
def set_password(token: str) -> ResponseReturnValue:
    """Use the link up, and sign its holder in."""
    link = live_link(token)
    if link is None:
        return _gone()
    form = NewPasswordForm.read(request.form, personal=own_words(link.user))
    if form.problems:
        page = {"user": link.user, "link": link, "token": token}
        return private(refused("accounts/new_password.html", form.problems, page))
    db.session.rollback()  # no connection is held while the password is hashed
    hashed = hash_password(form.password)
    try:
        with writing():
            user_id = links.redeem(token, password_hash=hashed).id
    except RuleBroken:
        return _gone()
    user = db.session.get_one(User, user_id)
    if user.has_two_steps:
        return private(_ask_code(user))
    sessions.begin(user, remember=False)
    flash(_("Sandi baru tersimpan. Anda sudah masuk."), "done")
    identifiers = [identifier for identifier in (user.email, user.phone) if identifier]
    return private(devices.remember(redirect(sessions.home_of(user)), identifiers))


def _ask_code(user: User, *, remember: bool = False, back: str = "") -> ResponseReturnValue:
    """The password was right; the session begins with the code."""
    sessions.start_afresh()
    second_step.wait_for(user, remember=remember, back=back)
    return redirect(url_for(".second"))


def _gone() -> Response:
    """The link was used, replaced or too old; the page says how to get a new one."""
    answer = private(render_template("accounts/link_gone.html", by_email=is_configured()))
    answer.status_code = 410
    return answer
