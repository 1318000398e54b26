"""An owner who keeps a UKM by its secret link applies: one form makes the account, which takes the link's place, and sends
the application with it."""

import re
from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts import devices, sessions
from app.accounts.answers import shown
from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.cooperatives.forms import PersonForm, Problems
from app.core.access import public
from app.core.errors import RuleBroken
from app.core.extensions import db, limiter
from app.core.i18n import _
from app.core.office import office
from app.core.parsing import fold_lines, phone_for_people
from app.core.text import N_, Text
from app.core.writing import writing
from app.enterprises.blueprint import POSTS
from app.enterprises.keeper import Keeper, by_link
from app.enterprises.models import Enterprise
from app.enterprises.queries import owned_enterprise
from app.enterprises.services import adopt, open_account
from app.programs import applying
from app.programs.applicants import applicant_of
from app.programs.application_queries import counts_of
from app.programs.apply_page import closed_because, known_of, misfit_of, public_or_404
from app.programs.models import Program
from app.programs.targeting_rules import Subject

bp = Blueprint("link_applications", __name__)
BY_LINK = "/ukm/daftar/<token>/program/<slug>"
SECRET = re.compile(r"(?:^|/ukm/daftar/)([A-Za-z0-9_-]{43})(?:[/?#]|$)")
FIELDS = {"kontak": "name", "telepon": "phone"}
"""What an application calls its contact → what the form of a person does."""


@bp.get("/program/<slug>/daftar/tautan")
@public
def enter(slug: str) -> ResponseReturnValue:
    """Where a secret link is pasted, for whoever reads a programme and has no account."""
    return _enter(_for_enterprises(slug))


@bp.post("/program/<slug>/daftar/tautan")
@public
@limiter.limit(POSTS)
def follow(slug: str) -> ResponseReturnValue:
    """On to the form that the pasted link opens."""
    program, found = _for_enterprises(slug), SECRET.search(request.form.get("tautan", "").strip()[:500])
    if found is None:
        wrong = Text(
            N_("Itu bukan tautan rahasia dari kami. Salin seluruhnya, dari https:// sampai huruf terakhir.")
        )
        return _enter(program, {"tautan": wrong})
    return redirect(url_for(".form", token=found[1], slug=program.slug), 303)


@bp.get(BY_LINK)
@by_link
def form(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """The application, filled in with what the office knows, and what an account needs."""
    program, enterprise = _for_enterprises(slug), keeper.enterprise
    if current_user.is_authenticated and owned_enterprise(current_user.id, enterprise.slug):
        return redirect(_own_form(program, enterprise))
    phone = phone_for_people(enterprise.owner_phone) if enterprise.owner_phone else ""
    person = PersonForm(enterprise.owner_name or "", enterprise.owner_email or "", phone)
    if current_user.is_authenticated:
        known = current_user.phone
        person = PersonForm(current_user.name, "", phone_for_people(known) if known else phone)
    return _form(keeper, program, person)


@bp.post(BY_LINK)
@by_link
@limiter.limit(POSTS)
def send(keeper: Keeper, slug: str) -> ResponseReturnValue:
    """Make the account, or take the UKM into the one that is signed in, and apply: all of it or nothing."""
    program, person, has_account = _for_enterprises(slug), _read_person(), current_user.is_authenticated
    problems = dict(person.problems)
    password_hash = "" if has_account or problems else hash_password(person.password)
    if not problems:
        try:
            with writing():
                user = _account(keeper.enterprise, person, password_hash)
                done = _apply(program, keeper.enterprise, person, user).id
        except RuleBroken as no:
            problems = {FIELDS.get(no.field or "", no.field or ""): no.text}
        else:
            return _done(user, done, is_new=not has_account)
    return _form(keeper, program, person, problems)


def _for_enterprises(slug: str) -> Program:
    """A programme that a UKM may read about and join."""
    program = public_or_404(slug)
    if not program.takes_applications or Subject.ENTERPRISE.value not in program.audience:
        abort(404)
    return program


def _read_person() -> PersonForm:
    """Who applies. Whoever is signed in needs no password; a number to call is needed in any case."""
    person = PersonForm.read(request.form, office=office().full_name)
    if current_user.is_authenticated:
        person.problems.pop("password", None)
    if not person.email:
        person.problems.pop("email", None)
    if not person.phone:
        person.problems["phone"] = Text(N_("Isi nomor telepon yang bisa kami hubungi."))
    return person


def _account(enterprise: Enterprise, person: PersonForm, password_hash: str) -> User:
    if not password_hash:
        user = db.session.get_one(User, current_user.id)
        adopt(enterprise, user)
        return user
    return open_account(
        enterprise,
        name=person.name,
        email=person.email or None,
        phone=person.phone,
        password_hash=password_hash,
    )


def _apply(program: Program, enterprise: Enterprise, person: PersonForm, user: User) -> Any:
    applicant = applicant_of(enterprise)
    if applicant is None:
        raise RuleBroken(N_("Usaha ini belum selesai diperiksa kantor."))
    return applying.apply(
        program,
        applicant,
        by=user,
        contact_name=person.name,
        contact_phone=person.phone,
        answer=request.form.get("jawaban", ""),
        agreed=request.form.get("setuju") == "1",
    )


def _done(user: User, application_id: int, *, is_new: bool) -> ResponseReturnValue:
    address = url_for("applications.show", application_id=application_id)
    if not is_new:
        flash(_("Pendaftaran terkirim. Usaha ini sekarang ada di akun Anda."), "done")
        return redirect(address, 303)
    sessions.begin(user, remember=False)
    flash(
        _("Pendaftaran terkirim, dan akun Anda jadi. Mulai sekarang masuk dengan nomor telepon atau surel dan sandi Anda; tautan rahasia tidak berlaku lagi."),
        "done",
    )  # fmt: skip
    answer = make_response(redirect(address, 303))
    return devices.remember(answer, [known for known in (user.email, user.phone) if known])


def _own_form(program: Program, enterprise: Enterprise) -> str:
    return url_for(
        "applications.form", slug=program.slug, untuk=f"{Subject.ENTERPRISE.value}:{enterprise.slug}"
    )


def _enter(program: Program, problems: Problems | None = None) -> ResponseReturnValue:
    page = render_template("programs/enter_link.html", program=program, errors=shown(problems or {}))
    return page, 422 if problems else 200


def _form(
    keeper: Keeper, program: Program, person: PersonForm, problems: Problems | None = None
) -> ResponseReturnValue:
    applicant = applicant_of(keeper.enterprise)
    page = render_template(
        "programs/apply_by_link.html",
        keeper=keeper,
        program=program,
        counts=counts_of(program),
        intake=applying.intake_of(program.id),
        is_verified=applicant is not None,
        closed=closed_because(program, applicant),
        known=known_of(applicant) if applicant else [],
        misfit=misfit_of(program, applicant) if applicant else "",
        person=person,
        typed={
            "jawaban": fold_lines(request.form.get("jawaban", ""))[: applying.LONGEST_ANSWER],
            "setuju": request.form.get("setuju") == "1",
        },
        errors=shown(problems or {}),
    )
    return page, 422 if problems else 200
