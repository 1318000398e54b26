"""The report as a worksheet and on paper: the template, the upload with its comparison, and the printable form."""

from collections.abc import Mapping

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.core.downloads import XLSX, file_response
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.formatting import clock
from app.core.i18n import _, say
from app.core.messages import tell
from app.core.spreadsheets import read_sheets
from app.core.text import N_
from app.core.writing import writing
from app.questionnaire import paper, uploads
from app.questionnaire.access import own_report
from app.questionnaire.drafts import SaveResult
from app.questionnaire.filling import Filling, find_filling
from app.questionnaire.forms import read_version
from app.questionnaire.merging import FieldConflict
from app.questionnaire.reading_page import advice_on
from app.questionnaire.sheet_answers import find_answers
from app.questionnaire.sheet_comparison import Kind, Line, compare, values_of
from app.questionnaire.template_sheet import template
from app.questionnaire.uploads import SheetUpload

MOST = 2
"""Megabytes of a filled-in template; a real one has twenty kilobytes."""
PACE = "20 per minute; 200 per hour"  # each file is read in a process of its own


@own_report
def sheet_page(filling: Filling) -> ResponseReturnValue:
    """Where the template is fetched and brought back, and what can be printed."""
    return _page(filling)


@own_report
def template_file(filling: Filling) -> ResponseReturnValue:
    """The template, filled in with the draft; where nothing can be filled in, the page that says why."""
    if not filling.open_codes:
        return redirect(_address(filling, "sheet_page"))
    return file_response(template(filling), f"isian-{filling.slug}-{filling.year}.xlsx", XLSX)


@own_report
@limiter.limit(PACE)
def upload(filling: Filling) -> ResponseReturnValue:
    """Read a file and keep what it says; nothing of it is in the report yet."""
    if not filling.open_codes:
        return redirect(_address(filling, "sheet_page"), 303)
    sent = request.files.get("berkas")
    if sent is None or not sent.filename:
        return _page(filling, _("Pilih berkas dulu."))
    with sent.stream:
        content, filename = sent.read(), sent.filename.replace("\x00", "")
    try:
        _check_size(content)
        found = find_answers(read_sheets(content, filename), filling)
    except RuleBroken as refusal:
        return _page(filling, say(refusal.text))
    with writing():
        uploads.keep(filling.cooperative, filling.year, _me(), filename=filename, found=found)
    return redirect(_address(filling, "comparison"), 303)


@own_report
def comparison(filling: Filling) -> ResponseReturnValue:
    """What the file would change, to choose from."""
    waiting = uploads.upload_of(filling.cooperative, filling.year, _me())
    if waiting is None or not filling.open_codes:
        return redirect(_address(filling, "sheet_page"))
    return _comparison(filling, waiting)


@own_report
def take_over(filling: Filling) -> ResponseReturnValue:
    """Save what was ticked, unless somebody changed it meanwhile; or throw the file away."""
    waiting = uploads.upload_of(filling.cooperative, filling.year, _me())
    if refused := _not_now(filling, waiting):
        return refused
    waiting = waiting or abort(404)
    if "buang" in request.form:
        number = waiting.id
        with writing():
            uploads.forget(number)
        return redirect(_address(filling, "sheet_page"), 303)
    lines = compare(filling, waiting.answers)
    chosen = [line for line in lines.takeable if f"ambil_{line.field.name}" in request.form]
    if not chosen:
        error = _("Centang sedikitnya satu jawaban yang mau diambil.") if lines.takeable else ""
        return _comparison(filling, waiting, error=error)
    try:
        done = _save(filling, waiting, chosen)
    except RuleBroken as refusal:
        tell("danger", _("Belum ada yang diambil"), say(refusal.text))
        return redirect(_address(filling, "sheet_page"), 303)
    if done.conflicts:
        return _conflict(filling, done.conflicts)
    _tell_taken(len(chosen), lines.of(Kind.UNREADABLE))
    return redirect(_address(filling, "check"), 303)


def _not_now(filling: Filling, waiting: SheetUpload | None) -> ResponseReturnValue | None:
    """Where to go instead when there is nothing to decide any more, or something else."""
    if waiting is None:
        tell("warning", _("Unggah berkasnya lagi"), _("Berkas yang diunggah disimpan sehari, lalu dihapus."))
    elif not filling.open_codes:
        tell("danger", _("Belum ada yang diambil"), advice_on(filling))
    elif request.form.get("berkas") != waiting.stamp:
        tell("warning", _("Anda sudah mengunggah berkas lain"), _("Periksa yang ini dulu."))
        return redirect(_address(filling, "comparison"), 303)
    else:
        return None
    return redirect(_address(filling, "sheet_page"), 303)


