"""Addresses of an applicant: apply, see where it stands, withdraw."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.core.access import keeps_form, signed_in
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _, say
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_, Text
from app.core.writing import writing
from app.programs import applying, clinic_visits, merged
from app.programs.applicants import Applicant, applicants_of, phone_of
from app.programs.application_access import own_application
from app.programs.application_models import ProgramApplication
from app.programs.application_queries import counts_of, mine, place_in_line
from app.programs.application_rules import BADGES, OPEN, PROGRESS_NAMES, Progress
from app.programs.apply_page import closed_because, known_of, misfit_of, public_or_404
from app.programs.fitting import joining, offers
from app.programs.models import Program
from app.programs.rules import Standing
from app.programs.targeting_rules import Subject

bp = Blueprint("applications", __name__)
bp.add_app_template_global(joining, "program_joining")
SIGNALS = (clinic_visits, merged)
"""Imported so that it answers the signals of the register."""
OWN = "/akun/program/<int(max=2147483647):application_id>"


@bp.get("/program/<slug>/daftar")
@signed_in
def form(slug: str) -> ResponseReturnValue:
    """What is sent, filled in with what the office knows already."""
    return _form(public_or_404(slug))


@bp.post("/program/<slug>/daftar")
@signed_in
@keeps_form(N_("Pendaftaran program"))
def send(slug: str) -> ResponseReturnValue:
    """Apply."""
    program = public_or_404(slug)
    try:
        with writing():
            user = db.session.get_one(User, current_user.id)
            acts_for = applicants_of(user)
            chosen = _chosen(acts_for)
            if not acts_for:
                raise RuleBroken(N_("Akun Anda belum bisa mendaftar di sini"))
            if chosen is None:
                raise RuleBroken(N_("Pilih untuk siapa Anda mendaftar."), field="untuk")
            application = applying.apply(
                program,
                chosen,
                by=user,
                contact_name=request.form.get("kontak", ""),
                contact_phone=request.form.get("telepon", ""),
                answer=request.form.get("jawaban", ""),
                agreed=request.form.get("setuju") == "1",
            )
            done = application.id
    except RuleBroken as no:
        return _form(program, no)
    flash(_("Pendaftaran terkirim."), "done")
    return redirect(url_for(".show", application_id=done), 303)


@bp.get("/akun/program")
@signed_in
def overview() -> ResponseReturnValue:
    """A person's applications, and the programmes that fit."""
    user = _me()
    found: dict[int, Any] = {}
    for subject in Subject:
        facts = {one.id: one.fit for one in applicants_of(user) if one.subject is subject}
        found |= {offer.program.id: offer for offer in offers(subject, facts)} if facts else {}
    return render_template(
        "programs/mine.html",
        applications=mine(user),
        offers=list(found.values()),
        names=PROGRESS_NAMES,
        badges=BADGES,
    )


@bp.get(OWN)
@own_application
def show(application: ProgramApplication) -> ResponseReturnValue:
    """Where one application stands, and what comes next."""
    return _show(application)


@bp.post(f"{OWN}/tarik")
@own_application
def withdraw(application: ProgramApplication) -> ResponseReturnValue:
    """Do not take part after all."""
    number = application.id
    try:
        with writing():
            applying.withdraw(application)
    except RuleBroken as no:
        flash(say(no.text), "error")
    else:
        flash(_("Pendaftaran ditarik. Kursinya kami berikan kepada yang menunggu."), "done")
    return redirect(url_for(".show", application_id=number), 303)


def _me() -> User:
    me: User = current_user._get_current_object()
    return me


def _chosen(applicants: list[Applicant]) -> Applicant | None:
    """For whom: the only one there is, or the one that was picked."""
    wanted = request.values.get("untuk", "")
    picked = next((one for one in applicants if one.key == wanted), None)
    return picked or (applicants[0] if len(applicants) == 1 and not wanted else None)


def _form(program: Program, no: RuleBroken | None = None) -> ResponseReturnValue:
    user = _me()
    everyone = applicants_of(user)
    applicants = [one for one in everyone if one.subject.value in program.audience]
    taken = {
        one.key: application
        for one in applicants
        if (application := applying.standing_application(program, one))
    }
    free = [one for one in applicants if one.key not in taken]
    chosen = _chosen(free)
    closed = closed_because(program)
    page = render_template(
        "programs/apply.html",
        program=program,
        counts=counts_of(program),
        intake=applying.intake_of(program.id),
        applicants=free,
        taken=list(taken.values()),
        chosen=chosen,
        known=known_of(chosen) if chosen else [],
        misfit=misfit_of(program, chosen) if chosen else "",
        closed=closed,
        errors={no.field or "": say(no.text)} if no else {},
        typed=_typed(user, chosen),
        names=PROGRESS_NAMES,
        badges=BADGES,
    )
    return page, 422 if no else 200


def _typed(user: User, chosen: Applicant | None) -> dict[str, Any]:
    sent = request.form
    if request.method != "POST":
        return {"kontak": user.name, "telepon": phone_of(user, chosen), "jawaban": "", "setuju": False}
    return {
        "kontak": fold_space(sent.get("kontak", ""))[:200],
        "telepon": fold_space(sent.get("telepon", ""))[:40],
        "jawaban": fold_lines(sent.get("jawaban", ""))[: applying.LONGEST_ANSWER],
        "setuju": sent.get("setuju") == "1",
    }


def _show(application: ProgramApplication) -> ResponseReturnValue:
    program = application.program
    place = place_in_line(application) if application.state is Progress.WAITLISTED else 0
    return render_template(
        "programs/application.html",
        application=application,
        program=program,
        name=PROGRESS_NAMES[application.state],
        badge_of=BADGES[application.state],
        next_step=_next_step(application, place),
        told=[(say(label), say(_read(value))) for label, value in application.facts.get("known", [])],
        may_withdraw=application.state in OPEN and program.standing is not Standing.OVER,
        intake=applying.intake_of(program.id),
    )


def _read(value: Any) -> Text | str:
    return Text.from_json(value) if isinstance(value, dict) else str(value)


def _next_step(application: ProgramApplication, place: int) -> str:
    program = application.program
    if program.standing is Standing.OVER:
        return _("Program ini sudah selesai.")
    if not program.is_public:
        return _("Program ini ditarik oleh kantor. Keterangannya ada di halaman program.")
    sentences = {
        Progress.WAITING: _("Petugas memeriksa pendaftaran ini. Hasilnya kami kabarkan di sini dan lewat surel."),
        Progress.WAITLISTED: _(
            "Semua kursi terisi. Anda nomor %(place)s di daftar tunggu; kalau ada yang mundur, kami kabari.", place=place
        ),
        Progress.ACCEPTED: _("Kursi Anda nomor %(seat)s. Tidak jadi ikut? Tarik pendaftaran supaya kursinya dipakai orang lain.",
                             seat=application.seat),
        Progress.REFUSED: _("Tidak ada lagi yang perlu Anda lakukan. Ada yang belum jelas? Hubungi kontak program."),
        Progress.WITHDRAWN: _("Berubah pikiran? Selama masih dibuka, Anda boleh mendaftar lagi di halaman program."),
    }  # fmt: skip
    return sentences[application.state]
