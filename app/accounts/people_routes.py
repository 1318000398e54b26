"""The office's page about people: who has an account, one-time links, roles, closing and opening accounts."""

from collections.abc import Callable
from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import links, own_data, queries, second_factor, services
from app.accounts.answers import BIGGEST_ID, private, problem_of, refused
from app.accounts.blueprint import bp
from app.accounts.forms import (
    ContactsForm,
    InviteForm,
    read_people_filter,
    read_reason,
    read_roles,
    read_successor,
)
from app.accounts.links import IssuedLink
from app.accounts.models import Purpose, Standing, User
from app.accounts.rules import may_help
from app.accounts.signals import sections_of, work_of
from app.audit.queries import history_of
from app.core.access import ROLE_NAMES, STAFF, Role, only, step_up
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.paging import count_text
from app.core.parsing import phone_for_people
from app.core.qr import qr_svg
from app.core.text import N_, Text
from app.core.writing import writing

PERSON = f"/dinas/pengguna/<int(max={BIGGEST_ID}):person_id>"
PAGE = "accounts/person.html"
LIFETIMES = {"1": timedelta(days=1), "7": timedelta(days=7)}


@bp.get("/dinas/pengguna")
@only(Role.OPERATOR, Role.ADMIN)
def people() -> ResponseReturnValue:
    """Everybody, by name; operators see those outside the office, whom they may help."""
    wanted = read_people_filter(request.args, staff_too=_is_admin())
    page, count = queries.people_page(wanted)
    kept = {"q": wanted.wanted, "peran": wanted.role, "keadaan": wanted.standing}
    return render_template(
        "accounts/people.html",
        page=page,
        wanted=wanted,
        kept={name: str(value) for name, value in kept.items() if value},
        count=count_text(count),
        role_names=ROLE_NAMES,
        may_invite=_is_admin(),
    )


@bp.get("/dinas/pengguna/undang")
@only(Role.ADMIN)
def invite() -> ResponseReturnValue:
    """The form for a new colleague."""
    return render_template("accounts/invite.html", form=InviteForm(), errors={}, role_names=ROLE_NAMES)


@bp.post("/dinas/pengguna/undang")
@only(Role.ADMIN)
@step_up
def send_invitation() -> ResponseReturnValue:
    """Make the account; show its one-time link once, and send it where there is an e-mail address."""
    form = InviteForm.read(request.form)
    typed = form.contacts
    page = {"form": form, "role_names": ROLE_NAMES}
    if form.problems:
        return refused("accounts/invite.html", form.problems, page)
    try:
        with writing():
            user = services.create_user(
                name=typed.name, email=typed.email, phone=typed.phone, roles=form.roles
            )
            issued = services.issue_link(user, purpose=Purpose.INVITE, by=current_user)
            if user.email:
                services.email_link(user, issued)
    except RuleBroken as no:
        return refused("accounts/invite.html", problem_of(no), page, no)
    return _letter(user, issued)


@bp.get(PERSON)
@only(Role.OPERATOR, Role.ADMIN)
def person(person_id: int) -> ResponseReturnValue:
    """One person: addresses, roles, what may be done, and what was done."""
    user = _helped(person_id)
    return render_template(PAGE, **_page(user), errors={})


@bp.post(f"{PERSON}/data")
@only(Role.OPERATOR, Role.ADMIN)
@step_up
def save_person(person_id: int) -> ResponseReturnValue:
    """Correct name, e-mail or phone, as the person told the office."""
    form = ContactsForm.read(request.form)
    try:
        with writing():
            services.change_contacts(_helped(person_id), name=form.name, email=form.email, phone=form.phone)
    except RuleBroken as no:
        return refused(PAGE, problem_of(no), _page(_helped(person_id), contacts=form))
    flash(_("Perubahan tersimpan."), "done")
    return redirect(url_for(".person", person_id=person_id))


@bp.post(f"{PERSON}/tautan")
@only(Role.OPERATOR, Role.ADMIN)
@step_up
def make_link(person_id: int) -> ResponseReturnValue:
    """A one-time link and code, shown on this answer only: to read out, print, or (``lewat=surel``) send by e-mail."""
    lifetime = LIFETIMES.get(request.form.get("hari", ""), LIFETIMES["1"])
    by_email = request.form.get("lewat") == "surel"
    try:
        with writing():
            user = _helped(person_id)
            purpose = Purpose.RESET if user.password_hash else Purpose.INVITE
            issued = services.issue_link(user, purpose=purpose, by=current_user, lifetime=lifetime)
            if by_email and user.email:
                services.email_link(user, issued)
    except RuleBroken as no:
        return refused(PAGE, problem_of(no), _page(_helped(person_id)))
    if by_email and user.email:
        flash(_("Tautan masuk kotak keluar untuk %(email)s.", email=user.email), "done")
        return redirect(url_for(".person", person_id=person_id))
    return _letter(user, issued)


@bp.post(f"{PERSON}/peran")
@only(Role.ADMIN)
@step_up
def save_roles(person_id: int) -> ResponseReturnValue:
    """Give exactly the ticked roles."""
    roles = read_roles(request.form)

    def change(user: User) -> str:
        changed = services.set_roles(user, roles, by=current_user)
        return str(_("Peran tersimpan.") if changed else _("Tidak ada yang berubah."))

    return _do(person_id, change)


