"""Addresses of the desk where staff decide on applications, and note who came and with what result."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.audit.downloads import whole_table
from app.core.access import Role, only, step_up
from app.core.downloads import table_response
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _, say
from app.core.masking import Private
from app.core.paging import Page, paginate
from app.core.parsing import fold_lines, fold_space
from app.core.spreadsheets import Cell, Column
from app.core.text import Text
from app.core.writing import writing
from app.programs import applying
from app.programs.application_models import ProgramApplication
from app.programs.application_queries import application_in, counts_of, everybody, of_program, seated
from app.programs.application_rules import BADGES, DECISIONS, MODE_NAMES, PROGRESS_NAMES, Progress
from app.programs.desk import ONE, found_or_404
from app.programs.models import Program
from app.programs.times import local, said_period

bp = Blueprint("applicants", __name__, url_prefix="/dinas/program")
LIST = f"{ONE}/pendaftar"
MOST_SEATS = 1000  # on one attendance list
LONGEST_RESULT = 200


@bp.get(LIST)
@only(Role.EDITOR, Role.OPERATOR)
def index(program_id: int) -> ResponseReturnValue:
    """Who applied, by state; what waits for staff first."""
    return _index(found_or_404(program_id))


@bp.post(f"{LIST}/<int(max=2147483647):application_id>")
@only(Role.EDITOR, Role.OPERATOR)
def decide(program_id: int, application_id: int) -> ResponseReturnValue:
    """Accept, put on the waitlist, or refuse with a reason."""
    found_or_404(program_id)
    try:
        with writing():
            application = application_in(program_id, application_id)
            if application is not None:
                by = db.session.get_one(User, current_user.id)
                to, reason = request.form.get("putusan", ""), request.form.get("alasan", "")
                applying.decide(application, to, by=by, reason=reason)
                done = _(
                    "%(name)s: %(state)s.",
                    name=application.name,
                    state=say(PROGRESS_NAMES[application.state]),
                )
    except RuleBroken as no:
        return _index(found_or_404(program_id), no, application_id)
    if application is None:
        abort(404)
    flash(done, "done")
    return redirect(url_for(".index", program_id=program_id, keadaan=_state_asked()), 303)


@bp.post(f"{LIST}/aturan")
@only(Role.EDITOR)
def rules(program_id: int) -> ResponseReturnValue:
    """How seats are given, and the programme's own question."""
    try:
        with writing():
            applying.set_intake(
                found_or_404(program_id),
                mode=request.form.get("cara", ""),
                question=request.form.get("pertanyaan", ""),
            )
    except RuleBroken as no:
        return _index(found_or_404(program_id), no)
    flash(_("Aturan pendaftaran tersimpan."), "done")
    return redirect(url_for(".index", program_id=program_id), 303)


@bp.post(f"{LIST}/kursi")
@only(Role.EDITOR, Role.OPERATOR)
def fill(program_id: int) -> ResponseReturnValue:
    """Give free seats to those who wait."""
    with writing():
        count = applying.fill_free_seats(found_or_404(program_id))
    flash(_("%(count)s orang naik dari daftar tunggu dan dikabari.", count=count), "done")
    return redirect(url_for(".index", program_id=program_id, keadaan=Progress.ACCEPTED.value), 303)


@bp.get(f"{ONE}/hadir")
@only(Role.EDITOR, Role.OPERATOR)
def attendance(program_id: int) -> ResponseReturnValue:
    """The list for the door: on paper to sign, on the screen to tick."""
    program = found_or_404(program_id)
    return render_template(
        "programs/desk/attendance.html",
        program=program,
        rows=seated(program.id)[:MOST_SEATS],
        when=said_period(program.starts_at, program.ends_at),
    )


