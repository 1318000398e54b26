"""Addresses of the clean batch: gather it, look through it, approve it in one action."""

import time
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.accounts.models import User
from app.core.access import Role, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire.queries import last_answers_of
from app.regions.queries import office_region
from app.review import batches
from app.review.comparison import delta
from app.review.models import CleanBatch, CleanBatchItem, Fate

bp = Blueprint("clean", __name__, url_prefix="/dinas/periksa/bersih")
BATCH = "/<int(max=2147483647):batch_id>"
KEY_FIGURES = ("jumlah_anggota", "aset", "volume_usaha", "shu")
PATIENCE = 25.0  # seconds that one press goes on approving, enough for hundreds; the rest is one more press


@bp.get("")
@only(Role.OPERATOR)
def overview() -> ResponseReturnValue:
    """What a batch would hold, or the way to the open one; and the batches before."""
    return render_template(
        "review/clean.html",
        ready=batches.ready(),
        pending=batches.pending(),
        batch=batches.open_batch(),
        recent=batches.recent(),
        share=current_app.config["SAMPLE_SHARE"],
        Fate=Fate,
    )


@bp.post("")
@only(Role.OPERATOR)
def gather() -> ResponseReturnValue:
    """Gather what is clean now and draw the sample."""
    try:
        with writing():
            number = batches.gather(by=_me()).id
    except RuleBroken as refusal:
        flash(_(refusal.text.template), "info")
        return redirect(url_for(".overview"))
    return redirect(url_for(".show", batch_id=number))


@bp.get(BATCH)
@only(Role.OPERATOR)
def show(batch_id: int) -> ResponseReturnValue:
    """The reports of the batch, compactly; once it is approved, what became of each."""
    batch = _found(batch_id)
    page = batches.page_of(batch)
    return render_template(
        "review/batch.html",
        batch=batch,
        page=page,
        figures=_figures(page.rows),
        counts=batches.counts_of(batch),
        apart=batches.items_of(batch, Fate.SAMPLED, Fate.TAKEN_OUT, Fate.SKIPPED),
        drawn_again=batches.drawn_again(batch),
        region=office_region(current_app.config["REGION"]),
        Fate=Fate,
    )


@bp.post(BATCH)
@only(Role.OPERATOR)
def decide(batch_id: int) -> ResponseReturnValue:
    """Take the marked reports out of the batch; with *setujui* approve the others."""
    _found(batch_id)
    marked = [int(id_) for id_ in request.form.getlist("keluar") if id_.isdecimal() and len(id_) < 10]
    taken = 0
    if marked:
        with writing() as session:
            taken = batches.take_out(session.get_one(CleanBatch, batch_id), marked, by=_me())
    if request.form.get("aksi") == "setujui":
        _approve(batch_id)
    elif taken:
        told = ngettext("%(num)s laporan dikeluarkan.", "%(num)s laporan dikeluarkan.", taken)
        flash(told + " " + _("Periksa satu per satu di antrean."), "done")
    else:
        flash(_("Tandai dulu laporan yang mau dikeluarkan."), "info")
    return redirect(url_for(".show", batch_id=batch_id))


def _approve(batch_id: int) -> None:
    """One small unit after the other, until all is done or the reader has waited long enough."""
    until, approved, skipped = time.monotonic() + PATIENCE, 0, 0
    while time.monotonic() < until:
        with writing():
            done = batches.approve_some(batch_id, by=_me())
        if not done.total:
            break
        approved, skipped = approved + done.approved, skipped + done.skipped
    if approved:
        flash(ngettext("%(num)s laporan disetujui.", "%(num)s laporan disetujui.", approved), "done")
    if skipped:
        told = ngettext("%(num)s laporan dilewati.", "%(num)s laporan dilewati.", skipped)
        flash(told + " " + _("Keadaannya berubah sejak daftar disusun; namanya ada di bawah."), "warning")
    if not approved and not skipped:
        flash(_("Semua laporan di daftar ini sudah diputuskan."), "info")


def _figures(items: list[CleanBatchItem]) -> dict[int, list[dict[str, Any]]]:
    """The key figures of each report of ``items``, by its id, with their change since the year before."""
    last: dict[int, Any] = {}
    for year in sorted({item.report.year for item in items}):
        owners = [item.report.cooperative_id for item in items if item.report.year == year]
        found = last_answers_of(owners, year)
        for item in items:
            if item.report.year == year and (before := found.get(item.report.cooperative_id)):
                last[item.report_id] = before.answers
    return {
        item.report_id: [
            {
                "value": item.report.answers.get(code),
                "delta": delta(last.get(item.report_id, {}).get(code), item.report.answers.get(code)),
            }
            for code in KEY_FIGURES
        ]
        for item in items
    }


def _me() -> User:
    """The operator, read again inside the write unit."""
    return db.session.get_one(User, current_user.id)


def _found(batch_id: int) -> CleanBatch:
    return batches.batch_by_id(batch_id) or abort(404)