def _save(filling: Filling, waiting: SheetUpload, chosen: list[Line]) -> SaveResult:
    values, number, filename = values_of(filling, chosen), waiting.id, waiting.filename
    version = read_version(request.form.get("versi", ""))
    with writing():
        done = uploads.take_over(filling, values, version=version, filename=filename, by=_me())
        if not done.conflicts:
            uploads.forget(number)
    return done


@own_report
def paper_form(filling: Filling) -> ResponseReturnValue:
    """The form to print: empty boxes, or with ``?isi=sekarang`` the answers as they stand."""
    content = request.args.get("isi", "kosong")
    if content == "kosong":
        name, made = f"formulir-{filling.slug}-{filling.year}.pdf", paper.blank(filling)
    elif content == "sekarang" and filling.report is not None:
        name, made = f"isian-{filling.slug}-{filling.year}.pdf", paper.filled(filling)
    else:
        abort(404)
    return file_response(made, name, "application/pdf")


OF = "/laporan/<slug>/<int(max=9999):year>"
RULES = (
    (f"{OF}/templat.xlsx", template_file, "GET"),
    (f"{OF}/unggah", sheet_page, "GET"),
    (f"{OF}/unggah", upload, "POST"),
    (f"{OF}/banding", comparison, "GET"),
    (f"{OF}/banding", take_over, "POST"),
    (f"{OF}/formulir.pdf", paper_form, "GET"),
)
"""Address, view, method: routes.py gives them to the blueprint."""


def _me() -> User:
    """The person signed in."""
    me: User = current_user._get_current_object()
    return me


def _address(filling: Filling, view: str) -> str:
    return url_for(f"questionnaire.{view}", slug=filling.slug, year=filling.year)


def _check_size(content: bytes) -> None:
    if len(content) > MOST << 20:
        raise RuleBroken(
            N_(
                "Berkas ini lebih dari %(most)s MB. Unggah templat yang sudah diisi saja, tanpa gambar dan lembar lain."
            ),
            field="berkas",
            most=MOST,
        )


def _page(filling: Filling, error: str = "") -> ResponseReturnValue:
    page = render_template(
        "questionnaire/worksheet.html",
        filling=filling,
        waiting=uploads.upload_of(filling.cooperative, filling.year, _me()) if filling.open_codes else None,
        advice="" if filling.open_codes else advice_on(filling),
        error=error,
        most=MOST,
    )
    return page, 422 if error else 200


def _comparison(
    filling: Filling,
    waiting: SheetUpload,
    *,
    error: str = "",
    conflicts: Mapping[str, FieldConflict] | None = None,
) -> ResponseReturnValue:
    found = waiting.answers
    page = render_template(
        "questionnaire/comparison.html",
        filling=filling,
        waiting=waiting,
        found=found,
        lines=compare(filling, found),
        version=filling.report.version if filling.report else 0,
        error=error,
        overtaken={
            name: _(
                "Diubah %(name)s pukul %(time)s, saat halaman ini terbuka. Centang lagi kalau isi berkas yang benar.",
                name=conflict.actor_name or _("orang lain"),
                time=clock(conflict.at),
            )
            for name, conflict in (conflicts or {}).items()
        },
    )
    return page, 409 if conflicts else 422 if error else 200


def _conflict(filling: Filling, conflicts: Mapping[str, FieldConflict]) -> ResponseReturnValue:
    """The rest is saved; what somebody else changed meanwhile is shown once more, to decide."""
    anew = find_filling(_me().id, filling.slug, filling.year) or abort(404)
    waiting = uploads.upload_of(anew.cooperative, anew.year, _me()) or abort(404)
    return _comparison(anew, waiting, conflicts=conflicts)


def _tell_taken(count: int, unreadable: list[Line]) -> None:
    title = _("%(count)s jawaban diambil dari berkas", count=count)
    if unreadable:
        cells = ", ".join(f"{line.cell} ({line.label})" for line in unreadable)
        tell("warning", title, _("Belum terbaca, jadi tidak ikut: %(cells)s.", cells=cells))
    else:
        tell("done", title, _("Periksa semuanya di sini, lalu kirim."))
