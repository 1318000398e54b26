"""A person's own account."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import devices, sessions, sign_in
from app.accounts.answers import problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.consents import CHANNEL_NAMES, channels_of, choices_of
from app.accounts.forms import ContactsForm, NewPasswordForm
from app.accounts.models import User
from app.accounts.passwords import hash_password, own_words
from app.accounts.rules import read_email
from app.accounts.services import change_contacts, change_password
from app.accounts.signals import sections_of
from app.core.access import ROLE_NAMES, signed_in
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.parsing import Unreadable, parse_phone, phone_for_people
from app.core.text import N_, Text
from app.core.writing import writing

MOST_SHOWN = 20
"""Devices that the page lists; "every other device" ends the rest as well."""


def _template() -> str:
    """The page in the layout that its reader works in."""
    return "accounts/account_staff.html" if current_user.is_staff else "accounts/account.html"


@bp.get("/akun")
@signed_in
def account() -> ResponseReturnValue:
    """Name, addresses, roles, password, and what higher features have to show."""
    return render_template(_template(), **_page(), errors={})


@bp.post("/akun/data")
@signed_in
def save_contacts() -> ResponseReturnValue:
    """Change name, e-mail or phone. A new e-mail or phone asks for the password: it decides who gets back in."""
    form = ContactsForm.read(request.form)
    mine = _identifiers()
    try:
        if _decides_who_gets_in(form):
            if not form.password:
                raise RuleBroken(
                    N_("Isi sandi untuk mengganti surel atau nomor telepon."), field="confirm_password"
                )
            _check_own(form.password, field="confirm_password")
        with writing():
            user = db.session.get_one(User, current_user.id)
            changed = change_contacts(user, name=form.name, email=form.email, phone=form.phone)
    except RuleBroken as no:
        return refused(_template(), problem_of(no), _page(form), no)
    flash(
        _("Perubahan tersimpan.") if changed else _("Tidak ada yang berubah."), "done" if changed else "info"
    )
    answer = redirect(url_for(".account"))
    return answer if _identifiers() == mine else devices.remember(answer, _identifiers())


@bp.post("/akun/sandi")
@signed_in
def save_password() -> ResponseReturnValue:
    """Change the password; other devices are signed out, this one stays."""
    form = NewPasswordForm.read(request.form, personal=own_words(current_user), asks_current=True)
    if not form.problems and form.password == form.current:
        form.problems["new_password"] = Text(N_("Sandi baru sama dengan yang sekarang."))
    if form.problems:
        return refused(_template(), form.problems, _page())
    try:
        _check_own(form.current, field="current_password")
    except RuleBroken as no:
        return refused(_template(), problem_of(no), _page(), no)
    hashed = hash_password(form.password)
    with writing():
        change_password(db.session.get_one(User, current_user.id), password_hash=hashed)
    sessions.renew(db.session.get_one(User, current_user.id))
    flash(_("Sandi baru tersimpan. Perangkat lain sudah keluar dari akun Anda."), "done")
    return redirect(url_for(".account"))


def _page(contacts: ContactsForm | None = None) -> dict[str, object]:
    """What the page shows; ``contacts`` as typed where they were refused."""
    person = current_user
    phone = phone_for_people(person.phone) if person.phone else ""
    return {
        "contacts": contacts or ContactsForm(person.name, person.email or "", phone),
        "roles": [ROLE_NAMES[role] for role in ROLE_NAMES if person.has_role(role)],
        "sections": sections_of(person),
        "channels": [(one.value, say(CHANNEL_NAMES[one])) for one in choices_of(person)],
        "agreed": sorted(channels_of(person.id)),
        "devices": sessions.live_sessions(person)[:MOST_SHOWN],
        "this_session": sessions.this_session(),
    }


def _identifiers() -> list[str]:
    return [identifier for identifier in (current_user.email, current_user.phone) if identifier]


def _decides_who_gets_in(form: ContactsForm) -> bool:
    """Whether e-mail or phone are about to change; what cannot be read will be refused anyway."""
    try:
        return (read_email(form.email), parse_phone(form.phone)) != (current_user.email, current_user.phone)
    except Unreadable:
        return False


def _check_own(password: str, *, field: str) -> None:
    """The password of who is signed in, paced like a sign-in. Raises RuleBroken beside ``field``."""
    identifier = _identifiers()[0]
    try:
        sign_in.check_password(identifier, password, door=devices.door(identifier))
    except RuleBroken as no:
        no.field = field
        if no.text.template == sign_in.WRONG:
            no.text = Text(N_("Sandi ini salah. Periksa lagi."))
        raise