@bp.post(f"{PERSON}/nonaktif")
@only(Role.ADMIN)
@step_up
def deactivate(person_id: int) -> ResponseReturnValue:
    """Close the account, with a reason."""
    reason, problems = read_reason(request.form)
    chosen = read_successor(request.form)
    if chosen is None and work_of(_helped(person_id)):
        problems |= {"penerus": Text(N_("Pilih siapa yang meneruskan pekerjaannya."))}
    if problems:
        return refused(PAGE, problems, _page(_helped(person_id), reason=reason, successor=chosen))
    try:
        with writing():
            successor = db.session.get(User, chosen) if chosen else None
            if chosen and successor is None:
                raise RuleBroken(N_("Pilih pegawai yang masih aktif sebagai penerus."), field="penerus")
            sheet = services.deactivate(
                _helped(person_id), by=current_user, reason=reason, successor=successor
            )
    except RuleBroken as no:
        return refused(PAGE, problem_of(no), _page(_helped(person_id), reason=reason, successor=chosen))
    flash(_("Akun %(name)s nonaktif dan sudah keluar dari semua perangkat.", name=sheet.person_name), "done")
    if sheet.work:
        return redirect(url_for(".handover", person_id=person_id), 303)
    return redirect(url_for(".person", person_id=person_id))


@bp.get(f"{PERSON}/serah-terima")
@only(Role.ADMIN)
def handover(person_id: int) -> ResponseReturnValue:
    """The sheet of the latest handover, to print and sign."""
    sheet = queries.last_handover(person_id) or abort(404)
    return private(render_template("accounts/handover.html", sheet=sheet))


@bp.post(f"{PERSON}/aktif")
@only(Role.ADMIN)
@step_up
def reactivate(person_id: int) -> ResponseReturnValue:
    """Open a closed account again, with a reason."""
    reason, problems = read_reason(request.form)
    if problems:
        return refused(PAGE, problems, _page(_helped(person_id), reason=reason))

    def change(user: User) -> str:
        services.reactivate(user, reason=reason)
        return str(_("Akun %(name)s aktif lagi.", name=user.name))

    return _do(person_id, change, reason=reason)


@bp.post(f"{PERSON}/kode-masuk")
@only(Role.OPERATOR, Role.ADMIN)
@step_up
def reset_two_step(person_id: int) -> ResponseReturnValue:
    """The telephone is lost: let the next sign-in go by password alone."""
    if person_id == current_user.id:
        abort(404)  # one's own is changed on one's own page

    def change(user: User) -> str:
        second_factor.reset(user)
        return str(_("Kode masuk %(name)s diatur ulang, dan semua perangkatnya keluar.", name=user.name))

    return _do(person_id, change)


@bp.post(f"{PERSON}/hapus")
@only(Role.ADMIN)
@step_up
def erase_person(person_id: int) -> ResponseReturnValue:
    """Carry out the person's own wish to be forgotten."""

    def change(user: User) -> str:
        own_data.erase(user, by=current_user)
        return str(_("Data akun itu sudah dihapus."))

    return _do(person_id, change)


def _do(person_id: int, change: Callable[[User], str], *, reason: str = "") -> ResponseReturnValue:
    """One change in a write unit, then back to the person with what ``change`` says; a refusal stands on the page."""
    try:
        with writing():
            sentence = change(_helped(person_id))
    except RuleBroken as no:
        return refused(PAGE, problem_of(no), _page(_helped(person_id), reason=reason))
    flash(sentence, "done")
    return redirect(url_for(".person", person_id=person_id))


def _is_admin() -> bool:
    return bool(current_user.has_role(Role.ADMIN))


def _helped(person_id: int) -> User:
    """The person, if the one who asks may help them; else 404."""
    user = db.session.get(User, person_id)
    if user is None or not may_help(current_user.roles, user.roles):
        abort(404)
    return user


def _page(
    user: User, *, contacts: ContactsForm | None = None, reason: str = "", successor: int | None = None
) -> dict[str, object]:
    """What the person's page shows; ``contacts`` and ``reason`` as typed where they were refused."""
    phone = phone_for_people(user.phone) if user.phone else ""
    return {
        "person": user,
        "contacts": contacts or ContactsForm(user.name, user.email or "", phone),
        "reason": reason,
        "phone": phone,
        "roles": [ROLE_NAMES[role] for role in ROLE_NAMES if user.has_role(role)],
        "role_names": ROLE_NAMES,
        "staff_roles": STAFF,
        "sections": sections_of(user),
        "work": work_of(user) if _is_admin() else [],
        "successors": queries.successors(user) if _is_admin() else [],
        "successor": successor,
        "handover": queries.last_handover(user.id) if not user.is_active else None,
        "history": history_of("user", user.id, limit=20),
        "is_admin": _is_admin(),
        "is_self": user.id == current_user.id,
        "standing": user.standing,
        "inactive": Standing.INACTIVE,
    }


def _letter(user: User, issued: IssuedLink) -> ResponseReturnValue:
    """The printable page with link, QR and code. It cannot be shown again."""
    page = render_template(
        "accounts/link_letter.html",
        person=user,
        issued=issued,
        code_url=links.site_url(url_for(".code")),
        phone=phone_for_people(user.phone) if user.phone else "",
        qr=qr_svg(issued.url, _("Kode QR untuk membuka tautan")),
        invites=issued.link.purpose is Purpose.INVITE,
    )
    return private(page)
