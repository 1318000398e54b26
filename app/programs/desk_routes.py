"""The editors' desk: what there is of programmes, and one of them from draft to withdrawal."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.access import Role, keeps_form, only
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.formatting import moment
from app.core.i18n import _, say
from app.core.markdown import render
from app.core.parsing import fold_lines
from app.core.text import N_, Text
from app.core.writing import writing
from app.programs import desk_file_routes as desk_file_routes  # its addresses stand on the same blueprint
from app.programs import services
from app.programs.application_queries import counts_of_many
from app.programs.application_rules import Progress
from app.programs.desk import ONE, bp, found_or_404, to_page, told
from app.programs.forms import NAMES, ProgramForm, read_lines, read_moment
from app.programs.lists import ORDER, desk_list, desk_page, read_wanted, standing_counts
from app.programs.models import Program
from app.programs.routes import page_of
from app.programs.rules import AUDIENCES, KINDS
from app.programs.screens import BADGES, desk_line, listing, region, standing_name
from app.programs.times import MORNING

__all__ = ["bp"]

LONGEST_REASON = 1000


@bp.get("")
@only(Role.EDITOR, Role.OPERATOR)
def index() -> ResponseReturnValue:
    """Every programme, what needs work first."""
    wanted = read_wanted(request.args, region().kecamatan)
    found = desk_list(wanted)
    page = desk_page(found)
    counts, waiting = standing_counts(), counts_of_many(page.rows)
    every = [
        {
            "label": _("Semua"),
            "url": url_for(".index", **replace(wanted, keadaan="").arguments),
            "current": not wanted.keadaan,
        }
    ]
    tabs = [
        {
            "label": standing_name(standing),
            "url": url_for(".index", **replace(wanted, keadaan=standing.value).arguments),
            "current": wanted.keadaan == standing.value,
            "count": counts[standing],
        }
        for standing in ORDER
        if counts[standing] or wanted.keadaan == standing.value
    ]
    return render_template(
        "programs/desk/index.html",
        list=listing(".index", found, page, wanted),
        lines=[desk_line(row, waiting[row.id].by_state[Progress.WAITING]) for row in page.rows],
        tabs=every + tabs,
        badges=BADGES,
    )


@bp.get("/baru")
@only(Role.EDITOR)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _form(ProgramForm.blank(), None)


@bp.post("/baru")
@only(Role.EDITOR)
@keeps_form(N_("Program baru"))
def create() -> ResponseReturnValue:
    """Keep a draft."""
    form = ProgramForm.read(request.form, kecamatan=region().kecamatan)
    if "lihat" in request.form:
        return _form(form, None, preview=True)
    if form.problems:
        return _form(form, None, status=422)
    with writing():
        program = services.create(form.values, by=current_user)
    flash(_("Draf tersimpan. Lanjutkan dengan gambar dan berkas, atau periksa lalu terbitkan."), "done")
    return to_page(".show", program)


@bp.get(ONE)
@only(Role.EDITOR, Role.OPERATOR)
def show(program_id: int) -> ResponseReturnValue:
    """Where it stands, what is missing, and what can be done with it."""
    return _show(found_or_404(program_id))


@bp.get(f"{ONE}/isi")
@only(Role.EDITOR)
def edit(program_id: int) -> ResponseReturnValue:
    """Its words and dates."""
    program = found_or_404(program_id)
    return _form(ProgramForm.of(program, services.mark_of(program)), program)


@bp.post(f"{ONE}/isi")
@only(Role.EDITOR)
@keeps_form(N_("Isi program"))
def save(program_id: int) -> ResponseReturnValue:
    """Change them. What somebody else changed meanwhile is shown, never written over unseen."""
    program = found_or_404(program_id)
    form = ProgramForm.read(request.form, kecamatan=region().kecamatan)
    if "lihat" in request.form:
        return _form(form, program, preview=True)
    if form.problems:
        return _form(form, program, status=422)
    try:
        with writing():
            changed = services.change(program, form.values, seen=form.seen, by=current_user)
    except services.Outdated as no:
        stands = ProgramForm.of(program, services.mark_of(program))
        form.seen = stands.seen
        theirs = {
            name: stands.typed[name] for name in NAMES if str(stands.typed[name]) != str(form.typed[name])
        }
        return _form(form, program, status=409, outdated=say(no.text), theirs=theirs)
    flash(_("Tersimpan.") if changed else _("Tidak ada yang berubah."), "done")
    return to_page(".show", program)


@bp.post("/markdown")
@only(Role.EDITOR)
def markdown() -> ResponseReturnValue:
    """The words of a form as the page would show them, for the script of the form."""
    return Response(
        render(read_lines(request.form.get("naskah", ""))), mimetype="text/plain"
    )  # a part of a page


@bp.get(f"{ONE}/pratinjau")
@only(Role.EDITOR, Role.OPERATOR)
def preview(program_id: int) -> ResponseReturnValue:
    """Exactly the public page."""
    return page_of(found_or_404(program_id), preview=True)


@bp.post(f"{ONE}/terbit")
@only(Role.EDITOR)
def publish(program_id: int) -> ResponseReturnValue:
    """Terbitkan sekarang."""
    program = found_or_404(program_id)
    try:
        with writing():
            services.publish(program, by=current_user)
    except RuleBroken as no:
        return _show(program, no)
    flash(_("Program terbit."), "done")
    return to_page(".show", program)


@bp.post(f"{ONE}/jadwal")
@only(Role.EDITOR)
def schedule(program_id: int) -> ResponseReturnValue:
    """Terbitkan nanti, or not at all after all."""
    program = found_or_404(program_id)
    try:
        if "batal" in request.form:
            with writing():
                services.unschedule(program, by=current_user)
            flash(_("Jadwal dibatalkan; program kembali menjadi draf."), "done")
        else:
            at = read_moment(request.form, "terbit", MORNING)
            with writing():
                services.schedule(program, at, by=current_user)
            flash(_("Program terbit sendiri pada %(when)s.", when=moment(at)), "done")
    except RuleBroken as no:
        return _show(program, no)
    return to_page(".show", program)


@bp.post(f"{ONE}/tarik")
@only(Role.EDITOR)
def withdraw(program_id: int) -> ResponseReturnValue:
    """Tarik, with a reason that readers see."""
    program = found_or_404(program_id)
    reason = fold_lines(request.form.get("alasan", ""))[:LONGEST_REASON]
    try:
        with writing():
            services.withdraw(program, reason=reason, by=current_user)
    except RuleBroken as no:
        return _show(program, no)
    flash(_("Program ditarik. Di alamatnya pembaca melihat alasannya."), "done")
    return to_page(".show", program)


@bp.post(f"{ONE}/salin")
@only(Role.EDITOR)
def duplicate(program_id: int) -> ResponseReturnValue:
    """A draft with the same content, for the next time."""
    with writing():
        copy = services.duplicate(found_or_404(program_id), by=current_user)
    flash(_("Salinan dibuat tanpa tanggal. Isi tanggalnya, lalu terbitkan."), "done")
    return to_page(".edit", copy)


@bp.post(f"{ONE}/hapus")
@only(Role.EDITOR)
def discard(program_id: int) -> ResponseReturnValue:
    """Remove a draft that nobody has read."""
    program = found_or_404(program_id)
    try:
        with writing():
            services.discard(program, by=current_user)
    except RuleBroken as no:
        return _show(program, no)
    flash(_("Draf dihapus."), "done")
    return redirect(url_for(".index"), 303)


def _form(
    form: ProgramForm,
    program: Program | None,
    *,
    status: int = 200,
    preview: bool = False,
    outdated: str = "",
    theirs: dict[str, Any] | None = None,
) -> Response:
    """The form as it stands; nothing that was typed is lost."""
    drawn = render_template(
        "programs/desk/edit.html",
        form=form,
        program=program,
        errors={name: say(problem) for name, problem in form.problems.items()},
        kinds=[(code, say(name)) for code, name in KINDS.items()],
        audiences=[(code, say(name)) for code, name in AUDIENCES.items()],
        kecamatan=list(region().kecamatan.items()),
        body=render(form.typed["naskah"]) if preview else None,
        outdated=outdated,
        theirs=[(say(Text(NAMES[name])), value) for name, value in (theirs or {}).items()],
    )
    return make_response(drawn, status)


def _show(program: Program, no: RuleBroken | None = None) -> Response:
    drawn = render_template(
        "programs/desk/show.html",
        program=program,
        line=desk_line(program),
        missing=[say(Text(name)) for name in services.missing(program)],
        badges=BADGES,
        errors=told(no),
        typed={name: request.form.get(name, "") for name in ("alasan", "terbit", "terbit_jam")},
        past=program.closes_at <= now(),
    )
    return make_response(drawn, 422 if no else 200)
