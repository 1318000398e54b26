"""Addresses of the import: the file, its columns, the dry run, and carrying it out."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.core.access import Role, only
from app.core.downloads import table_response
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _, say
from app.core.messages import tell
from app.core.paging import count_text, count_up_to
from app.core.spreadsheets import Cell, Column
from app.core.text import Text
from app.core.writing import writing
from app.intake import planning, queries, services, words
from app.intake.columns import Chosen
from app.intake.enterprises import drafts
from app.intake.forms import read_columns, read_decisions, read_year_is
from app.intake.lists import COOPERATIVE, ENTERPRISE, ListOf
from app.intake.models import ImportJob, ImportState
from app.intake.outcomes import Kind

bp = Blueprint("intake", __name__, url_prefix="/dinas/koperasi/impor")
enterprise_bp = Blueprint("enterprise_intake", __name__, url_prefix="/dinas/ukm/impor")
BLUEPRINTS = {bp.name: COOPERATIVE, enterprise_bp.name: ENTERPRISE}

OUTCOMES = tuple(kind.value for kind in Kind)
LARGEST_ID = 2**31 - 1
ONE = f"/<int(max={LARGEST_ID}):job_id>"


@enterprise_bp.get("")
@bp.get("")
@only(Role.OPERATOR)
def start() -> ResponseReturnValue:
    """Choose a file; earlier imports below."""
    return _start_page()


@enterprise_bp.post("")
@bp.post("")
@only(Role.OPERATOR)
def upload() -> ResponseReturnValue:
    """Take a file in; its table must be found before anything is kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _start_page(_("Pilih berkas dulu."))
    content, filename = sent.read(), sent.filename
    try:
        opened = planning.open_file(content, filename, _kind())
    except RuleBroken as refusal:
        return _start_page(say(refusal.text))
    with writing():
        job = services.receive(
            filename=filename, content=opened.content, chosen=opened.chosen, by=_me(), kind=_kind()
        )
        number = job.id
    return redirect(url_for(".columns", job_id=number), 303)


@enterprise_bp.get(f"{ONE}/kolom")
@bp.get(f"{ONE}/kolom")
@only(Role.OPERATOR)
def columns(job_id: int) -> ResponseReturnValue:
    """What each column is taken for."""
    job = found(job_id)
    if job.state is ImportState.APPLIED:
        return redirect(url_for(".show", job_id=job_id))
    return _columns_page(job, planning.open_job(job))


@enterprise_bp.post(f"{ONE}/kolom")
@bp.post(f"{ONE}/kolom")
@only(Role.OPERATOR)
def settle(job_id: int) -> ResponseReturnValue:
    """Take the columns as corrected, and compare every row with the register."""
    job = found(job_id)
    if job.state is ImportState.APPLIED:
        return redirect(url_for(".show", job_id=job_id), 303)
    chosen = planning.open_file(job.content, job.filename, _kind()).chosen
    asked, year_is = read_columns(request.form, chosen.mapping), read_year_is(request.form)
    try:
        mapping = chosen.mapping.with_fields(asked)
        with writing() as session:
            services.settle_columns(
                session.get_one(ImportJob, job_id), columns=mapping.fields, year_is=year_is
            )
    except RuleBroken as refusal:
        return _columns_page(found(job_id), chosen, asked=asked, refusal=refusal)
    rows = len(chosen.sheet.rows) - chosen.header.last - 1
    planning.start_plan(found(job_id), rows=rows)
    return redirect(url_for(".show", job_id=job_id), 303)


@enterprise_bp.get(ONE)
@bp.get(ONE)
@only(Role.OPERATOR)
def show(job_id: int) -> ResponseReturnValue:
    """The dry run, or how far it is, or what was done."""
    job = found(job_id)
    if job.state is ImportState.PLANNING:
        return _planning_page(job)
    if job.state is ImportState.UPLOADED:
        if job.problem:
            tell("danger", _("Uji coba belum berhasil"), say(Text.from_json(job.problem)))
        return redirect(url_for(".columns", job_id=job_id))
    if request.args.get("format") in {"csv", "xlsx"}:
        return _rows_file(job)
    outcome = request.args.get("hasil", "")
    outcome = outcome if outcome in OUTCOMES else ""
    page = queries.rows(job, outcome)
    slugs = queries.slugs_of(job, page.rows)
    return render_template(
        "intake/show.html",
        job=job,
        outcome=outcome,
        outcomes=[name for name in OUTCOMES if job.counts.get(name)],
        page=page,
        rows=[words.shown(row, slugs, _kind()) for row in page.rows],
        kind=_kind(),
        spellings=words.spellings(job),
        undecided=queries.undecided(job),
        yearless=_kind().lacks_year(job.columns),
        drafts=drafts.count(job) if _kind() is ENTERPRISE and job.state is ImportState.APPLIED else 0,
        count=count_text(count_up_to(queries.rows_query(job, outcome))),
    )


