"""Addresses of the review: the queue, one report, the year."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.paging import count_text
from app.core.text import N_
from app.core.writing import writing
from app.quality.queries import compared
from app.questionnaire import queries as reports
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status
from app.regions.queries import office_region
from app.review import batches, handover, services, words
from app.review.forms import DecisionForm, address_of, read_filter
from app.review.presentation import report_page
from app.review.queue import QueueFilter, assignees, queue_count, sampled_among
from app.review.queue import queue as queued
from app.review.rules import Act

bp = Blueprint("review", __name__, url_prefix="/dinas")
SIGNALS = (handover,)
"""Imported so that it answers the signals of lower floors."""
REPORT = "/periksa/<int(max=2147483647):report_id>"


@bp.get("/periksa")
@only(Role.OPERATOR)
def queue() -> ResponseReturnValue:
    """What waits: what most speaks against first, each place explained in words."""
    wanted = read_filter(request.args)
    page = queued(wanted, person=current_user)
    return render_template(
        "review/queue.html",
        page=page,
        wanted=wanted,
        address=address_of(wanted),
        assignments=assignees(page.rows),
        compared=compared(page.rows),
        sampled=sampled_among(page.rows),
        clean=batches.pending(),
        count=count_text(queue_count(wanted, person=current_user)),
        region=office_region(current_app.config["REGION"]),
        year_choices=[(str(year), str(year)) for year in reports.years()],
        active=_chips(wanted),
        words=words,
    )


@bp.post("/periksa/ambil")
@only(Role.OPERATOR)
def take_next() -> ResponseReturnValue:
    """The next report that nobody has."""
    wanted = read_filter(request.args)
    with writing():
        report = services.take_next(wanted, by=_me())
        number = report.id if report else None
    if number is None and not address_of(wanted) and batches.pending():
        return _to_clean()
    if number is None:
        flash(_("Tidak ada laporan bebas yang cocok. Semua sudah diambil atau diputuskan."), "info")
        return redirect(url_for(".queue", **address_of(wanted)))
    return redirect(url_for(".show", report_id=number, **address_of(wanted)))


@bp.get(REPORT)
@only(Role.OPERATOR)
def show(report_id: int) -> ResponseReturnValue:
    """One report beside last year's, with what was found in it."""
    report = _found(report_id)
    return report_page(report, DecisionForm(version=report.version), read_filter(request.args))


@bp.post(REPORT)
@only(Role.OPERATOR)
@keeps_form(N_("Pemeriksaan laporan"))
def decide(report_id: int) -> ResponseReturnValue:
    """Comment, return, approve, skip or reopen. What was typed survives every refusal."""
    form = DecisionForm.read(request.form, frozenset(reports.questions_of(_found(report_id)).codes))
    if form.act is None:
        abort(400)
    wanted = read_filter(request.args)
    if form.act is Act.SKIP:
        return _to_next(_found(report_id), wanted)
    try:
        with writing():
            _carry_out(reports.locked(report_id), form)
    except RuleBroken as refusal:
        return report_page(_found(report_id), form, wanted, refusal)
    return _after(_found(report_id), form.act, wanted)


@bp.post(REPORT + "/ambil")
@only(Role.OPERATOR)
def take(report_id: int) -> ResponseReturnValue:
    """Take this report, or take it over from a colleague."""
    _found(report_id)
    with writing():
        services.take(reports.locked(report_id), by=_me())
    return redirect(url_for(".show", report_id=report_id, **address_of(read_filter(request.args))))


@bp.post(REPORT + "/lepas")
@only(Role.OPERATOR)
def release(report_id: int) -> ResponseReturnValue:
    """Give this report back to everybody."""
    _found(report_id)
    with writing():
        services.release(reports.locked(report_id))
    flash(_("Laporan dikembalikan ke antrean bersama."), "info")
    return redirect(url_for(".queue"))


WARNINGS = {
    "ada": lambda: _("Ada temuan"),
    "tanpa": lambda: _("Tanpa temuan"),
    "sampel": lambda: _("Sampel undian"),
}


def _chips(wanted: QueueFilter) -> list[tuple[str, str]]:
    """Each filter in force, in words, with the address without it."""
    region = office_region(current_app.config["REGION"])
    said = {
        "tahun": str(wanted.year),
        "kecamatan": region.kecamatan.get(wanted.kecamatan, wanted.kecamatan),
        "peringatan": WARNINGS.get(wanted.warnings, lambda: "")(),
        "pemeriksa": _("Saya") if wanted.assignee == "saya" else _("Belum diambil"),
    }
    address = address_of(wanted)
    return [
        (text, url_for(".queue", **{name: value for name, value in address.items() if name != filtered}))
        for filtered, text in said.items()
        if filtered in address
    ]


def _me() -> User:
    """The operator, read again inside the write unit."""
    return db.session.get_one(User, current_user.id)


def _found(report_id: int) -> Report:
    """A report that has been filed or imported; drafts are nobody else's business."""
    report = reports.report_by_id(report_id)
    if report is None or (report.status is Status.DRAFT and report.origin is not Origin.IMPORTED):
        abort(404)
    return report


def _carry_out(report: Report, form: DecisionForm) -> None:
    me, comments = _me(), form.comments
    if form.act is Act.APPROVE:
        services.approve(report, comments=comments, by=me, seen=form.version)
    elif form.act in {Act.RETURN, Act.REOPEN}:
        services.send_back(
            report, codes=list(form.marked), reason=form.reason, comments=comments, by=me, seen=form.version
        )
    elif not services.comment(report, comments=comments, by=me):
        raise RuleBroken(N_("Belum ada catatan yang ditulis."))


def _after(report: Report, act: Act, wanted: QueueFilter) -> ResponseReturnValue:
    name = report.cooperative.nama_koperasi
    told = {
        Act.APPROVE: _("Laporan %(name)s disetujui.", name=name),
        Act.RETURN: _("Laporan %(name)s dikembalikan.", name=name),
        Act.REOPEN: _("Laporan %(name)s dibuka kembali.", name=name),
        Act.COMMENT: _("Catatan untuk %(name)s tersimpan.", name=name),
    }
    reopened = act in {Act.RETURN, Act.REOPEN}
    flash(f"{told[act]} {words.how_told(report)}" if reopened else told[act], "done")
    if act in {Act.APPROVE, Act.RETURN}:
        return _to_next(report, wanted)
    return redirect(url_for(".show", report_id=report.id, **address_of(wanted)))


def _to_next(report: Report, wanted: QueueFilter) -> ResponseReturnValue:
    """Take the next report of the same list, and go there: who decides one after the other presses nothing in between."""
    with writing():
        me, seen = _me(), reports.locked(report.id)
        services.release(seen, of=me)
        following = services.take_following(seen, wanted, by=me)
        number = following.id if following else None
    if number is not None:
        return redirect(url_for(".show", report_id=number, **address_of(wanted)))
    if batches.pending():
        flash(
            _("Yang perlu dilihat satu per satu sudah habis. Yang bersih bisa disetujui sekaligus."), "info"
        )
        return redirect(url_for("clean.overview"))
    flash(_("Antrean kosong. Tidak ada lagi laporan yang menunggu."), "info")
    return redirect(url_for(".queue", **address_of(wanted)))


def _to_clean() -> ResponseReturnValue:
    """All that is left needs no look one by one."""
    flash(_("Yang perlu dilihat satu per satu sudah habis. Yang bersih bisa disetujui sekaligus."), "info")
    return redirect(url_for("clean.overview"))
