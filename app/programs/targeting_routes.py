"""Addresses of the desk where an editor says whom a programme fits, and sees who is told of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from app.accounts.models import ContactChannel, User
from app.core.access import Role, only
from app.core.downloads import table_response
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _, say
from app.core.paging import count_text, count_up_to, paginate
from app.core.writing import writing
from app.programs import telling
from app.programs.application_models import ProgramTelling
from app.programs.audience import result_of, subjects_of, table_of
from app.programs.cluster_panel import send_to_cluster
from app.programs.desk import ONE, found_or_404
from app.programs.models import Program
from app.programs.targeting import target_of, words
from app.programs.targeting_forms import ASKED, TargetForm, arguments, fields_of, packed, unpacked
from app.programs.targeting_rules import NOUNS, Subject
from app.programs.whatsapp import whatsapp_lines

bp = Blueprint("targeting", __name__, url_prefix="/dinas/program")


@bp.get(f"{ONE}/sasaran")
@only(Role.EDITOR, Role.OPERATOR)
def show(program_id: int) -> ResponseReturnValue:
    """The criteria, and at once how many and who they find."""
    program = found_or_404(program_id)
    stored = target_of(program.target)
    form = TargetForm.read(request.args) if ASKED in request.args else TargetForm.of(stored)
    subjects = subjects_of(program)
    page = render_template(
        "programs/desk/target.html",
        program=program,
        form=form,
        errors={name: say(problem) for name, problem in form.problems.items()},
        parts=[
            (subject.value, say(NOUNS[subject]), fields_of(subject, words(), form)) for subject in subjects
        ],
        results=[result_of(subject, form.target) for subject in subjects],
        packed=packed(form.target),
        kept=packed(stored),
        is_new=form.target != stored,
        asked=arguments(form),
        public_only=bool(program.audience) and not subjects,
    )
    return page, 422 if form.problems else 200


@bp.post(f"{ONE}/sasaran")
@only(Role.EDITOR)
def save(program_id: int) -> ResponseReturnValue:
    """Keep the criteria that the page showed; where a colleague has kept others meanwhile, they are shown once more first."""
    target = unpacked(request.form.get("sasaran", ""))
    seen = unpacked(request.form["tersimpan"]) if "tersimpan" in request.form else None
    try:
        with writing():
            changed = telling.set_target(found_or_404(program_id), target, seen=seen)
    except RuleBroken as no:
        flash(say(no.text), "warning")
        asked = {**arguments(TargetForm.of(target)), ASKED: "1"}
        return redirect(url_for(".show", program_id=program_id, **asked), 303)
    flash(_("Sasaran tersimpan.") if changed else _("Tidak ada yang berubah."), "done")
    return redirect(url_for(".show", program_id=program_id), 303)


@bp.get(f"{ONE}/sasaran.csv")
@only(Role.OPERATOR)
def table(program_id: int) -> ResponseReturnValue:
    """Everybody who fits, with what the register knows, for those who may see the register."""
    program = found_or_404(program_id)
    asked = TargetForm.read(request.args).target if ASKED in request.args else target_of(program.target)
    wanted = request.args.get("daftar", "")
    subject = Subject(wanted) if wanted in set(Subject) else Subject.COOPERATIVE
    columns, rows = table_of(subject, asked)
    return table_response(columns, rows, filename=f"sasaran-{program.slug}", suffix="csv")


@bp.get(f"{ONE}/kabar")
@only(Role.EDITOR, Role.OPERATOR)
def news(program_id: int) -> ResponseReturnValue:
    """Who was told, who will be, and whom an operator can write to."""
    return _news(found_or_404(program_id))


@bp.post(f"{ONE}/kabar")
@only(Role.EDITOR, Role.OPERATOR)
def tell(program_id: int) -> ResponseReturnValue:
    """Tell those who fit, agreed and have not heard of it."""
    program = found_or_404(program_id)
    try:
        telling.may_tell(program)
    except RuleBroken as no:
        flash(say(no.text), "error")
    else:
        count = telling.tell_all(program.id)
        flash(
            _("%(count)s orang dikabari.", count=count) if count else _("Semua yang setuju sudah dikabari."),
            "done",
        )
    return redirect(url_for(".news", program_id=program_id), 303)


@bp.post(f"{ONE}/kabar/<int(max=2147483647):user_id>")
@only(Role.OPERATOR)
def wrote(program_id: int, user_id: int) -> ResponseReturnValue:
    """Sudah dikirimi WhatsApp."""
    try:
        with writing():
            by = db.session.get_one(User, current_user.id)
            new = telling.note_whatsapp(found_or_404(program_id), user_id, by=by)
        flash(_("Tercatat.") if new else _("Orang ini sudah dikirimi sebelumnya."), "done" if new else "info")
    except RuleBroken as no:
        flash(say(no.text), "error")
    return redirect(url_for(".news", program_id=program_id), 303)


@bp.post(f"{ONE}/kelompok/<key>")
@only(Role.EDITOR, Role.OPERATOR)
def send_to_group(program_id: int, key: str) -> ResponseReturnValue:
    """Send a programme to a group of UKM: its members are told, now or when it comes out."""
    program = found_or_404(program_id)
    try:
        told = send_to_cluster(program.id, key)
    except RuleBroken as no:
        flash(say(no.text), "error")
    else:
        flash(
            _("Kelompok ini menjadi sasaran; anggotanya dikabari saat program terbit.")
            if told is None
            else _("%(count)s orang dikabari.", count=told)
            if told
            else _("Semua yang setuju sudah dikabari."),
            "done",
        )
    return redirect(url_for(".show", program_id=program_id), 303)


def _news(program: Program) -> ResponseReturnValue:
    may_write = current_user.has_role(Role.OPERATOR)
    waiting = telling.wanting(program, ContactChannel.WHATSAPP)
    page: Any = None
    lines: list[Any] = []
    if may_write and program.can_be_joined:
        people = select(User).where(User.id.in_(waiting))
        page = paginate(people, by=(User.id,), key=lambda person: (person.id,))
        lines = whatsapp_lines(program, page.rows)
    reach = {
        channel: count_text(count_up_to(telling.wanting(program, channel))) for channel in ContactChannel
    }
    told = db.session.scalars(
        select(ProgramTelling.told_at)
        .where(ProgramTelling.program_id == program.id)
        .order_by(ProgramTelling.id.desc())
        .limit(1)
    ).one_or_none()
    return render_template(
        "programs/desk/news.html",
        program=program,
        reach=reach,
        told=telling.told_count(program),
        last=told,
        page=page,
        lines=lines,
        may_write=may_write,
        message=telling.message_for(program, _("koperasi Anda")),
    )