@enterprise_bp.post(f"{ONE}/putusan")
@bp.post(f"{ONE}/putusan")
@only(Role.OPERATOR)
def decide(job_id: int) -> ResponseReturnValue:
    """Keep the words on doubtful rows; one word on all that are left, where that was asked."""
    found(job_id)
    with writing() as session:
        job = session.get_one(ImportJob, job_id)
        changed = services.decide(job, decisions=read_decisions(request.form))
        if rest := request.form.get("sisanya"):
            changed += services.decide_rest(job, word=rest)
    tell("done", _("%(count)s putusan tersimpan.", count=changed))
    return redirect(url_for(".show", job_id=job_id, hasil="doubtful", after=request.args.get("after")), 303)


@enterprise_bp.post(f"{ONE}/jalankan")
@bp.post(f"{ONE}/jalankan")
@only(Role.OPERATOR)
def carry_out(job_id: int) -> ResponseReturnValue:
    """Write everything that the dry run promised, or nothing."""
    job = found(job_id)
    try:
        with writing() as session:
            done = services.carry_out(session.get_one(ImportJob, job_id), by=_me())
    except services.Outdated as refusal:
        planning.start_plan(found(job_id), rows=job.rows_total)
        tell("warning", _("Belum dijalankan"), say(refusal.text))
    except RuleBroken as refusal:
        tell("danger", _("Belum dijalankan"), say(refusal.text))
    else:
        tell("done", _("Impor selesai"), words.summary(done, _kind()))
    return redirect(url_for(".show", job_id=job_id), 303)


@enterprise_bp.post(f"{ONE}/ulang")
@bp.post(f"{ONE}/ulang")
@only(Role.OPERATOR)
def again(job_id: int) -> ResponseReturnValue:
    """Compare once more: the register moved on, or the comparison died."""
    job = found(job_id)
    if job.state is not ImportState.APPLIED:
        planning.start_plan(job, rows=job.rows_total)
    return redirect(url_for(".show", job_id=job_id), 303)


def _kind() -> ListOf:
    """What the lists at this address are lists of."""
    return BLUEPRINTS[request.blueprint or bp.name]


def _me() -> User:
    return db.session.get_one(User, current_user.id)


def found(job_id: int) -> ImportJob:
    """The import, among those of this address."""
    job = queries.job_with_file(job_id)
    return job if job and job.register == _kind().code else abort(404)


def _start_page(error: str = "") -> ResponseReturnValue:
    page, kind = queries.jobs(_kind().code), _kind()
    return render_template("intake/start.html", page=page, error=error, kind=kind), 422 if error else 200


def _columns_page(
    job: ImportJob,
    chosen: Chosen,
    *,
    asked: list[str | None] | None = None,
    refusal: RuleBroken | None = None,
) -> ResponseReturnValue:
    options: list[tuple[str, Any]] = [
        (field.code, _(field.label)) for field in _kind().catalogue.fields.values()
    ]
    shown = render_template(
        "intake/columns.html",
        job=job,
        chosen=chosen,
        options=options,
        asked=asked,
        refusal=refusal,
        kind=_kind(),
    )
    return shown, 422 if refusal else 200


def _planning_page(job: ImportJob) -> ResponseReturnValue:
    stuck = planning.is_stuck(job)
    response = Response(render_template("intake/planning.html", job=job, stuck=stuck, kind=_kind()))
    if not stuck:
        response.headers["Refresh"] = "2"
    return response


def _rows_file(job: ImportJob) -> Response:
    titles = (_("Baris"), _("Hasil"), _("Nama"), _("Alasan"), _("Putusan"), _("Isi baris"))
    cells: list[list[Cell]] = [
        [
            row.row_number,
            row.outcome,
            row.name,
            "; ".join(say(Text.from_json(note)) for note in row.notes),
            row.decision,
            " | ".join(str(cell) for cell in row.raw),
        ]
        for row in queries.all_rows(job)
    ]
    columns = [Column(titles[0], "integer"), *(Column(title) for title in titles[1:])]
    return table_response(columns, cells, filename=f"impor-{job.id}", suffix=request.args["format"])