@bp.post(f"{ONE}/hadir")
@only(Role.EDITOR, Role.OPERATOR)
def save_attendance(program_id: int) -> ResponseReturnValue:
    """Who came, and with what result."""
    sent = request.form
    numbers = {int(raw) for raw in sent.getlist("baris")[:MOST_SEATS] if raw.isdecimal() and len(raw) < 10}
    marks = {
        number: (f"hadir_{number}" in sent, fold_space(sent.get(f"hasil_{number}", ""))[:LONGEST_RESULT])
        for number in numbers
    }
    with writing():
        by = db.session.get_one(User, current_user.id)
        changed = applying.note_attendance(found_or_404(program_id), marks, by=by)
    flash(_("Kehadiran tersimpan.") if changed else _("Tidak ada yang berubah."), "done")
    return redirect(url_for(".attendance", program_id=program_id), 303)


@bp.get(f"{LIST}.<any(csv, xlsx):suffix>")
@only(Role.EDITOR, Role.OPERATOR)
def table(program_id: int, suffix: str) -> ResponseReturnValue:
    """Everybody who applied, as a file; their contacts are masked."""
    program = found_or_404(program_id)
    rows = [_row(one) for one in everybody(program.id)]
    return table_response(COLUMNS, rows, filename=f"pendaftar-{program.slug}", suffix=suffix)


@bp.post(f"{LIST}/lengkap")
@only(Role.EDITOR, Role.OPERATOR)
@step_up
def table_whole(program_id: int) -> ResponseReturnValue:
    """Everybody who applied with their contacts, on record."""
    program = found_or_404(program_id)
    rows = [_row(one) for one in everybody(program.id)]
    name = f"pendaftar-lengkap-{program.slug}"
    return whole_table(COLUMNS, rows, filename=name, suffix=request.form.get("format", "csv"))


COLUMNS = (
    Column("Nomor", "integer"), Column("Waktu mendaftar", width=20), Column("Koperasi atau UKM", width=44),
    Column("Keadaan"), Column("Kursi", "integer"), Column("Kontak", width=30, private=Private.PERSON),
    Column("Telepon", width=18, private=Private.NUMBER),
    Column("Jawaban", width=44), Column("Alasan", width=30), Column("Hadir"), Column("Hasil", width=30),
)  # fmt: skip


def _row(one: ProgramApplication) -> tuple[Cell, ...]:
    """Headings and words stay Indonesian: it is the office's own file."""
    came = None if one.attended is None else "ya" if one.attended else "tidak"
    return (
        one.id, f"{local(one.created_at):%Y-%m-%d %H.%M}", one.name, str(Text(PROGRESS_NAMES[one.state])), one.seat,
        one.contact_name, one.contact_phone, one.answer, one.reason, came, one.result,
    )  # fmt: skip


def _state_asked() -> str:
    asked = request.values.get("keadaan", "")
    return asked if asked in set(Progress) else ""


def _index(program: Program, no: RuleBroken | None = None, at: int = 0) -> ResponseReturnValue:
    counts, asked = counts_of(program), _state_asked()
    state = Progress(asked) if asked else _busiest(counts.by_state)
    page = _page(program.id, state)
    drawn = render_template(
        "programs/desk/applicants.html",
        program=program,
        counts=counts,
        state=state,
        page=page,
        names=PROGRESS_NAMES,
        badges=BADGES,
        decisions={to for to, sources in DECISIONS.items() if state in sources},
        intake=applying.intake_of(program.id),
        modes=[(mode.value, say(name)) for mode, name in MODE_NAMES.items()],
        to_seat=applying.anybody_to_seat(program),
        at=at,
        errors={no.field or "": say(no.text)} if no else {},
        typed=fold_lines(request.form.get("alasan", ""))[: applying.LONGEST_REASON],
    )
    return drawn, 422 if no else 200


def _busiest(by_state: dict[Progress, int]) -> Progress:
    """What waits for staff; else those who have a seat."""
    return Progress.WAITING if by_state[Progress.WAITING] else Progress.ACCEPTED


def _page(program_id: int, state: Progress) -> Page[ProgramApplication]:
    by: tuple[Any, ...] = (ProgramApplication.id,)
    if state is Progress.WAITLISTED:
        by = (ProgramApplication.queued_at, ProgramApplication.id)
    elif state is Progress.ACCEPTED:
        by = (ProgramApplication.seat,)
    return paginate(
        of_program(program_id, state), by=by, key=lambda row: tuple(getattr(row, one.key) for one in by)
    )
